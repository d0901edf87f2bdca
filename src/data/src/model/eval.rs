//! Computes terms. Everything may be unknown: what is outside the language, overflows, takes too long or cannot be decided.

use super::{
    arithmetic, bounds, builtin,
    definitions::Globals,
    term::{Bound, Op, Term, Type},
    value::{Closure, Code, Function, Numeric, Value},
};
use crate::rng::Rng;
use std::{cell::Cell, rc::Rc};

/// Steps and depth of one computation.
const FUEL: u32 = 60_000;
const DEPTH: u32 = 350;
/// The values of an infinite type that a quantifier tries.
const NUMBERS: i128 = 12;
const SAMPLES: u32 = 12;

/// The values of names, innermost last.
pub(crate) type Env = Vec<(String, Value)>;

/// Computes with the definitions of a statement.
pub(crate) struct Machine<'g> {
    pub(crate) globals: &'g Globals,
    fuel: Cell<u32>,
    depth: Cell<u32>,
}

impl<'g> Machine<'g> {
    pub(crate) fn new(globals: &'g Globals) -> Machine<'g> {
        Machine { globals, fuel: Cell::new(FUEL), depth: Cell::new(0) }
    }

    /// Whether a proposition holds.
    pub(crate) fn truth(&self, term: &Term, env: &mut Env) -> Option<bool> {
        match self.eval(term, env, None)? {
            Value::Truth(truth) => Some(truth),
            _ => None,
        }
    }

    /// The value of a term; numerals whose type nothing else tells are of the kind `hint`, or natural.
    pub(crate) fn eval(&self, term: &Term, env: &mut Env, hint: Option<Numeric>) -> Option<Value> {
        self.fuel.set(self.fuel.get().checked_sub(1)?);
        if self.depth.get() >= DEPTH {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let height = env.len();
        let value = self.step(term, env, hint);
        env.truncate(height);
        self.depth.set(self.depth.get() - 1);
        value
    }

    fn step(&self, term: &Term, env: &mut Env, hint: Option<Numeric>) -> Option<Value> {
        Some(match term {
            Term::Number(n) => Value::Number(hint.unwrap_or(Numeric::Nat), *n, 1),
            Term::Name(name) => self.name(name, env)?,
            Term::Constructor(name) => self.constructor(name)?,
            Term::App(head, arguments) => return self.application(head, arguments, env),
            Term::Field(receiver, field) => {
                let receiver = self.eval(receiver, env, None)?;
                return self.field(receiver, field);
            }
            Term::Binary(op, left, right) => {
                let value = self.binary(*op, left, right, env, hint);
                return value.or_else(|| self.by_residues(*op, left, right, env).filter(|_| hint.is_none_or(|kind| kind == Numeric::Nat)));
            }
            Term::Negative(inner) => {
                let value = self.eval(inner, env, hint.or(Some(Numeric::Int)))?;
                match value {
                    Value::Number(kind, top, bottom) if kind != Numeric::Nat => Value::Number(kind, top.checked_neg()?, bottom),
                    _ => return None,
                }
            }
            Term::Not(inner) | Term::BoolNot(inner) => Value::Truth(!self.truth(inner, env)?),
            Term::Ascribed(inner, kind) => return self.ascribed(inner, kind, env),
            Term::All(bound, body) => Value::Truth(!self.exists(bound, body, env, false)?),
            Term::Some(bound, body) => Value::Truth(self.exists(bound, body, env, true)?),
            Term::Fun(parameters, body) => Value::function(Code::Closure(Rc::new(Closure {
                parameters: parameters.clone(),
                body: body.as_ref().clone(),
                sees: env.clone(),
                hints: Vec::new(),
                result: None,
            }))),
            Term::If(condition, yes, no) => {
                let branch = if self.truth(condition, env)? { yes } else { no };
                return self.eval(branch, env, hint);
            }
            Term::List(items) => Value::List(items.iter().map(|item| self.eval(item, env, hint)).collect::<Option<_>>()?),
            Term::Pair(a, b) => Value::Pair(Box::new((self.eval(a, env, hint)?, self.eval(b, env, hint)?))),
            Term::At(list, index) => match (self.eval(list, env, None)?, self.eval(index, env, None)?) {
                (Value::List(items), Value::Number(Numeric::Nat, at, 1)) => {
                    Value::Option(usize::try_from(at).ok().and_then(|at| items.get(at)).map(|item| Box::new(item.clone())))
                }
                _ => return None,
            },
        })
    }

    fn name(&self, name: &str, env: &Env) -> Option<Value> {
        if let Some((_, value)) = env.iter().rev().find(|(n, _)| n == name) {
            return Some(value.clone());
        }
        if let Some(defined) = self.globals.function(name) {
            return if defined.arity() == 0 {
                self.apply(&Code::Global(name.to_owned()), &[])
            } else {
                Some(Value::function(Code::Global(name.to_owned())))
            };
        }
        match name {
            "true" | "True" => Some(Value::Truth(true)),
            "false" | "False" => Some(Value::Truth(false)),
            "none" => Some(Value::Option(None)),
            _ => match name.rsplit_once('.') {
                Some((_, constructor)) if self.globals.constructor(constructor).is_some() => self.constructor(constructor),
                _ => builtin::arity(name).map(|_| Value::function(Code::Library(name.to_owned()))),
            },
        }
    }

    fn constructor(&self, name: &str) -> Option<Value> {
        let arity = self.globals.constructor(name)?;
        Some(if arity == 0 { Value::Data(name.to_owned(), Vec::new()) } else { Value::function(Code::Global(format!(".{name}"))) })
    }

    fn application(&self, head: &Term, arguments: &[Term], env: &mut Env) -> Option<Value> {
        let function = match head {
            Term::Field(receiver, field) => {
                let receiver = self.eval(receiver, env, None)?;
                self.method(receiver, field)?
            }
            head => self.eval(head, env, None)?,
        };
        let Value::Function(function) = function else { return None };
        let hints = self.hints(&function);
        let mut values = Vec::with_capacity(arguments.len());
        for (i, argument) in arguments.iter().enumerate() {
            let like = values.first().or(function.given.first()).and_then(numeric);
            let hint = hints.get(function.given.len() + i).copied().flatten().or(like);
            values.push(self.eval(argument, env, hint)?);
        }
        self.call(&function, values)
    }

    /// What numerals among a function's arguments are.
    fn hints(&self, function: &Function) -> Vec<Option<Numeric>> {
        match &function.body {
            Code::Global(name) => self.globals.function(name).map_or_else(Vec::new, |f| f.hints.clone()),
            Code::Closure(closure) => closure.hints.clone(),
            Code::Table(_, arguments, _) => arguments.iter().map(Numeric::of).collect(),
            Code::Library(_) => Vec::new(),
        }
    }

    fn field(&self, receiver: Value, field: &str) -> Option<Value> {
        if let (Value::Data(_, arguments), Some(at)) = (&receiver, self.globals.field(field)) {
            return arguments.get(at).cloned();
        }
        let Value::Function(function) = self.method(receiver, field)? else { return None };
        self.call(&function, Vec::new())
    }

    /// A function of the library whose first argument is given.
    fn method(&self, receiver: Value, field: &str) -> Option<Value> {
        let name = format!("{}.{field}", builtin::namespace(&receiver)?);
        builtin::arity(&name)?;
        Some(Value::Function(Rc::new(Function { body: Code::Library(name), given: vec![receiver] })))
    }

    /// A function applied to more arguments.
    pub(crate) fn call(&self, function: &Function, arguments: Vec<Value>) -> Option<Value> {
        let mut given = function.given.clone();
        given.extend(arguments);
        let arity = match &function.body {
            Code::Global(name) => match name.strip_prefix('.') {
                Some(constructor) => self.globals.constructor(constructor)?,
                None => self.globals.function(name)?.arity(),
            },
            Code::Library(name) => builtin::arity(name)?,
            Code::Closure(closure) => closure.parameters.len(),
            Code::Table(_, arguments, _) => arguments.len(),
        };
        if given.len() < arity {
            return Some(Value::Function(Rc::new(Function { body: function.body.clone(), given })));
        }
        let rest = given.split_off(arity);
        let value = self.apply(&function.body, &given)?;
        match (rest.is_empty(), value) {
            (true, value) => Some(value),
            (false, Value::Function(inner)) => self.call(&inner, rest),
            _ => None,
        }
    }

    /// A function of all its arguments.
    fn apply(&self, body: &Code, arguments: &[Value]) -> Option<Value> {
        match body {
            Code::Global(name) => {
                if let Some(constructor) = name.strip_prefix('.') {
                    return Some(Value::Data(constructor.to_owned(), arguments.to_vec()));
                }
                let defined = self.globals.function(name)?;
                let (own, matched) = arguments.split_at(defined.parameters.len());
                let own: Env = defined.parameters.iter().cloned().zip(own.iter().cloned()).collect();
                for (patterns, body) in &defined.equations {
                    let mut env = own.clone();
                    let mut fits = true;
                    for (pattern, argument) in patterns.iter().zip(matched) {
                        fits = fits && pattern.matches(argument, &mut env)?;
                    }
                    if fits {
                        return self.eval(body, &mut env, defined.result);
                    }
                }
                None
            }
            Code::Library(name) => builtin::apply(self, name, arguments),
            Code::Closure(closure) => {
                let mut env = closure.sees.clone();
                env.extend(closure.parameters.iter().cloned().zip(arguments.iter().cloned()));
                self.eval(&closure.body, &mut env, closure.result)
            }
            Code::Table(seed, _, result) => {
                let place = arguments.iter().map(|a| format!("{a:?}")).collect::<Vec<_>>().join(";");
                let rng = &mut Rng::new(*seed, &place, 0);
                match result {
                    // Small values collide, and make things equal now and then.
                    Type::Nat if rng.chance(70) => Some(Value::nat(i128::from(rng.int(0, 4)))),
                    result => Value::random(result, rng, &Vec::new(), self.globals, 0),
                }
            }
        }
    }

    fn ascribed(&self, inner: &Term, kind: &Type, env: &mut Env) -> Option<Value> {
        let wanted = Numeric::of(kind);
        let value = self.eval(inner, env, wanted)?;
        match (&value, wanted) {
            (Value::Number(found, top, bottom), Some(wanted)) if *found != wanted => {
                // Lean pushes a coercion to the leaves of an arithmetic term, so only leaves are coerced here.
                let leaf = matches!(inner, Term::Name(_) | Term::Field(..) | Term::App(..) | Term::Ascribed(..));
                let widens = matches!((found, wanted), (Numeric::Nat, _) | (Numeric::Int, Numeric::Rat));
                (leaf && widens).then_some(Value::Number(wanted, *top, *bottom))
            }
            _ => Some(value),
        }
    }

    fn binary(&self, op: Op, left: &Term, right: &Term, env: &mut Env, hint: Option<Numeric>) -> Option<Value> {
        let mut truth = |term| self.truth(term, env);
        match op {
            Op::And | Op::BoolAnd => return either(truth(left), || truth(right), false).map(Value::Truth),
            Op::Or | Op::BoolOr => return either(truth(left), || truth(right), true).map(Value::Truth),
            Op::Implies => return either(truth(left).map(|l| !l), || truth(right), true).map(Value::Truth),
            Op::Iff => return Some(Value::Truth(truth(left)? == truth(right)?)),
            Op::Compose => {
                let (outer, inner) = (self.eval(left, env, None)?, self.eval(right, env, None)?);
                return Some(Value::Function(Rc::new(Function { body: Code::Library("comp".to_owned()), given: vec![outer, inner] })));
            }
            Op::Pow => {
                let exponent = self.eval(right, env, Some(Numeric::Nat))?;
                return arithmetic::compute(op, &self.eval(left, env, hint)?, &exponent);
            }
            _ => {}
        }
        let hint = if matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Mod | Op::Append | Op::Cons) { hint } else { None };
        let (left, right) = if literal(left) && !literal(right) {
            let right = self.eval(right, env, hint)?;
            (self.eval(left, env, numeric(&right).or(hint))?, right)
        } else {
            let left = self.eval(left, env, hint)?;
            let like = numeric(&left).or(hint);
            (left, self.eval(right, env, like)?)
        };
        let order = || arithmetic::compare(&left, &right);
        Some(Value::Truth(match op {
            Op::Eq | Op::BoolEq => equal(&left, &right)?,
            Op::Ne | Op::BoolNe => !equal(&left, &right)?,
            Op::Lt => order()?.is_lt(),
            Op::Le => order()?.is_le(),
            Op::Gt => order()?.is_gt(),
            Op::Ge => order()?.is_ge(),
            Op::Dvd => arithmetic::divides(&left, &right)?,
            Op::In => builtin::member(&left, &right)?,
            Op::NotIn => !builtin::member(&left, &right)?,
            Op::Append => match (left, right) {
                (Value::List(a), Value::List(b)) => return Some(Value::List([a, b].concat())),
                _ => return None,
            },
            Op::Cons => match right {
                Value::List(rest) => return Some(Value::List([vec![left], rest].concat())),
                _ => return None,
            },
            _ => return arithmetic::compute(op, &left, &right),
        }))
    }

    /// Whether a value of the bound variables gives `body` the truth `wanted`; for `∀`, a counterexample.
    fn exists(&self, bound: &[Bound], body: &Term, env: &mut Env, wanted: bool) -> Option<bool> {
        let Some((first, rest)) = bound.split_first() else { return self.truth(body, env).map(|truth| truth == wanted) };
        let limits = first.kind.as_ref().and_then(|kind| bounds::range(&first.name, kind, body, wanted));
        let (values, complete) = match (limits, first.kind.as_ref().and_then(Numeric::of)) {
            (Some((low, high)), Some(kind)) => ((low..=high).map(|n| Value::Number(kind, n, 1)).collect(), true),
            _ => self.domain(first, env)?,
        };
        let mut unknown = !complete;
        for value in values {
            env.push((first.name.clone(), value));
            let found = self.exists(rest, body, env, wanted);
            env.pop();
            match found {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unknown = true,
            }
        }
        (!unknown).then_some(false)
    }

    /// Values of a bound variable, and whether these are all.
    fn domain(&self, bound: &Bound, env: &mut Env) -> Option<(Vec<Value>, bool)> {
        if let Some((op, limit)) = &bound.guard {
            return match (op, self.eval(limit, env, None)?) {
                (Op::In, Value::List(items)) => Some((items, true)),
                (Op::Lt, Value::Number(Numeric::Nat, n, 1)) => Some(((0..n.min(200)).map(Value::nat).collect(), n <= 200)),
                (Op::Le, Value::Number(Numeric::Nat, n, 1)) => Some(((0..=n.min(200)).map(Value::nat).collect(), n <= 200)),
                (Op::Gt, Value::Number(Numeric::Nat, n, 1)) => Some(((n + 1..n + NUMBERS).map(Value::nat).collect(), false)),
                (Op::Ge, Value::Number(Numeric::Nat, n, 1)) => Some(((n..n + NUMBERS).map(Value::nat).collect(), false)),
                _ => None,
            };
        }
        let kind = bound.kind.as_ref()?;
        if let Some(all) = Value::all(kind, env, self.globals) {
            return Some((all, true));
        }
        Some(match kind {
            Type::Nat => ((0..=2 * NUMBERS).map(Value::nat).collect(), false),
            Type::Int => ((-NUMBERS..=NUMBERS).map(|n| Value::Number(Numeric::Int, n, 1)).collect(), false),
            Type::Rat => {
                let fractions = (-6..=6).flat_map(|top| [1, 2, 3].map(|bottom| arithmetic::rational(top, bottom)));
                (fractions.flatten().collect(), false)
            }
            kind => {
                let rng = &mut Rng::new(0, "domain", 0);
                ((0..SAMPLES).filter_map(|_| Value::random(kind, rng, env, self.globals, 1)).collect(), false)
            }
        })
    }
}

/// A connective that one side can decide: `end` is the value that does.
fn either(left: Option<bool>, mut right: impl FnMut() -> Option<bool>, end: bool) -> Option<bool> {
    match left {
        Some(left) if left == end => Some(end),
        Some(_) => right(),
        None => right().filter(|right| *right == end),
    }
}

/// What kind of number a value is, or holds.
pub(crate) fn numeric(value: &Value) -> Option<Numeric> {
    match value {
        Value::Number(kind, ..) => Some(*kind),
        Value::List(items) => items.first().and_then(numeric),
        Value::Option(Some(inner)) => numeric(inner),
        _ => None,
    }
}

/// Whether all leaves of an arithmetic term are numerals.
fn literal(term: &Term) -> bool {
    match term {
        Term::Number(_) => true,
        Term::Negative(inner) => literal(inner),
        Term::Binary(Op::Pow, base, _) => literal(base),
        Term::Binary(Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Mod, a, b) => literal(a) && literal(b),
        Term::List(items) => items.iter().all(literal),
        _ => false,
    }
}

/// Whether two values of one type are equal. Functions are not compared, numbers of different kinds neither.
pub(crate) fn equal(left: &Value, right: &Value) -> Option<bool> {
    let all = |a: &[Value], b: &[Value]| {
        let mut same = a.len() == b.len();
        for (x, y) in a.iter().zip(b) {
            same &= equal(x, y)?;
        }
        Some(same)
    };
    match (left, right) {
        (Value::Number(a, ..), Value::Number(b, ..)) => (a == b).then(|| left == right),
        (Value::List(a), Value::List(b)) => all(a, b),
        (Value::Data(a, x), Value::Data(b, y)) => Some(a == b && all(x, y)?),
        (Value::Option(Some(a)), Value::Option(Some(b))) => equal(a, b),
        (Value::Option(a), Value::Option(b)) => Some(a.is_none() && b.is_none()),
        (Value::Pair(a), Value::Pair(b)) => Some(equal(&a.0, &b.0)? && equal(&a.1, &b.1)?),
        (Value::Truth(a), Value::Truth(b)) => Some(a == b),
        (Value::Point(a), Value::Point(b)) | (Value::Index(a), Value::Index(b)) => Some(a == b),
        (Value::Index(a), Value::Number(Numeric::Nat, b, 1)) => Some(i128::from(*a) == *b),
        _ => None,
    }
}
