//! The rows that a model learns from, out of what was proved.

use super::lines::Stated;
use crate::output::VerdictName;
use prove_agent::{Lesson, LessonKind};
use prove_data::{Difficulty, Label, Split, Topic};
use prove_model::{Message, Prompt};
use prove_search::Lemma;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What was tried on a theorem, and what came of it: a line of `proofs/results.jsonl`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Attempted {
    /// The theorem's name.
    pub(super) statement: String,
    /// The round of expert iteration; 0 is before the first.
    pub(super) round: u32,
    pub(super) strategy: String,
    pub(super) verdict: VerdictName,
    /// Why it is not proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) proof: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) lessons: Vec<Lesson>,
    /// Of a theorem that is not proved: gaps of sketches that were tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) subgoals: Vec<Lemma>,
    /// The version of Lean that accepted it.
    pub(super) lean: String,
    pub(super) checks: u64,
    pub(super) lean_seconds: f64,
    pub(super) model_tokens: u64,
}

/// One example: a line of `rows.jsonl`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) kind: LessonKind,
    /// The theorem that it comes from.
    pub(super) statement: String,
    pub(super) family: String,
    pub(super) topic: Topic,
    pub(super) difficulty: Difficulty,
    pub(super) label: Label,
    pub(super) split: Split,
    /// What the model reads: text, or a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) prompt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) messages: Option<Vec<Message>>,
    /// What it is to write.
    pub(super) completion: String,
    pub(super) round: u32,
    pub(super) strategy: String,
    /// The version of Lean that accepted the proof.
    pub(super) lean: String,
}

/// All rows of what was proved, each question with the same answer once, in the order of the proofs.
pub(super) fn rows(stated: &[Stated], attempted: &[Attempted]) -> Vec<Row> {
    let by_name: HashMap<&str, &Stated> = stated.iter().map(|one| (one.name.as_str(), one)).collect();
    let mut known = HashSet::new();
    let mut rows = Vec::new();
    for attempt in attempted.iter().filter(|attempt| attempt.verdict == VerdictName::Proved) {
        let Some(stated) = by_name.get(attempt.statement.as_str()) else { continue };
        for lesson in &attempt.lessons {
            let (prompt, messages) = match &lesson.prompt {
                Prompt::Text(text) => (Some(text.clone()), None),
                Prompt::Chat(messages) => (None, Some(messages.clone())),
                Prompt::Tokens(_) => continue,
            };
            let question = prompt.clone().unwrap_or_else(|| format!("{messages:?}"));
            if known.insert((question, lesson.completion.clone())) {
                rows.push(Row {
                    kind: lesson.kind,
                    statement: stated.name.clone(),
                    family: stated.family.clone(),
                    topic: stated.topic,
                    difficulty: stated.difficulty,
                    label: stated.label,
                    split: stated.split,
                    prompt,
                    messages,
                    completion: lesson.completion.clone(),
                    round: attempt.round,
                    strategy: attempt.strategy.clone(),
                    lean: attempt.lean.clone(),
                });
            }
        }
    }
    rows
}
