//! The proof environment of one `sorry`: tries candidates on Lean workers.
//!
//! All candidates of an attempt go into one text, each in a copy of the declaration inside a namespace of its own:
//!
//! ```lean
//! namespace ProveTrial0
//! set_option maxHeartbeats 20000 in
//! theorem foo : p := by <prefix> <candidate>
//! end ProveTrial0
//! ```
//!
//! So one elaboration answers for all of them, each has its own deterministic limit, and none sees what another left. A copy
//! without an error is closed; one whose only complaint is goals left over is open at those goals; any other is rejected. An end
//! marker shows that Lean came to the end of the text: silence for any other reason is a fault.
//!
//! This is the cheap verdict that steers a search. What it calls closed still goes to the judge.

use crate::target::{Filled, Target};
use prove_core::{Diagnostic, Elaboration, Fault, Position, ProofState, Severity};
use prove_lean::{Job, Limits, Outcome, Report, WorkerPool, parse_state};
use prove_search::{Attempt, Check, Checked, Cost, Detail, ProofEnv, Script, Trial};
use std::{fmt::Write, ops::Range, sync::Arc, time::Duration};

/// The command whose message shows that the end of the text was reached.
const END_MARKER: &str = "#check True\n";

/// Tries candidates for one target on a pool of workers.
pub struct LeanEnv {
    pool: WorkerPool,
    target: Target,
    /// Wall time for a text of one candidate; each further candidate adds a fifth of it.
    wall: Duration,
}

impl LeanEnv {
    /// An environment for `target`. `wall` is for what heartbeats do not stop; a candidate that runs past it is a timeout.
    pub fn new(pool: WorkerPool, target: Target, wall: Duration) -> LeanEnv {
        LeanEnv { pool, target, wall }
    }

    /// The goals at the `sorry`, or Lean's complaint where the statement itself does not elaborate.
    pub async fn initial(&self) -> Result<Result<ProofState, String>, Fault> {
        let attempt = Attempt { lemma: None, prefix: Script::default(), candidates: vec!["skip".into()], heartbeats: 200_000 };
        Ok(match self.attempt(&attempt).await?.0.pop() {
            Some(Trial::Open(state)) => Ok(state),
            Some(Trial::Closed) => Ok(ProofState::default()),
            Some(Trial::Rejected(message)) => Err(message),
            Some(Trial::Fault(fault)) => return Err(fault),
            Some(Trial::Timeout) | None => Err("the statement does not elaborate within its limit".to_owned()),
        })
    }

    /// Tries copies in one text; one trial for each, or what became of the text as a whole.
    pub(crate) async fn trials(&self, text: &BatchText, cost: &mut Cost) -> Result<Vec<Trial>, Trial> {
        let Report { elaboration, .. } = self.elaborate(text, false, Vec::new(), cost).await?;
        let of = |lines: &Range<u32>| elaboration.diagnostics.iter().filter(|d| lines.contains(&d.span.start.line)).collect::<Vec<_>>();
        Ok(text.lines.iter().map(|lines| trial(&of(lines), self.target.has_others())).collect())
    }

    /// Has Lean elaborate one text. An error is what to say of all its copies.
    pub(crate) async fn elaborate(
        &self,
        text: &BatchText,
        tactics: bool,
        goals_at: Vec<Position>,
        cost: &mut Cost,
    ) -> Result<Report, Trial> {
        let wall = self.wall + self.wall / 5 * (text.lines.len() as u32).saturating_sub(1);
        let job = Job { header: self.target.header().clone(), body: text.body.clone(), tactics, goals_at, limits: Limits { wall } };
        let report = match self.pool.submit(job).await {
            Outcome::Done(report) => report,
            Outcome::Timeout => {
                cost.lean_seconds += wall.as_secs_f64();
                return Err(Trial::Timeout);
            }
            Outcome::Fault(fault) => return Err(Trial::Fault(fault)),
        };
        cost.lean_seconds += report.millis / 1e3;
        let Elaboration { diagnostics, .. } = &report.elaboration;
        if !diagnostics.iter().any(|d| d.span.start.line >= text.end_line && d.severity == Severity::Information) {
            return Err(Trial::Fault(Fault { message: "Lean did not come to the end of the text".to_owned() }));
        }
        Ok(report)
    }

    /// A text of these copies.
    pub(crate) fn text(&self, copies: &[&str], heartbeats: u64, options: &str) -> BatchText {
        BatchText::new(copies, heartbeats, options, self.target.header().matches('\n').count() as u32)
    }

    /// The target.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Checks one proof, already put into its declaration.
    async fn checked(&self, check: &Check, filled: &Filled, cost: &mut Cost) -> Result<Checked, Trial> {
        let text = self.text(&[&filled.text], check.heartbeats, "");
        let line = text.lines[0].start + BatchText::LINES_BEFORE;
        let wants_holes = check.detail == Detail::Holes;
        let places = filled.holes.iter().filter(|_| wants_holes).map(|(place, _)| Position::new(place.line + line, place.column)).collect();
        let report = self.elaborate(&text, check.detail == Detail::Tactics, places, cost).await?;
        let all: Vec<&Diagnostic> = report.elaboration.diagnostics.iter().filter(|d| text.lines[0].contains(&d.span.start.line)).collect();
        let trial = match trial(&all, self.target.has_others()) {
            Trial::Closed if filled.has_sorry() => Trial::Rejected("the proof uses `sorry`".to_owned()),
            trial => trial,
        };
        let diagnostics: Vec<Diagnostic> = all.into_iter().filter_map(|d| filled.diagnostic(line, d)).collect();
        let tactics = report.elaboration.tactics.iter().filter_map(|t| filled.tactic(line, t)).collect();
        let sound = matches!(trial, Trial::Rejected(_)) && !diagnostics.iter().any(|d| d.severity == Severity::Error);
        let holes = match wants_holes && sound {
            true => self.holes(check, filled, report.goals, cost).await?,
            false => Vec::new(),
        };
        Ok(Checked { trial, diagnostics, tactics, holes })
    }
}

impl ProofEnv for LeanEnv {
    async fn attempt(&self, attempt: &Attempt) -> Result<(Vec<Trial>, Cost), Fault> {
        let mut cost = Cost::default();
        let mut trials = vec![Trial::Timeout; attempt.candidates.len()];
        let mut copies = Vec::new();
        for (i, candidate) in attempt.candidates.iter().enumerate() {
            match self.target.filled(attempt.lemma.as_deref(), &attempt.prefix.then(candidate.clone()).to_string()) {
                Ok(copy) if copy.has_sorry() => trials[i] = Trial::Rejected("the proof uses `sorry`".to_owned()),
                Ok(copy) => copies.push((i, copy.text)),
                Err(message) => trials[i] = Trial::Rejected(message),
            }
        }
        let (places, copies): (Vec<usize>, Vec<String>) = copies.into_iter().unzip();
        let copies: Vec<&str> = copies.iter().map(String::as_str).collect();
        let together = copies.len() > 1 && (attempt.lemma.is_some() || !self.target.is_contagious());
        if together && let Ok(found) = self.trials(&self.text(&copies, attempt.heartbeats, ""), &mut cost).await {
            for (place, trial) in places.into_iter().zip(found) {
                trials[place] = trial;
            }
            return Ok((trials, cost));
        }
        // Apart: because they must not meet, or because one of them hangs or kills its worker and the others shall not pay for it.
        for (place, copy) in places.into_iter().zip(copies) {
            trials[place] = match self.trials(&self.text(&[copy], attempt.heartbeats, ""), &mut cost).await {
                Ok(mut found) => found.pop().unwrap_or(Trial::Timeout),
                Err(trial) => trial,
            };
        }
        Ok((trials, cost))
    }

    async fn check(&self, check: &Check) -> Result<(Checked, Cost), Fault> {
        let mut cost = Cost::default();
        let checked = match self.target.filled(check.lemma.as_deref(), &check.proof) {
            Ok(filled) => self.checked(check, &filled, &mut cost).await,
            Err(message) => Err(Trial::Rejected(message)),
        };
        Ok((checked.unwrap_or_else(Checked::bare), cost))
    }
}

/// The text of several copies and the lines of each in the whole file.
pub(crate) struct BatchText {
    body: Arc<str>,
    pub(crate) lines: Vec<Range<u32>>,
    end_line: u32,
}

impl BatchText {
    /// Lines of a copy's range before the copy itself.
    pub(crate) const LINES_BEFORE: u32 = 2;

    /// `options` go before every copy, on one line: `set_option … in`.
    fn new(copies: &[&str], heartbeats: u64, options: &str, header_lines: u32) -> BatchText {
        let mut body = String::from("\n");
        let mut line = header_lines + 1;
        let mut lines = Vec::new();
        for (i, copy) in copies.iter().enumerate() {
            let start = body.len();
            // Writing to a string does not fail.
            let _ =
                write!(body, "namespace ProveTrial{i}\nset_option maxHeartbeats {heartbeats} in {options}\n{copy}\nend ProveTrial{i}\n");
            let end = line + body[start..].matches('\n').count() as u32;
            lines.push(line..end);
            line = end;
        }
        body.push_str(END_MARKER);
        BatchText { body: body.into(), lines, end_line: line }
    }
}

/// What the messages about one copy say.
fn trial(messages: &[&Diagnostic], has_others: bool) -> Trial {
    let errors: Vec<&Diagnostic> = messages.iter().copied().filter(|d| d.severity == Severity::Error).collect();
    match errors.as_slice() {
        [] if has_others || !messages.iter().any(|d| d.tags.iter().any(|t| t == "hasSorry")) => Trial::Closed,
        [] => Trial::Rejected("the proof uses `sorry`".to_owned()),
        [error] if let Some(goals) = unsolved(error) => Trial::Open(parse_state(&goals.trim_end().split("\n\n").collect::<Vec<_>>())),
        _ => {
            let refusal = errors.iter().find(|d| unsolved(d).is_none()).unwrap_or(&errors[0]);
            Trial::Rejected(refusal.message.clone())
        }
    }
}

/// The printed goals of the message that goals are left over.
fn unsolved(d: &Diagnostic) -> Option<&str> {
    d.tags.iter().any(|t| t == "unsolvedGoals").then(|| d.message.strip_prefix("unsolved goals\n")).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use prove_core::{Position, Span};
    use prove_lean::{BoxFuture, PoolConfig, Report, Spawner, Worker, WorkerError};
    use prove_search::Tactic;
    use std::sync::Mutex;

    /// A Lean that knows a few made-up tactics and keeps the texts it was given.
    #[derive(Clone, Default)]
    struct Scripted(Arc<Mutex<Vec<String>>>);

    impl Spawner for Scripted {
        fn spawn<'a>(&'a self, _header: &'a str) -> BoxFuture<'a, Result<Box<dyn Worker>, WorkerError>> {
            Box::pin(async { Ok(Box::new(self.clone()) as Box<dyn Worker>) })
        }
    }

    impl Worker for Scripted {
        fn check<'a>(&'a mut self, job: &'a Job) -> BoxFuture<'a, Result<Report, WorkerError>> {
            Box::pin(async {
                let text = [&*job.header, &*job.body].concat();
                self.0.lock().unwrap().push(job.body.to_string());
                if text.contains("hangs") {
                    std::future::pending::<()>().await;
                }
                if text.contains("kills") {
                    return Err(WorkerError::Died { status: "9".to_owned(), stderr: String::new() });
                }
                let lines = text.lines().enumerate().take_while(|(_, line)| !line.contains("stops"));
                let diagnostics = lines.filter_map(|(i, line)| message(i as u32, line)).collect();
                Ok(Report { elaboration: Elaboration { diagnostics, tactics: Vec::new() }, goals: Vec::new(), millis: 500.0 })
            })
        }

        fn resident_bytes(&self) -> Option<u64> {
            None
        }
    }

    fn message(line: u32, text: &str) -> Option<Diagnostic> {
        let (severity, message, tag) = match text {
            _ if text.contains("opens") => (Severity::Error, "unsolved goals\nn : Nat\n⊢ n = n\n\ncase b\n⊢ True", Some("unsolvedGoals")),
            _ if text.contains("fails") => (Severity::Error, "no", None),
            _ if text.contains("sorry") => (Severity::Warning, "declaration uses `sorry`", Some("hasSorry")),
            _ if text.starts_with("#check") => (Severity::Information, "True : Prop", None),
            _ => return None,
        };
        let at = Position::new(line, 0);
        let tags = tag.map(str::to_owned).into_iter().collect();
        Some(Diagnostic { severity, span: Span { start: at, end: at }, message: message.to_owned(), tags })
    }

    use prove_syntax::{Outline, Source, find_sorries};

    fn target(file: &str, which: usize) -> Target {
        let source = Source::new(file);
        let outline = Outline::new(&source);
        Target::new(&source, &outline, &find_sorries(&source, &outline)[which]).unwrap()
    }

    async fn attempt(target: Target, candidates: &[&str]) -> (Vec<Trial>, Cost, Vec<String>) {
        let lean = Scripted::default();
        let config = PoolConfig { retries: 0, ..PoolConfig::default() };
        let env = LeanEnv::new(WorkerPool::new(config, lean.clone()), target, Duration::from_millis(200));
        let candidates = candidates.iter().map(|c| Tactic::from(*c)).collect();
        let (trials, cost) =
            env.attempt(&Attempt { lemma: None, prefix: Script::new(["first_step".into()]), candidates, heartbeats: 7 }).await.unwrap();
        let texts = lean.0.lock().unwrap().clone();
        (trials, cost, texts)
    }

    const FILE: &str =
        "import Init\n\ntheorem a : 1 = 1 := rfl\n\ntheorem b (n : Nat) : n = n := by\n  sorry\n\ntheorem c : 2 = 2 := rfl\n";

    #[tokio::test]
    async fn candidates_share_one_text_and_are_told_apart_by_their_lines() {
        let (trials, cost, texts) = attempt(target(FILE, 0), &["closes", "opens", "fails", "skip; closes"]).await;
        assert_eq!(trials[0], Trial::Closed);
        let Trial::Open(state) = &trials[1] else { panic!("{trials:?}") };
        assert_eq!(state.to_string(), "n : Nat\n⊢ n = n\n\ncase b\n⊢ True");
        assert_eq!(trials[2..], [Trial::Rejected("no".to_owned()), Trial::Closed]);
        assert_eq!(cost.lean_seconds, 0.5);
        let copy = "namespace ProveTrial1\nset_option maxHeartbeats 7 in \ntheorem b (n : Nat) : n = n := by\n  first_step\n  opens";
        assert!(texts.len() == 1 && texts[0].contains(copy), "{texts:?}");
    }

    #[tokio::test]
    async fn what_hangs_or_kills_costs_only_itself() {
        let (trials, _, texts) = attempt(target(FILE, 0), &["closes", "hangs", "opens"]).await;
        assert!(matches!(trials.as_slice(), [Trial::Closed, Trial::Timeout, Trial::Open(_)]), "{trials:?}");
        assert_eq!(texts.len(), 4);
        let (trials, ..) = attempt(target(FILE, 0), &["kills", "fails"]).await;
        assert!(matches!(trials.as_slice(), [Trial::Fault(_), Trial::Rejected(_)]), "{trials:?}");
    }

    #[tokio::test]
    async fn silence_because_the_text_ended_early_is_a_fault() {
        let (trials, ..) = attempt(target(FILE, 0), &["stops"]).await;
        assert!(matches!(trials.as_slice(), [Trial::Fault(_)]), "{trials:?}");
    }

    #[tokio::test]
    async fn what_is_no_proof_body_is_never_sent() {
        let (trials, _, texts) = attempt(target(FILE, 0), &["sorry", "closes\ntheorem x : True := trivial", "closes"]).await;
        assert!(matches!(trials.as_slice(), [Trial::Rejected(_), Trial::Rejected(_), Trial::Closed]), "{trials:?}");
        assert_eq!(texts[0].matches("namespace").count(), 1);
    }

    #[tokio::test]
    async fn declarations_that_change_their_neighbours_go_apart() {
        let (trials, _, texts) = attempt(target("@[simp] theorem b : 1 = 1 := by sorry\n", 0), &["closes", "fails"]).await;
        assert_eq!(trials, [Trial::Closed, Trial::Rejected("no".to_owned())]);
        assert_eq!(texts.len(), 2);
    }

    #[tokio::test]
    async fn other_holes_of_the_declaration_may_stay_and_tactic_holes_are_focused() {
        let file = "theorem b : 1 = 1 ∧ 2 = 2 := by\n  constructor\n  · sorry\n  · sorry\n";
        let second = target(file, 1);
        assert_eq!(second.placed("x\ny"), "by\n  · x\n    y");
        let (trials, _, texts) = attempt(second, &["closes"]).await;
        assert_eq!(trials, [Trial::Closed]);
        assert!(texts[0].contains("  · sorry\n  · · first_step\n"), "{}", texts[0]);
    }
}
