//! The order of universe levels, decided completely.
//!
//! A level denotes a function from assignments of its parameters to natural numbers; `a ≤ b` means that it holds pointwise
//! (Carneiro, "The Type Theory of Lean", 2019, section 2.2). Below a choice of which parameters are zero, every `imax` is either
//! 0 or a `max`, and a level is a maximum of constants and of parameters plus constants. Such maxima are compared term by term.
//! So the order is decided by splitting on the parameters that an `imax` waits for, and on no others.

use crate::term::{Level, LevelNode, Name, Terms};
use rustc_hash::FxHashMap;

/// A maximum: `constant`, and each parameter plus its offset. A parameter known to be positive is written one less.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Maximum {
    constant: u64,
    params: FxHashMap<Name, u64>,
}

/// What is supposed of some parameters: `true` where it is positive, `false` where it is zero.
type Supposed = FxHashMap<Name, bool>;

/// An `imax` cannot be resolved before it is known whether this parameter is zero.
struct Split(Name);

/// Levels with more nodes than this are not compared: the answer is no.
const MAX_SIZE: u32 = 1 << 12;

/// More parameters than this below `imax` are not split (2^n cases): the comparison answers no.
const MAX_SPLITS: usize = 8;

impl Maximum {
    /// The least value under any assignment.
    fn least(&self) -> u64 {
        self.params.values().copied().fold(self.constant, u64::max)
    }

    fn join(mut self, other: Maximum) -> Maximum {
        self.constant = self.constant.max(other.constant);
        for (param, offset) in other.params {
            let mine = self.params.entry(param).or_default();
            *mine = offset.max(*mine);
        }
        self
    }

    fn le(&self, other: &Maximum) -> bool {
        self.constant <= other.least() && self.params.iter().all(|(param, offset)| other.params.get(param).is_some_and(|o| offset <= o))
    }
}

impl Terms {
    /// Whether `a ≤ b` under every assignment of the parameters.
    pub fn level_le(&self, a: Level, b: Level) -> bool {
        if a == b || a == Level::ZERO {
            return true;
        }
        let small = |level| self.level_facts(level).size <= MAX_SIZE;
        small(a) && small(b) && self.level_le_supposing(a, b, &mut Supposed::default())
    }

    /// Whether `a = b` under every assignment of the parameters.
    pub fn level_eq(&self, a: Level, b: Level) -> bool {
        a == b || (self.level_le(a, b) && self.level_le(b, a))
    }

    /// Whether the level is 0 under every assignment.
    pub fn level_is_zero(&self, a: Level) -> bool {
        self.level_le(a, Level::ZERO)
    }

    /// Whether the level is positive under every assignment.
    pub fn level_is_positive(&mut self, a: Level) -> bool {
        let one = self.mk_level_succ(Level::ZERO);
        self.level_le(one, a)
    }

    /// `imax a b`, simplified where that is obvious.
    pub(crate) fn mk_level_imax_simple(&mut self, a: Level, b: Level) -> Level {
        match self.level(b) {
            LevelNode::Zero => b,
            _ if a == b || a == Level::ZERO => b,
            LevelNode::Succ(_) => self.mk_level_max(a, b),
            _ => self.mk_level_imax(a, b),
        }
    }

    fn level_le_supposing(&self, a: Level, b: Level, supposed: &mut Supposed) -> bool {
        let maxima = self.maximum(a, supposed).and_then(|a| Ok((a, self.maximum(b, supposed)?)));
        match maxima {
            Ok((a, b)) => a.le(&b),
            Err(Split(_)) if supposed.len() >= MAX_SPLITS => false,
            Err(Split(param)) => {
                let holds = [false, true].into_iter().all(|positive| {
                    supposed.insert(param, positive);
                    self.level_le_supposing(a, b, supposed)
                });
                supposed.remove(&param);
                holds
            }
        }
    }

    fn maximum(&self, level: Level, supposed: &Supposed) -> Result<Maximum, Split> {
        match self.level(level) {
            LevelNode::Zero => Ok(Maximum::default()),
            LevelNode::Succ(a) => {
                let mut a = self.maximum(a, supposed)?;
                a.constant += 1;
                a.params.values_mut().for_each(|offset| *offset += 1);
                Ok(a)
            }
            LevelNode::Max(a, b) => Ok(self.maximum(a, supposed)?.join(self.maximum(b, supposed)?)),
            LevelNode::IMax(a, b) => {
                let b = self.maximum(b, supposed)?;
                if b.least() > 0 {
                    return Ok(self.maximum(a, supposed)?.join(b));
                }
                match b.params.keys().next() {
                    Some(param) => Err(Split(*param)),
                    None => Ok(b),
                }
            }
            LevelNode::Param(name) => {
                let params = match supposed.get(&name) {
                    Some(false) => FxHashMap::default(),
                    Some(true) => FxHashMap::from_iter([(name, 1)]),
                    None => FxHashMap::from_iter([(name, 0)]),
                };
                Ok(Maximum { constant: 0, params })
            }
        }
    }
}
