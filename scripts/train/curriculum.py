"""Which statements are worth sampling again.

A statement that always or never gets proved teaches nothing, so those whose last pass rate lay outside a band rest, and come back,
the longest rested first, when there are too few others. Every draw depends on the seed, the step and the record alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
