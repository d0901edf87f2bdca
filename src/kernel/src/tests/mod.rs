//! Tests over hand-written terms: for every rule something that it accepts and something that it refuses.

mod declarations;
mod hostile;
mod inductive;
mod levels;
mod literals;
mod parse;
mod properties;
mod typing;

use crate::check::on_big_stack;
use crate::checker::{Checker, Limits};
use crate::declaration::{Declaration, Kind, ReducibilityHints, Safety, Signature};
use crate::environment::Environment;
use crate::error::{KernelError, Refusal, Step};
use crate::inductive::{Specification, TypeSpec, determine};
use crate::term::{Expr, Name};

/// Enough for every test that is not about running out.
const LIMITS: Limits = Limits { steps: 1_000_000, nodes: 1_000_000, stack: 64 << 20 };

/// A type and its constructors: names and types.
type TypeText<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// An environment and the means to talk about it in text.
struct World {
    env: Environment,
    tests: usize,
}

impl World {
    /// Nothing declared.
    fn empty() -> World {
        World { env: Environment::empty(), tests: 0 }
    }

    /// The usual small types, and addition and multiplication on `Nat`.
    fn new() -> World {
        let mut world = World::empty();
        let blocks: &[(&[&str], u32, TypeText<'_>)] = &[
            (&[], 0, ("Nat", "Type 0", &[("Nat.zero", "Nat"), ("Nat.succ", "Nat → Nat")])),
            (&[], 0, ("Bool", "Type 0", &[("Bool.false", "Bool"), ("Bool.true", "Bool")])),
            (&[], 0, ("True", "Prop", &[("True.intro", "True")])),
            (&[], 0, ("False", "Prop", &[])),
            (&["u"], 2, ("Eq", "∀ (α : Sort u), α → α → Prop", &[("Eq.refl", "∀ (α : Sort u) (a : α), Eq.{u} α a a")])),
            (&[], 2, ("And", "Prop → Prop → Prop", &[("And.intro", "∀ (a : Prop) (b : Prop), a → b → And a b")])),
            (
                &["u"],
                1,
                (
                    "List",
                    "Type u → Type u",
                    &[("List.nil", "∀ (α : Type u), List.{u} α"), ("List.cons", "∀ (α : Type u), α → List.{u} α → List.{u} α")],
                ),
            ),
            (
                &["u", "v"],
                2,
                ("Prod", "Type u → Type v → Type (max u v)", &[("Prod.mk", "∀ (α : Type u) (β : Type v), α → β → Prod.{u, v} α β")]),
            ),
            (&[], 0, ("Unit", "Type 0", &[("Unit.unit", "Unit")])),
            (
                &["u"],
                2,
                (
                    "Exists",
                    "∀ (α : Sort u), (α → Prop) → Prop",
                    &[("Exists.intro", "∀ (α : Sort u) (p : α → Prop) (w : α), p w → Exists.{u} α p")],
                ),
            ),
            (&[], 0, ("Char", "Type 0", &[("Char.ofNat", "Nat → Char")])),
            (&[], 0, ("String", "Type 0", &[("String.ofList", "List.{0} Char → String")])),
        ];
        for (levels, num_params, ty) in blocks {
            world.inductive(levels, *num_params, &[*ty]).unwrap();
        }
        for (name, step) in [("add", "Nat.succ ih"), ("mul", "Nat.add ih n")] {
            let base = if name == "add" { "n" } else { "Nat.zero" };
            let value =
                format!("fun (n : Nat) (m : Nat) => Nat.rec.{{1}} (fun (x : Nat) => Nat) {base} (fun (x : Nat) (ih : Nat) => {step}) m");
            // Once under the name that the kernel computes by itself, once under another.
            for prefix in ["Nat", "Slow"] {
                let value = if prefix == "Slow" { value.replace("Nat.add", "Slow.add") } else { value.clone() };
                world.trust(&format!("{prefix}.{name}"), &[], "Nat → Nat → Nat", &value);
            }
        }
        world
    }

    fn term(&mut self, text: &str) -> Expr {
        parse::parse(&mut self.env.terms, text)
    }

    fn names(&mut self, names: &[&str]) -> Vec<Name> {
        names.iter().map(|name| self.env.terms.mk_name(name)).collect()
    }

    fn with<T: Send>(&mut self, run: impl FnOnce(&mut Checker<'_>) -> Step<T> + Send) -> Result<T, KernelError> {
        let env = &mut self.env;
        on_big_stack(LIMITS, || run(&mut Checker::new(env, LIMITS)).map_err(|stop| stop.at("test".to_owned())))
    }

    /// Declares a block, with everything it determines.
    fn inductive(&mut self, levels: &[&str], num_params: u32, types: &[TypeText<'_>]) -> Result<Vec<Declaration>, KernelError> {
        let mut spec = Specification { level_params: self.names(levels), num_params, types: Vec::new() };
        for (name, ty, ctors) in types {
            let mut ctor_specs = Vec::new();
            for (name, ty) in *ctors {
                ctor_specs.push((self.env.terms.mk_name(name), self.term(ty)));
            }
            spec.types.push(TypeSpec { name: self.env.terms.mk_name(name), ty: self.term(ty), ctors: ctor_specs });
        }
        self.with(|checker| {
            for ty in &mut spec.types {
                ty.ty = checker.erase(ty.ty)?;
                for (_, ty) in &mut ty.ctors {
                    *ty = checker.erase(*ty)?;
                }
            }
            determine(checker, &spec, None, true)
        })
    }

    fn signature(&mut self, name: &str, levels: &[&str], ty: &str) -> Signature {
        Signature { name: self.env.terms.mk_name(name), level_params: self.names(levels), ty: self.term(ty) }
    }

    fn definition(&mut self, name: &str, levels: &[&str], ty: &str, value: &str) -> Declaration {
        let value = self.term(value);
        let kind = Kind::Definition { value, hints: ReducibilityHints::Regular(1), safety: Safety::Safe, all: Vec::new() };
        Declaration { signature: self.signature(name, levels, ty), kind }
    }

    fn theorem(&mut self, name: &str, levels: &[&str], ty: &str, value: &str) -> Declaration {
        let value = self.term(value);
        Declaration { signature: self.signature(name, levels, ty), kind: Kind::Theorem { value, all: Vec::new() } }
    }

    fn axiom(&mut self, name: &str, levels: &[&str], ty: &str) -> Declaration {
        Declaration { signature: self.signature(name, levels, ty), kind: Kind::Axiom { is_unsafe: false } }
    }

    /// Adds a definition without a check.
    fn trust(&mut self, name: &str, levels: &[&str], ty: &str, value: &str) {
        let definition = self.definition(name, levels, ty, value);
        self.env.add_trusted(definition);
    }

    fn assume(&mut self, name: &str, ty: &str) {
        let axiom = self.axiom(name, &[], ty);
        self.env.add_trusted(axiom);
    }

    fn check(&mut self, new: &[Declaration]) -> Result<(), KernelError> {
        crate::check_new(&mut self.env, new, LIMITS).map(drop)
    }

    /// Checks one definition, without universe parameters, under a name of its own.
    fn has_type(&mut self, value: &str, ty: &str) -> Result<(), KernelError> {
        self.tests += 1;
        let definition = self.definition(&format!("test{}", self.tests), &["u", "v"], ty, value);
        self.check(&[definition])
    }

    /// Whether two terms, both of which must be well typed, are definitionally equal.
    fn equal(&mut self, a: &str, b: &str) -> bool {
        let (a, b) = (self.term(a), self.term(b));
        self.equal_terms(a, b)
    }

    fn equal_terms(&mut self, a: Expr, b: Expr) -> bool {
        let compared = self.with(|checker| {
            let (a, b) = (checker.erase(a)?, checker.erase(b)?);
            checker.check(a)?;
            checker.check(b)?;
            checker.is_def_eq(a, b)
        });
        compared.unwrap()
    }

    /// The weak head normal form of a well-typed term.
    fn whnf(&mut self, e: Expr) -> Expr {
        let reduced = self.with(|checker| {
            let e = checker.erase(e)?;
            checker.check(e)?;
            checker.whnf(e)
        });
        reduced.unwrap()
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, KernelError>) -> Refusal {
    match result {
        Err(KernelError::Refused { refusal, .. }) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}
