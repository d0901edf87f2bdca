//! One sample under way: its tokens, its random stream, and its text as far as it may be shown.

use crate::{
    FinishReason, Request, Sample, Token,
    healing::{TokenIndex, text},
    sampling::{Allowed, Drawn, Sampler, stream},
    stop::StopMatcher,
    text::{Tokenizer, Utf8Assembler},
};
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

pub(super) struct Sequence {
    /// The request it belongs to.
    pub(super) job: u64,
    pub(super) index: u32,
    request: Arc<Request>,
    /// Prompt and drawn tokens.
    pub(super) tokens: Vec<u32>,
    drawn: Vec<Token>,
    rng: ChaCha8Rng,
    /// Bytes of the resumed text that are to be drawn again first.
    required: Vec<u8>,
    characters: Utf8Assembler,
    stop: StopMatcher,
    /// Most positions, prompt included.
    room: usize,
    /// What the token after the next may be. It decides what a step computes in advance, and nothing else.
    pub(super) draft: Option<u32>,
}

/// What drawing takes beside logits.
pub(super) struct Draws<'a> {
    pub(super) sampler: &'a mut Sampler,
    pub(super) tokenizer: &'a Tokenizer,
    pub(super) index: &'a TokenIndex,
    /// Tokens that end a sample.
    pub(super) eos: &'a [u32],
}

/// What a step gave a sample.
pub(super) struct Progress {
    /// One token, or two where the draft of the second was right.
    pub(super) drawn: Vec<u32>,
    /// Why the sample ended, if it did.
    pub(super) finish: Option<FinishReason>,
}

impl Sequence {
    pub(super) fn new(job: u64, index: u32, request: &Arc<Request>, tokens: Vec<u32>, required: Vec<u8>, room: usize) -> Self {
        Sequence {
            job,
            index,
            request: Arc::clone(request),
            tokens,
            drawn: Vec::new(),
            rng: stream(request.sampling.seed, index),
            required,
            characters: Utf8Assembler::default(),
            stop: StopMatcher::new(Arc::clone(request)),
            room,
            draft: None,
        }
    }

    /// Positions that hold keys and values once the sample takes part in steps: all but that of its last token, which a step reads.
    pub(super) fn computed(&self) -> &[u32] {
        &self.tokens[..self.tokens.len() - 1]
    }

    /// Draws a token from the logits behind the last one, and from those behind the draft if that is what was drawn. `None` if no token
    /// is allowed.
    pub(super) fn advance(&mut self, logits: &[f32], vocab: usize, draws: &mut Draws<'_>) -> Option<Progress> {
        let (draft, mut drawn) = (self.draft.take(), Vec::new());
        for logits in logits.chunks_exact(vocab) {
            if !drawn.is_empty() && draft != drawn.last().copied() {
                break;
            }
            let mut rng = self.rng.clone();
            let one = self.draw(logits, draws, self.request.logprobs, &mut rng)?;
            self.rng = rng;
            drawn.push(one.token);
            let finish = self.push(one, draws.tokenizer, draws.eos);
            if finish.is_some() {
                return Some(Progress { drawn, finish });
            }
        }
        Some(Progress { drawn, finish: None })
    }

    /// Drafts the token that comes after the last one, from logits for it that are not the model's own. It is the one that would be drawn
    /// from them, with the same random number: the likelier to be the one that is.
    pub(super) fn draft(&mut self, logits: &[f32], draws: &mut Draws<'_>) {
        let mut rng = self.rng.clone();
        self.draft = self.draw(logits, draws, false, &mut rng).map(|drawn| drawn.token);
    }

    fn draw(&self, logits: &[f32], draws: &mut Draws<'_>, logprob: bool, rng: &mut ChaCha8Rng) -> Option<Drawn> {
        let only = (!self.required.is_empty()).then(|| draws.index.compatible(draws.tokenizer, &self.required));
        let sampling = &self.request.sampling;
        let allowed = Allowed { size: draws.tokenizer.size(), banned: &sampling.banned, only: only.as_deref() };
        draws.sampler.draw(logits, sampling, allowed, logprob, rng)
    }

    /// Takes a drawn token in. Says why the sample ended, if it did.
    fn push(&mut self, drawn: Drawn, tokenizer: &Tokenizer, eos: &[u32]) -> Option<FinishReason> {
        self.drawn.push(Token { id: Some(drawn.token), logprob: drawn.logprob });
        if eos.contains(&drawn.token) {
            return Some(self.finish(FinishReason::EndOfText));
        }
        self.tokens.push(drawn.token);
        let bytes = text(tokenizer, drawn.token).unwrap_or_default();
        let again = self.required.len().min(bytes.len());
        self.required.drain(..again);
        let characters = self.characters.push(&bytes[again..]);
        if let Some(stop) = self.stop.push(&characters) {
            return Some(FinishReason::StopString(stop.to_owned()));
        }
        if self.request.max_tokens.is_some_and(|most| self.drawn.len() >= most as usize) {
            return Some(self.finish(FinishReason::MaxTokens));
        }
        if self.tokens.len() >= self.room {
            return Some(self.finish(FinishReason::ContextFull));
        }
        None
    }

    /// Ends the text, of which a part of a character may be left.
    fn finish(&mut self, reason: FinishReason) -> FinishReason {
        let rest = std::mem::take(&mut self.characters).finish();
        self.stop.push(&rest).map_or(reason, |stop| FinishReason::StopString(stop.to_owned()))
    }

    /// New text that can be shown.
    pub(super) fn release(&mut self) -> String {
        self.stop.release()
    }

    /// The new text of a finished sample.
    pub(super) fn release_rest(&mut self) -> String {
        self.stop.finish()
    }

    /// The finished sample.
    pub(super) fn into_sample(self, finish: FinishReason) -> Sample {
        Sample { index: self.index, text: self.stop.text().to_owned(), tokens: self.drawn, finish }
    }
}
