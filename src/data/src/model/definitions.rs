//! Definitions and types of a statement's own, read from their text: `def` by a term or by equations, `inductive` and `structure`.
//!
//! Each equation, constructor line and field stands on a line of its own, as the families write them.

use super::{
    parse,
    term::{Op, Term, Type},
    value::{Numeric, Value},
};
use crate::rng::Rng;
use std::collections::HashMap;

/// Past this depth random data takes constructors without data of its own type.
const DEPTH: u32 = 3;

/// What a pattern takes apart.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    Any,
    Bind(String),
    Literal(i128),
    Successor(Box<Pattern>, i128),
    Nil,
    Cons(Box<Pattern>, Box<Pattern>),
    Truth(bool),
    Nothing,
    Just(Box<Pattern>),
    Pair(Box<Pattern>, Box<Pattern>),
    Data(String, Vec<Pattern>),
}

/// A function.
#[derive(Clone, Debug)]
pub(crate) struct Defined {
    /// What comes before the colon.
    pub(crate) parameters: Vec<String>,
    /// What numerals among the arguments are.
    pub(crate) hints: Vec<Option<Numeric>>,
    pub(crate) result: Option<Numeric>,
    /// Patterns for the arguments after the parameters.
    pub(crate) equations: Vec<(Vec<Pattern>, Term)>,
}

impl Defined {
    /// How many arguments it takes before it computes.
    pub(crate) fn arity(&self) -> usize {
        self.parameters.len() + self.equations.first().map_or(0, |(patterns, _)| patterns.len())
    }
}

#[derive(Clone, Debug)]
struct Constructor {
    name: String,
    arguments: Vec<Type>,
}

/// All that a statement's header defines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Globals {
    functions: HashMap<String, Defined>,
    types: HashMap<String, Vec<Constructor>>,
    fields: HashMap<String, usize>,
}

impl Globals {
    /// Reads definitions. `None` if one cannot be read.
    pub(crate) fn new(texts: &[&str]) -> Option<Globals> {
        let mut globals = Globals::default();
        for text in texts {
            globals.read(text)?;
        }
        Some(globals)
    }

    pub(crate) fn function(&self, name: &str) -> Option<&Defined> {
        self.functions.get(name)
    }

    /// How many arguments a constructor of this name takes.
    pub(crate) fn constructor(&self, name: &str) -> Option<usize> {
        self.types.values().flatten().find(|c| c.name == name).map(|c| c.arguments.len())
    }

    /// Which argument of its structure a field is.
    pub(crate) fn field(&self, name: &str) -> Option<usize> {
        self.fields.get(name).copied()
    }

    /// A random value of a type.
    pub(crate) fn random(&self, kind: &str, rng: &mut Rng, env: &[(String, Value)], depth: u32) -> Option<Value> {
        let all = self.types.get(kind)?;
        let flat: Vec<_> = all.iter().filter(|c| !c.arguments.iter().any(|a| speaks_of(a, kind))).cloned().collect();
        let constructor = if depth >= DEPTH && !flat.is_empty() { rng.pick(&flat) } else { rng.pick(all) };
        let arguments = constructor.arguments.iter().map(|a| Value::random(a, rng, env, self, depth + 1)).collect::<Option<_>>()?;
        Some(Value::Data(constructor.name, arguments))
    }

    /// All values of an enumeration.
    pub(crate) fn all(&self, kind: &str) -> Option<Vec<Value>> {
        let constructors = self.types.get(kind)?;
        constructors
            .iter()
            .all(|c| c.arguments.is_empty())
            .then(|| constructors.iter().map(|c| Value::Data(c.name.clone(), Vec::new())).collect())
    }

    fn read(&mut self, text: &str) -> Option<()> {
        let mut lines = text.lines().map(str::trim);
        let head = lines.next()?;
        let (keyword, head) = head.split_once(' ')?;
        match keyword {
            "def" => self.function_from(head, lines),
            "inductive" => {
                let name = head.strip_suffix(" where")?;
                let constructor = |line: &str| {
                    let (name, kind) = line.strip_prefix("| ")?.split_once(" : ")?;
                    Some(Constructor { name: name.to_owned(), arguments: parse::kind(kind)?.signature().0 })
                };
                self.types.insert(name.to_owned(), lines.map(constructor).collect::<Option<_>>()?);
                Some(())
            }
            "structure" => {
                let name = head.strip_suffix(" where")?;
                let mut arguments = Vec::new();
                for line in lines {
                    let (field, kind) = line.split_once(" : ")?;
                    self.fields.insert(field.to_owned(), arguments.len());
                    arguments.push(parse::kind(kind)?);
                }
                self.types.insert(name.to_owned(), vec![Constructor { name: "mk".to_owned(), arguments }]);
                Some(())
            }
            _ => None,
        }
    }

    fn function_from<'a>(&mut self, head: &'a str, lines: impl Iterator<Item = &'a str>) -> Option<()> {
        let (head, value) = match head.split_once(" := ") {
            Some((head, value)) => (head, Some(value)),
            None => (head, None),
        };
        let (name, mut rest) = head.split_once(' ')?;
        let (mut parameters, mut hints) = (Vec::new(), Vec::new());
        while rest.starts_with('(') {
            let close = rest.find(')')?;
            let (names, kind) = rest[1..close].split_once(" : ")?;
            let kind = parse::kind(kind)?;
            for name in names.split_whitespace() {
                parameters.push(name.to_owned());
                hints.push(Numeric::of(&kind));
            }
            rest = rest[close + 1..].trim_start();
        }
        let (arguments, result) = parse::kind(rest.strip_prefix(": ")?)?.signature();
        hints.extend(arguments.iter().map(Numeric::of));
        let equations = match value {
            Some(value) => vec![(Vec::new(), parse::term(value)?)],
            None => lines.map(equation).collect::<Option<_>>()?,
        };
        self.functions.insert(name.to_owned(), Defined { parameters, hints, result: Numeric::of(&result), equations });
        Some(())
    }
}

fn speaks_of(kind: &Type, name: &str) -> bool {
    match kind {
        Type::Named(other) => other == name,
        Type::Arrow(a, b) | Type::Pair(a, b) => speaks_of(a, name) || speaks_of(b, name),
        Type::List(a) | Type::Option(a) => speaks_of(a, name),
        _ => false,
    }
}

fn equation(line: &str) -> Option<(Vec<Pattern>, Term)> {
    let (patterns, body) = line.strip_prefix("| ")?.split_once(" => ")?;
    // Patterns are the items of a list.
    let Term::List(items) = parse::term(&format!("[{patterns}]"))? else { return None };
    Some((items.iter().map(pattern).collect::<Option<_>>()?, parse::term(body)?))
}

fn pattern(term: &Term) -> Option<Pattern> {
    let boxed = |term: &Term| pattern(term).map(Box::new);
    Some(match term {
        Term::Name(name) => match name.as_str() {
            "_" => Pattern::Any,
            "true" => Pattern::Truth(true),
            "false" => Pattern::Truth(false),
            "none" => Pattern::Nothing,
            _ => Pattern::Bind(name.clone()),
        },
        Term::Number(n) => Pattern::Literal(*n),
        Term::List(items) if items.is_empty() => Pattern::Nil,
        Term::List(items) => items.iter().rev().try_fold(Pattern::Nil, |rest, item| Some(Pattern::Cons(boxed(item)?, Box::new(rest))))?,
        Term::Binary(Op::Cons, a, b) => Pattern::Cons(boxed(a)?, boxed(b)?),
        Term::Binary(Op::Add, a, b) => match b.as_ref() {
            Term::Number(n) => Pattern::Successor(boxed(a)?, *n),
            _ => return None,
        },
        Term::Pair(a, b) => Pattern::Pair(boxed(a)?, boxed(b)?),
        Term::Constructor(name) => Pattern::Data(name.clone(), Vec::new()),
        Term::App(head, arguments) => match (head.as_ref(), arguments.as_slice()) {
            (Term::Constructor(name), all) => Pattern::Data(name.clone(), all.iter().map(pattern).collect::<Option<_>>()?),
            (Term::Name(name), [inner]) if name == "some" => Pattern::Just(boxed(inner)?),
            _ => return None,
        },
        _ => return None,
    })
}

impl Pattern {
    /// Whether a value has this form; what it binds goes to `env`. `None` if that cannot be told.
    pub(crate) fn matches(&self, value: &Value, env: &mut Vec<(String, Value)>) -> Option<bool> {
        Some(match (self, value) {
            (Pattern::Any, _) => true,
            (Pattern::Bind(name), value) => {
                env.push((name.clone(), value.clone()));
                true
            }
            (Pattern::Literal(n), Value::Number(_, top, 1)) => n == top,
            (Pattern::Successor(rest, n), Value::Number(Numeric::Nat, top, 1)) => top >= n && rest.matches(&Value::nat(top - n), env)?,
            (Pattern::Nil, Value::List(items)) => items.is_empty(),
            (Pattern::Cons(head, tail), Value::List(items)) => match items.split_first() {
                Some((first, rest)) => head.matches(first, env)? && tail.matches(&Value::List(rest.to_vec()), env)?,
                None => false,
            },
            (Pattern::Truth(wanted), Value::Truth(found)) => wanted == found,
            (Pattern::Nothing, Value::Option(inner)) => inner.is_none(),
            (Pattern::Just(pattern), Value::Option(inner)) => match inner {
                Some(inner) => pattern.matches(inner, env)?,
                None => false,
            },
            (Pattern::Pair(a, b), Value::Pair(both)) => a.matches(&both.0, env)? && b.matches(&both.1, env)?,
            (Pattern::Data(name, patterns), Value::Data(constructor, arguments)) => {
                if name != constructor {
                    return Some(false);
                }
                for (pattern, argument) in patterns.iter().zip(arguments) {
                    if !pattern.matches(argument, env)? {
                        return Some(false);
                    }
                }
                patterns.len() == arguments.len()
            }
            _ => return None,
        })
    }
}
