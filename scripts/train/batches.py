"""Padded batches of like lengths, the same ones for the same seed.

An epoch's order is drawn from (seed, epoch) alone, so a resumed run finds its place by counting. Rows are shuffled, sorted by length
within windows, and cut into batches of a bounded number of tokens, padding included; then the batches are shuffled. Rows never share
a sequence, so nothing leaks from one into another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .rows import Example

# Rows sorted together: enough that a batch has little padding, few enough that batches differ from epoch to epoch.
WINDOW = 2048


@dataclass(frozen=True)
class Batch:
    """Tokens `[B, S]` padded on the right, and which of them are to be predicted (never the first)."""

    ids: Tensor
    learnt: Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(self.ids.to(device), self.learnt.to(device))


def plan(lengths: NDArray[np.int64], tokens: int, seed: int, epoch: int) -> list[NDArray[np.int64]]:
    """The rows of each batch of an epoch. A row longer than `tokens` has a batch to itself."""
    generator = np.random.default_rng([seed, epoch])
    order = generator.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), WINDOW):
        window = order[start : start + WINDOW]
        window = window[np.argsort(lengths[window], kind="stable")]
        first = 0
        for position in range(1, len(window) + 1):
            # Sorted, so the last row is the longest.
            if position == len(window) or (position + 1 - first) * lengths[window[position]] > tokens:
                batches.append(window[first:position])
                first = position
    return [batches[index] for index in generator.permutation(len(batches))]


def collate(examples: Sequence[Example], pad: int) -> Batch:
    """One batch of these examples."""
    longest = max(len(example.ids) for example in examples)
    ids = np.full((len(examples), longest), pad, dtype=np.int64)
    learnt = np.zeros((len(examples), longest), dtype=bool)
    for row, example in enumerate(examples):
        ids[row, : len(example.ids)] = example.ids
        learnt[row, example.start : len(example.ids)] = True
    return Batch(torch.from_numpy(ids), torch.from_numpy(learnt))


class Epochs:
    """The batches of a run: epoch after epoch, from any step on."""

    def __init__(self, examples: Sequence[Example], tokens: int, accumulate: int, seed: int) -> None:
        """A step takes `accumulate` batches of at most `tokens` tokens."""
        self.examples = examples
        self.lengths = np.array([len(example.ids) for example in examples], dtype=np.int64)
        self.tokens, self.accumulate, self.seed = tokens, accumulate, seed

    def steps_in(self, epoch: int) -> int:
        return -(-len(plan(self.lengths, self.tokens, self.seed, epoch)) // self.accumulate)

    def steps(self, epochs: int) -> int:
        """All steps of some epochs."""
        return sum(self.steps_in(epoch) for epoch in range(epochs))

    def from_step(self, step: int) -> Iterator[list[list[Example]]]:
        """The batches of step `step` (from 0) and of all that follow, without end."""
        epoch = 0
        while True:
            batches = plan(self.lengths, self.tokens, self.seed, epoch)
            groups = [batches[at : at + self.accumulate] for at in range(0, len(batches), self.accumulate)]
            for group in groups[step:]:
                yield [[self.examples[index] for index in batch] for batch in group]
            step = max(0, step - len(groups))
            epoch += 1
