//! A decoder with a second graph that drafts (multi-token prediction, DeepSeek-V3, arXiv 2412.19437, section 2.2).
//!
//! [`Drafting::step_ahead`] reads each row's token and, where there is one, a draft of the token after it, and gives logits behind both. If
//! the token that is drawn from the first is the draft, the second are those of the token after it, and one step gave two.
//! [`Drafting::draft`] then takes what was drawn and gives logits for the drafts of the next step.
//!
//! The second graph's keys and values stand beside the model's, as tensors after them. Place `t` is of the tokens at `t` and `t + 1`, so
//! where a row was copied from one that goes on differently, the last place is of another token. A draft may be worse for it. What is
//! drawn is not: drafts decide what is computed in advance, and nothing else.

use super::{
    Cache, Decoder, Shape,
    copier::Copier,
    layout::{Interface, Layout},
    shared::Shared,
};
use crate::{
    ModelError,
    folder::Folder,
    runtime::{Binding, Element, Failure, Host, Interrupt, Session, SessionOptions, name},
};
use std::{path::Path, time::Duration};

pub(crate) struct Drafting {
    shared: Shared,
    session: Session,
    interface: Interface,
    /// Elements of what the model's last layer computes of a token.
    hidden: usize,
    /// What steps of one and of two tokens a row bound, if rows and cache are still the same.
    steps: [Option<Step>; 2],
    /// Which of them was the last.
    width: usize,
}

/// A step of both graphs over the same rows, with as many tokens each.
struct Step {
    rows: usize,
    model: Pass,
    draft: Pass,
    /// What the one leaves for the other.
    _hidden: Host<f32>,
}

/// Inputs and outputs of one graph; only their contents change.
struct Pass {
    binding: Binding,
    ids: Host<i64>,
    last_positions: Host<i32>,
    total: Host<i32>,
    new_tokens: Host<i32>,
    logits_at: Host<i64>,
    logits: Host<f32>,
}

/// Which graph a pass is of.
enum Part<'a> {
    Model,
    Draft(&'a Session, &'a Interface),
}

impl Pass {
    /// A pass of `width` tokens over `count` rows from `row` on, with logits at so many places.
    fn new(
        shared: &Shared,
        part: &Part<'_>,
        (row, count, width): (usize, usize, usize),
        places: usize,
        hidden: &Host<f32>,
    ) -> Result<Self, Failure> {
        let (session, interface, first) = match part {
            Part::Model => (&shared.session, &shared.interface, 0),
            Part::Draft(session, interface) => (*session, *interface, shared.interface.caches.len()),
        };
        let mut pass = Pass {
            binding: Binding::new(session)?,
            ids: Host::new(&[count, width])?,
            last_positions: Host::new(&[count])?,
            total: Host::new(&[])?,
            new_tokens: Host::new(&[count])?,
            logits_at: Host::new(&[places])?,
            logits: Host::new(&[places, shared.shape.vocab])?,
        };
        let Pass { binding, ids, last_positions, total, new_tokens, logits_at, logits } = &mut pass;
        shared.bind_cache(binding, interface, first, row, count)?;
        binding.input(&interface.input_ids, ids)?;
        binding.input(&interface.seqlens_k, last_positions)?;
        binding.input(&interface.total_sequence_length, total)?;
        binding.input(interface.places(), logits_at)?;
        if let Some(name) = &interface.query_seqlens {
            binding.input(name, new_tokens)?;
        }
        binding.output(&interface.logits, logits)?;
        match part {
            Part::Model => binding.output(&name("hidden"), hidden)?,
            Part::Draft(..) => binding.input(&name("hidden"), hidden)?,
        }
        Ok(pass)
    }

    /// Sets the tokens of a row and how many positions it has before them.
    fn set(&mut self, row: usize, tokens: &[u32], before: usize) {
        let width = self.ids.len() / self.new_tokens.len();
        for (id, &token) in self.ids[row * width..].iter_mut().zip(tokens) {
            *id = i64::from(token);
        }
        self.new_tokens[row] = tokens.len() as i32;
        self.last_positions[row] = (before + tokens.len()) as i32 - 1;
        self.total[0] = self.last_positions.iter().max().map_or(0, |last| last + 1);
    }
}

impl Drafting {
    /// Whether a graph is one that drafts can be made for, or the graph that makes them.
    pub(super) fn understands(interface: &Interface) -> bool {
        let single = matches!(interface.hidden, Some((Element::Float32, _))) && interface.logits_element == Element::Float32;
        single && interface.layout == Layout::Packed && interface.logits_at.is_some() && interface.query_seqlens.is_some()
    }

    pub(super) fn new(
        session: Session,
        copier: Copier,
        interface: Interface,
        mut shape: Shape,
        graph: &Path,
        folder: &Folder,
        options: &SessionOptions,
    ) -> Result<Self, ModelError> {
        let second = Session::open(graph, options)?;
        let bad = |detail: String| ModelError::File { path: graph.to_owned(), detail };
        let own = Interface::of_draft(&second, folder).map_err(bad)?;
        let hidden = own.hidden.filter(|_| Drafting::understands(&own) && own.hidden == interface.hidden);
        let (_, hidden) = hidden
            .filter(|_| own.cache_element == interface.cache_element)
            .ok_or_else(|| bad("it does not take what the model's graph gives: they are not of one export".to_owned()))?;
        shape.heads.extend(own.shape(shape.context).heads);
        let shared = Shared::new(session, copier, interface, shape);
        Ok(Drafting { shared, session: second, interface: own, hidden, steps: [None, None], width: 1 })
    }

    /// A step of two rows, one of them with a draft.
    pub(super) fn try_out(&mut self) -> Result<(), Failure> {
        self.reserve(2, self.shared.shape.context.min(4))?;
        for _ in 0..2 {
            self.begin();
            self.commit();
        }
        self.step_ahead(&[0, 0], &[Some(0), None])?;
        let finite = self.draft(&[vec![0, 0], vec![0]])?.iter().all(|logit| logit.is_finite());
        self.clear();
        if finite { Ok(()) } else { Err(Failure("the logits of its drafts are not numbers".to_owned())) }
    }

    /// Tokens of a row in such a step, of which only the first is known to belong there.
    pub(crate) fn width(drafts: &[Option<u32>]) -> usize {
        if drafts.iter().any(Option::is_some) { 2 } else { 1 }
    }

    /// Reads each row's next token, and the draft of the one after it where there is one. Returns as many logits a row as [`Self::width`]
    /// says. Rows stay as long as they are until [`Self::draft`].
    pub(crate) fn step_ahead(&mut self, tokens: &[u32], drafts: &[Option<u32>]) -> Result<&[f32], Failure> {
        let (rows, width) = (self.shared.lengths.len(), Drafting::width(drafts));
        let longest = self.shared.lengths.iter().copied().max().unwrap_or(0);
        if longest + width > self.shared.room().1 || tokens.len() != rows {
            return Err(Failure(format!("a step past the {} positions of the cache", self.shared.room().1)));
        }
        let mut step = match self.steps[width - 1].take().filter(|step| step.rows == rows) {
            Some(step) => step,
            None => self.new_step(rows, width)?,
        };
        for (row, (&token, draft)) in tokens.iter().zip(drafts).enumerate() {
            let tokens: Vec<u32> = [Some(token), *draft].into_iter().flatten().collect();
            step.model.set(row, &tokens, self.shared.lengths[row]);
        }
        self.shared.session.run(&step.model.binding)?;
        self.width = width;
        Ok(&self.steps[width - 1].insert(step).model.logits)
    }

    /// Makes each row longer by the tokens that the last step read and that were right: as many as were drawn from its logits. Returns the
    /// logits of a draft for each row, of the token after the last one drawn.
    pub(crate) fn draft(&mut self, drawn: &[Vec<u32>]) -> Result<&[f32], Failure> {
        let width = self.width;
        let Some(mut step) = self.steps[width - 1].take() else { return Err(Failure("a draft without a step".to_owned())) };
        for (row, (tokens, length)) in drawn.iter().zip(&mut self.shared.lengths).enumerate() {
            step.draft.set(row, tokens, *length);
            step.draft.logits_at[row] = (row * width + tokens.len()) as i64 - 1;
            *length += tokens.len();
        }
        self.session.run(&step.draft.binding)?;
        Ok(&self.steps[width - 1].insert(step).draft.logits)
    }

    fn new_step(&self, rows: usize, width: usize) -> Result<Step, Failure> {
        let hidden = Host::new(&[rows, width, self.hidden])?;
        let mut model = Pass::new(&self.shared, &Part::Model, (0, rows, width), rows * width, &hidden)?;
        for (at, place) in model.logits_at.iter_mut().zip(0..) {
            *at = place;
        }
        let draft = Pass::new(&self.shared, &Part::Draft(&self.session, &self.interface), (0, rows, width), rows, &hidden)?;
        Ok(Step { rows, model, draft, _hidden: hidden })
    }

    /// Forgets what was bound to memory that is no longer the cache.
    fn rebind(&mut self, room: (usize, usize)) {
        if self.shared.room() != room {
            self.steps = [None, None];
        }
    }
}

impl Decoder for Drafting {
    fn shape(&self) -> &Shape {
        self.shared.shape()
    }

    fn bytes(&self, rows: usize, length: usize) -> u64 {
        self.shared.bytes(rows, length)
    }

    fn row_bytes(&self, length: usize) -> u64 {
        self.shared.row_bytes(length)
    }

    fn held(&self) -> u64 {
        self.shared.held()
    }

    fn reserve(&mut self, rows: usize, length: usize) -> Result<(), Failure> {
        let room = self.shared.room();
        let reserved = self.shared.reserve(rows, length);
        self.rebind(room);
        reserved
    }

    fn shrink(&mut self) -> Result<(), Failure> {
        let room = self.shared.room();
        let shrunk = self.shared.shrink();
        self.rebind(room);
        shrunk
    }

    fn begin(&mut self) {
        self.shared.begin();
    }

    fn load(&mut self, parts: &[(&Cache, usize)]) -> Result<(), Failure> {
        self.shared.load(parts)
    }

    fn fork(&mut self, row: usize, length: usize) -> Result<(), Failure> {
        self.shared.fork(row, length)
    }

    fn prefill(&mut self, tokens: &[u32], next: u32) -> Result<(), Failure> {
        let (row, before) = (self.shared.lengths.len(), self.shared.staged.unwrap_or(0));
        let hidden = Host::new(&[1, tokens.len(), self.hidden])?;
        let mut model = Pass::new(&self.shared, &Part::Model, (row, 1, tokens.len()), 1, &hidden)?;
        model.set(0, tokens, before);
        self.shared.session.run(&model.binding)?;
        let part = Part::Draft(&self.session, &self.interface);
        let mut draft = Pass::new(&self.shared, &part, (row, 1, tokens.len()), 1, &hidden)?;
        draft.set(0, &[&tokens[1..], &[next]].concat(), before);
        self.session.run(&draft.binding)?;
        self.shared.staged = Some(before + tokens.len());
        Ok(())
    }

    fn commit(&mut self) {
        self.shared.commit();
    }

    fn abandon(&mut self) {
        self.shared.abandon();
    }

    fn remove(&mut self, row: usize) -> Result<(), Failure> {
        self.shared.remove(row)
    }

    fn clear(&mut self) {
        self.shared.clear();
        self.steps = [None, None];
    }

    fn save(&mut self, row: usize, start: usize, length: usize) -> Result<Cache, Failure> {
        self.shared.save(row, start, length)
    }

    fn step(&mut self, tokens: &[u32]) -> Result<&[f32], Failure> {
        self.shared.step(tokens)
    }

    fn drafting(&mut self) -> Option<&mut Drafting> {
        Some(self)
    }

    fn interrupt(&self) -> Interrupt {
        self.shared.interrupt()
    }

    fn busy(&self) -> Duration {
        self.shared.busy() + self.session.busy()
    }
}
