//! What a graph's inputs and outputs tell about it.
//!
//! Three layouts are known. *Packed* is the one of this project's own export: `seqlens_k` gives the valid length of each row, caches
//! are written in place, logits come for one position per row. *Masked* graphs take an `attention_mask`; those of the
//! onnxruntime-genai builder write caches in place like packed ones, those of Optimum return longer caches.

use super::{Shape, element_bytes};
use crate::{
    folder::Folder,
    runtime::{Element, Io, Session, name},
};
use std::ffi::CString;

/// How the graph learns which positions are valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// `seqlens_k`, `total_sequence_length` and `last_token`.
    Packed,
    /// `attention_mask`.
    Masked,
}

/// The names and types that a decoder binds.
pub(super) struct Interface {
    pub(super) layout: Layout,
    pub(super) input_ids: CString,
    pub(super) attention_mask: CString,
    pub(super) seqlens_k: CString,
    pub(super) total_sequence_length: CString,
    pub(super) last_token: CString,
    /// Where logits are asked for by place and not for the last token of each row: the places, counted over all rows.
    pub(super) logits_at: Option<CString>,
    /// Where the graph gives or takes what its last layer computed: its type and size.
    pub(super) hidden: Option<(Element, usize)>,
    /// Where rows may have different numbers of new tokens: how many.
    pub(super) query_seqlens: Option<CString>,
    /// Where the graph takes them.
    pub(super) position_ids: Option<CString>,
    /// Where two graphs are merged: whether the past is to be used.
    pub(super) use_cache_branch: Option<CString>,
    pub(super) logits: CString,
    /// Past input and present output of each cache tensor.
    pub(super) caches: Vec<(CString, CString)>,
    pub(super) cache_element: Element,
    pub(super) logits_element: Element,
    /// Whether logits are `[rows, tokens, vocabulary]` and not `[rows, vocabulary]`.
    pub(super) logits_per_token: bool,
    heads: Vec<(usize, usize)>,
    vocab: usize,
}

impl Interface {
    /// Reads the interface and holds it to the folder's configuration. The error says what is wrong with the graph.
    pub(super) fn of(session: &Session, folder: &Folder) -> Result<Self, String> {
        Interface::with_layers(session, folder, folder.config.num_hidden_layers)
    }

    /// The same of the graph that drafts, which has one layer.
    pub(super) fn of_draft(session: &Session, folder: &Folder) -> Result<Self, String> {
        Interface::with_layers(session, folder, Some(1))
    }

    fn with_layers(session: &Session, folder: &Folder, layers: Option<usize>) -> Result<Self, String> {
        let has = |input: &str| session.input(input).is_some();
        let optional = |input: &str| has(input).then(|| name(input));
        let need = |input: &str| {
            session.input(input).ok_or_else(|| format!("the graph has no input {input}: export it as text generation with past key/values"))
        };
        expect(need("input_ids")?, Element::Int64)?;
        let layout = if has("seqlens_k") {
            expect(need("seqlens_k")?, Element::Int32)?;
            expect(need("total_sequence_length")?, Element::Int32)?;
            expect(session.input("logits_at").map_or_else(|| need("last_token"), Ok)?, Element::Int64)?;
            session.input("query_seqlens").map_or(Ok(()), |input| expect(input, Element::Int32))?;
            Layout::Packed
        } else {
            expect(need("attention_mask")?, Element::Int64)?;
            Layout::Masked
        };
        let caches = caches(session)?;
        let cache_element = float(caches[0].0)?;
        // The graph's word counts: with latent attention, the configuration speaks of other heads than those that are cached.
        let heads = |past: &Io| {
            Ok((known("key/value heads", past.dims[1].or(folder.kv_heads()))?, known("head size", past.dims[3].or(folder.head_dim()))?))
        };
        let heads = caches.iter().map(|(past, _)| heads(past)).collect::<Result<_, String>>()?;
        if let Some(layers) = layers
            && layers * 2 != caches.len()
        {
            return Err(format!(
                "the graph has {} cache tensors and the model should have {layers} layers: they are not of one model",
                caches.len()
            ));
        }
        let logits = session.output("logits").ok_or("the graph has no output logits: export it as text generation with past key/values")?;
        let said = folder.config.vocab_size.or(folder.genai.as_ref().and_then(|genai| genai.vocab_size));
        let vocab = logits.dims.last().copied().flatten();
        if let (Some(graph), Some(said)) = (vocab, said)
            && graph != said
        {
            return Err(format!(
                "the graph computes {graph} logits and the configuration speaks of {said} tokens: they are not of one model"
            ));
        }
        let vocab = known("vocabulary", vocab.or(said))?;
        Ok(Interface {
            layout,
            input_ids: name("input_ids"),
            attention_mask: name("attention_mask"),
            seqlens_k: name("seqlens_k"),
            total_sequence_length: name("total_sequence_length"),
            last_token: name("last_token"),
            logits_at: optional("logits_at"),
            hidden: hidden(session),
            query_seqlens: optional("query_seqlens"),
            position_ids: optional("position_ids"),
            use_cache_branch: optional("use_cache_branch"),
            logits: name("logits"),
            cache_element,
            logits_element: float(logits)?,
            logits_per_token: logits.dims.len() == 3,
            caches: caches.into_iter().map(|(past, present)| (name(&past.name), name(&present.name))).collect(),
            heads,
            vocab,
        })
    }

    /// The input that says where logits are wanted.
    pub(super) fn places(&self) -> &CString {
        self.logits_at.as_ref().unwrap_or(&self.last_token)
    }

    pub(super) fn shape(&self, context: usize) -> Shape {
        Shape { heads: self.heads.clone(), element_bytes: element_bytes(self.cache_element), vocab: self.vocab, context }
    }
}

/// What the last layer computed, as output or input.
fn hidden(session: &Session) -> Option<(Element, usize)> {
    let io = session.output("hidden").or_else(|| session.input("hidden"))?;
    Some((io.element?, io.dims.last().copied().flatten()?))
}

/// The past inputs, each with the present output of the same name.
fn caches(session: &Session) -> Result<Vec<(&Io, &Io)>, String> {
    let mut found = Vec::new();
    for past in session.inputs.iter().filter(|input| input.name.starts_with("past_key_values.")) {
        let present = past.name.replacen("past_key_values", "present", 1);
        let present = session.output(&present).ok_or_else(|| format!("the graph has the input {} and no output {present}", past.name))?;
        if past.dims.len() != 4 {
            return Err(format!("the input {} is not [rows, heads, length, head size]", past.name));
        }
        found.push((past, present));
    }
    if found.is_empty() {
        return Err(
            "the graph has no inputs past_key_values.*: export it with past key/values (in Optimum, the task text-generation-with-past)"
                .to_owned(),
        );
    }
    Ok(found)
}

fn expect(io: &Io, element: Element) -> Result<(), String> {
    let found = io.element;
    if found == Some(element) { Ok(()) } else { Err(format!("the input {} is of type {found:?} where {element:?} is expected", io.name)) }
}

fn float(io: &Io) -> Result<Element, String> {
    match io.element {
        Some(element @ (Element::Float32 | Element::Float16)) => Ok(element),
        other => Err(format!("{} is of type {other:?}; caches and logits in fp32 and fp16 are supported: export the model so", io.name)),
    }
}

fn known(what: &str, size: Option<usize>) -> Result<usize, String> {
    size.filter(|&size| size > 0).ok_or_else(|| format!("{what}: neither the graph nor config.json or genai_config.json tells the size"))
}
