"""Optimum's older layout, for a test model: a graph with a past and one without, merged under an `If`, all in half precision.

Optimum wrote decoders so up to version 1.13. The input `use_cache_branch` chooses the graph, and the one for the beginning of a text
does not look at the past that it is given. Exported in fp16, such a graph returns logits in fp16 too.
"""

from __future__ import annotations

import copy

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def merged(model: onnx.ModelProto) -> onnx.ModelProto:
    """A traced decoder in half precision with growing caches, in the older layout."""
    model = copy.deepcopy(model)
    graph = model.graph
    return_half(graph)
    pasts = [value.name for value in graph.input if value.name.startswith("past_key_values.")]
    with_past = helper.make_graph(graph.node, "with_past", [], prefixed(graph.output, "with_past"))
    rename(with_past, {value.name: f"with_past/{value.name}" for value in graph.output})
    # Without a past: what stands in its place is cut to no positions.
    cuts = [helper.make_node("Slice", [name, "none", "none", "length_axis"], [f"no_past/{name}"]) for name in pasts]
    no_past = helper.make_graph([*cuts, *graph.node], "no_past", [], prefixed(graph.output, "no_past"))
    inner = {name for node in graph.node for name in node.output}
    rename(no_past, {name: f"no_past/{name}" for name in inner | set(pasts)}, after=len(cuts))
    choice = helper.make_node(
        "If", ["use_cache_branch"], [value.name for value in graph.output], then_branch=with_past, else_branch=no_past
    )
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array([0], dtype=np.int64), "none"),
            numpy_helper.from_array(np.array([2], dtype=np.int64), "length_axis"),
        ]
    )
    graph.input.append(helper.make_tensor_value_info("use_cache_branch", TensorProto.BOOL, [1]))
    del graph.node[:]
    graph.node.append(choice)
    return model


def return_half(graph: onnx.GraphProto) -> None:
    """Takes the conversion to fp32 off the logits."""
    (last,) = [node for node in graph.node if node.output == ["logits"]]
    assert last.op_type == "Cast"
    last.CopyFrom(helper.make_node("Identity", last.input, last.output, name=last.name))
    for value in graph.output:
        if value.name == "logits":
            value.type.tensor_type.elem_type = TensorProto.FLOAT16


def prefixed(values: list[onnx.ValueInfoProto], prefix: str) -> list[onnx.ValueInfoProto]:
    named = [copy.deepcopy(value) for value in values]
    for value in named:
        value.name = f"{prefix}/{value.name}"
    return named


def rename(graph: onnx.GraphProto, names: dict[str, str], after: int = 0) -> None:
    """Renames what nodes read and write, in the nodes after some first ones."""
    for node in list(graph.node)[after:]:
        for part in (node.input, node.output):
            for index, name in enumerate(part):
                part[index] = names.get(name, name)
