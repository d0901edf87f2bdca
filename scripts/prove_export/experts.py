"""Routed experts chosen by score plus bias and weighted by score (DeepSeek-V3, arXiv 2412.19437, section 2.1.2), with a shared one.

ONNX Runtime's operator takes the experts of the highest router logits and weighs them by a softmax. It is given the logarithms of the
chosen experts' scores, and for all others a number that no score reaches, so it takes those and weighs them as it should.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from .config import DecoderConfig, ExpertSizes
from .errors import ExportError
from .graph import CONTRIB, Graph
from .quantize import BLOCK, quantize
from .weights import WeightSource

# The logarithm of a score that is never chosen.
NEVER = -1e4


def routed(graph: Graph, config: DecoderConfig, weights: WeightSource, prefix: str, source: str, value: str) -> str:
    """The weighted sum of each token's experts; `source` names the layer's `mlp`."""
    sizes = expert_sizes(config)
    logits = _router(graph, config, weights, prefix, source, value)
    gate, up, down = (_stacked(config, weights, source, name) for name in ("gate", "up", "down"))
    # The activation takes gate and up from neighbouring rows.
    both = np.stack([gate, up], axis=2).reshape(sizes.count, -1, config.hidden)
    attributes = {"k": sizes.active, "activation_type": "swiglu", "swiglu_fusion": 1, "activation_alpha": 1.0}
    attributes |= {"activation_beta": 0.0, "normalize_routing_weights": 1, "domain": CONTRIB}
    first, second, output = f"{prefix}.experts.in", f"{prefix}.experts.out", f"{prefix}.experts"
    if graph.precision.bits:
        if config.hidden % BLOCK:
            raise ExportError(
                f"quantised experts need whole blocks of {BLOCK}, and the hidden size is {config.hidden}; use fp16"
            )
        for name, matrices in ((first, both), (second, down)):
            _quantized(graph, name, matrices, graph.precision.bits)
        inputs = [value, logits, f"{first}.blocks", f"{first}.scales", "", f"{second}.blocks", f"{second}.scales"]
        attributes |= {"expert_weight_bits": graph.precision.bits, "block_size": BLOCK}
        graph.node("QMoE", inputs, [output], accuracy_level=graph.precision.accuracy_level, **attributes)
    else:
        graph.weight(first, both)
        graph.weight(second, down)
        graph.node("MoE", [value, logits, first, "", second], [output], **attributes)
    return output


def expert_sizes(config: DecoderConfig) -> ExpertSizes:
    assert config.experts is not None
    return config.experts


def _router(graph: Graph, config: DecoderConfig, weights: WeightSource, prefix: str, source: str, value: str) -> str:
    """The logarithms of the chosen experts' scores `[tokens, experts]`, in float32 up to the last."""
    sizes, name = expert_sizes(config), f"{prefix}.router"
    gate = weights.get(f"{source}.gate.weight", (sizes.count, config.hidden))
    bias = weights.get(f"{source}.gate.e_score_correction_bias", (sizes.count,))
    graph.shared("flat", np.array([-1, config.hidden], dtype=np.int64))
    graph.shared("active", np.array([sizes.active], dtype=np.int64))
    graph.constant(f"{name}.weight", np.ascontiguousarray(gate.T))
    graph.constant(f"{name}.bias", bias)
    graph.node("Reshape", [value, "flat"], [f"{name}.tokens"])
    graph.node("Cast", [f"{name}.tokens"], [f"{name}.single"], to=TensorProto.FLOAT)
    graph.node("MatMul", [f"{name}.single", f"{name}.weight"], [f"{name}.product"])
    graph.node("Sigmoid", [f"{name}.product"], [f"{name}.scores"])
    graph.node("Add", [f"{name}.scores", f"{name}.bias"], [f"{name}.biased"])
    graph.node("TopK", [f"{name}.biased", "active"], [f"{name}.best", f"{name}.chosen"], axis=-1)
    graph.node("Log", [f"{name}.scores"], [f"{name}.logs"])
    graph.node("GatherElements", [f"{name}.logs", f"{name}.chosen"], [f"{name}.taken"], axis=-1)
    graph.node("Shape", [f"{name}.scores"], [f"{name}.shape"])
    never = helper.make_tensor("never", TensorProto.FLOAT, [1], [NEVER])
    graph.node("ConstantOfShape", [f"{name}.shape"], [f"{name}.none"], value=never)
    graph.node("ScatterElements", [f"{name}.none", f"{name}.chosen", f"{name}.taken"], [f"{name}.logits"], axis=-1)
    graph.node("Cast", [f"{name}.logits"], [name], to=graph.precision.onnx_type)
    return name


def _stacked(config: DecoderConfig, weights: WeightSource, source: str, name: str) -> NDArray[np.float32]:
    """One matrix of all experts; quantised ones need whole blocks, so experts get columns of zeros, which add nothing."""
    sizes = expert_sizes(config)
    shape = (config.hidden, sizes.width) if name == "down" else (sizes.width, config.hidden)
    matrices = [weights.get(f"{source}.experts.{index}.{name}_proj.weight", shape) for index in range(sizes.count)]
    missing = -sizes.width % BLOCK
    padding = ((0, 0), (0, 0), (0, missing)) if name == "down" else ((0, 0), (0, missing), (0, 0))
    return np.pad(np.stack(matrices), padding)


def _quantized(graph: Graph, name: str, matrices: NDArray[np.float32], bits: int) -> None:
    blocks = [quantize(matrix, bits, graph.precision.float_type) for matrix in matrices]
    graph.constant(f"{name}.blocks", np.stack([block.data.reshape(block.rows, -1) for block in blocks]))
    graph.weight(f"{name}.scales", np.stack([block.scales for block in blocks]))
