"""An exported folder against its source: the same tokens through ONNX Runtime and through transformers.

Rows of different lengths go in as one batch, are continued token by token, and every step's logits are compared with a full pass
of the source over that row alone. So cache, positions, padding and batching are all in the comparison.

Routed experts make a model discontinuous: where two experts are nearly tied, the least rounding sends a token to the other one
and changes its logits at will. For such models in less than float32 the median over the positions is what has to be in bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedModel

from .runner import open_runner

# Largest difference accepted, as a multiple of the logits' standard deviation (or of 1 where that is smaller). Unrelated logits
# would differ by six or more. At 4 bits the bound tells a wrong graph from a right one and no more: what rounding costs has
# to be measured in proofs.
BOUNDS = {"fp32": 1e-4, "fp16": 0.15, "int8": 0.5, "int4": 3.5}
LENGTHS = (1, 24, 9)
STEPS = 8


@dataclass(frozen=True)
class Agreement:
    """How far the export is from its source."""

    largest: float
    median: float
    bound: float
    same_best: int
    compared: int
    judge_median: bool

    @property
    def passed(self) -> bool:
        return (self.median if self.judge_median else self.largest) <= self.bound

    def __str__(self) -> str:
        word = "agrees with" if self.passed else "DIFFERS from"
        return (
            f"{word} its source: largest difference of logits {self.largest:.2e}, median over positions {self.median:.2e} "
            f"(bound {self.bound:.2e} on the {'median' if self.judge_median else 'largest'}), "
            f"same most likely token at {self.same_best} of {self.compared} positions"
        )


def compare(source: PreTrainedModel, folder: Path, dtype: str, seed: int = 0) -> Agreement:
    """Compares on random tokens; `dtype` chooses the bound."""
    generator = np.random.default_rng(seed)
    vocab = int(source.config.vocab_size)
    rows = [generator.integers(0, vocab, length + STEPS).tolist() for length in LENGTHS]
    with torch.no_grad():
        expected = [source(torch.tensor([row])).logits[0].float().numpy() for row in rows]
    runner = open_runner(folder, capacity=max(LENGTHS) + STEPS)
    differences: list[float] = []
    same = 0
    for step in range(STEPS):
        if step == 0:
            logits = runner.prefill([row[:length] for row, length in zip(rows, LENGTHS, strict=True)])
        else:
            logits = runner.step([row[length + step - 1] for row, length in zip(rows, LENGTHS, strict=True)])
        for index, length in enumerate(LENGTHS):
            wanted = expected[index][length + step - 1]
            differences.append(float(np.abs(logits[index] - wanted).max()))
            same += int(logits[index].argmax() == wanted.argmax())
    spread = max(1.0, float(np.std(np.concatenate(expected))))
    routed = bool(getattr(source.config, "n_routed_experts", None)) and dtype != "fp32"
    median = float(np.median(differences))
    return Agreement(max(differences), median, BOUNDS[dtype] * spread, same, len(differences), judge_median=routed)
