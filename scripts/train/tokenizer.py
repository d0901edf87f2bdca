"""A byte-level BPE for Lean, trained on the rows.

Every character of Lean's notation is one token, so is every digit, and the text that ends an answer, `### end` with its newline,
is the end-of-text token itself: a model stops there without knowing of stop strings. Words take a space before them in, operators
one on either side, and a newline takes the indentation that follows it. No normalisation: text comes back byte for byte.

Training sees a symbol of several bytes as one character of its alphabet. In the finished vocabulary these symbols are spelled in
bytes like everything else, and the merges that put their bytes together come before all that was learnt.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from prove_export.folder import write_json

from .errors import TrainError
from .rows import read_rows

END = "### end\n"
SYMBOLS = (
    "∀∃→←↔↦∧∨¬≤≥≠≡≈∣∤∈∉∋⊆⊂⊇∪∩∅∖×∘·•λΠΣ∑∏∫√∞±⁻¹²³ⁿ⊢⟨⟩‹›«»⟦⟧▸▹✝⌊⌋⌈⌉⊕⊗⊥⊤⊓⊔∎…"
    "ℕℤℚℝℂ𝔽αβγδεζηθικμνξπρστφχψωΓΔΘΛΞΦΨΩ₀₁₂₃₄₅₆₇₈₉ₐₑᵢⱼₖₘₙₓ↑↓⇑⟶⟹⇒∃!"
)
PATTERN = r" ?[\p{L}_][\p{L}_.'!?✝]*|\p{N}|\n *| ?[^\s\p{L}\p{N}_]+ ?|\s+"
# Where the stand-ins for symbols begin: a range that Unicode leaves to private use.
PRIVATE = 0xE000


def symbols() -> list[str]:
    """The symbols that are several bytes long, each once."""
    return sorted({symbol for symbol in SYMBOLS if len(symbol.encode()) > 1})


@cache
def byte_table() -> dict[int, str]:
    """The characters that byte-level vocabularies write bytes as: GPT-2's table."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {byte: chr(byte) for byte in visible}
    for number, byte in enumerate(sorted(set(range(256)) - set(visible))):
        table[byte] = chr(0x100 + number)
    return table


def spelled(data: bytes) -> str:
    """Bytes as a byte-level vocabulary writes them."""
    return "".join(byte_table()[byte] for byte in data)


def symbol_merges() -> list[tuple[str, str]]:
    """Merges that make one token of every symbol: first byte and second, those and the third, and so on."""
    merges: dict[tuple[str, str], None] = {}
    for symbol in symbols():
        data = symbol.encode()
        for length in range(1, len(data)):
            merges[spelled(data[:length]), spelled(data[length : length + 1])] = None
    return list(merges)


def train(texts: Iterable[str], size: int) -> Tokenizer:
    """A tokenizer of at most `size` tokens, fewer where the texts do not hold as many."""
    split = pre_tokenizers.Split(Regex(PATTERN), "isolated")
    stand_ins = {symbol: chr(PRIVATE + number) for number, symbol in enumerate(symbols())}
    merges = symbol_merges()
    whole = {spelled(symbol.encode()) for symbol in symbols()}
    partial = {first + second for first, second in merges} - whole
    table = {ord(symbol): stand_in for symbol, stand_in in stand_ins.items()}

    def words() -> Iterable[str]:
        for text in texts:
            pieces = (piece.translate(table) for piece, _ in split.pre_tokenize_str(text.replace(END, "\n")))
            yield " ".join("".join(letters[c] if c in letters else spelled(c.encode()) for c in piece) for piece in pieces)

    alphabet = set(stand_ins.values())
    letters = {chr(code): spelled(chr(code).encode()) for code in range(128)} | {letter: letter for letter in alphabet}
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    room = size - len(partial) - 1
    start = [spelled(bytes([byte])) for byte in range(256)] + sorted(alphabet)
    if room < len(start):
        raise TrainError(f"{size} tokens are too few: bytes and symbols alone are {len(start) + len(partial) + 1}")
    learner.train_from_iterator(
        words(), trainers.BpeTrainer(vocab_size=room, initial_alphabet=start, min_frequency=4, show_progress=False)
    )

    back = {ord(stand_in): spelled(symbol.encode()) for symbol, stand_in in stand_ins.items()}
    learnt = json.loads(learner.to_str())["model"]["merges"]
    merges += [(first.translate(back), second.translate(back)) for first, second in learnt]
    tokens = dict.fromkeys([spelled(bytes([byte])) for byte in range(256)])
    tokens |= dict.fromkeys(first + second for first, second in merges)
    tokenizer = Tokenizer(models.BPE(vocab={token: number for number, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(END, special=True, normalized=False)])
    return tokenizer


def write(tokenizer: Tokenizer, folder: Path, context: int) -> None:
    """The files of a checkpoint folder that concern the tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    end = tokenizer.token_to_id(END)
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": END,
        "pad_token": END,
        "clean_up_tokenization_spaces": False,
        "model_max_length": context,
    }
    write_json(folder / "tokenizer_config.json", config)
    write_json(
        folder / "generation_config.json", {"eos_token_id": end, "pad_token_id": end, "do_sample": True, "temperature": 1.0}
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rows", type=Path, nargs="+", help="rows.jsonl; only those of the training split are read")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--size", type=int, default=3072, help="tokens (default: 3072)")
    parser.add_argument("--context", type=int, default=1024, help="tokens that the model will read (default: 1024)")


def run(options: argparse.Namespace) -> None:
    rows = [row for row in read_rows(options.rows) if row.split == "train"]
    if not rows:
        raise TrainError("the files have no row of the training split")
    texts = []
    for row in rows:
        prompt = row.prompt if isinstance(row.prompt, str) else "\n".join(message["content"] for message in row.prompt)
        texts.append(prompt + row.completion)
    tokenizer = train(texts, options.size)
    write(tokenizer, options.out, options.context)
    sample = texts[:: max(1, len(texts) // 2000)]
    count = sum(len(encoding.ids) for encoding in tokenizer.encode_batch(sample))
    characters = sum(map(len, sample))
    print(
        f"{options.out}: {tokenizer.get_vocab_size()} tokens, {characters / count:.2f} characters a token on {len(sample)} rows"
    )
