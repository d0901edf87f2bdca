use super::*;
use crate::testing::{MODELS, Reference, folder, options, reference};

fn decoder(model: &str) -> Box<dyn Decoder> {
    decoder_with(model, false)
}

fn decoder_with(model: &str, copying_graph: bool) -> Box<dyn Decoder> {
    let folder = Folder::open(&folder(model)).expect("a folder");
    load_with(&folder, &options(), copying_graph).unwrap_or_else(|error| panic!("{model}: {error}"))
}

fn difference(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Puts a prompt without its last token into a new row, in chunks of some size.
fn add_row(decoder: &mut dyn Decoder, prompt: &[u32], chunk: usize) {
    decoder.begin();
    let mut read = 0;
    for chunk in prompt[..prompt.len() - 1].chunks(chunk) {
        read += chunk.len();
        decoder.prefill(chunk, prompt[read]).expect("a prefill");
    }
    decoder.commit();
}

/// Runs the prompts of a reference side by side, with their greedy continuations, and compares the first and the last logits.
fn check(model: &str, chunk: usize) {
    let Reference { tolerance, prompts } = reference(model);
    let mut decoder = decoder(model);
    let length = decoder.shape().context;
    decoder.reserve(prompts.len() + 1, length).expect("room");
    for prompt in &prompts {
        add_row(decoder.as_mut(), &prompt.tokens, chunk);
    }
    let vocab = decoder.shape().vocab;
    let steps = prompts.iter().map(|prompt| prompt.greedy.len()).min().unwrap_or(0);
    for step in 0..=steps {
        let token = |prompt: &crate::testing::ReferencePrompt| {
            if step == 0 { prompt.tokens[prompt.tokens.len() - 1] } else { prompt.greedy[step - 1] }
        };
        let tokens: Vec<u32> = prompts.iter().map(token).collect();
        let logits = decoder.step(&tokens).expect("a step");
        for (row, prompt) in prompts.iter().enumerate() {
            let ours = &logits[row * vocab..(row + 1) * vocab];
            let theirs =
                if step == 0 { Some(&prompt.logits) } else { prompt.logits_after_greedy.as_ref().filter(|_| step == prompt.greedy.len()) };
            let apart = theirs.map_or(0.0, |theirs| difference(ours, theirs));
            assert!(apart <= tolerance, "{model}: {:?} after {step} tokens: {apart}", prompt.text);
        }
    }
}

#[test]
fn logits_are_those_of_pytorch() {
    MODELS.iter().for_each(|model| check(model, 512));
}

#[test]
fn a_prompt_may_be_read_in_pieces() {
    MODELS.iter().for_each(|model| check(model, 7));
}

/// Rows that are copied, saved, loaded and moved go on as the ones that were computed.
#[test]
fn copied_rows_go_on_like_computed_ones() {
    copied_rows_go_on(false);
}

/// The same, copied as on a device.
#[test]
fn rows_copied_by_a_graph_go_on_like_computed_ones() {
    copied_rows_go_on(true);
}

fn copied_rows_go_on(copying_graph: bool) {
    for model in MODELS {
        let Reference { tolerance, prompts } = reference(model);
        let (short, long) = (&prompts[1], &prompts[2]);
        let mut decoder = decoder_with(model, copying_graph);
        let vocab = decoder.shape().vocab;
        decoder.reserve(1, 16).expect("room");
        add_row(decoder.as_mut(), &short.tokens, 512);
        // Growing moves what is there.
        decoder.reserve(6, long.tokens.len() + 4).expect("room");
        add_row(decoder.as_mut(), &long.tokens, 512);
        let computed = long.tokens.len() - 1;
        // Row 2: a copy of the first half of row 1, the rest computed.
        decoder.begin();
        decoder.fork(1, computed / 2).expect("a copy");
        decoder.prefill(&long.tokens[computed / 2..computed], long.tokens[computed]).expect("a prefill");
        decoder.commit();
        // Row 3: saved in three overlapping parts and loaded.
        let mut save = |start, length| decoder.save(1, start, length).expect("a save");
        let parts = [save(0, 20), save(15, 9), save(20, computed - 20)];
        decoder.begin();
        decoder.load(&[(&parts[0], 15), (&parts[1], 5), (&parts[2], computed - 20)]).expect("a load");
        decoder.commit();
        // Row 0 goes while another one is staged; the last row takes its number.
        decoder.begin();
        decoder.fork(0, short.tokens.len() - 1).expect("a copy");
        decoder.remove(0).expect("a removal");
        decoder.commit();
        let last = |tokens: &[u32]| tokens[tokens.len() - 1];
        let tokens = [last(&long.tokens), last(&long.tokens), last(&long.tokens), last(&short.tokens)];
        let logits = decoder.step(&tokens).expect("a step");
        for (row, prompt) in [long, long, long, short].into_iter().enumerate() {
            let apart = difference(&logits[row * vocab..(row + 1) * vocab], &prompt.logits);
            assert!(apart <= tolerance, "{model}: row {row}: {apart}");
        }
        decoder.clear();
        assert_eq!(decoder.held(), 0, "{model}");
    }
}

/// A run that was ended from outside can be done again as if nothing had been.
#[test]
fn an_interrupted_run_changes_nothing() {
    for model in ["llama-prove", "qwen2-genai", "llama-optimum"] {
        let Reference { tolerance, prompts } = reference(model);
        let prompt = &prompts[2].tokens;
        let mut decoder = decoder(model);
        let interrupt = decoder.interrupt();
        decoder.reserve(2, prompt.len() + 2).expect("room");
        decoder.begin();
        let (computed, last) = (prompt.len() - 1, prompt[prompt.len() - 1]);
        decoder.prefill(&prompt[..5], prompt[5]).expect("a prefill");
        interrupt.raise();
        assert!(decoder.prefill(&prompt[5..computed], last).is_err(), "{model}");
        assert!(interrupt.take() && !interrupt.take(), "{model}");
        decoder.prefill(&prompt[5..computed], last).expect("a prefill");
        decoder.commit();
        interrupt.raise();
        assert!(decoder.step(&prompt[prompt.len() - 1..]).is_err(), "{model}");
        interrupt.take();
        let logits = decoder.step(&prompt[prompt.len() - 1..]).expect("a step");
        assert!(difference(logits, &prompts[2].logits) <= tolerance, "{model}");
    }
}
