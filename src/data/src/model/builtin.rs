//! The functions of Lean's library that the families use.

use super::{
    arithmetic::{compare, compute, gcd},
    eval::{Machine, equal},
    term::Op,
    value::{Function, Numeric, Value},
};

/// The longest list that is made.
const LENGTH: usize = 2000;

/// How many arguments a function takes; `None` if it is not known here.
pub(crate) fn arity(name: &str) -> Option<usize> {
    Some(match name {
        "some" | "not" | "id" | "Nat.succ" | "Nat.pred" | "Int.natAbs" | "Int.toNat" | "Fin.val" | "Rat.abs" => 1,
        "List.length" | "List.reverse" | "List.sum" | "List.head?" | "List.tail" | "List.getLast?" | "List.isEmpty" | "List.range" => 1,
        "List.Nodup" | "List.flatten" | "Option.isSome" | "Option.isNone" | "Prod.fst" | "Prod.snd" => 1,
        "min" | "max" | "xor" | "and" | "or" | "Nat.gcd" | "Nat.lcm" | "Int.gcd" | "Nat.min" | "Nat.max" => 2,
        "List.map" | "List.filter" | "List.take" | "List.drop" | "List.zip" | "List.count" | "List.contains" | "List.replicate" => 2,
        "List.any" | "List.all" | "List.filterMap" | "List.takeWhile" | "List.dropWhile" | "List.flatMap" | "List.countP" => 2,
        "Option.map" | "Option.bind" | "Option.getD" | "Option.filter" | "Option.or" => 2,
        "List.foldr" | "List.foldl" | "List.zipWith" | "comp" => 3,
        _ => return None,
    })
}

/// The namespace in which the methods of a value are.
pub(crate) fn namespace(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::List(_) => "List",
        Value::Option(_) => "Option",
        Value::Pair(_) => "Prod",
        Value::Index(_) => "Fin",
        Value::Number(Numeric::Nat, ..) => "Nat",
        Value::Number(Numeric::Int, ..) => "Int",
        Value::Number(Numeric::Rat, ..) => "Rat",
        _ => return None,
    })
}

/// Whether a list holds a value.
pub(crate) fn member(value: &Value, list: &Value) -> Option<bool> {
    let Value::List(items) = list else { return None };
    let mut found = false;
    for item in items {
        found |= equal(value, item)?;
    }
    Some(found)
}

fn call(machine: &Machine<'_>, function: &Value, arguments: &[&Value]) -> Option<Value> {
    let Value::Function(function) = function else { return None };
    let function: &Function = function;
    machine.call(function, arguments.iter().map(|a| (*a).clone()).collect())
}

fn holds(machine: &Machine<'_>, predicate: &Value, value: &Value) -> Option<bool> {
    match call(machine, predicate, &[value])? {
        Value::Truth(truth) => Some(truth),
        _ => None,
    }
}

fn size(value: &Value) -> Option<usize> {
    match value {
        Value::Number(Numeric::Nat, n, 1) => usize::try_from(*n).ok(),
        _ => None,
    }
}

fn optional(value: Option<&Value>) -> Value {
    Value::Option(value.map(|v| Box::new(v.clone())))
}

/// The value of a function at all its arguments. `List` and `Option` functions take what they are called on first.
pub(crate) fn apply(machine: &Machine<'_>, name: &str, arguments: &[Value]) -> Option<Value> {
    match (name.split_once('.'), arguments) {
        (Some(("List", method)), [Value::List(items), rest @ ..]) => list(machine, method, items, rest),
        (Some(("Option", method)), [Value::Option(inner), rest @ ..]) => option(machine, method, inner.as_deref(), rest),
        (Some(("List", "range")), [n]) => {
            let n = size(n).filter(|n| *n <= LENGTH)?;
            Some(Value::List((0..n).map(|i| Value::nat(i as i128)).collect()))
        }
        (Some(("List", "replicate")), [n, item]) => Some(Value::List(vec![item.clone(); size(n).filter(|n| *n <= LENGTH)?])),
        _ => scalar(machine, name, arguments),
    }
}

fn scalar(machine: &Machine<'_>, name: &str, arguments: &[Value]) -> Option<Value> {
    Some(match (name, arguments) {
        ("some", [value]) => optional(Some(value)),
        ("id", [value]) => value.clone(),
        ("not", [Value::Truth(a)]) => Value::Truth(!a),
        ("and", [Value::Truth(a), Value::Truth(b)]) => Value::Truth(*a && *b),
        ("or", [Value::Truth(a), Value::Truth(b)]) => Value::Truth(*a || *b),
        ("xor", [Value::Truth(a), Value::Truth(b)]) => Value::Truth(a != b),
        ("comp", [outer, inner, value]) => call(machine, outer, &[&call(machine, inner, &[value])?])?,
        ("Prod.fst", [Value::Pair(both)]) => both.0.clone(),
        ("Prod.snd", [Value::Pair(both)]) => both.1.clone(),
        ("Fin.val", [Value::Index(i)]) => Value::nat(i128::from(*i)),
        ("Nat.succ", [value]) => compute(Op::Add, value, &Value::nat(1))?,
        ("Nat.pred", [value]) => compute(Op::Sub, value, &Value::nat(1))?,
        ("Int.natAbs", [Value::Number(Numeric::Int, n, 1)]) => Value::nat(n.checked_abs()?),
        ("Int.toNat", [Value::Number(Numeric::Int, n, 1)]) => Value::nat((*n).max(0)),
        ("min" | "Nat.min", [a, b]) => {
            if compare(a, b)?.is_le() {
                a.clone()
            } else {
                b.clone()
            }
        }
        ("max" | "Nat.max", [a, b]) => {
            if compare(a, b)?.is_le() {
                b.clone()
            } else {
                a.clone()
            }
        }
        ("Nat.gcd", [Value::Number(Numeric::Nat, a, 1), Value::Number(Numeric::Nat, b, 1)]) => Value::nat(gcd(*a, *b)?),
        ("Int.gcd", [Value::Number(Numeric::Int, a, 1), Value::Number(Numeric::Int, b, 1)]) => Value::nat(gcd(*a, *b)?),
        ("Nat.lcm", [Value::Number(Numeric::Nat, a, 1), Value::Number(Numeric::Nat, b, 1)]) => {
            Value::nat(if *a == 0 || *b == 0 { 0 } else { (a / gcd(*a, *b)?).checked_mul(*b)? })
        }
        _ => return None,
    })
}

fn option(machine: &Machine<'_>, method: &str, inner: Option<&Value>, rest: &[Value]) -> Option<Value> {
    Some(match (method, inner, rest) {
        ("isSome", inner, []) => Value::Truth(inner.is_some()),
        ("isNone", inner, []) => Value::Truth(inner.is_none()),
        ("getD", inner, [default]) => inner.unwrap_or(default).clone(),
        ("map", Some(inner), [f]) => optional(Some(&call(machine, f, &[inner])?)),
        ("bind", Some(inner), [f]) => call(machine, f, &[inner])?,
        ("filter", Some(inner), [p]) => optional(holds(machine, p, inner)?.then_some(inner)),
        ("map" | "bind" | "filter", None, [_]) => optional(None),
        ("or", Some(inner), [_]) => optional(Some(inner)),
        ("or", None, [other]) => other.clone(),
        _ => return None,
    })
}

fn list(machine: &Machine<'_>, method: &str, items: &[Value], rest: &[Value]) -> Option<Value> {
    Some(match (method, rest) {
        ("length", []) => Value::nat(items.len() as i128),
        ("reverse", []) => Value::List(items.iter().rev().cloned().collect()),
        ("isEmpty", []) => Value::Truth(items.is_empty()),
        ("head?", []) => optional(items.first()),
        ("getLast?", []) => optional(items.last()),
        ("tail", []) => Value::List(items.get(1..).unwrap_or_default().to_vec()),
        ("sum", []) => {
            let zero = match items.first() {
                Some(Value::Number(kind, ..)) => Value::Number(*kind, 0, 1),
                // The kind of an empty list's sum is not known here.
                _ => Value::nat(0),
            };
            items.iter().try_fold(zero, |sum, item| compute(Op::Add, &sum, item))?
        }
        ("Nodup", []) => {
            let mut distinct = true;
            for (i, item) in items.iter().enumerate() {
                distinct &= !member(item, &Value::List(items[i + 1..].to_vec()))?;
            }
            Value::Truth(distinct)
        }
        ("flatten", []) => {
            let lists = items.iter().map(|item| if let Value::List(inner) = item { Some(inner.clone()) } else { None });
            Value::List(lists.collect::<Option<Vec<_>>>()?.concat())
        }
        ("take", [n]) => Value::List(items.iter().take(size(n)?).cloned().collect()),
        ("drop", [n]) => Value::List(items.iter().skip(size(n)?).cloned().collect()),
        ("map", [f]) => Value::List(items.iter().map(|item| call(machine, f, &[item])).collect::<Option<_>>()?),
        ("flatMap", [f]) => {
            list(machine, "flatten", &items.iter().map(|item| call(machine, f, &[item])).collect::<Option<Vec<_>>>()?, &[])?
        }
        ("filter", [p]) => Value::List(selected(machine, items, p)?),
        ("countP", [p]) => Value::nat(selected(machine, items, p)?.len() as i128),
        ("any", [p]) => Value::Truth(!selected(machine, items, p)?.is_empty()),
        ("all", [p]) => Value::Truth(selected(machine, items, p)?.len() == items.len()),
        ("takeWhile", [p]) => Value::List(items[..prefix(machine, items, p)?].to_vec()),
        ("dropWhile", [p]) => Value::List(items[prefix(machine, items, p)?..].to_vec()),
        ("count", [value]) => {
            let mut count = 0;
            for item in items {
                count += i128::from(equal(item, value)?);
            }
            Value::nat(count)
        }
        ("contains", [value]) => Value::Truth(member(value, &Value::List(items.to_vec()))?),
        ("zip", [Value::List(other)]) => {
            Value::List(items.iter().zip(other).map(|(a, b)| Value::Pair(Box::new((a.clone(), b.clone())))).collect())
        }
        ("foldr", [f, start]) => items.iter().rev().try_fold(start.clone(), |sum, item| call(machine, f, &[item, &sum]))?,
        ("foldl", [f, start]) => items.iter().try_fold(start.clone(), |sum, item| call(machine, f, &[&sum, item]))?,
        _ => return None,
    })
}

fn selected(machine: &Machine<'_>, items: &[Value], predicate: &Value) -> Option<Vec<Value>> {
    let mut found = Vec::new();
    for item in items {
        if holds(machine, predicate, item)? {
            found.push(item.clone());
        }
    }
    Some(found)
}

/// The length of the longest prefix on which a predicate holds.
fn prefix(machine: &Machine<'_>, items: &[Value], predicate: &Value) -> Option<usize> {
    for (i, item) in items.iter().enumerate() {
        if !holds(machine, predicate, item)? {
            return Some(i);
        }
    }
    Some(items.len())
}
