//! The words that begin commands.

/// Words that may stand before a declaration's keyword.
pub(crate) const MODIFIERS: &[&str] =
    &["private", "protected", "public", "meta", "noncomputable", "unsafe", "partial", "nonrec", "local", "scoped"];

/// Words that begin a command wherever a command can begin, and have no use in a term or a tactic. Lean's core first, then the
/// commands of Batteries and Mathlib.
pub(crate) const COMMANDS: &[&str] = &[
    "theorem", "def", "abbrev", "example", "instance", "axiom", "opaque", "inductive", "coinductive", "structure", "class", "namespace",
    "section", "end", "variable", "universe", "attribute", "notation", "infix", "infixl", "infixr", "prefix", "postfix", "macro",
    "macro_rules", "syntax", "elab", "elab_rules", "initialize", "builtin_initialize", "export", "mutual",
    "include", "omit", "import", "init_quot", "add_decl_doc", "tactic_extension", "recommended_spelling",
    
    "assert_not_exists", "assert_not_imported", "docs_to_verso", "end_local_scope", "with_weak_namespace",
    "gen_injective_theorems", "simproc", "simproc_decl", "dsimproc", "dsimproc_decl", "simproc_pattern", "builtin_simproc",
    "builtin_dsimproc", "unif_hint", "binder_predicate", "grind_pattern", "grind_propagator", "builtin_grind_propagator",
    "init_grind_norm", 
    "run_cmd", "run_elab", "run_meta", "seal", "unseal", "set_library_suggestions", "deriving",
    // Batteries and Mathlib.
    "lemma", "proof_wanted", "alias", "notation3", "library_note", "assert_exists", "compile_inductive", "compile_def",
    "suppress_compilation", "unsuppress_compilation", "irreducible_def", "mk_iff_of_inductive_prop", "initialize_simps_projections",
    "add_aesop_rules", "erase_aesop_rules", "variable?", "guard_min_heartbeats", "whatsnew", "extend_docs",
    "elab_stx", "deprecated_syntax", "deprecated_module",
];

/// Declaration keywords: what they declare has a statement and may have a body.
pub(crate) const DECLARATIONS: &[&str] = &["theorem", "lemma", "def", "abbrev", "example", "instance"];

/// Whether `word` begins a command and nothing else. Every library has its own `declare_…` and `register_…` commands.
pub(crate) fn is_command(word: &str) -> bool {
    COMMANDS.contains(&word) || word.starts_with("declare_") || word.starts_with("register_")
}
