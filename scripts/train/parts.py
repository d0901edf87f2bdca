"""What every kind of layer is made of: sizes, norms, rotary positions, SwiGLU, grouped-query attention."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of a decoder; `context` counts tokens.

    `latent` is the size of the latent that keys and values are made from (0: grouped-query attention), `experts` the number of routed
    experts of a layer (0: dense layers), `active` how many of them a token takes; `ahead` adds the head for the token after the next.
    """

    vocab: int
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    intermediate: int
    context: int = 1024
    rope_theta: float = 10000.0
    norm_eps: float = 1e-6
    latent: int = 0
    experts: int = 0
    active: int = 2
    ahead: bool = False

    @property
    def expert_width(self) -> int:
        """Intermediate size of an expert: those that a token takes, the shared one included, are as wide as a dense layer."""
        return self.intermediate // (self.active + 1) // 16 * 16

    @property
    def rotary_size(self) -> int:
        """Elements of a head that are rotated: all of them, or with a latent the half as many (at least 16) that come on top."""
        return max(self.head_dim // 2, 16) if self.latent else self.head_dim

    @property
    def cached(self) -> int:
        """Numbers that the exported graphs keep of a token: keys and values, or the latent with its rotated part in the place of each."""
        head = self.latent + self.rotary_size if self.latent else self.kv_heads * self.head_dim
        return 2 * head * (self.layers + self.ahead)


class RmsNorm(nn.Module):
    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, self.weight.shape, self.weight, self.eps)


class Rotary(nn.Module):
    """Cosines and sines `[context, head size]`, for the two halves of a head alike."""

    cos: Tensor
    sin: Tensor

    def __init__(self, size: int, context: int, theta: float) -> None:
        super().__init__()
        frequencies = theta ** (-torch.arange(0, size, 2, dtype=torch.float32) / size)
        angles = torch.outer(torch.arange(context, dtype=torch.float32), frequencies).repeat(1, 2)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Rotates `[B, heads, S, head size]` by the positions 0 to S − 1."""
        length = x.shape[2]
        first, second = x.chunk(2, dim=-1)
        turned = torch.cat((-second, first), dim=-1)
        return x * self.cos[:length].to(x.dtype) + turned * self.sin[:length].to(x.dtype)


class Attention(nn.Module):
    """Grouped-query attention: `heads` queries share `kv_heads` keys and values."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        query, kv = config.heads * config.head_dim, config.kv_heads * config.head_dim
        self.q_proj = nn.Linear(config.hidden, query, bias=False)
        self.k_proj = nn.Linear(config.hidden, kv, bias=False)
        self.v_proj = nn.Linear(config.hidden, kv, bias=False)
        self.o_proj = nn.Linear(query, config.hidden, bias=False)

    def forward(self, x: Tensor, rotary: Rotary) -> Tensor:
        rows, length, _ = x.shape
        size = self.config.head_dim
        query, key, value = (
            projection(x).view(rows, length, -1, size).transpose(1, 2) for projection in (self.q_proj, self.k_proj, self.v_proj)
        )
        shared = self.config.heads // self.config.kv_heads
        key, value = rotary(key).repeat_interleave(shared, 1), value.repeat_interleave(shared, 1)
        attended = functional.scaled_dot_product_attention(rotary(query), key, value, is_causal=True)
        return self.o_proj(attended.transpose(1, 2).reshape(rows, length, -1))


class Mlp(nn.Module):
    def __init__(self, hidden: int, intermediate: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(hidden, intermediate, bias=False)
        self.up_proj = nn.Linear(hidden, intermediate, bias=False)
        self.down_proj = nn.Linear(intermediate, hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))
