"""The layout of onnxruntime-genai, made of a folder in the "prove" layout: the same weights for both engines, and no checkpoint.

Only the graph's ends change. The number of valid keys is counted in an `attention_mask`, `[B, keys so far and new]`, and the logits
of the last token get an axis of their own, `[B, 1, V]`. New rows are of one length.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .config import DecoderConfig, read_json
from .folder import write_json

COUNTED = ("seqlens_k", "total_sequence_length", "last_token")


def write_masked(source: Path, folder: Path, config: DecoderConfig) -> None:
    """Writes the folder beside its source, whose weights it links to where the disk allows it."""
    folder.mkdir(parents=True, exist_ok=True)
    model = onnx.load(source / "model.onnx", load_external_data=False)
    change_ends(model.graph, config.vocab)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    for path in source.iterdir():
        if path.suffix == ".json":
            shutil.copyfile(path, folder / path.name)
        elif path.name != "model.onnx":
            (folder / path.name).unlink(missing_ok=True)
            try:
                os.link(path, folder / path.name)
            except OSError:
                shutil.copyfile(path, folder / path.name)
    write_json(folder / "genai_config.json", genai_config(config, read_json(source / "config.json")))


def change_ends(graph: onnx.GraphProto, vocab: int) -> None:
    """Replaces inputs that count by an `attention_mask`, and `[B, V]` logits by `[B, 1, V]`, in place."""
    inputs = [value for value in graph.input if value.name not in COUNTED]
    inputs.insert(1, helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "total"]))
    del graph.input[:]
    graph.input.extend(inputs)
    for node in graph.node:
        for index, name in enumerate(node.output):
            if name == "logits":
                node.output[index] = "logits.last"
    for output in graph.output:
        if output.name == "logits":
            output.CopyFrom(helper.make_tensor_value_info("logits", output.type.tensor_type.elem_type, ["batch", 1, vocab]))
    for name, value in (("one", 1), ("rows_axis", [0]), ("second_axis", [1])):
        graph.initializer.append(numpy_helper.from_array(np.array(value, dtype=np.int64), name))
    first = [
        helper.make_node("ReduceSum", ["attention_mask", "second_axis"], ["mask.valid"], keepdims=0),
        helper.make_node("Sub", ["mask.valid", "one"], ["mask.last_key"]),
        helper.make_node("Cast", ["mask.last_key"], ["seqlens_k"], to=TensorProto.INT32),
        helper.make_node("Shape", ["attention_mask"], ["mask.shape"]),
        helper.make_node("Gather", ["mask.shape", "one"], ["mask.total"]),
        helper.make_node("Cast", ["mask.total"], ["total_sequence_length"], to=TensorProto.INT32),
        helper.make_node("Shape", ["input_ids"], ["ids.shape"]),
        helper.make_node("Gather", ["ids.shape", "one"], ["ids.new"]),
        helper.make_node("Sub", ["ids.new", "one"], ["ids.last"]),
        helper.make_node("Gather", ["ids.shape", "rows_axis"], ["ids.rows"]),
        helper.make_node("Expand", ["ids.last", "ids.rows"], ["last_token"]),
    ]
    nodes = [*first, *graph.node, helper.make_node("Unsqueeze", ["logits.last", "second_axis"], ["logits"])]
    del graph.node[:]
    graph.node.extend(nodes)


def genai_config(config: DecoderConfig, raw: dict[str, object]) -> dict[str, object]:
    """What onnxruntime-genai needs to know."""
    ends = {name: raw.get(name) for name in ("bos_token_id", "eos_token_id")}
    decoder = {
        "session_options": {"log_id": "onnxruntime-genai", "provider_options": []},
        "filename": "model.onnx",
        "head_size": config.head_dim,
        "hidden_size": config.hidden,
        "inputs": {
            "input_ids": "input_ids",
            "attention_mask": "attention_mask",
            "past_key_names": "past_key_values.%d.key",
            "past_value_names": "past_key_values.%d.value",
        },
        "outputs": {"logits": "logits", "present_key_names": "present.%d.key", "present_value_names": "present.%d.value"},
        "num_attention_heads": config.heads,
        "num_hidden_layers": config.layers,
        "num_key_value_heads": config.kv_heads,
    }
    model = ends | {
        "context_length": config.context,
        "decoder": decoder,
        "pad_token_id": ends["eos_token_id"],
        "type": "llama",
        "vocab_size": config.vocab,
    }
    return {"model": model, "search": {"max_length": config.context, "past_present_share_buffer": True}}
