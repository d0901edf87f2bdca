"""A graph under construction: its nodes and constants, and how matrices are stored and multiplied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from .quantize import BLOCK, quantize
from .tensor_file import TensorFile

CONTRIB = "com.microsoft"


@dataclass(frozen=True)
class Precision:
    """How weights are stored (`fp32`, `fp16`, `int8`, `int4`) and whether the rest is computed in half precision."""

    weights: str
    half: bool = False
    # Whether `MatMulNBits` may round its activations to 8 bits, which is what makes quantised weights fast on a CPU.
    int8_activations: bool = True

    @property
    def bits(self) -> int | None:
        return {"int8": 8, "int4": 4}.get(self.weights)

    @property
    def accuracy_level(self) -> int:
        """The same in the words of ONNX Runtime's operators."""
        return 4 if self.int8_activations else 0

    @property
    def float_type(self) -> type[np.floating]:
        return np.float16 if self.half or self.weights == "fp16" else np.float32

    @property
    def onnx_type(self) -> int:
        return TensorProto.FLOAT16 if self.float_type is np.float16 else TensorProto.FLOAT


class Graph:
    """Nodes and constants in the order in which they were added."""

    def __init__(self, precision: Precision, file: TensorFile, norm_eps: float) -> None:
        self.precision = precision
        self.file = file
        self.norm_eps = norm_eps
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def node(self, kind: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: object) -> None:
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=f"{kind}:{outputs[0]}", domain=domain, **attributes))

    def constant(self, name: str, array: NDArray[np.generic]) -> None:
        self.initializers.append(self.file.add(name, array))

    def shared(self, name: str, array: NDArray[np.generic]) -> None:
        """A constant that several nodes ask for by the same name."""
        if all(initializer.name != name for initializer in self.initializers):
            self.constant(name, array)

    def weight(self, name: str, array: NDArray[np.float32]) -> None:
        """A constant in the type that the graph computes in."""
        self.constant(name, array.astype(self.precision.float_type))

    def norm(self, value: str, weight: str, output: str) -> None:
        """Root-mean-square norm over the last axis."""
        self.node("SimplifiedLayerNormalization", [value, weight], [output], axis=-1, epsilon=self.norm_eps, stash_type=1)

    def product(self, name: str, value: str, matrix: NDArray[np.float32]) -> str:
        """`value` times the transpose of `matrix` `[out, in]`, which is stored as the precision says; returns `name`."""
        if self.precision.bits:
            self.quantized(name, value, matrix, self.precision.bits, name)
        else:
            self.constant(f"{name}.weight", np.ascontiguousarray(matrix.T.astype(self.precision.float_type)))
            self.node("MatMul", [value, f"{name}.weight"], [name])
        return name

    def quantized(self, name: str, value: str, matrix: NDArray[np.float32], bits: int, output: str) -> None:
        """The same with a matrix of 8 or 4 bits."""
        blocks = quantize(matrix, bits, self.precision.float_type)
        self.constant(f"{name}.blocks", blocks.data)
        self.weight(f"{name}.scales", blocks.scales)
        self.node(
            "MatMulNBits",
            [value, f"{name}.blocks", f"{name}.scales"],
            [output],
            domain=CONTRIB,
            K=blocks.columns,
            N=blocks.rows,
            bits=bits,
            block_size=BLOCK,
            accuracy_level=self.precision.accuracy_level,
        )
