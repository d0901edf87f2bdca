"""What the exporter needs to know of a checkpoint, read from its `config.json`.

Both spellings of the rotary embedding are understood: `rope_theta` with `rope_scaling` (transformers 4) and
`rope_parameters` (transformers 5).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import ExportError

# Architectures whose decoder layer the graph builder knows.
FUSED_ARCHITECTURES = {
    "LlamaForCausalLM": "llama",
    "Qwen2ForCausalLM": "qwen2",
    "Qwen3ForCausalLM": "qwen3",
}
# Architectures that only PyTorch's tracer exports: latent attention and routed experts.
TRACED_ARCHITECTURES = {
    "DeepseekV2ForCausalLM": "deepseek_v2",
    "DeepseekV3ForCausalLM": "deepseek_v3",
}


@dataclass(frozen=True)
class Rope:
    """The rotary embedding: its kind, base and the parameters of its scaling."""

    kind: str = "default"
    theta: float = 10000.0
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DecoderConfig:
    """A Llama-like decoder. Sizes count elements, `context` counts tokens."""

    family: str
    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_dim: int
    vocab: int
    context: int
    norm_eps: float
    rope: Rope
    qkv_bias: bool
    out_bias: bool
    mlp_bias: bool
    qk_norm: bool
    tied: bool

    @property
    def query_size(self) -> int:
        return self.heads * self.head_dim

    @property
    def kv_size(self) -> int:
        return self.kv_heads * self.head_dim

    def parameter_count(self) -> int:
        """Weights of all matrices (norms and biases left out)."""
        layer = self.hidden * (2 * self.query_size + 2 * self.kv_size + 3 * self.intermediate)
        return self.layers * layer + self.vocab * self.hidden * (1 if self.tied else 2)


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; a missing or malformed file is an `ExportError` that names it."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ExportError(f"{path} is missing: is this a Hugging Face checkpoint folder?") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ExportError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise ExportError(f"{path} should hold a JSON object")
    return value


def architecture(raw: dict[str, Any]) -> str:
    """The checkpoint's architecture, if any route can export it."""
    names = raw.get("architectures") or []
    known = FUSED_ARCHITECTURES | TRACED_ARCHITECTURES
    for name in names:
        if name in known:
            return name
    found = ", ".join(names) if names else "none"
    raise ExportError(f"unknown architecture ({found}) in config.json; this exporter knows {', '.join(sorted(known))}")


def read_rope(raw: dict[str, Any]) -> Rope:
    """The rotary embedding described by a `config.json` of either spelling."""
    parameters = dict(raw.get("rope_parameters") or raw.get("rope_scaling") or {})
    theta = parameters.pop("rope_theta", None) or raw.get("rope_theta") or 10000.0
    kind = parameters.pop("rope_type", None) or parameters.pop("type", None) or "default"
    parameters.pop("type", None)
    if raw.get("partial_rotary_factor", parameters.get("partial_rotary_factor", 1.0)) not in (None, 1, 1.0):
        raise ExportError("partial_rotary_factor other than 1 is not supported by the fused layout; use --layout optimum")
    return Rope(kind=kind, theta=float(theta), parameters=parameters)


def decoder_config(raw: dict[str, Any], max_length: int | None = None) -> DecoderConfig:
    """Reads a Llama-like configuration; `max_length` lowers the context and with it the rotary tables."""
    family = FUSED_ARCHITECTURES[architecture(raw)]
    if raw.get("hidden_act", "silu") != "silu":
        raise ExportError(f"activation {raw['hidden_act']!r} is not supported by the fused layout; use --layout optimum")
    if raw.get("use_sliding_window") and raw.get("sliding_window"):
        raise ExportError("sliding-window attention is not supported by the fused layout; use --layout optimum")
    if "quantization_config" in raw:
        raise ExportError("the checkpoint is already quantised; export the original weights")
    try:
        hidden, heads = int(raw["hidden_size"]), int(raw["num_attention_heads"])
        attention_bias = bool(raw.get("attention_bias", False))
        config = DecoderConfig(
            family=family,
            layers=int(raw["num_hidden_layers"]),
            hidden=hidden,
            intermediate=int(raw["intermediate_size"]),
            heads=heads,
            kv_heads=int(raw.get("num_key_value_heads") or heads),
            head_dim=int(raw.get("head_dim") or hidden // heads),
            vocab=int(raw["vocab_size"]),
            context=min(int(raw["max_position_embeddings"]), max_length or 1 << 62),
            norm_eps=float(raw.get("rms_norm_eps", 1e-6)),
            rope=read_rope(raw),
            # Qwen2 always has biases on q, k and v and never says so.
            qkv_bias=True if family == "qwen2" else attention_bias,
            out_bias=False if family == "qwen2" else attention_bias,
            mlp_bias=bool(raw.get("mlp_bias", False)),
            qk_norm=family == "qwen3",
            tied=bool(raw.get("tie_word_embeddings", False)),
        )
    except KeyError as error:
        raise ExportError(f"config.json lacks {error}") from error
    if config.heads % config.kv_heads:
        raise ExportError(f"{config.heads} attention heads are no multiple of {config.kv_heads} key/value heads")
    return config
