//! Files cut into commands and declarations, and the `sorry`s in them.

use prove_syntax::{BodyForm, DeclarationKind, Outline, Place, Source, find_sorries};

const FILE: &str = r#"module
public import Mathlib.Data.Nat
import all Foo
/-! A file. -/
set_option maxHeartbeats 400000
open Nat Real in
/-- doc with theorem -/
@[simp, instance] private theorem a.b.{u} (x : Nat := by exact 3) : let y := x; y = x := by
  open Nat in
  sorry
namespace N
namespace M.K
lemma c' : "sorry theorem" = "sorry theorem" := sorry -- sorry
theorem _root_.d : True := trivial theorem e : True := trivial
section S
instance (priority := low) : Inhabited Nat := ⟨sorry⟩
instance inst : Inhabited Nat where
  default := sorry
end S
end M.K
def f : Nat → Nat
  | 0 => 0
  | n + 1 => sorry
noncomputable section
abbrev «odd name» := 3
example : 1 = 1 := rfl
end
mutual
theorem g : True := by sorry
end
end N
structure T where
  private x : Nat
  deriving Repr
deriving instance BEq for T
#eval (3 : Nat)
class inductive C
macro "foo" : command => `(theorem inside : True := trivial)
theorem h : |3| = 3 := by
  exact (sorry)
termination_by 3
"#;

#[test]
fn header_commands_and_names() {
    let source = Source::new(FILE);
    let outline = Outline::new(&source);
    assert!(FILE[outline.header.clone()].ends_with("import all Foo"));
    let keywords: Vec<&str> = outline.commands.iter().map(|c| c.keyword.as_str()).collect();
    assert_eq!(
        keywords,
        [
            "/-!",
            "set_option",
            "open",
            "theorem",
            "namespace",
            "namespace",
            "lemma",
            "theorem",
            "theorem",
            "section",
            "instance",
            "instance",
            "end",
            "end",
            "def",
            "section",
            "abbrev",
            "example",
            "end",
            "mutual",
            "theorem",
            "end",
            "end",
            "structure",
            "deriving",
            "#eval",
            "class",
            "macro",
            "theorem"
        ]
    );
    let names: Vec<Option<&str>> = outline.declarations.iter().map(|d| d.name.as_deref()).collect();
    assert_eq!(
        names,
        [
            Some("a.b"),
            Some("N.M.K.c'"),
            Some("d"),
            Some("N.M.K.e"),
            None,
            Some("N.M.K.inst"),
            Some("N.f"),
            Some("N.«odd name»"),
            None,
            Some("N.g"),
            Some("h")
        ]
    );
    let a = &outline.declarations[0];
    assert!(a.private && a.kind == DeclarationKind::Theorem && a.line == 7);
    assert_eq!(&FILE[a.signature.clone()], " (x : Nat := by exact 3) : let y := x; y = x");
    assert!(FILE[a.range.clone()].starts_with("/-- doc"));
    let (form, body) = a.body.clone().unwrap();
    assert_eq!((form, &FILE[body]), (BodyForm::Value, "by\n  open Nat in\n  sorry"));
    assert_eq!(outline.declarations[6].body.as_ref().unwrap().0, BodyForm::Equations);
    assert_eq!(outline.declarations[5].body.as_ref().unwrap().0, BodyForm::Fields);
    assert_eq!(&FILE[outline.declarations[10].signature.clone()], " : |3| = 3");
}

#[test]
fn every_sorry_has_its_place() {
    let source = Source::new(FILE);
    let outline = Outline::new(&source);
    let found: Vec<(Option<&str>, Place)> = find_sorries(&source, &outline)
        .iter()
        .map(|s| (s.declaration.and_then(|d| outline.declarations[d].name.as_deref()), s.place))
        .collect();
    assert_eq!(
        found,
        [
            (Some("a.b"), Place::Tactic),
            (Some("N.M.K.c'"), Place::Body),
            (None, Place::Term { parenthesized: false }),
            (Some("N.M.K.inst"), Place::Term { parenthesized: false }),
            (Some("N.f"), Place::Term { parenthesized: false }),
            (Some("N.g"), Place::TacticBody),
            (Some("h"), Place::Term { parenthesized: true }),
        ]
    );
}

#[test]
fn tactic_and_term_places_in_one_proof() {
    let text = "theorem t : P := by
  have h : Q := by sorry
  have h2 : Q := sorry
  induction n with
  | zero => sorry
  | succ n ih =>
    cases n with | zero => sorry | succ m => exact sorry
  all_goals sorry
  constructor <;> sorry
  · sorry
  exact match n with
    | 0 => sorry
    | _ => by sorry
  refine foo
    sorry
";
    let source = Source::new(text);
    let outline = Outline::new(&source);
    let found: Vec<bool> = find_sorries(&source, &outline).iter().map(|s| s.place == Place::Tactic).collect();
    assert_eq!(found, [true, false, true, true, false, true, true, true, false, true, false]);
}

#[test]
fn a_broken_declaration_does_not_swallow_the_file() {
    let text = "theorem a : (1 = 1 := by\n  simp\n\ntheorem b : True := by sorry\n";
    let source = Source::new(text);
    let outline = Outline::new(&source);
    assert_eq!(outline.declarations.len(), 2);
    assert_eq!(find_sorries(&source, &outline)[0].place, Place::TacticBody);
}

#[test]
fn a_command_of_the_files_own_ends_a_declaration() {
    let text = "theorem a : P := by\n  intro x\n\n  simp\n\nsnip end\n\ntheorem b : P :=\n\nfoo\n\nproblem c : P := by sorry\n";
    let outline = Outline::new(&Source::new(text));
    let keywords: Vec<&str> = outline.commands.iter().map(|c| c.keyword.as_str()).collect();
    assert_eq!(keywords, ["theorem", "snip", "end", "theorem", "problem"]);
    assert!(text[outline.declarations[0].range.clone()].ends_with("simp"));
    assert!(text[outline.declarations[1].range.clone()].ends_with("foo"));
}
