//! A prover model as a policy: prompts in its format, proofs out of its answers.
//!
//! What a search asks becomes a [`Task`] of the model's [`Format`]: at the root of a theorem its statement, behind a prefix the proof so
//! far, with the goals as the format puts them (truncate and resume, DeepSeek-Prover-V1.5, <https://arxiv.org/abs/2408.08152>, section 3.1).
//! A repair goes to the model with the errors where its format has a place for them (Goedel-Prover-V2); others resume where the
//! failed proof was still good. A sketch is asked for in words in the chat formats; from others it is a whole proof whose `have`s lose
//! their proofs.

use super::text::{first_tactic, indented, moved_to, sketch};
use crate::target::Target;
use prove_core::Fault;
use prove_model::{
    Generator, ModelError, Prompt, Request, Sample, Sampling,
    text::{Attempt, Format, Report, Task, extract},
};
use prove_search::{Cost, Failure, Lemma, Policy, Proposal, Query, QueryKind};
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
    /// The file before the theorem.
    header: String,
    /// The theorem up to its `:= by`, where all of its proof is wanted.
    statement: Option<String>,
}

/// What is said to a chat model that is to write a sketch. The recipe is that of DeepSeek-Prover-V2 (<https://arxiv.org/abs/2504.21801>),
/// section 2.1.
const SKETCH: &str = "\n\nDo not prove it yet. Write a sketch: the proof as a sequence of `have` steps, each stated in full, with `by sorry` \
    in the place of its proof, and a last step that concludes from them.";

/// The name under which a model sees a goal that is no theorem of the file.
const GOAL_NAME: &str = "prove_goal";

impl ModelPolicy {
    /// A model that proposes for `target`, cut out of the file as its author wrote it.
    pub fn new(generator: Arc<dyn Generator>, target: &Target, options: ModelOptions) -> ModelPolicy {
        ModelPolicy { generator, options, header: target.header().to_string(), statement: target.statement() }
    }

    /// The statement that a query is about.
    fn statement(&self, query: &Query) -> Option<String> {
        let stated = |lemma: &Lemma| format!("{} := by", lemma.declaration(GOAL_NAME));
        match (&query.lemma, &self.statement) {
            (Some(lemma), _) => Some(stated(lemma)),
            (None, Some(statement)) => Some(statement.clone()),
            (None, None) => query.state.goals.first().and_then(Lemma::of).map(|(lemma, _)| stated(&lemma)),
        }
    }

    /// What to ask, and the lines of proof that the answer continues.
    fn request(&self, query: &Query) -> Option<Result<(Request, String), ModelError>> {
        let format = self.options.format;
        let statement = self.statement(query)?;
        let mut before = query.prefix.to_string();
        let mut attempts = Vec::new();
        if let QueryKind::Repair(failure) = &query.kind {
            if format.takes_attempts() {
                attempts.push(attempt(&self.header, &statement, failure));
            } else {
                before = good_part(failure);
            }
        }
        let resumes_elsewhere = before != query.prefix.to_string();
        let state = (!resumes_elsewhere && (!before.is_empty() || format == Format::Prove)).then(|| query.state.to_string());
        let proof = if before.is_empty() { String::new() } else { indented(&before, 2) };
        let task = Task { header: self.header.clone(), statement, proof, state, attempts, ..Task::default() };
        let request = format.request(&task).map(|mut request| {
            if query.kind == QueryKind::Sketch
                && let Prompt::Chat(messages) = &mut request.prompt
                && let Some(last) = messages.last_mut()
            {
                last.content.push_str(SKETCH);
            }
            let tactic = query.kind == QueryKind::Tactic;
            request.samples = u32::try_from(query.limit).unwrap_or(u32::MAX).max(1);
            request.max_tokens = Some(if tactic { self.options.tactic_tokens } else { self.options.max_tokens });
            request.sampling = Sampling { seed: query.seed, ..self.options.sampling.clone() };
            request.logprobs = true;
            (request, before)
        });
        Some(request)
    }

    /// The proof in an answer, as the search wants it. `before` is what it continues.
    fn proposal(&self, query: &Query, before: &str, sample: &Sample) -> Option<Proposal> {
        let format = self.options.format;
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

impl Policy for ModelPolicy {
    async fn propose(&self, query: &Query) -> Result<(Vec<Proposal>, Cost), Fault> {
        let fault = |error: ModelError| Fault { message: format!("{}: {error}", self.generator.name()) };
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

/// The lines of a failed proof before the first one with an error. Goals left open at the end are none of any line.
fn good_part(failure: &Failure) -> String {
    let in_a_line = failure.errors.iter().filter(|error| !error.tags.iter().any(|tag| tag == "unsolvedGoals"));
    let line = in_a_line.map(|error| error.span.start.line).min().unwrap_or(u32::MAX);
    failure.proof.lines().take(line as usize).collect::<Vec<_>>().join("\n")
}

/// A failed proof as the model's own answer, with Lean's errors at the lines of the file.
fn attempt(header: &str, statement: &str, failure: &Failure) -> Attempt {
    let before = format!("{header}{statement}\n");
    let code = format!("{before}{}", indented(&failure.proof, 2));
    let above = before.matches('\n').count();
    let place = |p: prove_core::Position| (p.line as usize + above + 1, p.column as usize + 2);
    let reports = failure.errors.iter().map(|error| Report {
        start: place(error.span.start),
        end: Some(place(error.span.end)),
        message: error.message.clone(),
    });
    Attempt { answer: format!("```lean4\n{code}\n```"), reports: reports.collect(), code }
}

/// Every line two columns to the left, as far as it goes.
fn indented_less(text: &str) -> String {
    text.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}
