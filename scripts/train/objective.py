"""GRPO's loss: a clipped policy gradient with advantages from groups of samples, and a penalty for leaving the reference.

Group-relative advantages and the clipped ratio are of DeepSeekMath (arXiv 2402.03300). Two changes are of DeepSeek-V3.2 (arXiv
2512.02556): the K3 estimate of the divergence is weighted by the ratio to the behaviour policy, which makes its gradient unbiased,
and samples of negative advantage that the policy has moved too far from are masked, since their ratios are noise.

The behaviour policy is the engine that sampled. Its log-probabilities enter as they were reported, so that rounding of an exported
model counts as what it is, a policy that differs a little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

# Log-ratios beyond this are cut, so that one absurd token cannot make a loss infinite.
LARGEST_LOG_RATIO = 20.0


@dataclass(frozen=True)
class Objective:
    """`clip` bounds the ratio to 1 ± clip, `kl` weighs the divergence, `stale` is the log-ratio a token beyond which samples mask."""

    clip: float = 0.2
    kl: float = 0.02
    stale: float = 0.5


@dataclass(frozen=True)
class Terms:
    """A loss and what it was made of, each a mean over samples (`clipped`: over tokens)."""

    loss: Tensor
    kl: float
    clipped: float
    masked: float


def advantages(rewards: Sequence[float | None]) -> list[float | None]:
    """The advantage of each sample of a group over its mean, in standard deviations.

    A reward of `None` is a fault of the machinery: it says nothing about the sample, which has no part in the group. Where all rewards
    are equal nothing can be learnt, and no sample has an advantage.
    """
    known = [reward for reward in rewards if reward is not None]
    mean = sum(known) / len(known) if known else 0.0
    deviation = (sum((reward - mean) ** 2 for reward in known) / len(known)) ** 0.5 if known else 0.0
    if deviation == 0.0:
        return [None] * len(rewards)
    return [None if reward is None else (reward - mean) / deviation for reward in rewards]


def grpo(
    logprobs: Tensor,
    behaviour: Tensor,
    reference: Tensor,
    advantages: Tensor,
    lengths: Tensor,
    objective: Objective,
) -> Terms:
    """The loss of some samples, summed: divide by the samples of the step.

    `logprobs` (with gradient), `behaviour` and `reference` are the log-probabilities of all sampled tokens under the policy, the one
    that sampled, and the reference, flat, sample after sample; `advantages` and `lengths` have one entry a sample.
    """
    owner = torch.repeat_interleave(torch.arange(len(lengths), device=lengths.device), lengths)

    def means(values: Tensor) -> Tensor:
        return torch.zeros_like(advantages).index_add(0, owner, values) / lengths

    log_ratio = (logprobs - behaviour).clamp(-LARGEST_LOG_RATIO, LARGEST_LOG_RATIO)
    ratio = log_ratio.exp()
    gain = advantages[owner]
    bounded = ratio.clamp(1 - objective.clip, 1 + objective.clip)
    surrogate = torch.minimum(ratio * gain, bounded * gain)
    masked = (advantages < 0) & (means(-log_ratio.detach()) > objective.stale)

    to_reference = (reference - logprobs).clamp(-LARGEST_LOG_RATIO, LARGEST_LOG_RATIO)
    divergence = means(ratio * (to_reference.exp() - to_reference - 1))
    loss = (objective.kl * divergence - means(surrogate) * ~masked).sum()
    clipped = (bounded * gain < ratio * gain).float().mean()
    return Terms(loss, float(divergence.detach().mean()), float(clipped), float(masked.float().mean()))
