"""Cosine and sine tables of the rotary position embedding, with the scalings the provers use.

Formulas: RoFormer (arXiv 2104.09864) for the base, position interpolation for `linear`, Llama 3.1's frequency-dependent
interpolation for `llama3`, and YaRN (arXiv 2309.00071, section 3.2 and the attention factor of section 3.4) for `yarn`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .config import Rope
from .errors import ExportError

Floats = NDArray[np.float64]


def inverse_frequencies(rope: Rope, head_dim: int, context: int) -> tuple[Floats, float]:
    """Angle per position of each of the `head_dim / 2` planes, and the factor on cosines and sines."""
    base = rope.theta ** (-np.arange(0, head_dim, 2, dtype=np.float64) / head_dim)
    p = rope.parameters
    # `dynamic` scales only beyond the trained context, which the engine does not pass.
    if rope.kind in ("default", "dynamic"):
        return base, 1.0
    if rope.kind == "linear":
        return base / _number(p, "factor"), 1.0
    if rope.kind == "llama3":
        return _llama3(base, p), 1.0
    if rope.kind == "yarn":
        return _yarn(base, rope.theta, p, head_dim, context)
    raise ExportError(f"rotary embedding of type {rope.kind!r} is not supported by the fused layout; use --layout optimum")


def tables(rope: Rope, head_dim: int, context: int, max_positions: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cosines and sines, each `[max_positions, head_dim / 2]`; `context` is the model's own, which YaRN's factor may rest on."""
    frequencies, factor = inverse_frequencies(rope, head_dim, context)
    # float32 from the frequencies on, as the source does: the tables then agree to the last bit or nearly so.
    angles = np.arange(max_positions, dtype=np.float32)[:, None] * frequencies.astype(np.float32)[None, :]
    scale = np.float32(factor)
    return np.cos(angles) * scale, np.sin(angles) * scale


def _number(parameters: dict[str, Any], key: str, default: float | None = None) -> float:
    value = parameters.get(key)
    if value is None:
        value = default
    if value is None:
        raise ExportError(f"the rotary embedding in config.json lacks {key!r}")
    return float(value)


def _llama3(base: Floats, p: dict[str, Any]) -> Floats:
    factor, low, high = _number(p, "factor"), _number(p, "low_freq_factor"), _number(p, "high_freq_factor")
    original = _number(p, "original_max_position_embeddings")
    wavelength = 2 * math.pi / base
    smooth = np.clip((original / wavelength - low) / (high - low), 0.0, 1.0)
    return (1 - smooth) * base / factor + smooth * base


def _yarn(base: Floats, theta: float, p: dict[str, Any], dim: int, context: int) -> tuple[Floats, float]:
    original = _number(p, "original_max_position_embeddings", context)
    factor = _number(p, "factor", context / original)

    def correction(rotations: float) -> float:
        return dim * math.log(original / (rotations * 2 * math.pi)) / (2 * math.log(theta))

    low, high = correction(_number(p, "beta_fast", 32)), correction(_number(p, "beta_slow", 1))
    if p.get("truncate", True):
        low, high = math.floor(low), math.ceil(high)
    low, high = max(low, 0), min(high, dim - 1)
    ramp = np.clip((np.arange(dim // 2) - low) / max(high - low, 0.001), 0.0, 1.0)
    return base / factor * ramp + base * (1 - ramp), _yarn_attention_factor(p, factor)


def _yarn_attention_factor(p: dict[str, Any], factor: float) -> float:
    def mscale(weight: float) -> float:
        return 1.0 if factor <= 1 else 0.1 * weight * math.log(factor) + 1.0

    if p.get("attention_factor") is not None:
        return float(p["attention_factor"])
    if p.get("mscale") and p.get("mscale_all_dim"):
        return mscale(float(p["mscale"])) / mscale(float(p["mscale_all_dim"]))
    return mscale(1.0)
