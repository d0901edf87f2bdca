"""The log-probabilities that a policy gives to the tokens of examples, one flat tensor for a padded batch."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .batches import Batch
from .checkpoint import Policy
from .model import Decoder


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 for products on a GPU. CPUs stay in float32: without bfloat16 instructions it is four times slower, as measured."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def token_losses(policy: Policy, batch: Batch) -> Tensor:
    """The negative log-probability of every token to be learnt, row after row. The head runs on these positions alone."""
    targets = batch.learnt[:, 1:]
    with autocast(batch.ids.device):
        logits = policy.logits(policy.hidden(batch.ids)[:, :-1][targets])
    return functional.cross_entropy(logits.float(), batch.ids[:, 1:][targets], reduction="none")


def losses_ahead(model: Decoder, batch: Batch) -> tuple[Tensor, Tensor]:
    """`token_losses`, and those of the head for the token after the next, for every token to be learnt but the first two of a row."""
    next_token, after_next = batch.learnt[:, 1:], batch.learnt[:, 2:]
    with autocast(batch.ids.device):
        hidden = model.hidden(batch.ids)
        further = model.hidden_ahead(hidden, batch.ids)[:, :-1][after_next]
        logits = model.logits(hidden[:, :-1][next_token]), model.logits(further)
    targets = batch.ids[:, 1:][next_token], batch.ids[:, 2:][after_next]
    pairs = zip(logits, targets, strict=True)
    first, second = (functional.cross_entropy(values.float(), ids, reduction="none") for values, ids in pairs)
    return first, second


@torch.no_grad()
def acceptance(model: Decoder, batch: Batch) -> Tensor:
    """The chance that a token drafted by the head ahead is accepted in sampling at temperature 1, for the tokens `losses_ahead` counts.

    The engine draws draft and token by the same random number from tokens laid end to end in the order of their ids, each as long as
    it is likely. So the chance is how much the two places of each token have in common, over all tokens.
    """
    hidden = model.hidden(batch.ids)
    places = batch.learnt[:, 2:]
    own, drafted = hidden[:, 1:-1][places], model.hidden_ahead(hidden, batch.ids)[:, :-1][places]
    first, second = (model.logits(h).double().softmax(-1) for h in (own, drafted))
    first_end, second_end = first.cumsum(-1), second.cumsum(-1)
    common = torch.minimum(first_end, second_end) - torch.maximum(first_end - first, second_end - second)
    return common.clamp(min=0.0).sum(-1)
