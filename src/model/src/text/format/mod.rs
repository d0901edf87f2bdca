//! The prompts that published provers were trained on, and ours.
//!
//! A model finds its best proofs from the exact text it saw in training, so each format is that text to the letter, taken from what
//! the authors published. A [`Task`] says what is to be proved and how far one is; [`Format::request`] makes a [`Request`] of it, with
//! the stop strings that belong to the format; [`extract`](super::extract()) reads the proof out of the answer.

mod feedback;
mod layout;
mod ours;

pub use feedback::{Attempt, Report};

use crate::{Message, ModelError, Request, Role};
use std::str::FromStr;

/// What is to be proved, and how far one is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    /// What comes before the statement: imports, options, opened namespaces. It is put before the statement as it is, so it ends with a
    /// newline (an empty line, where the model's training data had one).
    pub header: String,
    /// The problem in words, without comment signs.
    pub informal: Option<String>,
    /// The statement, up to and with its `:= by`.
    pub statement: String,
    /// Tactics that stand already: what follows the line of the `by`, indented as it will stand in the file. Empty at the root.
    pub proof: String,
    /// The goals there, as Lean prints them.
    pub state: Option<String>,
    /// Facts that may help, one `name : type` each.
    pub premises: Vec<String>,
    /// Attempts that failed, the oldest first.
    pub attempts: Vec<Attempt>,
    /// What is wanted.
    pub wanted: Wanted,
}

/// What an answer is to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// All that is left of the proof.
    #[default]
    Proof,
    /// One tactic. Only `prove` knows the difference; of other answers the first tactic can be taken.
    Tactic,
    /// A proof whose hard parts are left out as `sorry`. The chat formats ask for it in words; of completing ones only `prove` can.
    Sketch,
}

/// A prompt format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// DeepSeek-Prover-V1.5 without explanations. Plain text that the model completes; the tactic state goes into a comment.
    DeepSeekV15,
    /// DeepSeek-Prover-V1.5 with a comment before each line of code.
    DeepSeekV15Cot,
    /// DeepSeek-Prover-V2 without a plan. A chat whose answer states the whole file again.
    DeepSeekV2,
    /// DeepSeek-Prover-V2 with a plan.
    DeepSeekV2Cot,
    /// Goedel-Prover-V2, with the errors of earlier attempts.
    GoedelV2,
    /// Kimina-Prover, the preview and the distillates.
    Kimina,
    /// Ours, for small models: goals in, tactics out. It is written down at [`Format::request`].
    Prove,
}

/// What is said to a chat model that is to write a sketch. The recipe is that of DeepSeek-Prover-V2 (<https://arxiv.org/abs/2504.21801>),
/// section 2.1.
const SKETCH: &str = "\n\nDo not prove it yet. Write a sketch: the proof as a sequence of `have` steps, each stated in full, with `by sorry` \
    in the place of its proof, and a last step that concludes from them.";

const V15: &str = "Complete the following Lean 4 code:\n\n```lean4\n";
const V15_COT: &str = "Complete the following Lean 4 code with explanatory comments preceding each line of code:\n\n```lean4\n";
const PLAN: &str = "\n\nBefore producing the Lean 4 code to formally prove the given theorem, provide a detailed proof plan outlining the \
    main proof steps and strategies.\nThe plan should highlight key ideas, intermediate lemmas, and proof structures that will guide \
    the construction of the final formal proof.";
const KIMINA_SYSTEM: &str = "You are an expert in mathematics and Lean 4.";
const KIMINA: &str = "Think about and solve the following problem step by step in Lean 4.";

impl Format {
    /// All of them.
    pub const ALL: [Format; 7] = [
        Format::DeepSeekV15,
        Format::DeepSeekV15Cot,
        Format::DeepSeekV2,
        Format::DeepSeekV2Cot,
        Format::GoedelV2,
        Format::Kimina,
        Format::Prove,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::DeepSeekV15 => "deepseek-v1.5",
            Format::DeepSeekV15Cot => "deepseek-v1.5-cot",
            Format::DeepSeekV2 => "deepseek-v2",
            Format::DeepSeekV2Cot => "deepseek-v2-cot",
            Format::GoedelV2 => "goedel-v2",
            Format::Kimina => "kimina",
            Format::Prove => "prove",
        }
    }

    /// Whether an answer continues the file where the prompt ends; otherwise it is prose with code blocks.
    pub fn continues(self) -> bool {
        matches!(self, Format::DeepSeekV15 | Format::DeepSeekV15Cot | Format::Prove)
    }

    /// Whether [`Task::attempts`] have a place in it.
    pub fn takes_attempts(self) -> bool {
        matches!(self, Format::GoedelV2 | Format::Prove)
    }

    /// The request for one sample; everything but prompt, resume text and stop strings is at its default.
    ///
    /// With a proof so far, the completing formats go on after it, with the goals in a comment; of the chat formats the answer is begun
    /// with a code block that holds the file so far (without the comment, which no chat model was trained on).
    ///
    /// The format `prove` is made of sections, each with a title line. Empty ones are left out; of statement and state one is there, the
    /// state if it is known; each failed attempt is a section `failed` and a section `errors`. The last title says what is wanted:
    /// `tactics` is all that is left of the proof, `tactic` the first of them, `sketch` a proof with `sorry`. Tactics start in column 0,
    /// and `###` ends them:
    ///
    /// ```text
    /// ### header
    /// open Nat
    /// ### premises
    /// Nat.add_comm : ∀ (n m : ℕ), n + m = m + n
    /// ### state
    /// a b : ℕ
    /// ⊢ a + b = b + a
    /// ### tactics
    /// exact Nat.add_comm a b
    /// ### end
    /// ```
    ///
    /// # Errors
    ///
    /// The statement does not end in `:= by`, or the task has attempts and the format no place for them.
    pub fn request(self, task: &Task) -> Result<Request, ModelError> {
        let refused = |detail: String| Err(ModelError::Request { field: "prompt", detail });
        if layout::open_statement(&task.statement).is_none() {
            return refused(format!("the statement does not end in \":= by\": {}", layout::shortened(&task.statement)));
        }
        if !task.attempts.is_empty() && !self.takes_attempts() {
            return refused(format!("the format {} has no place for failed attempts; goedel-v2 and prove have", self.name()));
        }
        Ok(match self {
            Format::DeepSeekV15 => completion(V15, task),
            Format::DeepSeekV15Cot => completion(V15_COT, task),
            Format::DeepSeekV2 => chat(vec![user(deepseek_v2(task))], task),
            Format::DeepSeekV2Cot => chat(vec![user(deepseek_v2(task) + PLAN)], task),
            Format::GoedelV2 => chat(goedel(task), task),
            Format::Kimina => chat(kimina(task), task),
            Format::Prove => ours::request(task),
        })
    }

    /// What a model of this format answers to the request for a task, behind its resume text, where `proof` is all that is left of the proof:
    /// what a model learns. Lines stand where they stand in a proof that begins in column 0. [`extract`](super::extract()) is the inverse.
    pub fn answer(self, task: &Task, proof: &str) -> String {
        let proof = proof.trim_end();
        let lines = |proof: &str| proof.lines().map(|line| format!("  {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n");
        match self {
            Format::Prove => ours::answer(proof),
            _ if self.continues() || !task.proof.is_empty() => format!("{}\n```", lines(proof)),
            _ => format!("```lean4\n{}\n{}\n```", layout::file(task), lines(proof)),
        }
    }
}

impl FromStr for Format {
    type Err = ModelError;

    fn from_str(name: &str) -> Result<Self, ModelError> {
        Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| {
            let names: Vec<_> = Format::ALL.into_iter().map(Format::name).collect();
            ModelError::Request { field: "format", detail: format!("there is no prompt format {name:?}; there are {}", names.join(", ")) }
        })
    }
}

fn user(content: String) -> Message {
    Message { role: Role::User, content }
}

/// V1.5: the file up to where the model goes on.
fn completion(instruction: &str, task: &Task) -> Request {
    let mut resume = layout::line_ended(&task.proof);
    if let Some(state) = &task.state {
        resume.push_str(&layout::state_comment(state, layout::indentation(&task.proof)));
    }
    let prompt = format!("{instruction}{}\n", layout::file(task));
    Request { resume, stop: vec!["```".to_owned()], ..Request::new(prompt) }
}

/// A chat. A proof so far becomes the beginning of the answer.
fn chat(mut messages: Vec<Message>, task: &Task) -> Request {
    if task.wanted == Wanted::Sketch
        && let Some(last) = messages.last_mut()
    {
        last.content.push_str(SKETCH);
    }
    let mut request = Request::new(messages);
    if !task.proof.is_empty() {
        request.resume = format!("```lean4\n{}\n{}", layout::file(task), layout::line_ended(&task.proof));
    }
    request
}

fn deepseek_v2(task: &Task) -> String {
    format!("{V15}{}\n  sorry\n```", layout::file(task))
}

/// The first message has the statement on one line with its `sorry` and no newline before the fence, as in Goedel-Prover-V2's pipeline;
/// each failed attempt adds the answer and the errors.
fn goedel(task: &Task) -> Vec<Message> {
    let mut messages = vec![user(format!("{V15}{} sorry```{PLAN}", layout::file(task)))];
    for (round, attempt) in task.attempts.iter().enumerate() {
        messages.push(Message { role: Role::Assistant, content: attempt.answer.clone() });
        messages.push(user(feedback::correction(round, attempt)));
    }
    messages
}

/// The problem in words where there are some, the bare statement otherwise, as Goedel-Prover-V2's handler for Kimina does.
fn kimina(task: &Task) -> Vec<Message> {
    let problem = task.informal.as_deref().unwrap_or(task.statement.trim());
    let file = format!("{}{}", task.header, task.statement.trim());
    let asked = format!("{KIMINA}\n# Problem:{problem}\n# Formal statement:\n```lean4\n{file}\n```\n");
    vec![Message { role: Role::System, content: KIMINA_SYSTEM.to_owned() }, user(asked)]
}
