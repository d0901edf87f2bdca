//! What a proof body may not contain, and why. Lists only; [`ProofBody`](crate::ProofBody) applies them.
//!
//! None of this makes a proof sound: the judge's later steps do. A rule is here because the word has no honest use in a finished proof
//! and either runs code while Lean elaborates, hides an unfinished proof, or costs much and proves nothing.

use prove_core::RejectKind;

/// What a body with a forbidden word is rejected as: an unfinished proof says so by one of three words.
pub(crate) fn kind(word: &str) -> RejectKind {
    match word {
        "sorry" | "admit" | "sorryAx" => RejectKind::Sorry,
        _ => RejectKind::Syntax,
    }
}

/// Words that no proof body may hold as a token of its own, with the reason.
pub const FORBIDDEN_WORDS: &[(&str, &str)] = &[
    ("sorry", "leaves the proof unfinished"),
    ("admit", "leaves the proof unfinished"),
    ("exact?", "is a search, which may leave a `sorry`; use what it finds"),
    ("apply?", "is a search, which may leave a `sorry`; use what it finds"),
    ("rw?", "is a search, which may leave a `sorry`; use what it finds"),
    ("rewrites?", "is a search, which may leave a `sorry`; use what it finds"),
    ("try?", "is a search; use what it finds"),
    ("have?", "is a search; use what it finds"),
    ("propose?", "is a search; use what it finds"),
    ("observe?", "is a search; use what it finds"),
    ("rw_search", "is a search; use what it finds"),
    ("show_term", "is a tool for exploring, not a proof step"),
    ("show_term_elab", "is a tool for exploring, not a proof step"),
    ("plausible", "is a test, which may leave a `sorry`"),
    ("slim_check", "is a test, which may leave a `sorry`"),
    ("polyrith", "calls a network service"),
    ("extract_goal", "is a tool for exploring, not a proof step"),
    ("native_decide", "trusts the compiler instead of the kernel"),
    ("bv_decide", "trusts the compiler instead of the kernel, and runs a program"),
    ("bv_decide?", "trusts the compiler instead of the kernel, and runs a program"),
    ("bv_check", "trusts the compiler instead of the kernel, and reads a file"),
    ("run_tac", "runs code while Lean elaborates"),
    ("by_elab", "runs code while Lean elaborates"),
    ("include_str", "reads a file while Lean elaborates"),
    ("include_bytes", "reads a file while Lean elaborates"),
    ("dbg_trace", "prints while Lean elaborates"),
    ("dbg_sleep", "only waits"),
    ("dbg_stack", "prints while Lean elaborates"),
    ("implemented_by", "replaces a definition by unchecked code"),
    ("csimp", "replaces a definition in compiled code"),
    ("extern", "replaces a definition by foreign code"),
    ("partial_fixpoint", "is for programs, not proofs"),
    ("inductive_fixpoint", "is for definitions, not proofs"),
    ("coinductive_fixpoint", "is for definitions, not proofs"),
];

/// Words that are refused only where a tactic begins, for they are also good names for hypotheses.
pub const FORBIDDEN_TACTICS: &[(&str, &str)] = &[
    ("stop", "skips the rest of the proof with `sorry`"),
    ("hint", "is a search, which may hide a `sorry`; use what it finds"),
    ("sleep", "only waits"),
];

/// Components that no name in a proof body may have, however it is qualified or escaped, with the reason.
pub const FORBIDDEN_NAMES: &[(&str, &str)] = &[
    ("sorryAx", "is the axiom behind `sorry`"),
    ("ofReduceBool", "trusts the compiler instead of the kernel"),
    ("ofReduceNat", "trusts the compiler instead of the kernel"),
    ("reduceBool", "runs compiled code in the kernel"),
    ("reduceNat", "runs compiled code in the kernel"),
    ("trustCompiler", "trusts the compiler instead of the kernel"),
    ("lcProof", "is the compiler's stand-in for a proof"),
    ("lcUnreachable", "is the compiler's stand-in for a value"),
    ("lcAny", "is the compiler's stand-in for a type"),
];

/// What values an option of the allow-list may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionValues {
    /// `true` or `false`.
    Bool,
    /// A numeral from 1 to this bound.
    UpTo(u64),
    /// `true`, `false` or a numeral.
    Any,
}

/// The options a proof may set for a part of itself; a name ending in `.` allows everything below it.
pub const ALLOWED_OPTIONS: &[(&str, OptionValues)] = &[
    ("maxRecDepth", OptionValues::UpTo(100_000)),
    ("maxHeartbeats", OptionValues::UpTo(10_000_000)),
    ("synthInstance.maxHeartbeats", OptionValues::UpTo(10_000_000)),
    ("synthInstance.maxSize", OptionValues::UpTo(100_000)),
    ("exponentiation.threshold", OptionValues::UpTo(10_000)),
    ("autoImplicit", OptionValues::Bool),
    ("relaxedAutoImplicit", OptionValues::Bool),
    ("simprocs", OptionValues::Bool),
    ("smartUnfolding", OptionValues::Bool),
    ("tactic.hygienic", OptionValues::Bool),
    ("tactic.customEliminators", OptionValues::Bool),
    ("tactic.skipAssignedInstances", OptionValues::Bool),
    ("tactic.simp.trace", OptionValues::Bool),
    ("grind.warning", OptionValues::Bool),
    ("linter.", OptionValues::Any),
    ("pp.", OptionValues::Any),
];

/// Why `value` may not be given to option `name`; `None` if it may.
pub(crate) fn option_fault(name: &str, value: &str) -> Option<String> {
    let Some((_, values)) = ALLOWED_OPTIONS.iter().find(|(allowed, _)| match allowed.strip_suffix('.') {
        Some(_) => name.starts_with(allowed) && name.len() > allowed.len(),
        None => name == *allowed,
    }) else {
        return Some(format!("option `{name}` is not one that a proof may set"));
    };
    let is_bool = matches!(value, "true" | "false");
    let number = value.replace('_', "").parse::<u64>().ok();
    let fits = match values {
        OptionValues::Bool => is_bool,
        OptionValues::UpTo(bound) => number.is_some_and(|n| (1..=*bound).contains(&n)),
        OptionValues::Any => is_bool || number.is_some(),
    };
    let wanted = match values {
        OptionValues::Bool => "`true` or `false`".to_owned(),
        OptionValues::UpTo(bound) => format!("a number from 1 to {bound}"),
        OptionValues::Any => "`true`, `false` or a number".to_owned(),
    };
    (!fits).then(|| format!("a proof may set option `{name}` only to {wanted}"))
}
