"""Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section 2.1) in its absorbed form, as one grouped-query attention.

What makes keys and values of the latent is multiplied into the projections of queries and outputs, so that all heads attend to one
shared key: the part that is rotated, then the latent. The value is the same vector, and the output's projection has zeros for the
rotated part. So caches hold the latent itself, twice, because the operator has none for both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .config import DecoderConfig, LatentSizes
from .graph import Graph
from .weights import WeightSource


def latent_inputs(
    graph: Graph, config: DecoderConfig, weights: WeightSource, prefix: str, source: str, normed: str
) -> list[str]:
    """Query `[B, S, heads × head size]`, key and value `[B, S, head size]` of the attention operator."""
    sizes = latent_sizes(config)
    latent, rotated = sizes.latent, sizes.rotated
    down = weights.get(f"{source}.kv_a_proj_with_mqa.weight", (latent + rotated, config.hidden))
    matrix = np.concatenate([_queries(config, weights, source), down])
    packed = graph.product(f"{prefix}.qkv", normed, matrix)
    names = [f"{prefix}.{name}" for name in ("query", "latent", "rotated")]
    graph.shared("latent_sizes", np.array([config.heads * sizes.cached, latent, rotated], dtype=np.int64))
    graph.node("Split", [packed, "latent_sizes"], names, axis=-1)
    graph.weight(f"{prefix}.latent.norm.weight", weights.get(f"{source}.kv_a_layernorm.weight", (latent,)))
    graph.norm(f"{prefix}.latent", f"{prefix}.latent.norm.weight", f"{prefix}.latent.normed")
    key = f"{prefix}.key"
    graph.node("Concat", [f"{prefix}.rotated", f"{prefix}.latent.normed"], [key], axis=-1)
    return [f"{prefix}.query", key, key]


def latent_output(config: DecoderConfig, weights: WeightSource, source: str) -> NDArray[np.float32]:
    """The output's projection `[hidden, heads × head size]`."""
    sizes = latent_sizes(config)
    output = weights.get(f"{source}.o_proj.weight", (config.hidden, config.heads * sizes.value))
    to_value = _up(config, weights, source)[:, sizes.plain :]
    absorbed = np.einsum("ohv,hvl->ohl", output.reshape(config.hidden, config.heads, sizes.value), to_value, dtype=np.float64)
    return np.pad(absorbed, ((0, 0), (0, 0), (sizes.rotated, 0))).reshape(config.hidden, -1).astype(np.float32)


def latent_sizes(config: DecoderConfig) -> LatentSizes:
    assert config.latent is not None
    return config.latent


def _queries(config: DecoderConfig, weights: WeightSource, source: str) -> NDArray[np.float32]:
    """The queries' projection `[heads × head size, hidden]`."""
    sizes = latent_sizes(config)
    query = weights.get(f"{source}.q_proj.weight", (config.heads * (sizes.plain + sizes.rotated), config.hidden))
    plain, rotated = np.split(query.reshape(config.heads, -1, config.hidden), [sizes.plain], axis=1)
    to_key = _up(config, weights, source)[:, : sizes.plain]
    absorbed = np.einsum("hpl,hpi->hli", to_key, plain, dtype=np.float64)
    return np.concatenate([rotated, absorbed], axis=1).reshape(-1, config.hidden).astype(np.float32)


def _up(config: DecoderConfig, weights: WeightSource, source: str) -> NDArray[np.float32]:
    """What makes keys and values of a latent, `[heads, plain + value, latent]`."""
    sizes = latent_sizes(config)
    rows = config.heads * (sizes.plain + sizes.value)
    return weights.get(f"{source}.kv_b_proj.weight", (rows, sizes.latent)).reshape(config.heads, -1, sizes.latent)
