"""The decoder: RMS norms, rotary positions, grouped-query attention, SwiGLU, tied embeddings.

Modules are named as in Hugging Face's Llama, so a state dict is a Llama checkpoint and exports as one. Rows of a batch are padded
on the right: under a causal mask no real token sees the padding, so there is no mask to pass. Three things of DeepSeek's can be had
instead or on top, to be measured against this baseline: latent attention, routed experts, a head for the token after the next. With
latent attention the names are those of Hugging Face's DeepSeek V3, and so is the export.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .ahead import Ahead
from .experts import Experts
from .latent import LatentAttention
from .parts import Attention, Mlp, ModelConfig, RmsNorm, Rotary

INIT_STD = 0.02

# Sizes by name; embeddings come on top.
PRESETS: dict[str, dict[str, int]] = {
    "tiny": {"hidden": 64, "layers": 2, "heads": 4, "kv_heads": 2, "head_dim": 16, "intermediate": 160},
    "2m": {"hidden": 160, "layers": 6, "heads": 5, "kv_heads": 1, "head_dim": 32, "intermediate": 448},
    "6m": {"hidden": 256, "layers": 8, "heads": 8, "kv_heads": 2, "head_dim": 32, "intermediate": 704},
    "15m": {"hidden": 384, "layers": 8, "heads": 6, "kv_heads": 2, "head_dim": 64, "intermediate": 1088},
}


def preset(name: str, vocab: int, context: int, *, latent: bool = False, experts: int = 0, ahead: bool = False) -> ModelConfig:
    """A named size. The latent is as large as two heads, about what one shared pair of keys and values takes."""
    sizes = PRESETS[name]
    size = 2 * sizes["head_dim"] if latent else 0
    return ModelConfig(vocab=vocab, context=context, **sizes, latent=size, experts=experts, ahead=ahead)


class Layer(nn.Module):
    """Attention and what follows it, both with a residual. `routed` layers have experts."""

    def __init__(self, config: ModelConfig, routed: bool) -> None:
        super().__init__()
        self.input_layernorm = RmsNorm(config.hidden, config.norm_eps)
        self.self_attn = LatentAttention(config) if config.latent else Attention(config)
        self.post_attention_layernorm = RmsNorm(config.hidden, config.norm_eps)
        self.mlp = Experts(config) if routed else Mlp(config.hidden, config.intermediate)

    def forward(self, x: Tensor, rotary: Rotary) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), rotary)
        return x + self.mlp(self.post_attention_layernorm(x))


class Body(nn.Module):
    """All but the head. The first layer is dense even where the others have experts, as in V3."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab, config.hidden)
        self.layers = nn.ModuleList(Layer(config, routed=config.experts > 0 and index > 0) for index in range(config.layers))
        self.norm = RmsNorm(config.hidden, config.norm_eps)
        self.rotary = Rotary(config.rotary_size, config.context, config.rope_theta)

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
        self.ahead = Ahead(config, Layer(config, routed=False)) if config.ahead else None
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

    def hidden_ahead(self, hidden: Tensor, ids: Tensor) -> Tensor:
        """For a model with that head: what the head reads to predict the token after the next, `[B, S - 1, hidden]`."""
        assert self.ahead is not None, "the model has no such head"
        return self.ahead(hidden, self.model.embed_tokens(ids), self.model.rotary)

    def forward(self, ids: Tensor) -> Tensor:
        return self.logits(self.hidden(ids))

    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())
