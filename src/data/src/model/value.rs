//! Values, and random ones of a type.

use super::{
    definitions::Globals,
    term::{Term, Type},
};
use crate::rng::Rng;
use std::rc::Rc;

/// The three kinds of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numeric {
    Nat,
    Int,
    Rat,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A number in lowest terms, its denominator positive; 1 unless it is rational.
    Number(Numeric, i128, i128),
    /// A proposition or a Boolean.
    Truth(bool),
    /// An element of a type variable.
    Point(u32),
    /// An element of `Fin n`.
    Index(u32),
    List(Vec<Value>),
    Option(Option<Box<Value>>),
    Pair(Box<(Value, Value)>),
    /// A constructor of a type of the statement's own.
    Data(String, Vec<Value>),
    Function(Rc<Function>),
    /// What a type variable stands for: so many points.
    Carrier(u32),
}

/// A function, with the arguments it has so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Function {
    pub(crate) body: Code,
    pub(crate) given: Vec<Value>,
}

/// What a function does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Code {
    /// A definition of the statement's, or a constructor.
    Global(String),
    /// A function of the library.
    Library(String),
    /// `fun`, or a function that a hypothesis defines.
    Closure(Rc<Closure>),
    /// A random table: its seed, the types of its arguments and the type of its values.
    Table(u64, Vec<Type>, Type),
}

/// A function given by a term.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Closure {
    pub(crate) parameters: Vec<String>,
    pub(crate) body: Term,
    pub(crate) sees: Vec<(String, Value)>,
    /// What numerals among the arguments and in the body are, where that is known.
    pub(crate) hints: Vec<Option<Numeric>>,
    pub(crate) result: Option<Numeric>,
}

impl Numeric {
    /// The kind of a type's numbers.
    pub(crate) fn of(kind: &Type) -> Option<Numeric> {
        match kind {
            Type::Nat => Some(Numeric::Nat),
            Type::Int => Some(Numeric::Int),
            Type::Rat => Some(Numeric::Rat),
            Type::List(item) | Type::Option(item) => Numeric::of(item),
            _ => None,
        }
    }
}

impl Type {
    /// The types of a function's arguments, and of its values.
    pub(crate) fn signature(&self) -> (Vec<Type>, Type) {
        let (mut arguments, mut result) = (Vec::new(), self);
        while let Type::Arrow(from, to) = result {
            arguments.push(from.as_ref().clone());
            result = to;
        }
        (arguments, result.clone())
    }

    /// The type with type variables replaced by what they stand for.
    fn resolved(&self, env: &[(String, Value)]) -> Type {
        let inner = |kind: &Type| Box::new(kind.resolved(env));
        match self {
            Type::Named(name) => match env.iter().rev().find(|(n, _)| n == name) {
                Some((_, Value::Carrier(size))) => Type::Points(*size),
                _ => self.clone(),
            },
            Type::List(item) => Type::List(inner(item)),
            Type::Option(item) => Type::Option(inner(item)),
            Type::Pair(a, b) => Type::Pair(inner(a), inner(b)),
            Type::Arrow(a, b) => Type::Arrow(inner(a), inner(b)),
            _ => self.clone(),
        }
    }
}

impl Value {
    pub(crate) fn nat(n: i128) -> Value {
        Value::Number(Numeric::Nat, n, 1)
    }

    pub(crate) fn function(body: Code) -> Value {
        Value::Function(Rc::new(Function { body, given: Vec::new() }))
    }

    /// A random value of a type; `depth` limits data.
    pub(crate) fn random(kind: &Type, rng: &mut Rng, env: &[(String, Value)], globals: &Globals, depth: u32) -> Option<Value> {
        Some(match kind {
            Type::Nat => Value::nat(i128::from(small(rng, false))),
            Type::Int => Value::Number(Numeric::Int, i128::from(small(rng, true)), 1),
            Type::Rat => {
                let (top, bottom) = (i128::from(small(rng, true)), i128::from(rng.pick(&[1, 1, 1, 2, 3, 5])));
                super::arithmetic::rational(top, bottom)?
            }
            Type::Bool | Type::Prop => Value::Truth(rng.chance(50)),
            Type::Sort => Value::Carrier(rng.int(1, 3) as u32),
            Type::Fin(n) => Value::Index(if *n == 0 { return None } else { rng.below(*n as usize) as u32 }),
            Type::List(item) => {
                let length = rng.pick(&[0, 0, 1, 1, 2, 2, 3, 4]);
                Value::List((0..length).map(|_| Value::random(item, rng, env, globals, depth)).collect::<Option<_>>()?)
            }
            Type::Option(item) if rng.chance(65) => Value::Option(Some(Box::new(Value::random(item, rng, env, globals, depth)?))),
            Type::Option(_) => Value::Option(None),
            Type::Pair(a, b) => {
                Value::Pair(Box::new((Value::random(a, rng, env, globals, depth)?, Value::random(b, rng, env, globals, depth)?)))
            }
            Type::Arrow(..) => {
                let (arguments, result) = kind.resolved(env).signature();
                Value::function(Code::Table(rng.int(0, i64::MAX) as u64, arguments, result))
            }
            Type::Points(size) => Value::Point(rng.below(*size as usize) as u32),
            Type::Named(name) => match env.iter().rev().find(|(n, _)| n == name) {
                Some((_, Value::Carrier(size))) => Value::Point(rng.below(*size as usize) as u32),
                Some(_) => return None,
                None => globals.random(name, rng, env, depth)?,
            },
        })
    }

    /// All values of a type, if it is finite and small.
    pub(crate) fn all(kind: &Type, env: &[(String, Value)], globals: &Globals) -> Option<Vec<Value>> {
        match kind {
            Type::Bool | Type::Prop => Some(vec![Value::Truth(false), Value::Truth(true)]),
            Type::Fin(n) if *n <= 64 => Some((0..*n).map(Value::Index).collect()),
            Type::Named(name) => match env.iter().rev().find(|(n, _)| n == name) {
                Some((_, Value::Carrier(size))) => Some((0..*size).map(Value::Point).collect()),
                Some(_) => None,
                None => globals.all(name),
            },
            _ => None,
        }
    }
}

/// Small numbers mostly, larger ones now and then.
fn small(rng: &mut Rng, signed: bool) -> i64 {
    let size = match rng.below(10) {
        0..=5 => rng.int(0, 6),
        6..=8 => rng.int(0, 30),
        _ => rng.int(0, 300),
    };
    if signed && rng.chance(45) { -size } else { size }
}
