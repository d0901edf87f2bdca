//! What can be seen of a declaration without inferring types: it is closed, its universe parameters are declared, no term in it
//! is out of proportion, and the constants it mentions exist and are safe.

use super::Session;
use crate::checker::MAX_TERM_DEPTH;
use crate::declaration::Declaration;
use crate::error::{Refusal, Resource, Step, Stop};
use crate::term::{Expr, ExprNode, Level, LevelNode, Name};
use rustc_hash::FxHashSet;

/// What one declaration mentions.
#[derive(Default)]
struct Mentions {
    constants: FxHashSet<Name>,
    level_params: FxHashSet<Name>,
}

/// Levels with more nodes than this are not looked at.
const MAX_LEVEL_SIZE: u32 = 1000;

impl Session<'_> {
    /// Checks all this. Gives the constants that the declaration mentions.
    pub(super) fn validate(&mut self, declaration: &Declaration) -> Step<FxHashSet<Name>> {
        let mut params = FxHashSet::default();
        if !declaration.signature.level_params.iter().all(|param| params.insert(*param)) {
            return Err(Refusal::DuplicateLevelParam.into());
        }
        let mut mentions = Mentions::default();
        declaration.parts().try_for_each(|part| self.walk(part, &mut mentions))?;
        if let Some(param) = mentions.level_params.iter().find(|param| !params.contains(param)) {
            return Err(Refusal::UndeclaredLevelParam(self.checker.env.terms.name_text(*param)).into());
        }
        for constant in &mentions.constants {
            if self.new.contains_key(constant) {
                continue;
            }
            if self.checker.get(*constant)?.is_unsafe() {
                return Err(Refusal::UsesUnsafe(self.checker.env.terms.name_text(*constant)).into());
            }
        }
        Ok(mentions.constants)
    }

    fn walk(&self, root: Expr, mentions: &mut Mentions) -> Step<()> {
        let terms = &self.checker.env.terms;
        let facts = terms.facts(root);
        if facts.loose_bvars > 0 {
            return Err(Refusal::LooseBVar.into());
        }
        if facts.fvars > 0 {
            return Err(Refusal::FreeVariable.into());
        }
        if facts.depth > MAX_TERM_DEPTH {
            return Err(Stop::OutOfFuel(Resource::Depth));
        }
        let mut seen = FxHashSet::default();
        let mut stack = vec![root];
        while let Some(e) = stack.pop() {
            if !seen.insert(e) {
                continue;
            }
            match terms.expr(e) {
                ExprNode::Const(name, levels) => {
                    mentions.constants.insert(name);
                    terms.levels(levels).iter().try_for_each(|level| self.walk_level(*level, mentions))?;
                }
                ExprNode::Sort(level) => self.walk_level(level, mentions)?,
                ExprNode::Proj(name, ..) => {
                    mentions.constants.insert(name);
                }
                _ => {}
            }
            stack.extend(terms.children(e));
        }
        Ok(())
    }

    fn walk_level(&self, level: Level, mentions: &mut Mentions) -> Step<()> {
        let terms = &self.checker.env.terms;
        if terms.level_facts(level).size > MAX_LEVEL_SIZE {
            return Err(Stop::Unsupported("a very large universe level"));
        }
        let mut stack = vec![level];
        while let Some(level) = stack.pop() {
            match terms.level(level) {
                LevelNode::Zero => {}
                LevelNode::Succ(a) => stack.push(a),
                LevelNode::Max(a, b) | LevelNode::IMax(a, b) => stack.extend([a, b]),
                LevelNode::Param(name) => {
                    mentions.level_params.insert(name);
                }
            }
        }
        Ok(())
    }
}
