//! Text to tokens and back, byte for byte, on tokenizers of both kinds and on the ones of the test models.

use proptest::prelude::*;
use prove_model::{ModelError, text::Tokenizer};
use serde_json::{Value, json};
use std::{path::PathBuf, sync::LazyLock};

/// What Lean files are made of, as far as it is hard: several bytes a character, several characters a glyph, two ends of line.
const LEAN: &str = "theorem ℕ_pair {α : Type*} (h : ∀ x ∈ s, ∃ y, ⟨x, y⟩ ∈ r ↔ x ≤ y) :\r\n\t∑ i ∈ Finset.range n, f i = λ x => x → 𝔸 ▸ h₁⁻¹ ∘ g‹_›«a b» := by\n  rfl -- e\u{301}\u{20d7} 👩‍🔬\u{FEFF}\0";

/// A byte-level tokenizer, with merges so that tokens end inside characters: `E2 84` of ℕ is one.
fn byte_level_json(normalizer: Value) -> Vec<u8> {
    let mut vocab = serde_json::Map::new();
    let mut alphabet: Vec<String> = tokenizers::pre_tokenizers::byte_level::ByteLevel::alphabet().into_iter().map(String::from).collect();
    alphabet.sort();
    let merges = [("Ġ", "t"), ("h", "e"), ("â", "Ħ"), ("â", "Ĩ"), ("âĦ", "ķ"), ("Ġ", "âĦ"), ("ð", "Ŀ")];
    let tokens = alphabet.into_iter().chain(merges.iter().map(|(a, b)| format!("{a}{b}")));
    for (id, token) in tokens.enumerate() {
        vocab.insert(token, json!(id));
    }
    let (bos, eos, think) = (vocab.len(), vocab.len() + 1, vocab.len() + 2);
    let added = |id, content, special| {
        json!({"id": id, "content": content, "special": special,
               "single_word": false, "lstrip": false, "rstrip": false, "normalized": false})
    };
    let merges: Vec<String> = merges.iter().map(|(a, b)| format!("{a} {b}")).collect();
    let tokenizer = json!({
        "version": "1.0", "truncation": {"max_length": 4, "strategy": "LongestFirst", "stride": 0, "direction": "Right"}, "padding": null,
        "added_tokens": [added(bos, "<｜begin▁of▁sentence｜>", true), added(eos, "<|im_end|>", true), added(think, "<think>\n", false)],
        "normalizer": normalizer,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
        "post_processor": null,
        "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
        "model": {"type": "BPE", "vocab": vocab, "merges": merges},
    });
    serde_json::to_vec(&tokenizer).expect("a value")
}

/// A sentencepiece-like tokenizer: a space before the text, spaces as ▁, bytes of characters it lacks as `<0xE2>`.
fn sentencepiece_json() -> Vec<u8> {
    let specials = ["<unk>", "<s>", "</s>"].map(String::from);
    let bytes = (0..=255).map(|byte| format!("<0x{byte:02X}>"));
    let pieces = ["▁", "t", "h", "e", "▁t", "he", "▁the", "ℕ", "∀", "\n", "x"].map(String::from);
    let vocab: serde_json::Map<String, Value> =
        specials.into_iter().chain(bytes).chain(pieces).enumerate().map(|(id, token)| (token, json!(id))).collect();
    let added = |id, content| {
        json!({"id": id, "content": content, "special": true,
               "single_word": false, "lstrip": false, "rstrip": false, "normalized": false})
    };
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": [added(0, "<unk>"), added(1, "<s>"), added(2, "</s>")],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
        "pre_tokenizer": null,
        "post_processor": {"type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
        "decoder": {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
        "model": {"type": "BPE", "vocab": vocab, "merges": ["▁ t", "h e", "▁t he"], "unk_token": "<unk>", "fuse_unk": true,
                  "byte_fallback": true},
    });
    serde_json::to_vec(&tokenizer).expect("a value")
}

static BYTE_LEVEL: LazyLock<Tokenizer> = LazyLock::new(|| Tokenizer::from_json(&byte_level_json(Value::Null)).expect("byte-level"));
static SENTENCEPIECE: LazyLock<Tokenizer> = LazyLock::new(|| Tokenizer::from_json(&sentencepiece_json()).expect("sentencepiece"));

/// The pieces of a text as a generation would give them.
fn streamed(tokenizer: &Tokenizer, tokens: &[u32]) -> Vec<String> {
    let mut detokenizer = tokenizer.detokenizer();
    let mut pieces: Vec<String> = tokens.iter().map(|&token| detokenizer.push(token)).collect();
    pieces.push(detokenizer.finish());
    pieces
}

#[test]
fn lean_text_comes_back_byte_for_byte() {
    let tokens = BYTE_LEVEL.encode(LEAN).expect("encodes");
    assert!(tokens.len() > 4, "the truncation that tokenizer.json asks for is ignored");
    assert_eq!(BYTE_LEVEL.decode(&tokens), LEAN);
    assert_eq!(streamed(&BYTE_LEVEL, &tokens).concat(), LEAN);

    let tokens = SENTENCEPIECE.encode(LEAN).expect("encodes");
    assert_eq!(SENTENCEPIECE.decode(&tokens), LEAN);
    assert_eq!(streamed(&SENTENCEPIECE, &tokens).concat(), format!(" {LEAN}"), "a continuation keeps its first space");
}

#[test]
fn a_token_that_ends_inside_a_character_is_held_back() {
    let first = BYTE_LEVEL.id("âĦ").expect("a merged token");
    let second = BYTE_LEVEL.id("ķ").expect("a byte");
    assert_eq!(BYTE_LEVEL.bytes(first), Some(&[0xE2, 0x84][..]));
    let mut detokenizer = BYTE_LEVEL.detokenizer();
    assert_eq!((detokenizer.push(first), detokenizer.held_back()), (String::new(), 2));
    assert_eq!((detokenizer.push(second), detokenizer.held_back()), ("ℕ".to_owned(), 0));
    assert_eq!(detokenizer.push(first), "");
    assert_eq!(detokenizer.finish(), "\u{FFFD}");
}

#[test]
fn special_tokens_have_bytes_and_no_text() {
    let eos = BYTE_LEVEL.id("<|im_end|>").expect("special");
    let think = BYTE_LEVEL.id("<think>\n").expect("added");
    assert_eq!(BYTE_LEVEL.encode("a<|im_end|>").expect("encodes").last(), Some(&eos));
    assert_eq!(BYTE_LEVEL.bytes(eos), Some(&b"<|im_end|>"[..]));
    assert!(BYTE_LEVEL.is_special(eos) && !BYTE_LEVEL.is_special(think));
    assert_eq!(BYTE_LEVEL.decode(&[eos, think, eos]), "<think>\n", "an added token that is not special is text");
    assert_eq!(BYTE_LEVEL.bytes(BYTE_LEVEL.size() as u32), None, "models have more outputs than tokens");
    assert_eq!(BYTE_LEVEL.decode(&[u32::MAX]), "");
}

#[test]
fn normal_form_c_is_applied_where_the_tokenizer_says_so() {
    let tokenizer = Tokenizer::from_json(&byte_level_json(json!({"type": "NFC"}))).expect("as Qwen's");
    let tokens = tokenizer.encode("e\u{301} ℕ").expect("encodes");
    assert_eq!(tokenizer.decode(&tokens), "\u{e9} ℕ");
}

/// A folder with a byte-level tokenizer and this `tokenizer_config.json`.
fn folder(config: Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("tokenizer.json"), byte_level_json(Value::Null)).expect("writes");
    std::fs::write(folder.path().join("tokenizer_config.json"), config.to_string()).expect("writes");
    folder
}

#[test]
fn the_beginning_of_the_sequence_is_there_once() {
    let bos = "<｜begin▁of▁sentence｜>";
    // LlamaTokenizerFast adds it whether or not tokenizer.json does; DeepSeek's relies on that.
    for config in [
        json!({"bos_token": bos, "tokenizer_class": "LlamaTokenizerFast"}),
        json!({"bos_token": {"content": bos, "__type": "AddedToken"}, "add_bos_token": true}),
    ] {
        let tokenizer = Tokenizer::load(folder(config).path()).expect("loads");
        let id = tokenizer.bos().expect("configured");
        let plain = tokenizer.encode("the").expect("encodes");
        let prompt = tokenizer.encode_prompt("the").expect("encodes");
        assert_eq!((prompt[0], &prompt[1..]), (id, &plain[..]));
        assert_eq!(tokenizer.encode_prompt(&format!("{bos}the")).expect("encodes"), prompt, "not twice");
        assert_eq!(tokenizer.encode_prompt("").expect("encodes"), [id]);
    }
    let tokenizer = Tokenizer::load(folder(json!({"bos_token": null, "add_bos_token": false})).path()).expect("as Qwen's");
    assert_eq!(tokenizer.encode_prompt("the").expect("encodes"), tokenizer.encode("the").expect("encodes"));
    let ids = SENTENCEPIECE.encode_prompt("the").expect("encodes");
    assert_eq!(ids[0], 1, "the post-processor of tokenizer.json decides where nothing else does");
}

#[test]
fn bad_folders_are_described() {
    let empty = tempfile::tempdir().expect("a folder");
    let error = Tokenizer::load(empty.path()).expect_err("nothing there");
    assert!(matches!(&error, ModelError::Missing { path, .. } if path.ends_with("tokenizer.json")), "{error}");

    std::fs::write(empty.path().join("tokenizer.model"), b"").expect("writes");
    let error = Tokenizer::load(empty.path()).expect_err("sentencepiece's own file").to_string();
    assert!(error.contains("save_pretrained"), "{error}");

    let whole = byte_level_json(Value::Null);
    for (content, part) in [(&b""[..], "no tokenizer"), (&whole[..whole.len() / 2], "no tokenizer"), (b"{\"a\": 1}", "no tokenizer")] {
        std::fs::write(empty.path().join("tokenizer.json"), content).expect("writes");
        let error = Tokenizer::load(empty.path()).expect_err("damaged").to_string();
        assert!(error.contains("tokenizer.json") && error.contains(part) && error.contains("copy"), "{error}");
    }

    let error = Tokenizer::load(folder(json!({"bos_token": "<s>"})).path()).expect_err("a token of another model").to_string();
    assert!(error.contains("tokenizer_config.json") && error.contains("bos_token") && error.contains("<s>"), "{error}");
    let error = Tokenizer::load(folder(json!(["no", "object"])).path()).expect_err("damaged").to_string();
    assert!(error.contains("tokenizer_config.json"), "{error}");

    let mut words: Value = serde_json::from_slice(&whole).expect("JSON");
    words["decoder"] = json!({"type": "WordPiece", "prefix": "##", "cleanup": true});
    let error = Tokenizer::from_json(words.to_string().as_bytes()).expect_err("loses spaces").to_string();
    assert!(error.contains("not supported") && error.contains("WordPiece"), "{error}");
}

#[test]
fn the_test_models_texts_are_encoded_as_the_reference_does() {
    let models = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/models");
    let texts: Vec<Value> = serde_json::from_slice(&std::fs::read(models.join("texts.json")).expect("there")).expect("JSON");
    let load = |name: &str| Tokenizer::load(&models.join(name)).expect("loads");
    let (deepseek, qwen) = (load("llama-prove"), load("qwen3-prove"));
    for case in &texts {
        let tokenizer = if case["tokenizer"] == "deepseek" { &deepseek } else { &qwen };
        let text = case["text"].as_str().expect("text");
        let tokens: Vec<u32> = serde_json::from_value(case["tokens"].clone()).expect("ids");
        assert_eq!(tokenizer.encode_prompt(text).expect("encodes"), tokens, "{text:?}");
        let plain = tokenizer.encode(text).expect("encodes");
        let bytes: Vec<u8> = plain.iter().filter_map(|&token| tokenizer.bytes(token)).flatten().copied().collect();
        assert_eq!(String::from_utf8_lossy(&bytes), text, "special tokens included");
    }
    assert!(texts.len() > 10);
}

/// Random text that is likely to hold what Lean files hold.
fn lean_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("ℕ"),
        Just("⟨"),
        Just("⟩"),
        Just("∀"),
        Just("∃"),
        Just("λ"),
        Just("→"),
        Just("↔"),
        Just("≤"),
        Just("∑"),
        Just("𝔸"),
        Just("e\u{301}"),
        Just("\r\n"),
        Just("\n"),
        Just("  "),
        Just(" "),
        Just("the"),
        Just("▁"),
        Just("Ġ"),
        Just("<0xE2>"),
    ];
    proptest::collection::vec(prop_oneof![3 => piece.prop_map(String::from), 1 => any::<String>()], 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_text_comes_back_from_byte_level(text in lean_like()) {
        let tokens = BYTE_LEVEL.encode(&text).expect("encodes");
        prop_assert_eq!(&BYTE_LEVEL.decode(&tokens), &text);
        prop_assert_eq!(streamed(&BYTE_LEVEL, &tokens).concat(), text);
    }

    #[test]
    fn any_text_comes_back_from_sentencepiece(text in lean_like()) {
        // The replacement character is not in its own image: sentencepiece cannot tell ▁ from a space, nor `<0xE2>` from the byte.
        let text = text.replace('▁', "_");
        let tokens = SENTENCEPIECE.encode(&text).expect("encodes");
        prop_assert_eq!(&SENTENCEPIECE.decode(&tokens), &text);
        let prefix = if text.is_empty() { "" } else { " " };
        prop_assert_eq!(streamed(&SENTENCEPIECE, &tokens).concat(), format!("{prefix}{text}"));
    }

    #[test]
    fn any_tokens_stream_to_their_text(tokens in proptest::collection::vec(0u32..300, 0..40)) {
        let whole: Vec<u8> = tokens.iter().filter(|&&token| !BYTE_LEVEL.is_special(token))
            .filter_map(|&token| BYTE_LEVEL.bytes(token)).flatten().copied().collect();
        prop_assert_eq!(streamed(&BYTE_LEVEL, &tokens).concat(), String::from_utf8_lossy(&whole));
    }
}
