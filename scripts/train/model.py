"""The decoder: RMS norms, rotary positions, grouped-query attention, SwiGLU, tied embeddings.

Modules are named as in Hugging Face's Llama, so a state dict is a Llama checkpoint and exports as one. Rows of a batch are padded
on the right: under a causal mask no real token sees the padding, so there is no mask to pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

INIT_STD = 0.02


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of a decoder; `context` counts tokens."""

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


# Sizes by name; embeddings come on top.
PRESETS: dict[str, dict[str, int]] = {
    "tiny": {"hidden": 64, "layers": 2, "heads": 4, "kv_heads": 2, "head_dim": 16, "intermediate": 160},
    "2m": {"hidden": 160, "layers": 6, "heads": 5, "kv_heads": 1, "head_dim": 32, "intermediate": 448},
    "6m": {"hidden": 256, "layers": 8, "heads": 8, "kv_heads": 2, "head_dim": 32, "intermediate": 704},
    "15m": {"hidden": 384, "layers": 8, "heads": 6, "kv_heads": 2, "head_dim": 64, "intermediate": 1088},
}


def preset(name: str, vocab: int, context: int) -> ModelConfig:
    """A named size."""
    return ModelConfig(vocab=vocab, context=context, **PRESETS[name])


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


class Layer(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.input_layernorm = RmsNorm(config.hidden, config.norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RmsNorm(config.hidden, config.norm_eps)
        self.mlp = Mlp(config.hidden, config.intermediate)

    def forward(self, x: Tensor, rotary: Rotary) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), rotary)
        return x + self.mlp(self.post_attention_layernorm(x))


class Body(nn.Module):
    """All but the head."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab, config.hidden)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = RmsNorm(config.hidden, config.norm_eps)
        self.rotary = Rotary(config.head_dim, config.context, config.rope_theta)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, self.rotary)
        return self.norm(x)


class Decoder(nn.Module):
    """The whole model. The head multiplies by the embedding, so it has no weights of its own."""

    def __init__(self, config: ModelConfig, seed: int = 0) -> None:
        """Weights are drawn from `seed`; what writes to the residual stream starts smaller the more layers write to it."""
        super().__init__()
        self.config = config
        self.model = Body(config)
        generator = torch.Generator().manual_seed(seed)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                writes = name.endswith(("o_proj.weight", "down_proj.weight"))
                std = INIT_STD / (2 * config.layers) ** 0.5 if writes else INIT_STD
                nn.init.normal_(parameter, std=std, generator=generator)

    def hidden(self, ids: Tensor) -> Tensor:
        """What the head reads, `[B, S, hidden]`, for tokens `[B, S]` padded on the right."""
        return self.model(ids)

    def logits(self, hidden: Tensor) -> Tensor:
        """Logits `[…, vocab]` of the next token."""
        return functional.linear(hidden, self.model.embed_tokens.weight)

    def forward(self, ids: Tensor) -> Tensor:
        return self.logits(self.hidden(ids))

    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())
