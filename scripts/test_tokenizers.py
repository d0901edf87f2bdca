"""The tokenizers of the test models: byte-level BPE of 512 tokens, trained on this repository's Lean files.

Two kinds with one vocabulary, as the published provers have them: DeepSeek's (begin-of-text put first, full-width bars in the
special tokens) and Qwen's (nothing put first). Neither normalises text, so encoding and decoding is the identity on bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from prove_export.folder import write_json

ROOT = Path(__file__).resolve().parent.parent
VOCAB = 512
SPECIALS = {
    "deepseek": ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"],
    "qwen": ["<|endoftext|>", "<|im_end|>", "<|im_start|>", "<|fim_pad|>"],
}
TEMPLATES = {
    "deepseek": "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '<｜User｜>' + message['content'] }}"
    "{% elif message['role'] == 'assistant' %}{{ '<｜Assistant｜>' + message['content'] + eos_token }}"
    "{% else %}{{ message['content'] }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<｜Assistant｜>' }}{% endif %}",
    "qwen": "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
}
# What Lean text has that tokenizers get wrong.
TEXTS = (
    "",
    "ℕ ℤ ℚ ℝ ⟨a, b⟩ ∀ ∃ λ → ↔ ≤ ≥ ≠ ∑ ∏ ∫ 𝔸 𝓝 ⊢ ¬ ∧ ∨ ∈ ∉ ⊆ ∘ · ▸ ‹h› « » ₁₂ ⁻¹",
    "e\u0301 é o\u0308 ö a\u20d7 \u0338= ḣ\u0323",
    "line one\r\nline two\r\n\r\n\tindented\n\n\n  trailing  \n",
    "\ufefftheorem «odd name» : True := trivial",
    "theorem t (n : ℕ) (h : 0 < n) : ∃ m, m * 2 = n ∨ m * 2 + 1 = n := by\n  omega\n",
    "👩\u200d🔬 \u202eright-to-left\u202c \u00a0no-break \u2003em \0 null",
    "日本語 𝕜 𝒜 ﬁ Ω Å ﷺ",
    "x<|endoftext|>y <｜end▁of▁sentence｜> ``` #eval 'c' \"s\\n\"",
)


@dataclass(frozen=True)
class TestTokenizer:
    """A tokenizer and the names of its special tokens."""

    kind: str
    tokenizer: Tokenizer

    def encode(self, text: str) -> list[int]:
        return self.tokenizer.encode(text).ids

    def config_ids(self) -> dict[str, int]:
        """Token ids for `config.json`."""
        first, end = (self.tokenizer.token_to_id(name) for name in SPECIALS[self.kind][:2])
        return {"bos_token_id": first, "eos_token_id": end, "pad_token_id": end}

    def special_count(self) -> int:
        return len(SPECIALS[self.kind])


def lean_files() -> list[Path]:
    return sorted(path for folder in ("files", "honest") for path in (ROOT / "tests" / folder).glob("*.lean"))


@cache
def _train() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB - 4,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train([str(path) for path in lean_files()], trainer)
    return tokenizer


@cache
def make_tokenizer(kind: str) -> TestTokenizer:
    """The `deepseek` or the `qwen` tokenizer."""
    tokenizer = Tokenizer.from_str(_train().to_str())
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in SPECIALS[kind]])
    if kind == "deepseek":
        first = SPECIALS[kind][0]
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{first} $A", special_tokens=[(first, tokenizer.token_to_id(first))]
        )
    assert tokenizer.get_vocab_size() == VOCAB
    return TestTokenizer(kind, tokenizer)


def write_tokenizer(tokenizer: TestTokenizer, folder: Path) -> None:
    """`tokenizer.json`, `tokenizer_config.json` with the chat template, and `generation_config.json`."""
    tokenizer.tokenizer.save(str(folder / "tokenizer.json"))
    first, end = SPECIALS[tokenizer.kind][:2]
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": first if tokenizer.kind == "deepseek" else None,
        "eos_token": end,
        "pad_token": end,
        "add_bos_token": tokenizer.kind == "deepseek",
        "clean_up_tokenization_spaces": False,
        "model_max_length": 512,
        "chat_template": TEMPLATES[tokenizer.kind],
    }
    write_json(folder / "tokenizer_config.json", config)
    write_json(
        folder / "generation_config.json", tokenizer.config_ids() | {"do_sample": True, "temperature": 1.0, "top_p": 0.95}
    )
