//! The search's environment on a real Lean: where a proof fails, what its tactics leave, and subgoals that stand alone.

use prove_agent::{LeanEnv, Target};
use prove_core::Severity;
use prove_lean::{PoolConfig, Preamble, SessionSpawner, WorkerPool};
use prove_search::{Attempt, Check, Checked, Detail, Hole, Lemma, ProofEnv, Script, Trial};
use prove_syntax::{Outline, Source, find_sorries};
use std::{num::NonZeroUsize, sync::Arc, time::Duration};

struct Lean {
    pool: WorkerPool,
    preamble: Preamble,
}

impl Lean {
    fn start() -> Lean {
        let toolchain = prove_tests::lean::embedded(env!("CARGO_BIN_EXE_prove-tested")).expect("the embedded Lean");
        let config = PoolConfig { workers: NonZeroUsize::MIN, ..PoolConfig::default() };
        Lean { preamble: Preamble::of(&toolchain), pool: WorkerPool::new(config, SessionSpawner::new(toolchain.lean())) }
    }

    /// The environment of the first `sorry` of a file.
    fn env(&self, file: &str) -> LeanEnv {
        let (_, text) = self.preamble.insert(file);
        let source = Source::new(&text);
        let outline = Outline::new(&source);
        let target = Target::new(&source, &outline, &find_sorries(&source, &outline)[0]).expect("a command");
        LeanEnv::new(self.pool.clone(), target, Duration::from_secs(20))
    }
}

async fn check(env: &LeanEnv, lemma: Option<&Lemma>, proof: &str, detail: Detail) -> Checked {
    let check = Check { lemma: lemma.cloned().map(Arc::new), proof: proof.into(), detail, heartbeats: 200_000 };
    env.check(&check).await.expect("no fault").0
}

async fn holes(env: &LeanEnv, lemma: Option<&Lemma>, sketch: &str) -> Vec<Hole> {
    let checked = check(env, lemma, sketch, Detail::Holes).await;
    assert!(!checked.diagnostics.iter().any(|d| d.severity == Severity::Error), "{sketch}: {checked:#?}");
    assert!(matches!(checked.trial, Trial::Rejected(_)), "a sketch is no proof: {:?}", checked.trial);
    checked.holes
}

async fn attempt(env: &LeanEnv, lemma: Option<&Lemma>, proof: &str) -> Trial {
    let lemma = lemma.cloned().map(Arc::new);
    let attempt = Attempt { lemma, prefix: Script::default(), candidates: vec![proof.into()], heartbeats: 200_000 };
    env.attempt(&attempt).await.expect("no fault").0.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_and_tactics_are_told_by_their_places_in_the_proof() {
    let lean = Lean::start();
    let env =
        lean.env("namespace A\n\ntheorem t (α β : Prop) (h₁ : α) (h₂ : β) : (α ∧ β) ∧ 1 = 1 := by\n  constructor\n  · sorry\n  · rfl\n");
    let proof = "have 𝔸 : α := by\n  exact h₁\nconstructor\n· exact 𝔸\n· exact h₁\n";
    let checked = check(&env, None, proof, Detail::Tactics).await;
    let errors: Vec<_> = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).map(|d| d.span.start).collect();
    assert_eq!(errors, [prove_core::Position::new(4, 2)], "{checked:#?}");
    let text = |t: &prove_core::TacticSpan| {
        let at = |p: prove_core::Position| p.byte_offset(proof).expect("in the proof");
        (proof[at(t.span.start)..at(t.span.end)].to_owned(), t.after.goals.iter().map(|g| g.target.clone()).collect::<Vec<_>>())
    };
    let found: Vec<_> = checked.tactics.iter().map(text).collect();
    let wanted = [
        ("have 𝔸 : α := by\n  exact h₁", vec!["α ∧ β"]),
        ("exact h₁", vec![]),
        ("constructor", vec!["α", "β"]),
        ("· exact 𝔸", vec!["β"]),
        ("exact 𝔸", vec![]),
        // A focused block that fails leaves what it would have left.
        ("· exact h₁", vec![]),
    ];
    let wanted: Vec<_> = wanted.iter().map(|(t, g)| ((*t).to_owned(), g.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>())).collect();
    assert_eq!(found, wanted);
    assert_eq!(check(&env, None, "exact ⟨h₁, h₂⟩", Detail::Tactics).await.trial, Trial::Closed);
    let open = check(&env, None, "constructor\n· exact h₁", Detail::Tactics).await;
    assert!(matches!(&open.trial, Trial::Open(state) if state.goals[0].target == "β"), "{open:?}");
}

/// File, sketch, and for each of its holes the subgoal's declaration and a proof of it.
type Sketch = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Where text-based extraction goes wrong: implicit and instance arguments, universes, section variables, `open … in`, shadowed and
/// inaccessible names, local definitions, coercions and numerals, hypotheses that mention earlier steps, `∀`-only signatures.
const SKETCHES: &[Sketch] = &[
    (
        "universe v\nvariable {α : Type v} [Inhabited α]\n\ntheorem t {β : Type _} (f : α → β) (x : α) : ∃ y, f y = f x := by\n  sorry\n",
        "refine ⟨x, ?_⟩\nhave h : f x = f x := by sorry\nexact h",
        &[("theorem l.{u_1} (α : Type v) (inst_1 : Inhabited α) (β : Type u_1) (f : α → β) (x : α) : f x = f x", "rfl")],
    ),
    (
        "theorem t : ∀ (n : Nat) (_ : 0 < n), n * n > 0 := by\n  sorry\n",
        "intro n _\nhave h : 0 < n := by sorry\nhave : n * n > 0 := by\n  sorry\nexact this",
        &[
            ("theorem l (n : Nat) (x_1 : 0 < n) : 0 < n", "exact x_1"),
            ("theorem l (n : Nat) (x_1 : 0 < n) (h : 0 < n) : n * n > 0", "exact Nat.mul_pos h x_1"),
        ],
    ),
    (
        "theorem t (n : Nat) (h : n = 3) : ∃ k : Int, k = n + 1 := by\n  sorry\n",
        "let m : Int := n + 1\nhave h : m = 4 := by sorry\nexact ⟨m, rfl⟩",
        &[("theorem l (n : Nat) (h : n = 3) : let m : Int := ↑n + 1; m = 4", "omega")],
    ),
    (
        "theorem t (x : Nat) (h : x = 1) : x + 1 = 2 := by\n  sorry\n",
        "have h : x + 1 = 1 + 1 := by sorry\nhave h : x + 1 = 2 := by sorry\nexact h",
        &[
            ("theorem l (x : Nat) (h : x = 1) : x + 1 = 1 + 1", "rw [h]"),
            ("theorem l (x : Nat) (h_1 : x = 1) (h : x + 1 = 1 + 1) : x + 1 = 2", "exact h"),
        ],
    ),
    (
        "theorem t (p q : Prop) (h : p ∨ q) : q ∨ p := by\n  sorry\n",
        "cases h with\n| inl a => sorry\n| inr b => sorry",
        &[
            ("theorem l (p : Prop) (q : Prop) (a : p) : q ∨ p", "exact Or.inr a"),
            ("theorem l (p : Prop) (q : Prop) (b : q) : q ∨ p", "exact Or.inl b"),
        ],
    ),
    (
        "theorem t (n : Nat) : 2 * n % 2 = 0 := by\n  sorry\n",
        "induction n with\n| zero => sorry\n| succ n ih => sorry",
        &[("theorem l : 2 * 0 % 2 = 0", "rfl"), ("theorem l (n : Nat) (ih : 2 * n % 2 = 0) : 2 * (n + 1) % 2 = 0", "omega")],
    ),
    (
        "def f (n : Nat) : Nat := n + 1\n\nopen Nat in\ntheorem t (a : Nat) : f a = succ a := by\n  sorry\n",
        "have key : f a = succ a := by\n  unfold f\n  sorry\nexact key",
        &[("theorem l (a : Nat) : a + 1 = a.succ", "rfl")],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_goals_of_sketches_stand_alone_and_their_proofs_go_back() {
    let lean = Lean::start();
    for (file, sketch, wanted) in SKETCHES {
        let env = lean.env(file);
        let holes = holes(&env, None, sketch).await;
        let found: Vec<_> = holes.iter().map(|h| h.lemma.as_ref().map_or_else(|| "none".to_owned(), |l| l.declaration("l"))).collect();
        assert_eq!(found, wanted.iter().map(|(text, _)| *text).collect::<Vec<_>>(), "{sketch}");
        let mut proof = (*sketch).to_owned();
        for (hole, (_, own)) in holes.iter().zip(*wanted).rev() {
            assert_eq!(attempt(&env, hole.lemma.as_ref(), own).await, Trial::Closed, "{own} proves {:?}", hole.lemma);
            let opening = hole.opening.as_deref().map_or_else(String::new, |opening| format!("{opening}; "));
            proof.replace_range(hole.range.clone(), &format!("({opening}{own})"));
        }
        assert_eq!(attempt(&env, None, &proof).await, Trial::Closed, "{proof}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn subgoals_have_subgoals_and_negations() {
    let lean = Lean::start();
    let env = lean.env("theorem t (n : Nat) (h : 2 < n) : n ≠ 1 ∧ n ≠ 2 := by\n  sorry\n");
    let outer = holes(&env, None, "have a : n ≠ 1 := by sorry\nhave b : n = 2 := by sorry\nomega").await;
    let (first, second) = (outer[0].lemma.as_ref().expect("a lemma"), outer[1].lemma.as_ref().expect("a lemma"));
    let inner = holes(&env, Some(first), "intro hn\nhave : 2 < 1 := by\n  sorry\nomega").await;
    assert_eq!(inner[0].lemma.as_ref().expect("a lemma").declaration("l"), "theorem l (n : Nat) (h : 2 < n) (hn : n = 1) : 2 < 1");
    assert_eq!(attempt(&env, Some(&second.negation()), "intro all\nhave := all 3 (by omega) (by omega)\nomega").await, Trial::Closed);
    assert!(matches!(attempt(&env, Some(second), "omega").await, Trial::Rejected(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_goal_with_metavariables_does_not_stand_alone() {
    let lean = Lean::start();
    let env = lean.env("theorem t : ∃ n : Nat, n = 2 ∧ n < 3 := by\n  sorry\n");
    let holes = holes(&env, None, "refine ⟨?_, ?_, ?_⟩\nrotate_left\n· sorry\n· sorry\n· exact 2").await;
    assert!(holes.iter().take(2).all(|hole| hole.lemma.is_none()), "{holes:#?}");
    assert_eq!(holes[0].state.goals[0].target, "?refine_1 = 2");
}
