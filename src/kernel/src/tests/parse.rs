//! A small notation for terms, so that tests can be read.
//!
//! `fun (x : A) => t`, `∀ {x : A}, t`, `A → B`, `let x : A := v; t`, `proj S 0 t`, `c.{u, 1}`, `Sort u`, `Type 1`, `Prop`, numbers, strings. A level is
//! a parameter, a number, `u+1`, `max u v` or `imax u v` with brackets where needed.

use crate::term::{Binder, BinderInfo, Expr, Level, Terms};
use num_bigint::BigUint;

pub(super) fn parse(terms: &mut Terms, text: &str) -> Expr {
    let mut parser = Parser { terms, tokens: tokens(text), at: 0, scope: Vec::new() };
    let e = parser.term();
    assert_eq!(parser.at, parser.tokens.len(), "left over in {text:?}: {:?}", &parser.tokens[parser.at..]);
    e
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let fixed = ["=>", ":=", ".{"].into_iter().find(|t| rest.starts_with(t));
        let length = match fixed {
            Some(token) => token.len(),
            None if first == '"' => rest[1..].find('"').expect("a string ends") + 2,
            None if is_word(first) => {
                let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                word - usize::from(rest[..word].ends_with('.'))
            }
            None => first.len_utf8(),
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && c != 'λ' || "_.'₁₂".contains(c)
}

struct Parser<'t> {
    terms: &'t mut Terms,
    tokens: Vec<String>,
    at: usize,
    scope: Vec<String>,
}

impl Parser<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.tokens[self.at - 1].clone()
    }

    fn eat(&mut self, token: &str) -> bool {
        let there = self.peek() == token;
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, token: &str) {
        assert!(self.eat(token), "expected {token:?} before {:?}", &self.tokens[self.at..]);
    }

    fn term(&mut self) -> Expr {
        if self.eat("fun") {
            return self.binders("=>", Terms::mk_lam);
        }
        if self.eat("∀") {
            return self.binders(",", Terms::mk_forall);
        }
        if self.eat("let") {
            let name = self.next();
            self.expect(":");
            let ty = self.term();
            self.expect(":=");
            let value = self.term();
            self.expect(";");
            let body = self.under(&name, Self::term);
            let name = self.terms.mk_name(&name);
            return self.terms.mk_let(name, ty, value, body, false);
        }
        let domain = self.application();
        if self.eat("→") {
            let body = self.under("_", Self::term);
            return self.terms.mk_forall(Binder::plain(domain), body);
        }
        domain
    }

    fn under<T>(&mut self, name: &str, parse: impl FnOnce(&mut Self) -> T) -> T {
        self.scope.push(name.to_owned());
        let result = parse(self);
        self.scope.pop();
        result
    }

    fn binders(&mut self, end: &str, mk: fn(&mut Terms, Binder, Expr) -> Expr) -> Expr {
        let info = match self.next().as_str() {
            "(" => BinderInfo::Default,
            "{" => BinderInfo::Implicit,
            "[" => BinderInfo::InstImplicit,
            other => panic!("expected a binder, found {other:?}"),
        };
        let text = self.next();
        self.expect(":");
        let ty = self.term();
        self.at += 1;
        let body = self.under(&text, |p| if p.eat(end) { p.term() } else { p.binders(end, mk) });
        let name = self.terms.mk_name(&text);
        mk(self.terms, Binder { name, info, ty }, body)
    }

    fn application(&mut self) -> Expr {
        let mut e = self.atom().expect("a term");
        while let Some(argument) = self.atom() {
            e = self.terms.mk_app(e, argument);
        }
        e
    }

    fn atom(&mut self) -> Option<Expr> {
        let token = self.peek().to_owned();
        let first = token.chars().next()?;
        if self.eat("(") {
            let e = self.term();
            self.expect(")");
            return Some(e);
        }
        if first == '"' {
            self.at += 1;
            return Some(self.terms.mk_str_lit(token.trim_matches('"')));
        }
        if !is_word(first) {
            return None;
        }
        self.at += 1;
        if first.is_ascii_digit() {
            let value: BigUint = token.parse().expect("a number");
            return Some(self.terms.mk_nat_lit(value));
        }
        Some(match token.as_str() {
            "Prop" => Expr::PROP,
            "Sort" => {
                let level = self.level_atom();
                self.terms.mk_sort(level)
            }
            "Type" => {
                let level = self.level_atom();
                let level = self.terms.mk_level_succ(level);
                self.terms.mk_sort(level)
            }
            "proj" => {
                let structure = self.next();
                let structure = self.terms.mk_name(&structure);
                let field = self.next().parse().expect("the number of a field");
                let of = self.atom().expect("a term");
                self.terms.mk_proj(structure, field, of)
            }
            name => match self.scope.iter().rev().position(|bound| bound == name) {
                Some(index) => self.terms.mk_bvar(index as u32),
                None => self.constant(name),
            },
        })
    }

    fn constant(&mut self, name: &str) -> Expr {
        let mut levels = Vec::new();
        if self.eat(".{") {
            loop {
                levels.push(self.level());
                if !self.eat(",") {
                    break;
                }
            }
            self.expect("}");
        }
        let name = self.terms.mk_name(name);
        self.terms.mk_const(name, &levels)
    }

    fn level(&mut self) -> Level {
        if self.eat("max") {
            let (a, b) = (self.level_atom(), self.level_atom());
            return self.terms.mk_level_max(a, b);
        }
        if self.eat("imax") {
            let (a, b) = (self.level_atom(), self.level_atom());
            return self.terms.mk_level_imax(a, b);
        }
        self.level_atom()
    }

    fn level_atom(&mut self) -> Level {
        let mut level = if self.eat("(") {
            let level = self.level();
            self.expect(")");
            level
        } else {
            let token = self.next();
            match token.parse::<u32>() {
                Ok(n) => (0..n).fold(Level::ZERO, |level, _| self.terms.mk_level_succ(level)),
                Err(_) => {
                    let name = self.terms.mk_name(&token);
                    self.terms.mk_level_param(name)
                }
            }
        };
        while self.eat("+") {
            let n: u32 = self.next().parse().expect("a number");
            level = (0..n).fold(level, |level, _| self.terms.mk_level_succ(level));
        }
        level
    }
}
