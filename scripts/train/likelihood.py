"""The log-probabilities that a policy gives to the tokens of examples, one flat tensor for a padded batch."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .batches import Batch
from .checkpoint import Policy


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 for products on a GPU. CPUs stay in float32: without bfloat16 instructions it is four times slower, as measured."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def token_losses(policy: Policy, batch: Batch) -> Tensor:
    """The negative log-probability of every token to be learnt, row after row. The head runs on these positions alone."""
    targets = batch.learnt[:, 1:]
    with autocast(batch.ids.device):
        logits = policy.logits(policy.hidden(batch.ids)[:, :-1][targets])
    return functional.cross_entropy(logits.float(), batch.ids[:, 1:][targets], reduction="none")
