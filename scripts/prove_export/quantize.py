"""Blockwise 8 and 4 bit weights, in the form of ONNX Runtime's `MatMulNBits`.

A matrix `[out, in]` is cut along `in` into blocks with one scale each. Both widths are symmetric around the operator's
default zero point (128 or 8), so no zero points are stored. At 4 bits the value largest in magnitude maps to -8 exactly, which
uses the one level that a symmetric range would leave out.

`MatMulNBits` rounds activations row by row and block by block, if at all, so a row's result does not depend on the rest of its
batch. ONNX Runtime's `DynamicQuantizeMatMul` is faster with many rows but takes one scale for all of them; it would make a
sample depend on what else is being decoded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray

BLOCK = 32


@dataclass(frozen=True)
class Blocks:
    """A quantised matrix: `data` is `[out, blocks, BLOCK * bits / 8]`, `scales` is `[out, blocks]`."""

    bits: int
    rows: int
    columns: int
    data: NDArray[np.uint8]
    scales: NDArray[np.float32]

    def dequantized(self) -> NDArray[np.float32]:
        """The float matrix `[out, in]` that the blocks stand for."""
        if self.bits == 8:
            levels = self.data.astype(np.float32) - 128
        else:
            pairs = np.stack([self.data & 15, self.data >> 4], axis=-1)
            levels = pairs.reshape(*self.data.shape[:2], BLOCK).astype(np.float32) - 8
        return (levels * self.scales[..., None]).reshape(self.rows, -1)[:, : self.columns]


def quantize(matrix: NDArray[np.float32], bits: int, scale_type: type[np.floating] = np.float32) -> Blocks:
    """Quantises `[out, in]` to 8 or 4 bits; scales are first rounded to the type in which they will be stored."""
    rows, columns = matrix.shape
    blocks = -(-columns // BLOCK)
    padded = np.zeros((rows, blocks * BLOCK), dtype=np.float32)
    padded[:, :columns] = matrix
    values = padded.reshape(rows, blocks, BLOCK)
    extreme = np.take_along_axis(values, np.abs(values).argmax(axis=-1)[..., None], axis=-1)[..., 0]
    scales = np.abs(extreme) / 127 if bits == 8 else extreme / -8
    scales = scales.astype(scale_type).astype(np.float32)
    inverse = np.divide(1, scales, out=np.zeros_like(scales), where=scales != 0)
    levels = np.rint(values * inverse[..., None])
    if bits == 8:
        data = (np.clip(levels, -127, 127) + 128).astype(np.uint8)
    else:
        nibbles = (np.clip(levels, -8, 7) + 8).astype(np.uint8)
        data = nibbles[..., 0::2] | (nibbles[..., 1::2] << 4)
    return Blocks(bits, rows, columns, np.ascontiguousarray(data), scales)


def quantize_products(model: onnx.ModelProto, bits: int) -> None:
    """Replaces every product of activations with a constant matrix `[in, out]` by `MatMulNBits`, in place.

    Products that go nowhere but into a sigmoid or softmax choose experts; they are small and stay as they are.
    """
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    consumers: dict[str, set[str]] = {}
    for node in model.graph.node:
        for name in node.input:
            consumers.setdefault(name, set()).add(node.op_type)
    for node in model.graph.node:
        if node.op_type != "MatMul" or node.input[1] not in constants:
            continue
        if consumers.get(node.output[0], set()) in ({"Sigmoid"}, {"Softmax"}):
            continue
        weight = onnx.numpy_helper.to_array(constants[node.input[1]])
        if weight.ndim != 2:
            continue
        blocks = quantize(np.ascontiguousarray(weight.T.astype(np.float32)), bits, weight.dtype.type)
        names = [f"{node.input[1]}.blocks", f"{node.input[1]}.scales"]
        if names[0] not in constants:
            for name, array in zip(names, (blocks.data, blocks.scales.astype(weight.dtype)), strict=True):
                constants[name] = onnx.numpy_helper.from_array(array, name)
        attributes = {"K": blocks.columns, "N": blocks.rows, "bits": bits, "block_size": BLOCK, "accuracy_level": 4}
        replacement = onnx.helper.make_node(
            "MatMulNBits", [node.input[0], *names], node.output, node.name, domain="com.microsoft", **attributes
        )
        node.CopyFrom(replacement)
    used = {name for node in model.graph.node for name in node.input}
    del model.graph.initializer[:]
    model.graph.initializer.extend(tensor for name, tensor in constants.items() if name in used)
    model.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
