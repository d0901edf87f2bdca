"""pass@k from n samples without bias, and how far chance may have moved it.

With c of n samples proved, the chance that k of them drawn without replacement hold no proof is C(n−c, k) / C(n, k) (Chen et al.,
arXiv 2107.03374). The mean over statements gets an interval by resampling statements; a plain count of statements gets Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 10_000
Z = 1.959964


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


def pass_at_k(samples: int, proved: int, k: int) -> float:
    """The chance that k of the samples hold a proof; `k` is at most `samples`."""
    if not 0 <= proved <= samples or not 0 < k <= samples:
        raise ValueError(f"pass@{k} of {proved} in {samples}")
    if samples - proved < k:
        return 1.0
    return 1.0 - float(np.prod(1.0 - k / np.arange(samples - proved + 1, samples + 1)))


def mean_interval(values: Sequence[float], seed: int = 0) -> Interval:
    """The mean with a percentile bootstrap interval."""
    array = np.asarray(values, dtype=np.float64)
    if len(array) == 0:
        raise ValueError("an interval of no values")
    generator = np.random.default_rng(seed)
    means = [array[generator.integers(0, len(array), len(array))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(array.mean()), float(low), float(high))


def wilson(successes: int, trials: int) -> Interval:
    """A share with Wilson's score interval."""
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError(f"{successes} of {trials}")
    share = successes / trials
    scale = 1 + Z**2 / trials
    centre = (share + Z**2 / (2 * trials)) / scale
    half = Z / scale * (share * (1 - share) / trials + Z**2 / (4 * trials**2)) ** 0.5
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))
