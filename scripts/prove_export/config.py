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

# Architectures whose decoder layer the graph builder knows. The last is our own: Llama's attention with DeepSeek V3's experts.
FUSED_ARCHITECTURES = {
    "LlamaForCausalLM": "llama",
    "Qwen2ForCausalLM": "qwen2",
    "Qwen3ForCausalLM": "qwen3",
    "ProveExpertsForCausalLM": "llama",
}
# Architectures that PyTorch's tracer exports: latent attention and routed experts in all their variants.
TRACED_ARCHITECTURES = {
    "DeepseekV2ForCausalLM": "deepseek_v2",
    "DeepseekV3ForCausalLM": "deepseek_v3",
}
# Where our own checkpoints say more than their architecture does.
OURS = "prove_decoder"
# What a DeepSeek V3 says of itself that the graph builder knows: no latent for queries, no groups of experts.
PLAIN_DEEPSEEK = {"q_lora_rank": None, "rope_interleave": False, "n_group": 1, "n_shared_experts": 1, "norm_topk_prob": True}


@dataclass(frozen=True)
class Rope:
    """The rotary embedding: its kind, base and the parameters of its scaling."""

    kind: str = "default"
    theta: float = 10000.0
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LatentSizes:
    """Latent attention: a head's part without a position, the rotated part that all heads share, values, the latent."""

    plain: int
    rotated: int
    value: int
    latent: int

    @property
    def cached(self) -> int:
        """Size of the head that is cached."""
        return self.rotated + self.latent


@dataclass(frozen=True)
class ExpertSizes:
    """Routed experts: how many there are, how many a token takes, how wide one is, and how many layers have none."""

    count: int
    active: int
    width: int
    dense_layers: int


@dataclass(frozen=True)
class DecoderConfig:
    """A Llama-like decoder. Sizes count elements, `context` counts tokens.

    `ahead` is the head for the token after the next, as `scripts/train` makes it. With latent attention, keys and values are as the
    absorbed form caches them: one head of the rotated part and the latent.
    """

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
    latent: LatentSizes | None = None
    experts: ExpertSizes | None = None
    ahead: bool = False

    @property
    def query_size(self) -> int:
        return self.heads * self.head_dim

    @property
    def kv_size(self) -> int:
        return self.kv_heads * self.head_dim

    @property
    def rotated(self) -> int:
        """Elements of a head that are rotated."""
        return self.latent.rotated if self.latent else self.head_dim

    @property
    def scaled_size(self) -> int:
        """Elements over which a query meets a key in the model as it was trained."""
        return self.latent.plain + self.latent.rotated if self.latent else self.head_dim

    def parameter_count(self) -> int:
        """Weights of all matrices of the graph (norms and biases left out)."""
        attention = self.layers * (2 * self.query_size + 2 * self.kv_size)
        mlp = 3 * self.layers * self.intermediate
        if self.experts:
            routed = (self.layers - self.experts.dense_layers) * (self.experts.count + 1) * self.experts.width
            mlp = 3 * (self.experts.dense_layers * self.intermediate + routed)
        return self.hidden * (attention + mlp) + self.vocab * self.hidden * (1 if self.tied else 2)


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


def has_fused_graph(raw: dict[str, Any]) -> bool:
    """Whether the graph builder knows the checkpoint's layers."""
    name = architecture(raw)
    if name != "DeepseekV3ForCausalLM":
        return name in FUSED_ARCHITECTURES
    plain = all(key in raw and raw[key] == wanted for key, wanted in PLAIN_DEEPSEEK.items())
    # The attention operator takes and rotates multiples of 16.
    plain = plain and raw.get("qk_rope_head_dim", 1) % 16 == 0 and raw.get("kv_lora_rank", 1) % 16 == 0
    return plain and raw.get("routed_scaling_factor") == 1.0 and read_rope(raw).kind == "default"


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
    family = (FUSED_ARCHITECTURES | TRACED_ARCHITECTURES)[architecture(raw)]
    if raw.get("hidden_act", "silu") != "silu":
        raise ExportError(f"activation {raw['hidden_act']!r} is not supported by the fused layout; use --layout optimum")
    if raw.get("use_sliding_window") and raw.get("sliding_window"):
        raise ExportError("sliding-window attention is not supported by the fused layout; use --layout optimum")
    if "quantization_config" in raw:
        raise ExportError("the checkpoint is already quantised; export the original weights")
    try:
        hidden, heads = int(raw["hidden_size"]), int(raw["num_attention_heads"])
        attention_bias = bool(raw.get("attention_bias", False))
        latent = _latent(raw) if family == "deepseek_v3" else None
        config = DecoderConfig(
            family=family,
            layers=int(raw["num_hidden_layers"]),
            hidden=hidden,
            intermediate=int(raw["intermediate_size"]),
            heads=heads,
            kv_heads=1 if latent else int(raw.get("num_key_value_heads") or heads),
            head_dim=latent.cached if latent else int(raw.get("head_dim") or hidden // heads),
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
            latent=latent,
            experts=_experts(raw),
            ahead=bool(raw.get(OURS, {}).get("ahead")),
        )
    except KeyError as error:
        raise ExportError(f"config.json lacks {error}") from error
    if config.heads % config.kv_heads:
        raise ExportError(f"{config.heads} attention heads are no multiple of {config.kv_heads} key/value heads")
    return config


def _latent(raw: dict[str, Any]) -> LatentSizes:
    names = ("qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim", "kv_lora_rank")
    return LatentSizes(*(int(raw[name]) for name in names))


def _experts(raw: dict[str, Any]) -> ExpertSizes | None:
    """The routed experts, if any layer has them."""
    names = ("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size", "first_k_dense_replace")
    if names[0] not in raw or int(raw[names[3]]) >= int(raw["num_hidden_layers"]):
        return None
    return ExpertSizes(*(int(raw[name]) for name in names))
