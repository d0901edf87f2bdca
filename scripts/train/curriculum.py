"""Which statements are worth sampling again, and how hard new ones should be.

A statement that always or never gets proved teaches nothing, so those whose last pass rate lay outside a band rest, and come back,
the longest rested first, when there are too few others. Every draw depends on the seed, the step and the record alone. For the same
reason new statements are mostly of the difficulties of which about half was proved: harder ones, as the easy ones fall.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Seen:
    """When a statement was last drawn, and its pass rate then."""

    step: int
    rate: float


class Curriculum:
    """Draws statements by name."""

    def __init__(self, names: Sequence[str], band: tuple[float, float], seed: int) -> None:
        self.names = list(names)
        self.band = band
        self.seed = seed
        self.seen: dict[str, Seen] = {}

    def holds(self, rate: float) -> bool:
        """Whether a pass rate lies within the band."""
        return self.band[0] <= rate <= self.band[1]

    def draw(self, step: int, count: int) -> list[str]:
        """The statements of a step: unknown ones and those within the band at random, then rested ones."""
        generator = np.random.default_rng([self.seed, step])
        order = [self.names[index] for index in generator.permutation(len(self.names))]
        active = [name for name in order if name not in self.seen or self.holds(self.seen[name].rate)]
        rested = [name for name in order if name in self.seen and not self.holds(self.seen[name].rate)]
        rested.sort(key=lambda name: self.seen[name].step)
        return (active + rested)[:count]

    def record(self, name: str, step: int, rate: float) -> None:
        self.seen[name] = Seen(step, rate)

    def state(self) -> dict[str, list[float]]:
        """The record, for a checkpoint."""
        return {name: [float(seen.step), seen.rate] for name, seen in self.seen.items()}

    def restore(self, state: dict[str, list[float]]) -> None:
        self.seen = {name: Seen(int(step), rate) for name, (step, rate) in state.items()}


def difficulty_weights(statements: Iterable[dict[str, Any]], proved: Collection[str], start: Sequence[int]) -> list[int]:
    """How often new statements should be of each difficulty from 1 on. Those with the weight 0 in `start` are never asked for."""
    counts = [[0, 0] for _ in start]
    for statement in statements:
        count = counts[int(statement["difficulty"]) - 1]
        count[0] += 1
        count[1] += statement["name"] in proved
    # The variance of the verdict; where nothing was tried, as if half was proved.
    variances = [done / all_of * (1 - done / all_of) if all_of else 0.25 for all_of, done in counts]
    return [1 + round(100 * variance) if weight else 0 for variance, weight in zip(variances, start, strict=True)]
