//! Checking declarations: the entry points of the crate.
//!
//! New constants come as a flat list in any order (that is how an `.olean` file holds them). They are checked in order of
//! dependency, each once everything it mentions is in the environment; a constant that reaches itself is refused. The library
//! below is trusted. Where it holds only the exported level, theorems stand there without proofs and some definitions without
//! values; Lean elaborated the new constants against exactly that, so nothing is missing for checking them.

mod validate;

use crate::checker::{Checker, Limits, RESERVED, STACK_FOR_WALKS};
use crate::declaration::{Declaration, Kind};
use crate::environment::{Environment, SourceError};
use crate::error::{KernelError, Refusal, Step, Stop};
use crate::inductive::{Block, check_block};
use crate::quot::check_quot;
use crate::term::Name;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What an accepting check did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many constants were checked.
    pub constants: usize,
    /// How many steps that took.
    pub steps: u64,
}

/// Checks all of `new` and adds it to the environment. On any error the environment is as before.
pub fn check_new(env: &mut Environment, new: &[Declaration], limits: Limits) -> Result<Report, KernelError> {
    let roots: Vec<Name> = new.iter().map(Declaration::name).collect();
    check_reachable(env, new, &roots, limits)
}

/// Checks those of `new` that `roots` reach through types and values, and adds them to the environment. On any error the
/// environment is as before.
///
/// A file with recursive definitions holds unsafe helpers of the compiler too: take the other constants
/// ([`Declaration::is_unsafe`]) as roots. What they reach is then checked, and to reach an unsafe one is an error.
pub fn check_reachable(env: &mut Environment, new: &[Declaration], roots: &[Name], limits: Limits) -> Result<Report, KernelError> {
    on_big_stack(limits, || {
        let before = env.mark();
        let mut session = Session::new(Checker::new(env, limits), new)?;
        let result = roots.iter().try_for_each(|root| session.require(*root));
        if result.is_err() {
            session.checker.env.roll_back(before);
        }
        result.map(|()| Report { constants: session.added.len(), steps: session.checker.steps_used(limits) })
    })
}

/// Checks a constant of the environment again, for tests of this kernel against a library. A constant without value has only
/// its type checked; of an inductive type, a constructor or a recursor the whole block is checked.
pub fn recheck(env: &mut Environment, name: Name, limits: Limits) -> Result<Report, KernelError> {
    on_big_stack(limits, || {
        let mut session = Session::new(Checker::new(env, limits), &[])?;
        let result = session.recheck(name);
        result.map_err(|stop| session.at(stop, name))?;
        Ok(Report { constants: 1, steps: session.checker.steps_used(limits) })
    })
}

/// Runs a check on a thread whose stack is as large as [`Checker`] supposes.
pub(crate) fn on_big_stack<T: Send>(limits: Limits, run: impl FnOnce() -> Result<T, KernelError> + Send) -> Result<T, KernelError> {
    std::thread::scope(|scope| {
        let stack = limits.stack.saturating_add(STACK_FOR_WALKS);
        let thread = std::thread::Builder::new().name("kernel".to_owned()).stack_size(stack).spawn_scoped(scope, run);
        let thread = thread.map_err(|error| SourceError(format!("no thread to check on: {error}")))?;
        match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// What it depends on is being checked.
    Open,
    Done,
}

struct Session<'e> {
    checker: Checker<'e>,
    new: FxHashMap<Name, Arc<Declaration>>,
    /// The first type of the block that a type, constructor or recursor is checked with.
    block_of: FxHashMap<Name, Name>,
    marks: FxHashMap<Name, Mark>,
    added: Vec<Name>,
}

impl<'e> Session<'e> {
    fn new(checker: Checker<'e>, new: &[Declaration]) -> Result<Session<'e>, KernelError> {
        let mut session =
            Session { checker, new: FxHashMap::default(), block_of: FxHashMap::default(), marks: FxHashMap::default(), added: Vec::new() };
        session.checker.new.extend(new.iter().map(Declaration::name));
        for declaration in new {
            let name = declaration.name();
            session.admit(declaration).map_err(|stop| session.at(stop, name))?;
        }
        for declaration in new {
            let all = match &declaration.kind {
                Kind::Inductive(inductive) => &inductive.all,
                Kind::Recursor(recursor) => &recursor.all,
                _ => continue,
            };
            let first = all.first().copied().unwrap_or(declaration.name());
            session.block_of.insert(declaration.name(), first);
            if let Kind::Inductive(inductive) = &declaration.kind {
                session.block_of.extend(inductive.ctors.iter().map(|ctor| (*ctor, first)));
            }
        }
        Ok(session)
    }

    fn admit(&mut self, declaration: &Declaration) -> Step<()> {
        let name = declaration.name();
        if RESERVED.iter().any(|reserved| self.checker.terms().mk_name(reserved) == name) {
            return Err(Stop::Unsupported("declaring a name that has a meaning to the kernel"));
        }
        if self.checker.find(name)?.is_some() || self.new.insert(name, Arc::new(declaration.clone())).is_some() {
            return Err(Refusal::AlreadyDeclared.into());
        }
        Ok(())
    }

    fn at(&self, stop: Stop, name: Name) -> KernelError {
        stop.at(self.checker.env.terms.name_text(name))
    }

    /// Checks `root` and what it depends on, dependencies first.
    fn require(&mut self, root: Name) -> Result<(), KernelError> {
        let mut stack = vec![root];
        while let Some(name) = stack.last().copied() {
            let unit = self.block_of.get(&name).copied().unwrap_or(name);
            if self.marks.get(&unit) == Some(&Mark::Done) {
                stack.pop();
                continue;
            }
            let ready = self.visit(unit, &mut stack);
            if ready.map_err(|stop| self.at(stop, name))? {
                stack.pop();
            }
        }
        Ok(())
    }

    /// Checks a unit if all it depends on is done; otherwise puts what is missing on the stack.
    fn visit(&mut self, unit: Name, stack: &mut Vec<Name>) -> Step<bool> {
        let members = self.members(unit)?;
        if members.iter().any(|member| member.is_unsafe()) {
            return Err(Stop::Unsupported("an unsafe or partial declaration"));
        }
        let mut missing = Vec::new();
        for member in &members {
            for constant in self.validate(member)? {
                let dependency = self.block_of.get(&constant).copied().unwrap_or(constant);
                if !self.new.contains_key(&constant) || dependency == unit && self.block_of.contains_key(&unit) {
                    continue;
                }
                match self.marks.get(&dependency) {
                    Some(Mark::Done) => {}
                    Some(Mark::Open) => return Err(Refusal::Cyclic.into()),
                    None if dependency == unit => return Err(Refusal::Cyclic.into()),
                    None => missing.push(constant),
                }
            }
        }
        if !missing.is_empty() {
            self.marks.insert(unit, Mark::Open);
            stack.append(&mut missing);
            return Ok(false);
        }
        match &members[..] {
            [single] if !self.block_of.contains_key(&unit) => {
                self.check_single(single)?;
                self.checker.env.add_trusted(Declaration::clone(single));
            }
            _ => {
                let block = self.block(unit)?;
                // Nothing of the library takes part, and nothing claims to belong to the block that does not.
                let of_block = block.types.iter().chain(block.ctors.iter().flatten()).chain(&block.recursors);
                let mut names: Vec<Name> = of_block.map(|constant| constant.name()).collect();
                names.sort_unstable();
                if !names.iter().copied().eq(members.iter().map(|member| member.name())) {
                    return Err(Refusal::NotGenerated("which constants belong to the block").into());
                }
                check_block(&mut self.checker, &block, true)?;
            }
        }
        self.added.extend(members.iter().map(|member| member.name()));
        self.marks.insert(unit, Mark::Done);
        Ok(true)
    }

    /// The new declarations that are checked together with `unit`.
    fn members(&self, unit: Name) -> Step<Vec<Arc<Declaration>>> {
        let mut members: Vec<_> = self.block_of.iter().filter(|(_, first)| **first == unit).map(|(name, _)| *name).collect();
        members.sort_unstable();
        if members.is_empty() {
            members.push(unit);
        }
        members
            .into_iter()
            .map(|name| match self.new.get(&name) {
                Some(declaration) => Ok(declaration.clone()),
                None => Err(Refusal::UnknownConstant(self.checker.env.terms.name_text(name)).into()),
            })
            .collect()
    }

    fn check_single(&mut self, declaration: &Declaration) -> Step<()> {
        if let Kind::Quot(kind) = declaration.kind {
            return check_quot(&mut self.checker, declaration, kind);
        }
        let ty = self.checker.erase(declaration.signature.ty)?;
        let level = self.checker.check_type(ty)?;
        match declaration.kind {
            Kind::Axiom { .. } => return Ok(()),
            Kind::Theorem { .. } if !self.checker.terms().level_is_zero(level) => return Err(Refusal::TheoremNotProp.into()),
            Kind::Inductive(_) | Kind::Constructor(_) | Kind::Recursor(_) => {
                return Err(Refusal::NotGenerated("a constant of a block that is not declared").into());
            }
            _ => {}
        }
        if let Some(value) = declaration.value() {
            let value = self.checker.erase(value)?;
            let actual = self.checker.check(value)?;
            if !self.checker.is_def_eq(actual, ty)? {
                return Err(Refusal::ValueType.into());
            }
        }
        Ok(())
    }

    /// The block that begins with the type `first`, from what is new or, if nothing is, from the environment.
    fn block(&mut self, first: Name) -> Step<Block> {
        let head = self.declared(first)?;
        let Kind::Inductive(inductive) = &head.kind else {
            return Err(Refusal::NotGenerated("a recursor of something that is no new inductive type").into());
        };
        let mut block = Block { types: Vec::new(), ctors: Vec::new(), recursors: Vec::new() };
        for name in &inductive.all {
            let ty = self.declared(*name)?;
            let Kind::Inductive(of_block) = &ty.kind else { return Err(Refusal::NotGenerated("a type of the block").into()) };
            let ctors = of_block.ctors.iter().map(|ctor| self.declared(*ctor)).collect::<Step<_>>()?;
            block.ctors.push(ctors);
            block.types.push(ty);
        }
        let recursors = if self.new.contains_key(&first) {
            let of_block = |d: &&Arc<Declaration>| matches!(&d.kind, Kind::Recursor(r) if r.all == inductive.all);
            self.new.values().filter(of_block).cloned().collect()
        } else {
            self.existing_recursors(&inductive.all, inductive.num_nested)?
        };
        block.recursors = recursors;
        Ok(block)
    }

    fn declared(&mut self, name: Name) -> Step<Arc<Declaration>> {
        match self.new.get(&name) {
            Some(declaration) => Ok(declaration.clone()),
            None => self.checker.get(name),
        }
    }

    fn existing_recursors(&mut self, all: &[Name], num_nested: u32) -> Step<Vec<Arc<Declaration>>> {
        let mut recursors = Vec::new();
        for name in all {
            let name = self.checker.terms().mk_name_str(*name, "rec");
            recursors.push(self.checker.get(name)?);
        }
        let first = all.first().copied().unwrap_or(Name::ANONYMOUS);
        for n in 1..=num_nested {
            let name = self.checker.terms().mk_name_str(first, &format!("rec_{n}"));
            recursors.push(self.checker.get(name)?);
        }
        Ok(recursors)
    }

    fn recheck(&mut self, name: Name) -> Step<()> {
        let declaration = self.checker.get(name)?;
        if declaration.is_unsafe() {
            return Err(Stop::Unsupported("an unsafe or partial declaration"));
        }
        self.validate(&declaration)?;
        let first = match &declaration.kind {
            Kind::Inductive(inductive) => inductive.all.first().copied(),
            Kind::Recursor(recursor) => recursor.all.first().copied(),
            Kind::Constructor(ctor) => match &self.checker.get(ctor.induct)?.kind {
                Kind::Inductive(inductive) => inductive.all.first().copied(),
                _ => None,
            },
            _ => return self.check_single(&declaration),
        };
        let block = self.block(first.unwrap_or(name))?;
        check_block(&mut self.checker, &block, false)
    }
}
