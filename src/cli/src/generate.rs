//! `prove generate`: the prover model on its own.

use crate::{
    model::{self, BUNDLED, ModelArgs},
    output,
};
use prove_core::ExitCode;
use prove_model::{
    Event, Message, Request, Role, Sampling,
    remote::Prices,
    text::{Format, Task},
};
use serde_json::json;
use std::{io::Write, path::PathBuf};

/// Arguments of `prove generate`.
#[derive(Debug, clap::Args)]
pub(crate) struct GenerateArgs {
    /// What the model reads.
    #[arg(long, value_name = "TEXT", required_unless_present = "prompt_file", conflicts_with = "prompt_file")]
    prompt: Option<String>,
    /// A file with what the model reads.
    #[arg(long, value_name = "FILE")]
    prompt_file: Option<PathBuf>,
    #[command(flatten)]
    model: ModelArgs,
    /// The prompt is a user's message, laid out by the model's chat template.
    #[arg(long)]
    chat: bool,
    /// The prompt is a theorem up to its `:= by`, and goes into the prompt of this prover: deepseek-v1.5, deepseek-v1.5-cot, deepseek-v2,
    /// deepseek-v2-cot, goedel-v2, kimina or prove.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["chat", "resume"])]
    format: Option<Format>,
    /// Text that the model is taken to have written already; every sample continues it.
    #[arg(long, value_name = "TEXT", default_value = "")]
    resume: String,
    /// Samples.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1)]
    samples: u32,
    /// Most tokens of a sample.
    #[arg(long, value_name = "N", default_value_t = 1024)]
    max_tokens: u32,
    /// Logits are divided by it; 0 takes the likeliest token.
    #[arg(long, value_name = "T", default_value_t = 1.0)]
    temperature: f32,
    /// Keep the K likeliest tokens; 0 keeps all.
    #[arg(long, value_name = "K", default_value_t = 0)]
    top_k: u32,
    /// Keep the likeliest tokens that together reach this probability.
    #[arg(long, value_name = "P", default_value_t = 1.0)]
    top_p: f32,
    /// Keep tokens at least this times as likely as the likeliest.
    #[arg(long, value_name = "P", default_value_t = 0.0)]
    min_p: f32,
    /// The same seed gives the same samples.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// A sample ends before this text; may be given several times.
    #[arg(long, value_name = "TEXT")]
    stop: Vec<String>,
    /// What a server asks for a million tokens of the prompt, and of what it writes: the usage then has the cost.
    #[arg(long, value_name = "PROMPT,WRITTEN", value_parser = prices, default_value = "0,0")]
    prices: Prices,
    /// One JSON object per sample, log-probabilities included, and one with what they took and what the engine counted.
    #[arg(long)]
    json: bool,
}

fn prices(text: &str) -> Result<Prices, String> {
    let price = |text: &str| text.trim().parse().ok().filter(|price: &f64| price.is_finite() && *price >= 0.0);
    match text.split_once(',').map(|(prompt, written)| (price(prompt), price(written))) {
        Some((Some(prompt), Some(completion))) => Ok(Prices { prompt, completion }),
        _ => Err("expected two prices such as `0.5,2`".to_owned()),
    }
}

impl GenerateArgs {
    fn request(&self) -> anyhow::Result<Request> {
        let text = match (&self.prompt, &self.prompt_file) {
            (Some(text), _) => text.clone(),
            (None, Some(path)) => output::read(path)?,
            (None, None) => String::new(),
        };
        let mut request = match self.format {
            Some(format) => format.request(&Task { statement: text, ..Task::default() }).map_err(|error| model::input(error.into()))?,
            None if self.chat => Request::new(vec![Message { role: Role::User, content: text }]),
            None => Request::new(text),
        };
        let GenerateArgs { temperature, top_k, top_p, min_p, seed, .. } = *self;
        request.resume.push_str(&self.resume);
        request.stop.extend(self.stop.iter().cloned());
        Ok(Request {
            samples: self.samples,
            sampling: Sampling { temperature, top_k, top_p, min_p, seed, banned: Vec::new() },
            max_tokens: Some(self.max_tokens),
            logprobs: self.json,
            ..request
        })
    }
}

/// Runs `prove generate`.
pub(crate) fn run(mut args: GenerateArgs) -> anyhow::Result<ExitCode> {
    args.model.model.get_or_insert(BUNDLED.to_owned());
    let request = args.request()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        tokio::select! {
            printed = print(&args, request) => printed.map(|()| ExitCode::Proved),
            _ = tokio::signal::ctrl_c() => Ok(ExitCode::NotProved),
        }
    })
}

async fn print(args: &GenerateArgs, request: Request) -> anyhow::Result<()> {
    let model = model::open_priced(&args.model, args.prices).await.map_err(model::input)?;
    let mut generation = model.generate(request).await.map_err(|error| model::input(error.into()))?;
    // A single sample is shown as it is written, several one after the other.
    let live = args.samples == 1 && !args.json;
    while let Some(event) = generation.next().await {
        let mut out = std::io::stdout().lock();
        match event? {
            Event::Text { text, .. } if live => {
                write!(out, "{text}")?;
                out.flush()?;
            }
            Event::Text { .. } => {}
            Event::Sample(sample) if args.json => writeln!(out, "{}", serde_json::to_string(&sample)?)?,
            Event::Sample(_) if live => writeln!(out)?,
            Event::Sample(sample) => writeln!(out, "── sample {} ──\n{}", sample.index, sample.text)?,
            Event::Done(usage) if args.json => {
                let mut took = json!({ "usage": usage });
                if let Some(stats) = model.engine_stats() {
                    took["engine"] = json!(stats);
                }
                writeln!(out, "{took}")?;
            }
            Event::Done(_) => {}
        }
    }
    Ok(())
}
