"""AdamW without decay on norms, the cosine schedule, and one clipped step."""

from __future__ import annotations

import math

import torch
from torch import nn


def adamw(model: nn.Module, rate: float, decay: float) -> torch.optim.AdamW:
    """AdamW with betas 0.9 and 0.95; weights that are matrices decay, norms do not."""
    matrices = [parameter for parameter in model.parameters() if parameter.requires_grad and parameter.ndim >= 2]
    others = [parameter for parameter in model.parameters() if parameter.requires_grad and parameter.ndim < 2]
    groups = [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.95), fused=True)


def cosine(step: int, steps: int, warmup: int, floor: float = 0.1) -> float:
    """The factor on the learning rate at `step` (from 0): up in a line, then down a half cosine to `floor`."""
    if step < warmup:
        return (step + 1) / warmup
    done = min(1.0, (step - warmup) / max(1, steps - warmup))
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * done))


def take_step(model: nn.Module, optimizer: torch.optim.Optimizer, rate: float, clip: float) -> float:
    """One step with gradients clipped to the norm `clip`; returns the norm before. A norm that is no number takes no step."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    norm = float(nn.utils.clip_grad_norm_(model.parameters(), clip))
    if math.isfinite(norm):
        optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return norm
