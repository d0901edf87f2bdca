//! Shortens a proof that is known to work, keeping only what still checks.
//!
//! Each round tries, smallest first, every proof that is smaller than the present one and made from it by one change: a closing tactic in
//! the place of all that follows some point, or of the block behind a `by` or `=>`; a step left out, at any depth and with all that
//! belongs to it; one alternative of a `first`. The first batch with one that checks ends the round, and the smallest of them becomes
//! the present one. A round without success ends the search, so the result cannot be shortened by any one of these changes.

use crate::{
    event::{Log, SearchEvent},
    runner::Strategy,
    script::{Script, Tactic},
    task::{Attempt, Reply, RequestId, Task, Trial},
};
use std::collections::{HashSet, VecDeque};

/// How a proof is minimised.
#[derive(Clone, Debug)]
pub struct MinimiseOptions {
    /// Tactics that may end a proof, cheapest to read first.
    pub closers: Vec<Tactic>,
    /// Candidates checked by one request.
    pub batch: usize,
    /// Lean's limit for each candidate.
    pub heartbeats: u64,
}

impl Default for MinimiseOptions {
    fn default() -> Self {
        let closers = ["rfl", "simp", "omega", "decide", "grind", "simp_all"].map(Tactic::from).to_vec();
        MinimiseOptions { closers, batch: 8, heartbeats: 20_000 }
    }
}

/// The strategy; see the module text.
#[derive(Debug)]
pub struct Minimise {
    options: MinimiseOptions,
    best: Script,
    /// Scripts of this round not tried yet, smallest first.
    queue: VecDeque<Script>,
    /// Requests of this round whose replies are missing.
    awaited: usize,
    tried: HashSet<Script>,
}

impl Minimise {
    /// Starts from a proof that checks.
    pub fn new(proof: Script, options: MinimiseOptions) -> Minimise {
        let mut search = Minimise { options, tried: HashSet::from([proof.clone()]), best: proof, queue: VecDeque::new(), awaited: 0 };
        search.begin_round();
        search
    }

    fn begin_round(&mut self) {
        let text = self.best.to_string();
        let mut round: Vec<Script> = changed(&text, &self.options.closers).into_iter().map(|text| Script::new([text.into()])).collect();
        let size = size(&self.best);
        round.retain(|script| !script.to_string().is_empty() && self::size(script) < size && self.tried.insert(script.clone()));
        round.sort_by_key(self::size);
        self.queue = round.into();
    }
}

/// What is reduced: the characters of the proof, and a line's worth for each line.
fn size(script: &Script) -> usize {
    let text = script.to_string();
    text.chars().count() + 8 * text.lines().count()
}

/// The proofs that one change makes of `text`; see the module text.
fn changed(text: &str, closers: &[Tactic]) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let joined = |before: &[&str], new: Option<&str>, after: &[&str]| {
        before.iter().copied().chain(new).chain(after.iter().copied()).collect::<Vec<_>>().join("\n")
    };
    let mut out = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        // The line and those further right below it are one step.
        let belongs = |other: &&&str| other.trim().is_empty() || indent(other) > indent(line);
        let end = at + 1 + lines[at + 1..].iter().take_while(belongs).count();
        let (before, after) = (&lines[..at], &lines[end..]);
        out.push(joined(before, None, after));
        if indent(line) == 0 {
            out.extend(closers.iter().map(|closer| joined(before, Some(closer), &[])));
        }
        if end > at + 1 && (line.ends_with("by") || line.ends_with("=>")) {
            out.extend(closers.iter().map(|closer| joined(before, Some(&format!("{line} {closer}")), after)));
        }
        if end == at + 1 {
            let margin = &line[..indent(line)];
            out.extend(alternatives(line.trim()).into_iter().map(|with| joined(before, Some(&format!("{margin}{with}")), after)));
        }
    }
    out
}

/// The alternatives of a one-line `first | a | b`; none for any other tactic.
fn alternatives(step: &str) -> Vec<&str> {
    match step.strip_prefix("first |") {
        Some(rest) if !step.contains(['\n', '(', '⟨']) => rest.split('|').map(str::trim).collect(),
        _ => Vec::new(),
    }
}

impl Strategy for Minimise {
    type Ticket = Vec<Script>;

    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<(Task, Vec<Script>)> {
        if self.queue.is_empty() {
            return None;
        }
        let most = usize::try_from(allowance).unwrap_or(usize::MAX).min(self.options.batch.max(1)).min(self.queue.len());
        let scripts: Vec<Script> = self.queue.drain(..most).collect();
        self.awaited += 1;
        let candidates: Vec<Tactic> = scripts.iter().map(|s| Tactic::from(s.to_string())).collect();
        log.record(|| SearchEvent::Tried { request: id, node: 0, candidates: candidates.iter().map(|c| c.to_string()).collect() });
        Some((Task::Attempt(Attempt { lemma: None, prefix: Script::default(), candidates, heartbeats: self.options.heartbeats }), scripts))
    }

    fn commit(&mut self, scripts: Vec<Script>, _task: &Task, reply: Reply, log: &mut Log) {
        self.awaited -= 1;
        if let Reply::Trials { trials, .. } = reply {
            let shorter = scripts.into_iter().zip(trials).filter(|(_, t)| *t == Trial::Closed).map(|(s, _)| s).min_by_key(size);
            if let Some(shorter) = shorter.filter(|s| size(s) < size(&self.best)) {
                log.record(|| SearchEvent::Closed { parent: 0, tactic: shorter.to_string() });
                self.best = shorter;
                // The rest of the round is larger than this, and was made from a proof that is no longer the present one.
                self.queue.clear();
            }
        }
        if self.queue.is_empty() && self.awaited == 0 {
            self.begin_round();
        }
    }

    fn progress(&self) -> u64 {
        self.tried.len() as u64
    }

    fn solution(&self) -> Option<&Script> {
        Some(&self.best)
    }

    /// A proof is at hand from the start; the search goes on until nothing shortens it.
    fn satisfied(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_left_out_and_blocks_closed_at_any_depth() {
        let text = "have h : p := by\n  simp\n  first | a | b\nexact h";
        let found = changed(text, &["omega".into()]);
        for wanted in [
            "exact h",
            "have h : p := by\n  first | a | b\nexact h",
            "have h : p := by\n  simp\nexact h",
            "have h : p := by omega\nexact h",
            "have h : p := by\n  simp\n  b\nexact h",
            "omega",
            "have h : p := by\n  simp\n  first | a | b\nomega",
        ] {
            assert!(found.iter().any(|text| text == wanted), "{wanted}\n{found:#?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[a \n|by=>.·first]*") {
            let _ = changed(&text, &["omega".into()]);
        }
    }
}
