//! A prover model as a policy: asked with [`Prompts`], its answers made into proofs.

use super::{
    prompts::{GOAL_NAME, Prompts},
    text::{first_tactic, moved_to, sketch},
};
use crate::target::Target;
use prove_core::Fault;
use prove_model::{
    Generator, ModelError, Prompt, Request, Sample, Sampling,
    text::{Format, extract},
};
use prove_search::{Cost, Policy, Proposal, Query, QueryKind};
use std::{collections::HashMap, sync::Arc};

/// How the model is asked.
#[derive(Clone, Debug)]
pub struct ModelOptions {
    /// The prompts it was trained on.
    pub format: Format,
    /// Most tokens of a whole proof.
    pub max_tokens: u32,
    /// Most tokens of a single tactic.
    pub tactic_tokens: u32,
    /// How samples are drawn; the seed is the search's.
    pub sampling: Sampling,
}

impl Default for ModelOptions {
    /// Temperature 1 and top-p 0.95, as in DeepSeek-Prover-V1.5.
    fn default() -> Self {
        let sampling = Sampling { top_p: 0.95, ..Sampling::default() };
        ModelOptions { format: Format::Prove, max_tokens: 1024, tactic_tokens: 128, sampling }
    }
}

/// The policy; see the module text.
pub struct ModelPolicy {
    generator: Arc<dyn Generator>,
    options: ModelOptions,
    prompts: Prompts,
}

impl ModelPolicy {
    /// A model that proposes for `target`, cut out of the file as its author wrote it.
    pub fn new(generator: Arc<dyn Generator>, target: &Target, options: ModelOptions) -> ModelPolicy {
        ModelPolicy { generator, prompts: Prompts::new(options.format, target), options }
    }

    /// What to ask, and the lines of proof that the answer continues.
    fn request(&self, query: &Query) -> Option<Result<(Request, String), ModelError>> {
        let asked = self.prompts.task(query)?;
        let request = self.prompts.format().request(&asked.task).map(|mut request| {
            let tactic = query.kind == QueryKind::Tactic;
            request.samples = u32::try_from(query.limit).unwrap_or(u32::MAX).max(1);
            request.max_tokens = Some(if tactic { self.options.tactic_tokens } else { self.options.max_tokens });
            request.sampling = Sampling { seed: query.seed, ..self.options.sampling.clone() };
            request.logprobs = true;
            (request, asked.before)
        });
        Some(request)
    }

    /// The proof in an answer, as the search wants it. `before` is what it continues.
    pub(crate) fn proposal(&self, query: &Query, before: &str, sample: &Sample) -> Option<Proposal> {
        let format = self.prompts.format();
        let found = extract(format, &sample.text, GOAL_NAME).ok()?;
        let text = match (format.continues(), before.is_empty()) {
            // A whole proof, wherever it was written.
            (_, true) => moved_to(&found.body, 0),
            // A chat model begins its block anew and goes on after what it was given: the whole file is in the answer or the rest is.
            (false, false) => {
                let whole = moved_to(&found.body, 0);
                whole.strip_prefix(before).map_or(whole.clone(), |rest| rest.trim_start_matches('\n').to_owned())
            }
            (true, false) if format == Format::Prove => moved_to(&found.body, query.column as usize),
            // The rest of a file in which the proof stands two columns to the right.
            (true, false) => indented_less(&found.body),
        };
        let text = if found.tactics || !before.is_empty() { text } else { format!("exact {text}") };
        let text = match &query.kind {
            QueryKind::Tactic => first_tactic(&moved_to(&text, 0)).to_owned(),
            QueryKind::WholeProof => text,
            QueryKind::Sketch => sketch(&text)?,
            QueryKind::Repair(_) if before.is_empty() => text,
            QueryKind::Repair(_) => format!("{before}\n{text}"),
        };
        (!text.trim().is_empty()).then(|| Proposal::new(text, sample.logprob().unwrap_or(-1.0)))
    }
}

impl ModelPolicy {
    /// What the model reads for a query, and its samples.
    pub(crate) async fn samples(&self, query: &Query) -> Result<(Prompt, Vec<Sample>), Fault> {
        let unasked = || Fault { message: "the format has no words for this state".to_owned() };
        let (request, _) = self.request(query).ok_or_else(unasked)?.map_err(|error| self.fault(&error))?;
        let prompt = match &request.prompt {
            Prompt::Text(text) => Prompt::Text(text.clone() + &request.resume),
            prompt => prompt.clone(),
        };
        let generation = self.generator.generate(request).await.map_err(|error| self.fault(&error))?;
        let completion = generation.complete().await.map_err(|error| self.fault(&error))?;
        Ok((prompt, completion.samples))
    }

    fn fault(&self, error: &ModelError) -> Fault {
        Fault { message: format!("{}: {error}", self.generator.name()) }
    }
}

impl Policy for ModelPolicy {
    async fn propose(&self, query: &Query) -> Result<(Vec<Proposal>, Cost), Fault> {
        let fault = |error: ModelError| self.fault(&error);
        let Some(request) = self.request(query) else { return Ok((Vec::new(), Cost::default())) };
        let (request, before) = request.map_err(fault)?;
        let generation = match self.generator.generate(request).await {
            // A state too large for the model is one it has no idea about.
            Err(ModelError::PromptTooLong { .. }) => return Ok((Vec::new(), Cost::default())),
            generation => generation.map_err(fault)?,
        };
        let completion = generation.complete().await.map_err(fault)?;
        let proposals = completion.samples.iter().filter_map(|sample| self.proposal(query, &before, sample));
        let cost = Cost { lean_seconds: 0.0, model_tokens: completion.usage.completion_tokens };
        Ok((merged(proposals), cost))
    }
}

/// Equal proposals as one, as likely as the likeliest of them.
fn merged(proposals: impl Iterator<Item = Proposal>) -> Vec<Proposal> {
    let mut places = HashMap::new();
    let mut out: Vec<Proposal> = Vec::new();
    for proposal in proposals {
        let place = *places.entry(proposal.tactic.clone()).or_insert(out.len());
        match out.get_mut(place) {
            Some(known) => *known = Proposal::new(known.tactic.clone(), known.log_prob.max(proposal.log_prob)),
            None => out.push(proposal),
        }
    }
    out
}

/// Every line two columns to the left, as far as it goes.
fn indented_less(text: &str) -> String {
    text.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}
