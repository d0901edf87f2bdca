"""Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): keys and values of all heads are made from one small latent.

A cache needs the latent and one rotated key, shared by the heads, of each token. The naive form makes keys and values of the latent
and attends as usual, which is fast for whole texts. The absorbed form moves these products to the other side, to query and output,
so that attention runs on the cached latent itself, which is fast token by token. Both compute the same.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .parts import ModelConfig, RmsNorm, Rotary


class LatentAttention(nn.Module):
    """Named as in Hugging Face's DeepSeek V3 without a query latent; rotation is by halves (`rope_interleave` false)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads, self.size, self.latent, self.rotated = config.heads, config.head_dim, config.latent, config.rotary_size
        self.q_proj = nn.Linear(config.hidden, self.heads * (self.size + self.rotated), bias=False)
        self.kv_a_proj_with_mqa = nn.Linear(config.hidden, self.latent + self.rotated, bias=False)
        self.kv_a_layernorm = RmsNorm(self.latent, config.norm_eps)
        self.kv_b_proj = nn.Linear(self.latent, self.heads * 2 * self.size, bias=False)
        self.o_proj = nn.Linear(self.heads * self.size, config.hidden, bias=False)

    def forward(self, x: Tensor, rotary: Rotary) -> Tensor:
        """The naive form."""
        rows, length, _ = x.shape
        plain, turned = self._queries(x, rotary)
        latent, shared = self._cached(x, rotary)
        both = self.kv_b_proj(latent).view(rows, length, self.heads, 2 * self.size).transpose(1, 2)
        key, value = both.split(self.size, dim=-1)
        query = torch.cat((plain, turned), dim=-1)
        key = torch.cat((key, shared.expand(-1, self.heads, -1, -1)), dim=-1)
        attended = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.o_proj(attended.transpose(1, 2).reshape(rows, length, -1))

    def absorbed(self, x: Tensor, rotary: Rotary) -> Tensor:
        """The absorbed form: queries `[B, heads, S, latent + rotated]` against the cache, as one key that all heads share."""
        rows, length, _ = x.shape
        plain, turned = self._queries(x, rotary)
        latent, shared = self._cached(x, rotary)
        to_key, to_value = self.kv_b_proj.weight.view(self.heads, 2 * self.size, self.latent).split(self.size, dim=1)
        query = torch.cat((torch.einsum("bhsd,hdl->bhsl", plain, to_key), turned), dim=-1)
        key = torch.cat((latent[:, None], shared), dim=-1)
        scores = query @ key.transpose(-1, -2) * (self.size + self.rotated) ** -0.5
        later = torch.ones(length, length, dtype=torch.bool, device=x.device).triu(1)
        weights = scores.masked_fill(later, float("-inf")).softmax(-1)
        attended = torch.einsum("bhsl,hdl->bhsd", weights @ latent[:, None], to_value)
        return self.o_proj(attended.transpose(1, 2).reshape(rows, length, -1))

    def _queries(self, x: Tensor, rotary: Rotary) -> tuple[Tensor, Tensor]:
        """The part of the queries without a position, and the rotated part."""
        rows, length, _ = x.shape
        query = self.q_proj(x).view(rows, length, self.heads, -1).transpose(1, 2)
        plain, turned = query.split((self.size, self.rotated), dim=-1)
        return plain, rotary(turned)

    def _cached(self, x: Tensor, rotary: Rotary) -> tuple[Tensor, Tensor]:
        """What a cache holds: latents `[B, S, latent]` and rotated keys `[B, 1, S, rotated]`."""
        latent, shared = self.kv_a_proj_with_mqa(x).split((self.latent, self.rotated), dim=-1)
        return self.kv_a_layernorm(latent), rotary(shared[:, None])
