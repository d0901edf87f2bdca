"""Makes parts of transformers' models fit for tracing, without changing what they compute.

A tracer records the operations that ran on one input. Two parts of the DeepSeek models do not survive that: experts that are
visited only when some token chose them, and rotations by complex numbers, which ONNX does not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import torch
from torch import nn
from transformers import PreTrainedModel
from transformers.models.deepseek_v2 import modeling_deepseek_v2 as deepseek_v2


@contextmanager
def traceable(model: PreTrainedModel) -> Iterator[None]:
    """While open, the model computes the same in a way that can be traced for every input."""
    originals: list[tuple[nn.Module, Any]] = []
    for module in model.modules():
        if hasattr(module, "gate_up_proj") and hasattr(module, "num_experts"):
            replacement = _every_expert
        elif isinstance(module, deepseek_v2.DeepseekV2RotaryEmbedding):
            replacement = _cosines_and_sines
        else:
            continue
        originals.append((module, module.forward))
        module.forward = replacement.__get__(module)
    try:
        with mock.patch.object(deepseek_v2, "apply_rotary_emb", _rotate_pairs):
            yield
    finally:
        for module, forward in originals:
            module.forward = forward


def _every_expert(
    self: Any, hidden_states: torch.Tensor, top_k_index: torch.Tensor, top_k_weights: torch.Tensor
) -> torch.Tensor:
    """Routed experts as a loop over all of them.

    Each expert gathers its own tokens, possibly none, so the graph follows the routing of whatever input it gets, and no token
    pays for an expert that it did not choose.
    """
    result = torch.zeros_like(hidden_states)
    for expert in range(self.num_experts):
        token, slot = torch.where(top_k_index == expert)
        gate, up = nn.functional.linear(hidden_states[token], self.gate_up_proj[expert]).chunk(2, dim=-1)
        output = nn.functional.linear(self.act_fn(gate) * up, self.down_proj[expert])
        weighted = output * top_k_weights[token, slot, None].to(output.dtype)
        result = result.index_add(0, token, weighted)
    return result


def _cosines_and_sines(self: Any, x: torch.Tensor, position_ids: torch.Tensor) -> torch.Tensor:
    """Instead of complex numbers: cosine and sine in a last axis of two, `[B, S, head size / 2, 2]`."""
    angles = position_ids[..., None].float() * self.inv_freq.float()
    return torch.stack((angles.cos(), angles.sin()), dim=-1) * self.attention_scaling


def _rotate_pairs(queries: torch.Tensor, keys: torch.Tensor, rotation: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Rotates neighbouring pairs of `[B, heads, S, head size]` by the angles of `_cosines_and_sines`."""
    cosine, sine = rotation.unsqueeze(1).unbind(dim=-1)

    def rotate(value: torch.Tensor) -> torch.Tensor:
        first, second = value.float()[..., 0::2], value.float()[..., 1::2]
        pairs = torch.stack((first * cosine - second * sine, first * sine + second * cosine), dim=-1)
        return pairs.flatten(3).type_as(value)

    return rotate(queries), rotate(keys)
