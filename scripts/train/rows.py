"""The training rows that `prove data` writes, and their tokens.

A row is one line of JSON. The model reads its `prompt` and learns its `completion`:

    {"kind": "step", "statement": "add_zero_17", "family": "nat_linear", "split": "train",
     "prompt": "### state\\nx : Nat\\n⊢ x + 0 = x\\n### tactic\\n", "completion": "omega\\n### end\\n"}

A row for a chat model has `messages` in place of the prompt, which the model's own chat template lays out. Other keys are kept
by their readers or ignored. Prompt and completion are turned into tokens separately, as they meet when the engine samples.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from .errors import TrainError
from .lines import read_lines

SPLITS = ("train", "held_out")


@dataclass(frozen=True)
class Row:
    """One example. `kind` is what sort of answer it teaches, `family` what sort of theorem it is about."""

    kind: str
    statement: str
    family: str
    split: str
    prompt: str | list[dict[str, str]]
    completion: str


@dataclass(frozen=True)
class Example:
    """A row's tokens: the first `start` of `ids` are the prompt, the rest is what is learnt, the end-of-text token included."""

    kind: str
    ids: NDArray[np.int64]
    start: int


def read_rows(paths: Iterable[Path]) -> list[Row]:
    """All rows of some files, each text once: the same prompt with the same completion is one row."""
    rows: dict[tuple[str, str], Row] = {}
    for path in paths:
        for number, value in read_lines(path):
            row = _row(value, f"{path}:{number}")
            rows.setdefault((json.dumps(row.prompt), row.completion), row)
    return list(rows.values())


def _row(value: dict[str, Any], place: str) -> Row:
    prompt = value.get("prompt", value.get("messages"))
    completion, split = value.get("completion"), value.get("split")
    if not isinstance(prompt, str | list) or not isinstance(completion, str):
        raise TrainError(f'{place}: a row needs "prompt" (or "messages") and "completion"')
    if split not in SPLITS:
        raise TrainError(f'{place}: "split" is {split!r}; it is one of {", ".join(SPLITS)}')
    text = {key: str(value.get(key, "")) for key in ("kind", "statement", "family")}
    return Row(**text, split=split, prompt=prompt, completion=completion)


class Encoder:
    """Turns rows into tokens with the tokenizer of a checkpoint folder."""

    def __init__(self, folder: Path, eos: int) -> None:
        """`eos` is the token that ends a text; completions that do not spell it get it."""
        self.folder = folder
        self.eos = eos
        try:
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the package raises nothing more specific
            raise TrainError(f"{folder / 'tokenizer.json'} cannot be read: {error}; `train tokenizer` makes one") from error
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def prompts(self, prompts: Sequence[str | list[dict[str, str]]]) -> list[list[int]]:
        """The tokens of prompts, as the engine encodes them."""
        texts = [prompt if isinstance(prompt, str) else self._chat(prompt) for prompt in prompts]
        plain = all(isinstance(prompt, str) for prompt in prompts)
        return [encoding.ids for encoding in self.tokenizer.encode_batch(texts, add_special_tokens=plain)]

    def examples(self, rows: Sequence[Row]) -> list[Example]:
        """The tokens of rows, in order."""
        completions = self.tokenizer.encode_batch([row.completion for row in rows], add_special_tokens=False)
        examples = []
        for row, prompt, completion in zip(rows, self.prompts([row.prompt for row in rows]), completions, strict=True):
            end = [] if completion.ids and completion.ids[-1] == self.eos else [self.eos]
            examples.append(Example(row.kind, np.array(prompt + completion.ids + end, dtype=np.int64), len(prompt)))
        return examples

    def _chat(self, messages: list[dict[str, str]]) -> str:
        from transformers import AutoTokenizer

        if not hasattr(self, "_template"):
            self._template = AutoTokenizer.from_pretrained(self.folder, local_files_only=True)
        return str(self._template.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))
