//! `prove data rollout`: groups of proofs sampled from a model, with the judge's verdicts.

use super::lines::{self, open_file};
use crate::{
    agent,
    model::ModelArgs,
    output::{InputError, VerdictName},
    toolchain,
    workers::Workers,
};
use futures_util::{StreamExt, stream};
use prove_agent::{Agent, Claim, ModelOptions, Problem, Rollout, Sampled, Settings, StrategyName, judge_all};
use prove_core::{Budget, ExitCode, Verdict};
use prove_model::{Prompt, Sampling, text::Format};
use prove_search::Trial;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
};

/// Theorems whose samples are judged together.
const JUDGED_TOGETHER: usize = 16;

/// Arguments of `prove data rollout`.
#[derive(Debug, clap::Args)]
pub(crate) struct RolloutArgs {
    #[command(flatten)]
    model: ModelArgs,
    /// The theorems: lines of {"name", "header", "theorem"}.
    #[arg(long, value_name = "FILE")]
    statements: PathBuf,
    /// Samples of each.
    #[arg(long, value_name = "N", default_value = "16")]
    samples: NonZeroU32,
    /// Most tokens of a sample.
    #[arg(long, value_name = "N", default_value_t = 256)]
    max_tokens: u32,
    /// Logits are divided by it.
    #[arg(long, value_name = "T", default_value_t = 1.0)]
    temperature: f32,
    /// The same seed gives the same samples.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The prompts that the model was trained on.
    #[arg(long, value_name = "NAME", default_value = "prove")]
    format: Format,
    /// Lean workers; as many as there are cores by default. Or a NATS server with
    /// JetStream, from which `prove work` takes the checks on any number of machines.
    #[arg(long, value_name = "N|nats://…")]
    workers: Option<Workers>,
    /// Where to write: one line for each theorem, with its prompt and samples.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The Lake project to use.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Asked {
    name: String,
    #[serde(default)]
    header: String,
    theorem: String,
}

/// A line of the output.
#[derive(Serialize)]
struct Group {
    name: String,
    prompt: Prompted,
    samples: Vec<Judged>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Prompted {
    Text(String),
    Chat(Vec<prove_model::Message>),
}

/// A sample: its tokens, the log-probability of each under the model, and what became of its proof.
#[derive(Serialize)]
struct Judged {
    tokens: Vec<u32>,
    logprobs: Vec<f32>,
    verdict: VerdictName,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<String>,
}

/// Runs `prove data rollout`.
pub(crate) fn run(mut args: RolloutArgs) -> anyhow::Result<ExitCode> {
    args.model.or_none();
    if args.model.model.is_none() {
        return Err(InputError::new("no model was named", "give a model folder with --model").into());
    }
    let asked: Vec<Asked> = lines::read(&args.statements, r#"lines of {"name", "header", "theorem"} are expected"#)?;
    let toolchain = toolchain::find(args.lean_project.as_deref(), None)?;
    let groups = tokio::runtime::Runtime::new()?.block_on(async {
        let (agent, workers) = agent::open(toolchain, args.workers.as_ref(), &args.model).await?;
        tokio::select! {
            groups = roll_out(&args, &agent, &asked, workers.get() + 1) => groups,
            _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
        }
    })?;
    let samples: Vec<&Judged> = groups.iter().flat_map(|group| &group.samples).collect();
    let proved = samples.iter().filter(|sample| sample.verdict == VerdictName::Proved).count();
    lines::write(&args.out, &groups)?;
    writeln!(std::io::stdout().lock(), "{}: {proved} of {} samples are proofs", args.out.display(), samples.len())?;
    Ok(ExitCode::Proved)
}

async fn roll_out(args: &RolloutArgs, agent: &Agent, asked: &[Asked], at_once: usize) -> anyhow::Result<Vec<Group>> {
    let sampling = Sampling { temperature: args.temperature, ..Sampling::default() };
    let settings = Settings {
        strategy: StrategyName::Sample,
        trees: NonZeroUsize::MIN,
        budget: Budget::default(),
        window: NonZeroUsize::MIN,
        seed: args.seed,
        shorten: false,
        model: ModelOptions { format: args.format, max_tokens: args.max_tokens, sampling, ..ModelOptions::default() },
    };
    let sample = async |asked: &Asked| {
        let file = open_file(&asked.header, &asked.theorem);
        let problem = Problem { name: &asked.name, text: &file, number: 0, fills: &[] };
        agent.roll_out(&problem, &settings, args.samples.get()).await
    };
    let mut groups = Vec::new();
    for some in asked.chunks(JUDGED_TOGETHER) {
        let rollouts: Vec<_> = stream::iter(some.iter().map(&sample)).buffered(at_once).collect().await;
        let rollouts = some.iter().zip(rollouts).map(|(asked, rollout)| Ok((asked, rollout.map_err(|verdict| refusal(asked, verdict))?)));
        groups.extend(judged(agent, rollouts.collect::<anyhow::Result<Vec<_>>>()?).await?);
    }
    Ok(groups)
}

/// Why there are no samples for a theorem.
fn refusal(asked: &Asked, verdict: Verdict<prove_lean::Certificate>) -> anyhow::Error {
    let message = match verdict {
        Verdict::Rejected(rejection) => return InputError::new(format!("{}: {}", asked.name, rejection.message), "leave it out").into(),
        Verdict::Fault(fault) => fault.message,
        Verdict::Timeout | Verdict::Proved(_) => "it could not be opened in time".to_owned(),
    };
    anyhow::anyhow!("{}: {message}", asked.name)
}

/// Has the closed proofs judged, equal ones once.
async fn judged(agent: &Agent, rollouts: Vec<(&Asked, Rollout)>) -> anyhow::Result<Vec<Group>> {
    let closed = |sampled: &Sampled| sampled.proof.clone().filter(|_| sampled.trial == Trial::Closed);
    let proofs: BTreeSet<(usize, String)> = rollouts
        .iter()
        .enumerate()
        .flat_map(|(place, (_, rollout))| rollout.samples.iter().filter_map(closed).map(move |proof| (place, proof)))
        .collect();
    let claim = |(place, proof): &(usize, String)| {
        let asked = rollouts[*place].0;
        Claim { header: asked.header.clone(), theorem: asked.theorem.clone(), proof: proof.clone() }
    };
    let claims: Vec<Claim> = proofs.iter().map(claim).collect();
    let verdicts = judge_all(&agent.judge, &claims).await;
    let verdicts: BTreeMap<_, _> = proofs.into_iter().zip(verdicts.iter().map(VerdictName::of)).collect();
    let group = |(place, (asked, rollout)): (usize, (&Asked, Rollout))| {
        let sample = |sampled: Sampled| {
            let verdict = match &sampled.trial {
                Trial::Closed => verdicts.get(&(place, sampled.proof.clone().unwrap_or_default())).copied().unwrap_or(VerdictName::Fault),
                Trial::Open(_) | Trial::Rejected(_) => VerdictName::Rejected,
                Trial::Timeout => VerdictName::Timeout,
                Trial::Fault(_) => VerdictName::Fault,
            };
            let tokens = sampled.sample.tokens.iter().map(|token| Some((token.id?, token.logprob?)));
            let tokens: Option<Vec<(u32, f32)>> = tokens.collect();
            let (tokens, logprobs) =
                tokens.ok_or_else(|| anyhow::anyhow!("the model tells no tokens; a model folder does"))?.into_iter().unzip();
            Ok(Judged { tokens, logprobs, verdict, proof: sampled.proof })
        };
        let prompt = match rollout.prompt {
            Prompt::Text(text) => Prompted::Text(text),
            Prompt::Chat(messages) => Prompted::Chat(messages),
            Prompt::Tokens(_) => anyhow::bail!("{}: a prompt of tokens has no text", asked.name),
        };
        let samples = rollout.samples.into_iter().map(sample).collect::<anyhow::Result<_>>()?;
        Ok(Group { name: asked.name.clone(), prompt, samples })
    };
    rollouts.into_iter().enumerate().map(group).collect()
}
