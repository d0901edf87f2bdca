//! What is one proof body, and what is not.

use prove_core::RejectKind;
use prove_syntax::{BodyKind, Outline, ProofBody, Source, find_sorries, splice};

/// Candidates that try to be more than a proof. Numbers are those of the list of known attacks.
const HOSTILE: &[(&str, &str)] = &[
    // 1-3: unfinished proofs.
    ("sorry", "sorry"),
    ("sorry in a term", "exact (sorry : 1 = 2)"),
    ("sorry by name", "exact sorryAx _ false"),
    ("sorry by qualified name", "exact _root_.sorryAx _ false"),
    ("sorry by escaped name", "exact «sorryAx» _ false"),
    ("admit", "admit"),
    ("stop", "simp\nstop\nfoo"),
    ("sorry after a comment", "simp /- -/ sorry"),
    ("sorry in a hole of an interpolated string", "exact f s!\"{sorry}\""),
    // 4, 7, 9: helpers and axioms.
    ("helper declaration", "trivial\n\ntheorem helper : False := f\n"),
    ("helper on the same line", "trivial theorem helper : False := f"),
    ("helper after a semicolon", "trivial; theorem helper : False := f"),
    ("helper in brackets", "exact (trivial theorem helper : False := f)"),
    ("helper after an indented line", "trivial\n    lemma helper : False := f"),
    ("axiom", "exact c\naxiom c : False"),
    ("private axiom", "exact c\nprivate axiom c : False"),
    ("run_tac", "run_tac Lean.addDecl d"),
    ("run_meta", "trivial\nrun_meta foo"),
    ("run_cmd", "trivial run_cmd foo"),
    ("by_elab", "exact (by_elab return x)"),
    // 10, 11: trust in the compiler.
    ("native_decide", "native_decide"),
    ("decide +native", "decide +native"),
    ("decide with native := true", "decide (config := { native := true })"),
    ("ofReduceBool", "exact Lean.ofReduceBool _ _ rfl"),
    ("bv_decide", "bv_decide"),
    ("implemented_by", "let rec @[implemented_by g] f := 1\nrfl"),
    ("attribute in where", "exact f\nwhere @[csimp] f := 1"),
    ("unsafe", "exact unsafe x"),
    ("unsafeCast", "exact unsafeCast x"),
    // 13-18: changing what the statement means.
    ("macro", "trivial\nmacro \"x\" : term => `(True)"),
    ("local macro_rules", "trivial\nlocal macro_rules | `($_ = $_) => `(True)"),
    ("notation", "trivial\nlocal notation \"x\" => True"),
    ("infix", "trivial\ninfixl:65 \" + \" => f"),
    ("instance", "trivial\ninstance : HAdd Nat Nat Nat := f"),
    ("attribute", "trivial\nattribute [instance] f"),
    ("variable", "trivial\nvariable (h : False)"),
    ("include", "trivial\ninclude h"),
    ("open", "trivial\nopen Evil"),
    ("open in at the end", "trivial\nopen Evil in"),
    ("open in a comment at the end", "trivial\nopen Evil in -- x"),
    ("bare in", "trivial in"),
    ("namespace", "trivial\nnamespace X"),
    ("end", "trivial\nend X"),
    ("section", "trivial section"),
    ("universe", "trivial universe u"),
    ("export", "trivial\nexport A (b)"),
    ("deriving", "trivial\nderiving instance BEq for X"),
    ("mutual", "trivial\nmutual"),
    ("proof_wanted", "trivial\nproof_wanted T : False"),
    ("doc comment at the end", "trivial\n/-- the next declaration's -/"),
    ("module comment", "trivial\n/-! x -/"),
    // 20, 21.
    ("unsafe def", "trivial\nunsafe def T : P := T"),
    ("partial def", "trivial partial def T : P := T"),
    ("opaque", "trivial\nopaque T : P"),
    // 24, 26, 28.
    ("guard_msgs", "decide\n#guard_msgs (drop all) in"),
    ("eval", "trivial\n#eval 1"),
    ("eval on the same line", "trivial #eval IO.Process.exit 0"),
    ("eval!", "trivial #eval! 1"),
    ("print axioms", "trivial\n#print axioms T"),
    ("an unknown command", "trivial\n#foobar"),
    ("elab", "trivial\nelab \"hush \" c:command : command => f c"),
    ("syntax", "trivial\nsyntax \"x\" : term"),
    ("quotation", "exact `(True)"),
    ("a command quotation", "exact `(command| theorem x : True := trivial)"),
    // 29-31: ending the file or hiding the rest.
    ("exit", "trivial\n#exit"),
    ("open comment", "trivial /- the rest"),
    ("open nested comment", "trivial /- /- -/"),
    ("open doc comment", "trivial /-- x"),
    ("closing comment", "trivial -/ theorem x : False := f /-"),
    ("closing comment alone", "trivial -/"),
    ("open string", "exact \"the rest"),
    ("open raw string", "exact r#\"the rest\""),
    ("open interpolated string", "exact s!\"{x"),
    ("open escape", "exact «x"),
    ("open bracket", "exact (trivial"),
    ("closing bracket", "trivial) (x"),
    ("crossed brackets", "exact (⟨trivial)⟩"),
    ("open anonymous constructor", "exact ⟨1, 2"),
    ("open strict binder", "intro ⦃x"),
    ("bracket across a hole", "exact s!\"{(}{)}\""),
    // Lexer confusion: what is a comment or a string depends on the token table.
    ("comment after a symbol", "exact {x //- p -/ theorem}"),
    ("line comment after a symbol", "exact a <--x\ntheorem"),
    ("string with a hole of unknown reading", "throwError \"{\" theorem x : False := f --\"}\""),
    ("interpolation that only some imports know", "have m! := f\nexact m!\"{\" theorem x : False := f --\"}\""),
    ("comment in a hole", "exact m!\"{x -- \" theorem x : False := f\n}\""),
    ("escaped name in a hole", "exact m!\"{«\" theorem x : False := f --»}\""),
    ("string after a projection", "exact (x).s!\"{\" a \"}\""),
    ("raw string after a projection", "exact (x).r\"\\\" theorem x : False := f --\""),
    ("string after an identifier", "exact x\"a\""),
    ("character after a symbol", "exact a ⁻¹'\"' -- \""),
    ("character after an unknown symbol", "exact a ∂'\"' -- \""),
    ("keyword after a projection's index", "exact h.1end"),
    ("keyword after a numeral", "exact 1end"),
    ("keyword after a hexadecimal", "exact 0x1theorem"),
    ("keyword after a dot", "all_goals .end"),
    ("tab", "simp\n\ttheorem"),
    ("tab alone", "intro x\n\tsimp"),
    ("carriage return", "-- x\r theorem y : False := f"),
    ("single carriage return", "simp\rrfl"),
    ("unicode space", "simp\u{a0}rfl"),
    ("line separator", "simp\u{2028}rfl"),
    ("bad escape", "exact \"\\q\""),
    // 38-43: effects and searches.
    ("include_str", "exact include_str \"/etc/passwd\""),
    ("dbg_trace", "exact dbg_trace \"x\"; y"),
    ("sleep", "sleep 100000"),
    ("exact?", "exact?"),
    ("apply?", "apply?"),
    ("rw?", "rw?"),
    ("hint", "hint"),
    ("show_term", "show_term simp"),
    ("initialize", "trivial\ninitialize f"),
    ("private", "trivial private"),
    ("registering something", "trivial\nregister_thing x"),
    ("nothing", ""),
    ("only a comment", "-- nothing"),
    ("only by", ":= by"),
];

#[test]
fn hostile_bodies_are_rejected_with_their_kind() {
    for (name, body) in HOSTILE {
        match ProofBody::parse(body) {
            Err(rejection) => {
                let unfinished = ["`sorry`", "`admit`", "`sorryAx`"].iter().any(|word| rejection.message.starts_with(word));
                let kind = if unfinished { RejectKind::Sorry } else { RejectKind::Syntax };
                assert_eq!(rejection.kind, kind, "{name}: {}", rejection.message);
                assert!(rejection.position.is_some(), "{name}");
            }
            Ok(_) => panic!("accepted: {name}: {body:?}"),
        }
    }
}

#[test]
fn hostile_words_hide_nowhere_after_an_honest_beginning() {
    for (name, body) in HOSTILE.iter().filter(|(name, _)| !["nothing", "only a comment", "only by"].contains(name)) {
        for wrapped in [format!("have h : 1 = 1 := by simp\n{body}"), format!(":= by\n  {body}"), format!("/- x -/ skip\n\n\n  {body}")] {
            assert!(ProofBody::parse(&wrapped).is_err(), "{name}: {wrapped:?}");
        }
    }
}

#[test]
fn options_outside_the_allow_list() {
    for option in [
        "debug.skipKernelTC true",
        "warn.sorry false",
        "compiler.extract_closed false",
        "Elab.async false",
        "internal.x true",
        "interpreter.prefer_native true",
        "maxHeartbeats 0",
        "maxHeartbeats 100000000000",
        "maxRecDepth 0",
        "maxHeartbeats true",
        "pp.all \"x\"",
        "pp. true",
        "«debug».skipKernelTC true",
        "linter true",
        "autoImplicit 3",
        "trace.Meta true",
    ] {
        let rejection = ProofBody::parse(&format!("set_option {option} in\nsimp")).expect_err(option);
        assert!(matches!(rejection.kind, RejectKind::Option | RejectKind::Syntax), "{option}");
        if !option.contains("pp. ") {
            assert_eq!(rejection.kind, RejectKind::Option, "{option}");
        }
    }
    for body in ["trivial\nset_option maxRecDepth 10", "trivial\nset_option maxRecDepth 10 in", "set_option maxRecDepth in simp"] {
        assert_eq!(ProofBody::parse(body).expect_err(body).kind, RejectKind::Syntax);
    }
}

/// Honest proofs, odd ones among them.
const HONEST: &[&str] = &[
    "rfl",
    "by simp",
    ":= by\n  simp",
    ":= rfl",
    "-- sorry, this is easy\nsimp",
    "simp -- no sorry here",
    "simp /- theorem x : False := sorry -/",
    "have : \"sorry theorem #eval\" ≠ \"\" := by decide\nsimp",
    "exact absurd h (by simp [show 'a' ≠ '\"' by decide])",
    "open Nat in simp [succ_le]",
    "open Nat Int (add_comm) in\nrw [add_comm]",
    "open Foo hiding a b in simp",
    "open Foo renaming a → b, c -> d in simp",
    "open scoped BigOperators in\nsimp",
    "exact open Nat in succ_le_of_lt h",
    "set_option maxRecDepth 2000 in\nsimp",
    "set_option maxHeartbeats 400_000 in omega",
    "set_option linter.unusedVariables false in\nset_option pp.all true in\nsimp",
    "calc a = b := by simp\n  _ = c := by rw [h]\n  _ ≤ d := h'",
    "match n with\n| 0 => rfl\n| n + 1 => by_cases h : n = 0 <;> simp [h]",
    "fun x => match x with | 0 => rfl | n + 1 => by simp",
    "⟨1, by norm_num, fun _ ⟨a, b⟩ => a⟩",
    "by\n  induction n with\n  | zero => simp\n  | succ n ih =>\n    rw [ih]\n    rfl",
    "exact f n\nwhere\n  f (n : Nat) : n = n := rfl",
    "exact f n\nwhere\n  /-- A helper. -/\n  f (n : Nat) : n = n := rfl",
    "simp [f]\ntermination_by n => n\ndecreasing_by all_goals omega",
    "let rec f : Nat → Nat\n  | 0 => 0\n  | n + 1 => f n\nrfl",
    "intro «odd name» α₁ x' h!\nexact «odd name».foo",
    "rcases h with ⟨x, hx⟩ | ⟨y, rfl⟩",
    "refine ⟨?_, ?a, fun ⦃x⦄ hx => ?_⟩",
    "conv at h in _ + _ => rw [add_comm]",
    "conv_lhs => { rw [h]; simp }",
    "have h : ∑ x in s, f x = 3 := by simp\nexact h",
    "have : #s = 3 := h\nexact #t₁ ▸ this",
    "exact #[1, 2, 3].size_eq #v[1]",
    "have := f '' s\nhave := f ⁻¹' t\nsimp",
    "have h.a := 1\nexact h.end.theorem",
    "exact h.1.2.symm",
    "simp only [Nat.add_comm, ← Nat.add_assoc, -foo, *] at h ⊢",
    "exact s!\"a{1}b\" ▸ rfl",
    "first | rfl | simp_all | (intro; omega)",
    "nlinarith [sq_nonneg (a - b), mul_pos h₁ h₂]",
    "show |x| - 1 = 3; norm_num",
    "exact (fun (x : Nat) => x) 1 |>.elim",
    "have h : 0xFF = 255 ∧ 1.5e3 = (1500 : Float) := h",
    "simp (config := { decide := true })",
    "simp +arith +decide",
    "exact `foo.bar ▸ rfl",
    "by_contra! h\npush_neg at h\nobtain ⟨x, hx⟩ : ∃ x, P x := h",
    "exact @foo _ _ (.inl h)",
    "exact h ▸ show _ from rfl",
    "exact (by exact?h) ",
    "suffices h : a = b from h ▸ rfl\nsimp",
    "unhygienic intro; simp_all",
    "· intro x\n  simp\n· rfl",
    "have h₁:= foo\nlinarith",
    "nomatch h",
    "have hint : 1 = 1 := rfl\nexact f hint (stop := 3) (fun stop => g stop)",
];

#[test]
fn honest_bodies_are_accepted_and_spliced_everywhere() {
    let file = "theorem a : P := sorry\ntheorem b : P := by\n  skip\n  sorry\nexample : f (sorry) = 1 := rfl\n";
    let source = Source::new(file);
    let outline = Outline::new(&source);
    for body in HONEST {
        let parsed = ProofBody::parse(body).unwrap_or_else(|r| panic!("{body:?}: {r:?}"));
        for sorry in find_sorries(&source, &outline) {
            if !parsed.has_suffix() || sorry.may_have_suffix {
                splice(&source, &[(&sorry, &parsed)]).unwrap_or_else(|r| panic!("{body:?}: {r:?}"));
            }
        }
    }
}

#[test]
fn tactics_and_terms_are_told_apart() {
    for (text, kind) in [
        ("simp", BodyKind::Tactics),
        ("by simp", BodyKind::Tactics),
        (":= by simp", BodyKind::Tactics),
        (":= simp", BodyKind::Term),
        ("fun x => x", BodyKind::Term),
        ("⟨1, 2⟩", BodyKind::Term),
        ("Nat.add_comm a b", BodyKind::Term),
        (".inl h", BodyKind::Term),
        (". simp", BodyKind::Tactics),
        ("(simp; rfl)", BodyKind::Tactics),
        ("-- note\nsimp", BodyKind::Tactics),
    ] {
        assert_eq!(ProofBody::parse(text).unwrap().kind(), kind, "{text}");
    }
    assert_eq!(ProofBody::parse("-- gone\n:= by -- kept\n simp").unwrap().text(), "-- kept\n simp");
}
