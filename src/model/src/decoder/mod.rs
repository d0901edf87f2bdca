//! Decoders: a graph, and the keys and values of the rows it is decoding.
//!
//! A row is one sample under way. Rows are numbered from 0 without gaps; each [`Decoder::step`] gives every row one token and returns
//! the logits that follow it. New rows are built aside, as the *staged* row: [`Decoder::begin`], then any of [`Decoder::load`],
//! [`Decoder::fork`] and [`Decoder::prefill`], then [`Decoder::commit`]. The last token of a prompt is not prefilled but goes through
//! the row's first step, so that prefilling needs no logits.
//!
//! How a graph takes its cache is found out from its inputs and by trying ([`layout`]), not from file names. [`shared`] is for graphs
//! that write into a buffer of fixed length, [`grown`] for graphs that return a cache longer by the new tokens. [`drafting`] adds to the
//! former a second graph that drafts the token after the next.

mod cache;
mod copier;
mod drafting;
mod grown;
mod layout;
mod logits;
mod shared;

pub(crate) use cache::Cache;

use crate::{
    Device, EngineOptions, ModelError,
    folder::Folder,
    runtime::{Element, Failure, Interrupt, Joiner, Session, SessionOptions},
};
use copier::Copier;
pub(crate) use drafting::Drafting;
use grown::Grown;
use layout::{Interface, Layout};
use shared::Shared;
use std::time::Duration;

/// Sizes of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Key/value heads and head size of each cache tensor: keys and values of each layer. With latent attention they differ.
    pub(crate) heads: Vec<(usize, usize)>,
    /// Bytes of a cache element: 4 or 2.
    pub(crate) element_bytes: usize,
    /// Logits per token.
    pub(crate) vocab: usize,
    /// Most positions of a row.
    pub(crate) context: usize,
}

impl Shape {
    /// Bytes of one position of one row, over all layers.
    pub(crate) fn position_bytes(&self) -> u64 {
        (0..self.heads.len()).map(|tensor| self.tensor_bytes(tensor, 1, 1) as u64).sum()
    }

    /// Bytes of one cache tensor.
    fn tensor_bytes(&self, tensor: usize, rows: usize, length: usize) -> usize {
        rows * self.heads[tensor].0 * length * self.heads[tensor].1 * self.element_bytes
    }

    /// The same rounded up to a multiple of what kernels want tensors to be aligned to.
    fn aligned_bytes(&self, tensor: usize, rows: usize, length: usize) -> usize {
        self.tensor_bytes(tensor, rows, length).next_multiple_of(256)
    }

    /// Bytes of all cache tensors, one after the other.
    fn cache_bytes(&self, rows: usize, length: usize) -> usize {
        (0..self.heads.len()).map(|tensor| self.aligned_bytes(tensor, rows, length)).sum()
    }
}

/// A graph with its rows. Positions of a row are counted from 0; its length is the number of positions that hold keys and values.
pub(crate) trait Decoder: Send {
    fn shape(&self) -> &Shape;

    /// Bytes of the cache once it holds `rows` rows, the staged one counted, of up to `length` positions.
    fn bytes(&self, rows: usize, length: usize) -> u64;

    /// Bytes of the cache for one row of `length` positions and nothing else, with none to spare.
    fn row_bytes(&self, length: usize) -> u64;

    /// Bytes of the cache now.
    fn held(&self) -> u64;

    /// Makes room for `rows` rows, the staged one counted, of up to `length` positions.
    fn reserve(&mut self, rows: usize, length: usize) -> Result<(), Failure>;

    /// Gives memory back that no row needs. Called when there are no rows, or memory is short.
    fn shrink(&mut self) -> Result<(), Failure>;

    /// Opens an empty staged row; gives up the one there is, if any.
    fn begin(&mut self);

    /// Fills the empty staged row with the concatenation of saved parts, each cut to a length.
    fn load(&mut self, parts: &[(&Cache, usize)]) -> Result<(), Failure>;

    /// Fills the empty staged row with the first `length` positions of a row.
    fn fork(&mut self, row: usize, length: usize) -> Result<(), Failure>;

    /// Extends the staged row by tokens; `next` is the one that will follow them.
    fn prefill(&mut self, tokens: &[u32], next: u32) -> Result<(), Failure>;

    /// Makes the staged row the last of the rows.
    fn commit(&mut self);

    /// Drops the staged row.
    fn abandon(&mut self);

    /// Drops a row; the last row takes its number.
    fn remove(&mut self, row: usize) -> Result<(), Failure>;

    /// Drops all rows and all memory.
    fn clear(&mut self);

    /// A copy of positions `start..start + length` of a row.
    fn save(&mut self, row: usize, start: usize, length: usize) -> Result<Cache, Failure>;

    /// Gives each row its next token; returns the logits of all rows, [`Shape::vocab`] for each.
    fn step(&mut self, tokens: &[u32]) -> Result<&[f32], Failure>;

    /// Where the model drafts: what it can do beside.
    fn drafting(&mut self) -> Option<&mut Drafting> {
        None
    }

    /// To end a run from another thread. A prefill or step that fails so has changed nothing and can be done again.
    fn interrupt(&self) -> Interrupt;

    /// Time spent inside ONNX Runtime's `run` so far.
    fn busy(&self) -> Duration;
}

/// Loads the graph of a folder and tries it on a few tokens.
pub(crate) fn load(folder: &Folder, options: &EngineOptions) -> Result<Box<dyn Decoder>, ModelError> {
    load_with(folder, options, options.device != Device::Cpu)
}

/// [`load`], with caches copied by a graph or by the processor.
fn load_with(folder: &Folder, options: &EngineOptions, copying_graph: bool) -> Result<Box<dyn Decoder>, ModelError> {
    let threads = options.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let session_options = SessionOptions { library: options.library.clone(), device: options.device, threads };
    let session = Session::open(&folder.graph, &session_options)?;
    let bad = |detail: String| ModelError::File { path: folder.graph.clone(), detail };
    let interface = Interface::of(&session, folder).map_err(bad)?;
    let context = [folder.context(), options.context].into_iter().flatten().min().ok_or_else(|| ModelError::File {
        path: folder.root.join("config.json"),
        detail: "it does not say how many positions the model takes (max_position_embeddings): add it, or set the option context"
            .to_owned(),
    })?;
    let shape = interface.shape(context);
    let copier = match copying_graph {
        false => Copier::Host,
        true => Copier::Device(Box::new(Joiner::new(&shape.heads, interface.cache_element, &session_options)?), interface.cache_element),
    };
    let failed = |Failure(detail): Failure| bad(format!("a first run on {} fails: {detail}", options.device.provider()));
    let layout = interface.layout;
    if options.drafts
        && let Some(draft) = folder.draft.as_ref().filter(|_| options.device == Device::Cpu && Drafting::understands(&interface))
    {
        let mut drafting = Drafting::new(session, copier, interface, shape, draft, folder, &session_options)?;
        try_out(&mut drafting).and_then(|()| drafting.try_out()).map_err(failed)?;
        return Ok(Box::new(drafting));
    }
    let mut shared = Shared::new(session, copier, interface, shape.clone());
    let tried = try_out(&mut shared);
    if layout == Layout::Packed || tried.is_ok() {
        tried.map_err(failed)?;
        return Ok(Box::new(shared));
    }
    // The graph does not write into its past; so it returns a longer one.
    let (session, copier, interface) = shared.into_parts();
    let mut grown = Grown::new(session, copier, interface, shape);
    try_out(&mut grown).map_err(failed)?;
    Ok(Box::new(grown))
}

/// Rows of no and of one token before their step and a copied one, alone and together: everything the engine will do later has been
/// done once, and the graph is known to keep rows of different lengths apart, and keys and values to survive being copied.
fn try_out(decoder: &mut dyn Decoder) -> Result<(), Failure> {
    let vocab = decoder.shape().vocab;
    let (first, second) = (0, 1.min(vocab as u32 - 1));
    decoder.reserve(3, decoder.shape().context.min(4))?;
    decoder.begin();
    decoder.commit();
    let short = decoder.step(&[second])?.to_vec();
    decoder.remove(0)?;
    decoder.begin();
    decoder.prefill(&[first], second)?;
    decoder.commit();
    decoder.begin();
    decoder.commit();
    decoder.begin();
    let saved = decoder.save(0, 0, 1)?;
    decoder.load(&[(&saved, 1)])?;
    decoder.commit();
    let together = decoder.step(&[second, second, second])?;
    let finite = together.iter().all(|logit| logit.is_finite());
    let difference = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let apart = difference(&together[vocab..2 * vocab], &short);
    let copied = difference(&together[..vocab], &together[2 * vocab..]);
    decoder.clear();
    let range = short.iter().fold(0.0, |range: f32, logit| range.max(logit.abs()));
    if !finite {
        return Err(Failure("its logits are not numbers; in fp16, a model may overflow".to_owned()));
    }
    if apart > 0.05 * range {
        return Err(Failure(
            "rows of different lengths disturb one another: the graph ignores the attention mask or the positions".to_owned(),
        ));
    }
    if copied > 0.05 * range {
        return Err(Failure("copied keys and values are not what they were".to_owned()));
    }
    Ok(())
}

/// Rounds a length up, so that caches grow in few steps: by at most a quarter.
pub(crate) fn rounded(length: usize, context: usize) -> usize {
    length.next_multiple_of((length.next_power_of_two() / 4).max(64)).min(context.max(length))
}

fn element_bytes(element: Element) -> usize {
    element.byte_size(1).unwrap_or(4)
}

#[cfg(test)]
mod tests;
