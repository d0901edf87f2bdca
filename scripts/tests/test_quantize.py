"""Blockwise quantisation against ONNX Runtime's own `MatMulNBits`."""

from __future__ import annotations

import numpy as np
import onnxruntime as ort
import pytest

onnx = pytest.importorskip("onnx")

from prove_export.quantize import quantize, quantize_products


@pytest.mark.parametrize("bits", [8, 4])
@pytest.mark.parametrize("columns", [64, 80])
def test_the_runtime_reads_blocks_as_we_do(bits: int, columns: int) -> None:
    generator = np.random.default_rng(0)
    matrix = generator.standard_normal((48, columns), dtype=np.float32)
    values = generator.standard_normal((3, columns), dtype=np.float32)
    info, kind = onnx.helper.make_tensor_value_info, onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("MatMul", ["x", "w"], ["y"])],
        "product",
        [info("x", kind, [3, columns])],
        [info("y", kind, [3, 48])],
        [onnx.numpy_helper.from_array(np.ascontiguousarray(matrix.T), "w")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=9)
    quantize_products(model, bits)
    (node,) = model.graph.node
    assert node.op_type == "MatMulNBits"
    next(attribute for attribute in node.attribute if attribute.name == "accuracy_level").i = 0
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (got,) = session.run(None, {"x": values})
    assert np.abs(got - values @ quantize(matrix, bits).dequantized().T).max() <= 1e-4


@pytest.mark.parametrize(("bits", "steps"), [(8, 254), (4, 16)])
def test_rounding_is_at_most_half_a_step(bits: int, steps: int) -> None:
    matrix = np.random.default_rng(1).standard_normal((16, 32), dtype=np.float32)
    error = np.abs(quantize(matrix, bits).dequantized() - matrix).max(axis=1)
    # At 4 bits the positive end is one level short, so that a value there can be off by a whole step.
    allowed = np.abs(matrix).max(axis=1) * 2 / steps * (0.5 if bits == 8 else 1.0)
    assert (error <= allowed + 1e-6).all()


def test_a_matrix_of_zeros_stays_one() -> None:
    for bits in (8, 4):
        assert not quantize(np.zeros((4, 32), dtype=np.float32), bits).dequantized().any()
