//! From stored names, levels and expressions to terms of an arena.
//!
//! A stored term is a graph: shared subterms are stored once. So is the result, since the arena shares too, and a [`Memo`] keeps
//! what every address has become, so nothing is decoded twice. Nothing here recurses: the depth of a stored term is whatever the
//! file says.
//!
//! The cached hash and flags that Lean stores in names, levels and expressions are not looked at.

use crate::error::{Error, Result};
use crate::image::{Addr, Image, Value};
use crate::name::{Component, last_component};
use crate::object::Constructor;
use prove_kernel::term::{Binder, BinderInfo, Expr, Level, Levels, Name, Terms};
use rustc_hash::{FxHashMap, FxHashSet};

/// What the addresses of one image have become in one arena. Only ever use it with that image and that arena.
#[derive(Debug, Default)]
pub struct Memo {
    /// With the number of components.
    names: FxHashMap<Addr, (Name, u32)>,
    /// With the height.
    levels: FxHashMap<Addr, (Level, u32)>,
    level_lists: FxHashMap<Addr, Levels>,
    exprs: FxHashMap<Addr, Expr>,
    pub(crate) declarations: FxHashSet<Addr>,
    pub(crate) work: u64,
}

/// More components of a name, or constructors on top of each other in a universe level, than anything honest has. Names and
/// levels are hashed, rendered and computed with as a whole, so their size must not be the file's choice.
const MAX_HEIGHT: u32 = 1000;

/// Decodes from one image into one arena.
#[derive(Debug)]
pub struct Decoder<'a> {
    pub(crate) image: &'a Image,
    pub(crate) memo: &'a mut Memo,
    /// The arena.
    pub terms: &'a mut Terms,
}

fn damaged<T>(at: Addr, what: &'static str) -> Result<T> {
    Err(Error::Damaged { at: at.0, what })
}

impl<'a> Decoder<'a> {
    /// A decoder that goes on where the memo left off.
    pub fn new(image: &'a Image, memo: &'a mut Memo, terms: &'a mut Terms) -> Decoder<'a> {
        Decoder { image, memo, terms }
    }

    /// Accounts for work that sharing does not bound: a list or a string is walked again for everything that points to it. Lean
    /// stores equal objects once, so that an honest file asks for a small multiple of its own size.
    pub(crate) fn charge(&mut self, work: usize) -> Result<()> {
        self.memo.work = self.memo.work.saturating_add(work as u64);
        if self.memo.work > (1 << 20) + 16 * self.image.byte_count() { Err(Error::TooMuchWork) } else { Ok(()) }
    }

    /// A name.
    pub fn name(&mut self, name: Value, holder: Addr) -> Result<Name> {
        let mut pending = Vec::new();
        let mut at = name;
        let mut built = loop {
            let Some((addr, prefix, component)) = last_component(self.image, at, holder)? else { break (Name::ANONYMOUS, 0) };
            if let Some(known) = self.memo.names.get(&addr) {
                break *known;
            }
            pending.push((addr, component));
            at = prefix;
        };
        for (addr, component) in pending.into_iter().rev() {
            let (prefix, height) = built;
            if height >= MAX_HEIGHT {
                return Err(Error::OutOfRange { at: addr.0, what: "components of a name" });
            }
            let name = match component {
                Component::Str(text) => {
                    self.charge(text.len())?;
                    self.terms.mk_name_str(prefix, text)
                }
                Component::Num(number) => self.terms.mk_name_num(prefix, number),
            };
            built = (name, height + 1);
            self.memo.names.insert(addr, built);
        }
        Ok(built.0)
    }

    /// The elements of a list, as stored.
    pub(crate) fn list(&mut self, list: Value, holder: Addr) -> Result<Vec<Value>> {
        let mut elements = Vec::new();
        let mut at = list;
        let mut holder = holder;
        loop {
            match at {
                Value::Scalar(0) => return Ok(elements),
                Value::Scalar(_) => return damaged(holder, "expected a list"),
                Value::Object(addr) => {
                    let node = self.image.constructor(at, holder)?;
                    if node.tag() != 1 {
                        return damaged(addr, "expected a list");
                    }
                    let [head, tail] = node.fields()?;
                    self.charge(size_of::<Value>())?;
                    elements.push(head);
                    (at, holder) = (tail, addr);
                }
            }
        }
    }

    /// A list of names.
    pub(crate) fn names(&mut self, list: Value, holder: Addr) -> Result<Vec<Name>> {
        self.list(list, holder)?.into_iter().map(|name| self.name(name, holder)).collect()
    }

    /// A universe level.
    pub fn level(&mut self, level: Value, holder: Addr) -> Result<Level> {
        let mut stack = match self.known_level(level, holder)? {
            Ok((known, _)) => return Ok(known),
            Err(addr) => vec![addr],
        };
        let mut last = Level::ZERO;
        while let Some(&addr) = stack.last() {
            if let Some((known, _)) = self.memo.levels.get(&addr) {
                last = *known;
                stack.pop();
            } else if let Some((built, height)) = self.build_level(addr, &mut stack)? {
                if height > MAX_HEIGHT {
                    return Err(Error::OutOfRange { at: addr.0, what: "the height of a universe level" });
                }
                self.memo.levels.insert(addr, (built, height));
            }
        }
        Ok(last)
    }

    /// The level and its height, or the address still to be decoded.
    fn known_level(&self, level: Value, holder: Addr) -> Result<std::result::Result<(Level, u32), Addr>> {
        match level {
            Value::Scalar(0) => Ok(Ok((Level::ZERO, 0))),
            Value::Scalar(_) => damaged(holder, "expected a level"),
            Value::Object(addr) => Ok(self.memo.levels.get(&addr).copied().ok_or(addr)),
        }
    }

    /// The level at an address and its height, or `None` where what it needs was put on the stack.
    fn build_level(&mut self, addr: Addr, stack: &mut Vec<Addr>) -> Result<Option<(Level, u32)>> {
        let node = self.image.constructor(Value::Object(addr), addr)?;
        let mut need = |decoder: &Self, field: usize| -> Result<Option<(Level, u32)>> {
            match decoder.known_level(node.field(field)?, addr)? {
                Ok(known) => Ok(Some(known)),
                Err(missing) => {
                    stack.push(missing);
                    Ok(None)
                }
            }
        };
        match node.tag() {
            0 => Ok(Some((Level::ZERO, 0))),
            1 => Ok(need(self, 0)?.map(|(level, height)| (self.terms.mk_level_succ(level), height + 1))),
            tag @ (2 | 3) => {
                let (Some((a, a_height)), Some((b, b_height))) = (need(self, 0)?, need(self, 1)?) else { return Ok(None) };
                let built = if tag == 2 { self.terms.mk_level_max(a, b) } else { self.terms.mk_level_imax(a, b) };
                Ok(Some((built, a_height.max(b_height) + 1)))
            }
            4 => {
                let name = self.name(node.field(0)?, addr)?;
                Ok(Some((self.terms.mk_level_param(name), 0)))
            }
            5 => Err(Error::OpenTerm { at: addr.0, what: "a universe metavariable" }),
            _ => damaged(addr, "expected a level"),
        }
    }

    fn level_list(&mut self, list: Value, holder: Addr) -> Result<Levels> {
        let Value::Object(addr) = list else { return self.list(list, holder).map(|_| Levels::EMPTY) };
        if let Some(known) = self.memo.level_lists.get(&addr) {
            return Ok(*known);
        }
        let levels: Vec<Level> = self.list(list, holder)?.into_iter().map(|level| self.level(level, addr)).collect::<Result<_>>()?;
        let built = self.terms.mk_levels(&levels);
        self.memo.level_lists.insert(addr, built);
        Ok(built)
    }

    /// An expression.
    pub fn expr(&mut self, expr: Value, holder: Addr) -> Result<Expr> {
        let mut stack = match expr {
            Value::Object(addr) => vec![addr],
            Value::Scalar(_) => return damaged(holder, "expected an expression"),
        };
        let mut last = Expr::PROP;
        while let Some(&addr) = stack.last() {
            if let Some(known) = self.memo.exprs.get(&addr) {
                last = *known;
                stack.pop();
            } else if let Some(built) = self.build_expr(addr, &mut stack)? {
                self.memo.exprs.insert(addr, built);
            }
        }
        Ok(last)
    }

    /// The expression at an address, or `None` where what it needs was put on the stack.
    fn build_expr(&mut self, addr: Addr, stack: &mut Vec<Addr>) -> Result<Option<Expr>> {
        let node = self.image.constructor(Value::Object(addr), addr)?;
        let mut need = |decoder: &Self, field: usize| -> Result<Option<Expr>> {
            let Value::Object(child) = node.field(field)? else { return damaged(addr, "expected an expression") };
            let known = decoder.memo.exprs.get(&child).copied();
            if known.is_none() {
                stack.push(child);
            }
            Ok(known)
        };
        let built = match node.tag() {
            0 => {
                let index = self.small(node.field(0)?, addr, "the index of a bound variable")?;
                self.terms.mk_bvar(index)
            }
            1 => return Err(Error::OpenTerm { at: addr.0, what: "a free variable" }),
            2 => return Err(Error::OpenTerm { at: addr.0, what: "a metavariable" }),
            3 => {
                let level = self.level(node.field(0)?, addr)?;
                self.terms.mk_sort(level)
            }
            4 => {
                let name = self.name(node.field(0)?, addr)?;
                let levels = self.level_list(node.field(1)?, addr)?;
                self.terms.mk_const_at(name, levels)
            }
            5 => {
                let (Some(function), Some(argument)) = (need(self, 0)?, need(self, 1)?) else { return Ok(None) };
                self.terms.mk_app(function, argument)
            }
            tag @ (6 | 7) => {
                let (Some(ty), Some(body)) = (need(self, 1)?, need(self, 2)?) else { return Ok(None) };
                let binder = Binder { name: self.name(node.field(0)?, addr)?, info: binder_info(&node)?, ty };
                if tag == 6 { self.terms.mk_lam(binder, body) } else { self.terms.mk_forall(binder, body) }
            }
            8 => {
                let (Some(ty), Some(value), Some(body)) = (need(self, 1)?, need(self, 2)?, need(self, 3)?) else {
                    return Ok(None);
                };
                let name = self.name(node.field(0)?, addr)?;
                self.terms.mk_let(name, ty, value, body, node.flag(AFTER_DATA)?)
            }
            9 => self.literal(node.field(0)?, addr)?,
            10 => {
                let Some(inner) = need(self, 1)? else { return Ok(None) };
                self.terms.mk_mdata(inner)
            }
            11 => {
                let Some(of) = need(self, 2)? else { return Ok(None) };
                let structure = self.name(node.field(0)?, addr)?;
                let field = self.small(node.field(1)?, addr, "the index of a field")?;
                self.terms.mk_proj(structure, field, of)
            }
            _ => return damaged(addr, "expected an expression"),
        };
        Ok(Some(built))
    }

    fn literal(&mut self, literal: Value, holder: Addr) -> Result<Expr> {
        let node = self.image.constructor(literal, holder)?;
        let [value] = node.fields()?;
        match node.tag() {
            0 => {
                let number = self.image.nat(value)?;
                self.charge((number.bits() / 8) as usize)?;
                Ok(self.terms.mk_nat_lit(number))
            }
            1 => {
                let text = self.image.str(value, node.addr())?;
                self.charge(text.len())?;
                Ok(self.terms.mk_str_lit(text))
            }
            _ => damaged(node.addr(), "expected a literal"),
        }
    }

    /// A natural number that counts something.
    pub(crate) fn small(&self, value: Value, holder: Addr, what: &'static str) -> Result<u32> {
        let number = match value {
            Value::Scalar(small) => u32::try_from(small).ok(),
            Value::Object(_) => u32::try_from(self.image.nat(value)?).ok(),
        };
        number.ok_or(Error::OutOfRange { at: holder.0, what })
    }
}

/// Scalar fields of an expression begin with its cached data, eight bytes.
const AFTER_DATA: usize = 8;

fn binder_info(node: &Constructor<'_>) -> Result<BinderInfo> {
    Ok(match node.byte(AFTER_DATA)? {
        0 => BinderInfo::Default,
        1 => BinderInfo::Implicit,
        2 => BinderInfo::StrictImplicit,
        3 => BinderInfo::InstImplicit,
        _ => return damaged(node.addr(), "expected a binder info"),
    })
}
