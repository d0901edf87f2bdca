//! Reads terms: precedence climbing over the tokens of `prove-syntax`, with the precedences of Lean's library.

use super::term::{Bound, Op, Term, Type};
use crate::words;
use prove_syntax::TokenKind;

/// Nesting past which a text is not read.
const DEPTH: u32 = 80;

/// The term of a text, `None` unless all of it belongs to the language.
pub(crate) fn term(text: &str) -> Option<Term> {
    let tokens = words::code(text);
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
    let term = parser.term(0)?;
    (parser.at == tokens.len()).then_some(term)
}

/// The type of a text.
pub(crate) fn kind(text: &str) -> Option<Type> {
    Type::of(&term(text)?)
}

/// Left and right binding power and meaning of an infix operator.
fn infix(word: &str) -> Option<(u8, u8, Op)> {
    Some(match word {
        "↔" => (20, 21, Op::Iff),
        "→" => (26, 25, Op::Implies),
        "∨" => (31, 30, Op::Or),
        "||" => (30, 31, Op::BoolOr),
        "∧" => (36, 35, Op::And),
        "&&" => (35, 36, Op::BoolAnd),
        "×" => (36, 35, Op::Times),
        "=" => (51, 51, Op::Eq),
        "≠" => (51, 51, Op::Ne),
        "<" => (51, 51, Op::Lt),
        "≤" => (51, 51, Op::Le),
        ">" => (51, 51, Op::Gt),
        "≥" => (51, 51, Op::Ge),
        "∣" => (51, 51, Op::Dvd),
        "∈" => (51, 51, Op::In),
        "∉" => (51, 51, Op::NotIn),
        "==" => (51, 51, Op::BoolEq),
        "!=" => (51, 51, Op::BoolNe),
        "++" => (65, 66, Op::Append),
        "+" => (65, 66, Op::Add),
        "-" => (65, 66, Op::Sub),
        "::" => (68, 67, Op::Cons),
        "*" => (70, 71, Op::Mul),
        "/" => (70, 71, Op::Div),
        "%" => (70, 71, Op::Mod),
        "^" => (76, 75, Op::Pow),
        "∘" => (91, 90, Op::Compose),
        _ => return None,
    })
}

struct Parser<'a> {
    tokens: &'a [(TokenKind, &'a str)],
    at: usize,
    depth: u32,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &'a str {
        self.tokens.get(self.at).map_or("", |(_, word)| word)
    }

    fn next(&mut self) -> Option<(TokenKind, &'a str)> {
        let token = self.tokens.get(self.at).copied()?;
        self.at += 1;
        Some(token)
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.peek() == word;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        self.eat(word).then_some(())
    }

    fn term(&mut self, least: u8) -> Option<Term> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let mut left = self.prefixed()?;
        while let Some((power, right, op)) = infix(self.peek()) {
            if power < least {
                break;
            }
            self.at += 1;
            left = Term::Binary(op, Box::new(left), Box::new(self.term(right)?));
        }
        self.depth -= 1;
        Some(left)
    }

    fn prefixed(&mut self) -> Option<Term> {
        match self.peek() {
            "∀" | "∃" => {
                let all = self.next()?.1 == "∀";
                let bound = self.binders()?;
                self.expect(",")?;
                let body = Box::new(self.term(0)?);
                Some(if all { Term::All(bound, body) } else { Term::Some(bound, body) })
            }
            "fun" => {
                self.at += 1;
                let mut names = Vec::new();
                while let Some((TokenKind::Ident, name)) = self.next() {
                    names.push(name.to_owned());
                }
                // The arrow has been read.
                (self.tokens.get(self.at.checked_sub(1)?)?.1 == "=>").then_some(())?;
                Some(Term::Fun(names, Box::new(self.term(0)?)))
            }
            "if" => {
                self.at += 1;
                let condition = Box::new(self.term(0)?);
                self.expect("then")?;
                let yes = Box::new(self.term(0)?);
                self.expect("else")?;
                Some(Term::If(condition, yes, Box::new(self.term(0)?)))
            }
            "¬" => {
                self.at += 1;
                Some(Term::Not(Box::new(self.term(40)?)))
            }
            "!" => {
                self.at += 1;
                Some(Term::BoolNot(Box::new(self.term(90)?)))
            }
            "-" => {
                self.at += 1;
                Some(Term::Negative(Box::new(self.term(75)?)))
            }
            _ => self.application(),
        }
    }

    fn binders(&mut self) -> Option<Vec<Bound>> {
        let mut all = Vec::new();
        while self.eat("(") {
            let names = self.names();
            self.expect(":")?;
            let kind = Type::of(&self.term(0)?)?;
            self.expect(")")?;
            all.extend(names.into_iter().map(|name| Bound { name, kind: Some(kind.clone()), guard: None }));
        }
        if !all.is_empty() {
            return Some(all);
        }
        let names = self.names();
        let bound = |kind: Option<Type>, guard: Option<(Op, Term)>| {
            names.iter().map(|name| Bound { name: name.clone(), kind: kind.clone(), guard: guard.clone() }).collect()
        };
        if self.eat(":") {
            return Some(bound(Some(Type::of(&self.term(0)?)?), None));
        }
        match infix(self.peek()) {
            Some((_, right, op @ (Op::In | Op::Lt | Op::Le | Op::Gt | Op::Ge))) => {
                self.at += 1;
                let limit = self.term(right)?;
                Some(bound(None, Some((op, limit))))
            }
            _ => Some(bound(None, None)),
        }
    }

    fn names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Some((TokenKind::Ident, name)) = self.tokens.get(self.at) {
            names.push((*name).to_owned());
            self.at += 1;
        }
        names
    }

    fn application(&mut self) -> Option<Term> {
        let head = self.postfixed()?;
        let mut arguments = Vec::new();
        while self.starts_atom() {
            arguments.push(self.postfixed()?);
        }
        Some(match (head, arguments.is_empty()) {
            (head, true) => head,
            (head, false) => Term::App(Box::new(head), arguments),
        })
    }

    fn starts_atom(&self) -> bool {
        match self.tokens.get(self.at) {
            Some((TokenKind::Ident, word)) => !matches!(*word, "then" | "else" | "fun" | "if"),
            Some((TokenKind::Number, _)) => true,
            Some((TokenKind::Symbol, word)) => matches!(*word, "(" | "[" | "." | "↑"),
            _ => false,
        }
    }

    fn postfixed(&mut self) -> Option<Term> {
        let mut term = self.atom()?;
        loop {
            let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|t| t.1);
            if self.peek() == "." && matches!(before, Some(")" | "]" | "?")) {
                self.at += 1;
                for field in self.next()?.1.split('.') {
                    term = Term::Field(Box::new(term), field.to_owned());
                }
            } else if self.peek() == "[" && self.is_index() {
                self.at += 1;
                let index = self.term(0)?;
                self.expect("]")?;
                self.expect("?")?;
                term = Term::At(Box::new(term), Box::new(index));
            } else {
                return Some(term);
            }
        }
    }

    /// Whether the bracket here closes before a `?`: an index rather than a list as an argument.
    fn is_index(&self) -> bool {
        let mut depth = 0i32;
        for (i, (_, word)) in self.tokens[self.at..].iter().enumerate() {
            match *word {
                "[" | "(" => depth += 1,
                "]" | ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return self.tokens.get(self.at + i + 1).is_some_and(|t| t.1 == "?");
            }
        }
        false
    }

    fn atom(&mut self) -> Option<Term> {
        let (kind, word) = self.next()?;
        match kind {
            TokenKind::Number => word.parse().ok().map(Term::Number),
            TokenKind::Ident => {
                let mut parts = word.split('.');
                let first = parts.next()?;
                // `Nat.gcd` and the like are names as they stand.
                if first.starts_with(char::is_uppercase) && parts.clone().next().is_some() {
                    return Some(Term::Name(word.to_owned()));
                }
                Some(parts.fold(Term::Name(first.to_owned()), |term, field| Term::Field(Box::new(term), field.to_owned())))
            }
            _ => match word {
                "(" => {
                    let inner = self.term(0)?;
                    let term = if self.eat(":") {
                        Term::Ascribed(Box::new(inner), Type::of(&self.term(0)?)?)
                    } else if self.eat(",") {
                        Term::Pair(Box::new(inner), Box::new(self.term(0)?))
                    } else {
                        inner
                    };
                    self.expect(")")?;
                    Some(term)
                }
                "[" => {
                    let mut items = Vec::new();
                    while !self.eat("]") {
                        items.push(self.term(0)?);
                        if !self.eat(",") {
                            self.expect("]")?;
                            break;
                        }
                    }
                    Some(Term::List(items))
                }
                "." => Some(Term::Constructor(self.next()?.1.to_owned())),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) {
        assert_eq!(term(a).unwrap_or_else(|| panic!("{a} is not read")), term(b).unwrap_or_else(|| panic!("{b} is not read")));
    }

    #[test]
    fn precedences_are_leans() {
        same("¬ p ∧ q → r ∨ s ↔ t", "(((¬ p) ∧ q) → (r ∨ s)) ↔ t");
        same("a + b * c ^ d ^ e - f x = -x ^ 2", "((a + (b * (c ^ (d ^ e)))) - (f x)) = (-(x ^ 2))");
        same("p → q → r", "p → (q → r)");
        same("x :: xs ++ ys = zs", "((x :: xs) ++ ys) = zs");
        same("∀ x : Nat, p x → q x", "∀ x : Nat, ((p x) → (q x))");
        same("a && b || !c == d", "(a && b) || ((!c) == d)");
        same("f (xs.map g).length 2", "f ((xs.map g).length) 2");
    }

    #[test]
    fn what_is_not_in_the_language_is_not_read() {
        assert_eq!(term("x +"), None);
        assert_eq!(term("∑ i, f i"), None);
        assert_eq!(term(&"(".repeat(10_000)), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "[a-z0-9 ()\\[\\].,∀∃=+*^∣-]*") {
            let _ = term(&text);
        }
    }
}
