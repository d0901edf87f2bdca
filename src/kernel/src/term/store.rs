//! The arena itself: making nodes and looking at them.

use super::{Binder, Expr, ExprFacts, ExprNode, Level, LevelFacts, LevelNode, Levels, Name, NameNode, Nat, Str};
use indexmap::IndexSet;
use num_bigint::BigUint;
use rustc_hash::FxBuildHasher;

type Set<T> = IndexSet<T, FxBuildHasher>;

/// The arena. See the [module](super).
#[derive(Clone, Debug)]
pub struct Terms {
    strings: Set<Box<str>>,
    nats: Set<BigUint>,
    names: Set<NameNode>,
    levels: Set<LevelNode>,
    level_facts: Vec<LevelFacts>,
    level_lists: Set<Box<[Level]>>,
    exprs: Set<ExprNode>,
    facts: Vec<ExprFacts>,
    /// Bytes of strings and numbers.
    literal_bytes: usize,
    /// How many nodes have been visited by substitutions and rewrites.
    pub(crate) work: u64,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms::new()
    }
}

impl Terms {
    /// A store with only the nodes that have constant ids.
    pub fn new() -> Terms {
        let mut terms = Terms {
            strings: Set::default(),
            nats: Set::default(),
            names: Set::default(),
            levels: Set::default(),
            level_facts: Vec::new(),
            level_lists: Set::default(),
            exprs: Set::default(),
            facts: Vec::new(),
            literal_bytes: 0,
            work: 0,
        };
        terms.names.insert(NameNode::Anonymous);
        terms.intern_level(LevelNode::Zero);
        terms.level_lists.insert(Box::new([]));
        terms.mk_sort(Level::ZERO);
        terms
    }

    /// How many expression nodes there are.
    pub fn expr_count(&self) -> usize {
        self.exprs.len()
    }

    /// The memory in use, in about the size of an expression node.
    pub(crate) fn weight(&self) -> usize {
        self.exprs.len() + self.literal_bytes / 64
    }

    // Strings and numbers

    /// Interns a string.
    pub fn mk_str(&mut self, text: &str) -> Str {
        match self.strings.get_index_of(text) {
            Some(index) => Str::new(index),
            None => {
                self.literal_bytes += text.len();
                Str::new(self.strings.insert_full(text.into()).0)
            }
        }
    }

    /// The text of an interned string.
    pub fn str(&self, id: Str) -> &str {
        &self.strings[id.index()]
    }

    /// Interns a natural number.
    pub fn mk_nat(&mut self, value: BigUint) -> Nat {
        let bytes = usize::try_from(value.bits() / 8).unwrap_or(usize::MAX);
        let (index, new) = self.nats.insert_full(value);
        if new {
            self.literal_bytes = self.literal_bytes.saturating_add(bytes);
        }
        Nat::new(index)
    }

    /// The value of an interned number.
    pub fn nat(&self, id: Nat) -> &BigUint {
        &self.nats[id.index()]
    }

    // Names

    /// `prefix.text`
    pub fn mk_name_str(&mut self, prefix: Name, text: &str) -> Name {
        let text = self.mk_str(text);
        Name::new(self.names.insert_full(NameNode::Str(prefix, text)).0)
    }

    /// `prefix.index`
    pub fn mk_name_num(&mut self, prefix: Name, index: u64) -> Name {
        Name::new(self.names.insert_full(NameNode::Num(prefix, index)).0)
    }

    /// A name of string components from its dotted form, such as `Nat.add`. No quoting is understood.
    pub fn mk_name(&mut self, dotted: &str) -> Name {
        dotted.split('.').fold(Name::ANONYMOUS, |prefix, part| self.mk_name_str(prefix, part))
    }

    /// The node of a name.
    pub fn name(&self, id: Name) -> NameNode {
        self.names[id.index()]
    }

    /// The components of a name joined by dots, without quoting: for messages, never for comparisons.
    pub fn name_text(&self, id: Name) -> String {
        let mut parts = Vec::new();
        let mut at = id;
        loop {
            match self.name(at) {
                NameNode::Anonymous => break,
                NameNode::Str(prefix, text) => {
                    parts.push(self.str(text).to_owned());
                    at = prefix;
                }
                NameNode::Num(prefix, index) => {
                    parts.push(index.to_string());
                    at = prefix;
                }
            }
        }
        if parts.is_empty() {
            return "[anonymous]".to_owned();
        }
        parts.reverse();
        parts.join(".")
    }

    // Levels

    fn intern_level(&mut self, node: LevelNode) -> Level {
        let (index, new) = self.levels.insert_full(node);
        if new {
            self.level_facts.push(self.compute_level_facts(node));
        }
        Level::new(index)
    }

    fn compute_level_facts(&self, node: LevelNode) -> LevelFacts {
        let above = |children: &[Level]| {
            children.iter().fold(LevelFacts { depth: 0, size: 1, has_param: false }, |facts, child| {
                let child = self.level_facts(*child);
                LevelFacts {
                    depth: facts.depth.max(child.depth.saturating_add(1)),
                    size: facts.size.saturating_add(child.size),
                    has_param: facts.has_param || child.has_param,
                }
            })
        };
        match node {
            LevelNode::Zero => above(&[]),
            LevelNode::Succ(a) => above(&[a]),
            LevelNode::Max(a, b) | LevelNode::IMax(a, b) => above(&[a, b]),
            LevelNode::Param(_) => LevelFacts { has_param: true, ..above(&[]) },
        }
    }

    /// `level + 1`
    pub fn mk_level_succ(&mut self, level: Level) -> Level {
        self.intern_level(LevelNode::Succ(level))
    }

    /// `max a b`, as written.
    pub fn mk_level_max(&mut self, a: Level, b: Level) -> Level {
        self.intern_level(LevelNode::Max(a, b))
    }

    /// `imax a b`, as written.
    pub fn mk_level_imax(&mut self, a: Level, b: Level) -> Level {
        self.intern_level(LevelNode::IMax(a, b))
    }

    /// A universe parameter.
    pub fn mk_level_param(&mut self, name: Name) -> Level {
        self.intern_level(LevelNode::Param(name))
    }

    /// The node of a level.
    pub fn level(&self, id: Level) -> LevelNode {
        self.levels[id.index()]
    }

    /// The cached facts about a level.
    pub fn level_facts(&self, id: Level) -> LevelFacts {
        self.level_facts[id.index()]
    }

    /// Interns a list of levels.
    pub fn mk_levels(&mut self, levels: &[Level]) -> Levels {
        match self.level_lists.get_index_of(levels) {
            Some(index) => Levels::new(index),
            None => Levels::new(self.level_lists.insert_full(levels.into()).0),
        }
    }

    /// The levels of a list.
    pub fn levels(&self, id: Levels) -> &[Level] {
        &self.level_lists[id.index()]
    }

    // Expressions

    fn intern(&mut self, node: ExprNode) -> Expr {
        let (index, new) = self.exprs.insert_full(node);
        if new {
            self.facts.push(self.compute_facts(node));
        }
        Expr::new(index)
    }

    fn compute_facts(&self, node: ExprNode) -> ExprFacts {
        let leaf = ExprFacts { loose_bvars: 0, fvars: 0, depth: 0, has_level_param: false };
        let join = |children: &[(Expr, u32)]| {
            children.iter().fold(leaf, |facts, (child, binders)| {
                let child = self.facts(*child);
                ExprFacts {
                    loose_bvars: facts.loose_bvars.max(child.loose_bvars.saturating_sub(*binders)),
                    fvars: facts.fvars.max(child.fvars),
                    depth: facts.depth.max(child.depth.saturating_add(1)),
                    has_level_param: facts.has_level_param || child.has_level_param,
                }
            })
        };
        let at_levels = |levels: &[Level]| {
            levels.iter().fold(leaf, |facts, level| {
                let level = self.level_facts(*level);
                ExprFacts { depth: facts.depth.max(level.depth), has_level_param: facts.has_level_param || level.has_param, ..facts }
            })
        };
        match node {
            ExprNode::BVar(index) => ExprFacts { loose_bvars: index.saturating_add(1), ..leaf },
            ExprNode::FVar(depth, _) => ExprFacts { fvars: depth.saturating_add(1), ..leaf },
            ExprNode::Sort(level) => at_levels(&[level]),
            ExprNode::Const(_, levels) => at_levels(self.levels(levels)),
            ExprNode::NatLit(_) | ExprNode::StrLit(_) => leaf,
            ExprNode::App(f, a) => join(&[(f, 0), (a, 0)]),
            ExprNode::MData(e) | ExprNode::Proj(_, _, e) => join(&[(e, 0)]),
            ExprNode::Lam(binder, body) | ExprNode::Forall(binder, body) => join(&[(binder.ty, 0), (body, 1)]),
            ExprNode::Let { ty, value, body, .. } => join(&[(ty, 0), (value, 0), (body, 1)]),
        }
    }

    /// The node of an expression.
    pub fn expr(&self, id: Expr) -> ExprNode {
        self.exprs[id.index()]
    }

    /// The cached facts about an expression.
    pub fn facts(&self, id: Expr) -> ExprFacts {
        self.facts[id.index()]
    }

    /// Whether a bound variable is loose.
    pub fn has_loose_bvars(&self, id: Expr) -> bool {
        self.facts(id).loose_bvars > 0
    }

    /// Whether a free variable occurs.
    pub fn has_fvars(&self, id: Expr) -> bool {
        self.facts(id).fvars > 0
    }

    /// A bound variable.
    pub fn mk_bvar(&mut self, index: u32) -> Expr {
        self.intern(ExprNode::BVar(index))
    }

    /// A free variable below `depth` binders. Declarations never hold one.
    pub fn mk_fvar(&mut self, depth: u32, ty: Expr) -> Expr {
        self.intern(ExprNode::FVar(depth, ty))
    }

    /// A universe.
    pub fn mk_sort(&mut self, level: Level) -> Expr {
        self.intern(ExprNode::Sort(level))
    }

    /// A constant at universe arguments.
    pub fn mk_const(&mut self, name: Name, levels: &[Level]) -> Expr {
        let levels = self.mk_levels(levels);
        self.mk_const_at(name, levels)
    }

    /// A constant at an interned list of universe arguments.
    pub fn mk_const_at(&mut self, name: Name, levels: Levels) -> Expr {
        self.intern(ExprNode::Const(name, levels))
    }

    /// Application to one argument.
    pub fn mk_app(&mut self, function: Expr, argument: Expr) -> Expr {
        self.intern(ExprNode::App(function, argument))
    }

    /// Application to several arguments.
    pub fn mk_apps(&mut self, function: Expr, arguments: &[Expr]) -> Expr {
        arguments.iter().fold(function, |f, a| self.mk_app(f, *a))
    }

    /// `fun`
    pub fn mk_lam(&mut self, binder: Binder, body: Expr) -> Expr {
        self.intern(ExprNode::Lam(binder, body))
    }

    /// `∀`
    pub fn mk_forall(&mut self, binder: Binder, body: Expr) -> Expr {
        self.intern(ExprNode::Forall(binder, body))
    }

    /// `let`, or `have` where `nondep`.
    pub fn mk_let(&mut self, name: Name, ty: Expr, value: Expr, body: Expr, nondep: bool) -> Expr {
        self.intern(ExprNode::Let { name, ty, value, body, nondep })
    }

    /// A literal of type `Nat`.
    pub fn mk_nat_lit(&mut self, value: BigUint) -> Expr {
        let value = self.mk_nat(value);
        self.intern(ExprNode::NatLit(value))
    }

    /// A literal of type `String`.
    pub fn mk_str_lit(&mut self, text: &str) -> Expr {
        let text = self.mk_str(text);
        self.intern(ExprNode::StrLit(text))
    }

    /// Metadata around an expression.
    pub fn mk_mdata(&mut self, inner: Expr) -> Expr {
        self.intern(ExprNode::MData(inner))
    }

    /// A field of an element of a structure.
    pub fn mk_proj(&mut self, structure: Name, field: u32, of: Expr) -> Expr {
        self.intern(ExprNode::Proj(structure, field, of))
    }
}
