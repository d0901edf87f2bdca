"""Runs an exported folder with ONNX Runtime and NumPy alone: logits and greedy text, for checks and tests.

Small and slow on purpose; it is what the Rust engine is compared with. Each layout has one class with the same two methods.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Runner(Protocol):
    """A model with a cache for a batch of rows."""

    def prefill(self, rows: list[list[int]]) -> Floats:
        """Starts over with these prompts; logits `[B, V]` of their last tokens."""
        ...

    def step(self, tokens: list[int]) -> Floats:
        """One more token for each row; logits `[B, V]`."""
        ...


def open_session(folder: Path, threads: int = 1, graph: str = "model.onnx") -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return ort.InferenceSession(str(folder / graph), options, providers=["CPUExecutionProvider"])


def open_runner(folder: Path, capacity: int = 512) -> Runner:
    """The runner for the folder's layout, told apart by the graph's inputs."""
    session = open_session(folder)
    names = {value.name for value in session.get_inputs()}
    if "seqlens_k" in names:
        return FusedRunner(session, capacity)
    if "position_ids" in names:
        return TracedRunner(session)
    return SharedBufferRunner(session, capacity, genai_head_size(folder))


def genai_head_size(folder: Path) -> int:
    """The size that the builder's graph leaves symbolic."""
    config = json.loads((folder / "genai_config.json").read_text(encoding="utf-8"))
    return int(config["model"]["decoder"]["head_size"])


def greedy(runner: Runner, prompt: list[int], count: int) -> list[int]:
    """The `count` most likely tokens one after the other; the end-of-text token does not stop it."""
    logits = runner.prefill([prompt])
    text: list[int] = []
    for _ in range(count):
        text.append(int(logits[0].argmax()))
        if len(text) < count:
            logits = runner.step([text[-1]])
    return text


class _Session:
    """What the layouts have in common: the cache inputs and their types."""

    def __init__(self, session: ort.InferenceSession, head_size: int | None = None) -> None:
        self.session = session
        self.head_size = head_size
        self.outputs = [value.name for value in session.get_outputs()]
        self.cache_inputs = [value for value in session.get_inputs() if value.name.startswith("past_key_values.")]

    def empty_cache(self, batch: int, length: int) -> dict[str, NDArray[Any]]:
        cache = {}
        for value in self.cache_inputs:
            kind = np.float16 if "float16" in value.type else np.float32
            cache[value.name] = np.zeros((batch, value.shape[1], length, self.head_size or value.shape[3]), dtype=kind)
        return cache

    def run(self, feeds: dict[str, NDArray[Any]], cache: dict[str, NDArray[Any]]) -> Floats:
        """Runs once and moves the present keys and values into `cache`."""
        names = {value.name for value in self.session.get_inputs()}
        feeds = {name: value for name, value in feeds.items() if name in names}
        results = dict(zip(self.outputs, self.session.run(None, feeds | cache), strict=True))
        for name in cache:
            cache[name] = results[name.replace("past_key_values", "present")]
        return results["logits"].astype(np.float32)


class FusedRunner(_Session):
    """The "prove" layout."""

    def __init__(self, session: ort.InferenceSession, capacity: int) -> None:
        super().__init__(session)
        self.capacity = capacity

    def prefill(self, rows: list[list[int]]) -> Floats:
        self.cache = self.empty_cache(len(rows), self.capacity)
        self.lengths = np.zeros(len(rows), dtype=np.int32)
        return self.extend(rows)

    def step(self, tokens: list[int]) -> Floats:
        return self.extend([[token] for token in tokens])

    def extend(self, rows: list[list[int]]) -> Floats:
        """Several more tokens a row, as many as each has; with a past this needs a chunked model or one row."""
        counts = np.array([len(row) for row in rows], dtype=np.int32)
        ids = np.zeros((len(rows), counts.max()), dtype=np.int64)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
        self.lengths += counts
        feeds = {
            "input_ids": ids,
            "seqlens_k": self.lengths - 1,
            "total_sequence_length": np.array(self.lengths.max(), dtype=np.int32),
            "last_token": counts.astype(np.int64) - 1,
            "logits_at": np.arange(len(rows)) * ids.shape[1] + counts - 1,
            "query_seqlens": counts,
        }
        return self.run(feeds, self.cache)


class TracedRunner(_Session):
    """The "optimum" layout, the older one included: growing caches, logits of all positions, rows padded on the left."""

    def prefill(self, rows: list[list[int]]) -> Floats:
        self.cache = self.empty_cache(len(rows), 0)
        longest = max(len(row) for row in rows)
        ids = np.zeros((len(rows), longest), dtype=np.int64)
        self.mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, longest - len(row) :] = row
            self.mask[index, longest - len(row) :] = 1
        return self.extend(ids)

    def step(self, tokens: list[int]) -> Floats:
        self.mask = np.concatenate([self.mask, np.ones((len(tokens), 1), dtype=np.int64)], axis=1)
        return self.extend(np.array(tokens, dtype=np.int64)[:, None])

    def extend(self, ids: NDArray[np.int64]) -> Floats:
        positions = np.maximum(self.mask.cumsum(axis=1) - 1, 0)[:, -ids.shape[1] :]
        begun = np.array([self.mask.shape[1] > ids.shape[1]])
        feeds = {"input_ids": ids, "attention_mask": self.mask, "position_ids": positions, "use_cache_branch": begun}
        return self.run(feeds, self.cache)[:, -1]


class SharedBufferRunner(_Session):
    """The layout of onnxruntime-genai's builder: buffers of fixed length, a mask that counts keys, logits of all positions."""

    def __init__(self, session: ort.InferenceSession, capacity: int, head_size: int) -> None:
        super().__init__(session, head_size)
        self.capacity = capacity

    def prefill(self, rows: list[list[int]]) -> Floats:
        self.cache = self.empty_cache(len(rows), self.capacity)
        longest = max(len(row) for row in rows)
        ids = np.zeros((len(rows), longest), dtype=np.int64)
        self.mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            self.mask[index, : len(row)] = 1
        logits = self.run({"input_ids": ids, "attention_mask": self.mask}, self.cache)
        # Some graphs give the logits of the last position only.
        return logits[np.arange(len(rows)), np.minimum(self.mask.sum(axis=1), logits.shape[1]) - 1]

    def step(self, tokens: list[int]) -> Floats:
        self.mask = np.concatenate([self.mask, np.ones((len(tokens), 1), dtype=np.int64)], axis=1)
        ids = np.array(tokens, dtype=np.int64)[:, None]
        return self.run({"input_ids": ids, "attention_mask": self.mask}, self.cache)[:, -1]
