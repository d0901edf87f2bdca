"""The "prove" layout: a decoder as a graph of ONNX Runtime's fused operators, built without PyTorch.

About nine nodes a layer: one packed projection to queries, keys and values, grouped-query attention that also rotates and
appends to the cache, and norms fused with the residual sums. Inputs and outputs, with B rows, S new tokens in the longest row
(rows are padded on the right) and L the length of the cache buffers:

| name | type | shape | meaning |
| --- | --- | --- | --- |
| `input_ids` | int64 | [B, S] | |
| `seqlens_k` | int32 | [B] | valid keys of the row after this step, minus 1 |
| `total_sequence_length` | int32 | [] | most valid keys of any row after this step |
| `last_token` | int64 | [B] | index in S of the row's last valid token |
| `past_key_values.{i}.key`, `.value` | float | [B, KV, L, head size] | may share memory with the outputs |
| `logits` | float32 | [B, V] | of each row's last valid token |
| `present.{i}.key`, `.value` | float | [B, KV, L, head size] | |

With `chunked` there is one more input, `query_seqlens` (int32 [B], valid new tokens of each row), and rows may then have
different pasts while S > 1. It needs ONNX Runtime 1.32; without it S > 1 wants either no past or B = 1.

A model with a head for the token after the next (DeepSeek-V3, arXiv 2412.19437, section 2.2) has a second graph, `ahead.onnx`, of one
layer. In both graphs `logits_at` (int64 [P], places in B × S) takes the place of `last_token`, and `logits` are [P, V]. The first graph
has one more output, `hidden` (float [B, S, H]), which is one more input of the second. At place t that reads `hidden` of t and, as
`input_ids`, the token at t + 1; its logits are of the token at t + 2.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from .config import DecoderConfig
from .errors import ExportError
from .experts import routed
from .graph import CONTRIB, Graph, Precision
from .latent import latent_inputs, latent_output
from .rope import tables
from .tensor_file import TensorFile
from .weights import WeightSource

OPSET = 18


class DecoderBuilder(Graph):
    """Builds the graph of one model, layer by layer."""

    def __init__(
        self, config: DecoderConfig, weights: WeightSource, precision: Precision, file: TensorFile, chunked: bool
    ) -> None:
        super().__init__(precision, file, config.norm_eps)
        self.config = config
        self.weights = weights
        self.chunked = chunked

    def build(self, model_context: int) -> onnx.ModelProto:
        """The model; `model_context` is the context of the checkpoint before any limit put on it."""
        c = self.config
        embedding = self._embed(model_context)
        hidden, branch = "embedded", None
        for layer in range(c.layers):
            dense = c.experts is None or layer < c.experts.dense_layers
            hidden, branch = self._layer(layer, f"model.layers.{layer}", dense, hidden, branch)
        final, _ = self._norm("hidden" if c.ahead else "final_norm", "model.norm.weight", hidden, branch)
        self._head(final, embedding)
        return self._model(c.layers, outputs=[self._hidden_states()] if c.ahead else [])

    def build_ahead(self, model_context: int) -> onnx.ModelProto:
        """The graph of the head for the token after the next."""
        c = self.config
        embedding = self._embed(model_context)
        seen, _ = self._norm("seen", "ahead.hnorm.weight", "hidden", None)
        known, _ = self._norm("known", "ahead.enorm.weight", "embedded", None)
        self.node("Concat", [seen, known], ["both"], axis=-1)
        start = self._project("start", "both", [("ahead.eh_proj", c.hidden)], 2 * c.hidden, bias=False)
        hidden, branch = self._layer(0, "ahead.layer", True, start, None)
        final, _ = self._norm("final_norm", "ahead.norm.weight", hidden, branch)
        self._head(final, embedding)
        return self._model(1, inputs=[self._hidden_states()])

    def _hidden_states(self) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info("hidden", self.precision.onnx_type, ["batch", "sequence", self.config.hidden])

    def _embed(self, model_context: int) -> NDArray[np.float32]:
        """What all layers need, and the tokens' embeddings; returns the matrix of these."""
        c = self.config
        cos, sin = tables(c.rope, c.rotated, model_context, c.context)
        self.weight("rope.cos", cos)
        self.weight("rope.sin", sin)
        embedding = self.weights.get("model.embed_tokens.weight", (c.vocab, c.hidden))
        self.weight("embedding", embedding)
        self.node("Gather", ["embedding", "input_ids"], ["embedded"])
        return embedding

    def _layer(self, index: int, source: str, dense: bool, hidden: str, branch: str | None) -> tuple[str, str]:
        c, prefix = self.config, f"layer{index}"
        normed, hidden = self._norm(f"{prefix}.norm1", f"{source}.input_layernorm.weight", hidden, branch)
        output = self._latent(index, prefix, source, normed) if c.latent else self._grouped(index, prefix, source, normed)
        normed, hidden = self._norm(f"{prefix}.norm2", f"{source}.post_attention_layernorm.weight", hidden, output)
        if dense or c.experts is None:
            return hidden, self._mlp(prefix, f"{source}.mlp", normed, c.intermediate)
        chosen = routed(self, c, self.weights, prefix, f"{source}.mlp", normed)
        always = self._mlp(f"{prefix}.shared", f"{source}.mlp.shared_experts", normed, c.experts.width)
        self.node("Add", [chosen, always], [f"{prefix}.mixture"])
        return hidden, f"{prefix}.mixture"

    def _grouped(self, index: int, prefix: str, source: str, normed: str) -> str:
        """Grouped-query attention up to its output."""
        c = self.config
        parts = [(f"{source}.self_attn.{name}_proj", size) for name, size in self._qkv_sizes()]
        packed = self._project(f"{prefix}.qkv", normed, parts, c.hidden, c.qkv_bias)
        if c.qk_norm:
            packed = self._normed_qkv(prefix, source, packed)
        attended = self._attention(index, prefix, [packed, "", ""])
        return self._project(f"{prefix}.out", attended, [(f"{source}.self_attn.o_proj", c.hidden)], c.query_size, c.out_bias)

    def _latent(self, index: int, prefix: str, source: str, normed: str) -> str:
        """Latent attention up to its output."""
        inputs = latent_inputs(self, self.config, self.weights, prefix, f"{source}.self_attn", normed)
        attended = self._attention(index, prefix, inputs)
        matrix = latent_output(self.config, self.weights, f"{source}.self_attn")
        return self.product(f"{prefix}.out", attended, matrix)

    def _mlp(self, prefix: str, source: str, normed: str, width: int) -> str:
        c = self.config
        parts = [(f"{source}.gate_proj", width), (f"{source}.up_proj", width)]
        both = self._project(f"{prefix}.gate_up", normed, parts, c.hidden, c.mlp_bias)
        gate, up = f"{prefix}.gate", f"{prefix}.up"
        self.node("Split", [both], [gate, up], axis=-1, num_outputs=2)
        # SiLU is QuickGelu with alpha 1.
        self.node("QuickGelu", [gate], [f"{gate}.silu"], domain=CONTRIB, alpha=1.0)
        self.node("Mul", [f"{gate}.silu", up], [f"{prefix}.mlp"])
        return self._project(f"{prefix}.down", f"{prefix}.mlp", [(f"{source}.down_proj", c.hidden)], width, c.mlp_bias)

    def _qkv_sizes(self) -> list[tuple[str, int]]:
        return [("q", self.config.query_size), ("k", self.config.kv_size), ("v", self.config.kv_size)]

    def _normed_qkv(self, prefix: str, source: str, packed: str) -> str:
        """Normalises every query and key head on its own (Qwen3), and packs them again."""
        c = self.config
        names = [f"{prefix}.{name}" for name, _ in self._qkv_sizes()]
        sizes = np.array([size for _, size in self._qkv_sizes()], dtype=np.int64)
        self.shared("qkv_sizes", sizes)
        self.shared("per_head", np.array([0, 0, -1, c.head_dim], dtype=np.int64))
        self.shared("packed", np.array([0, 0, -1], dtype=np.int64))
        self.node("Split", [packed, "qkv_sizes"], names, axis=-1)
        for kind, name in zip("qk", names, strict=False):
            weight = self.weights.get(f"{source}.self_attn.{kind}_norm.weight", (c.head_dim,))
            self.weight(f"{name}.norm.weight", weight)
            self.node("Reshape", [name, "per_head"], [f"{name}.heads"])
            self.norm(f"{name}.heads", f"{name}.norm.weight", f"{name}.normed")
            self.node("Reshape", [f"{name}.normed", "packed"], [f"{name}.packed"])
        self.node("Concat", [f"{names[0]}.packed", f"{names[1]}.packed", names[2]], [f"{prefix}.qkv.normed"], axis=-1)
        return f"{prefix}.qkv.normed"

    def _attention(self, index: int, prefix: str, tokens: list[str]) -> str:
        """The operator on queries, keys and values of the new tokens, packed or apart."""
        c = self.config
        past = [f"past_key_values.{index}.{kind}" for kind in ("key", "value")]
        inputs = [*tokens, *past, "seqlens_k", "total_sequence_length", "rope.cos", "rope.sin"]
        if self.chunked:
            inputs += [""] * 7 + ["query_seqlens"]
        output = f"{prefix}.attention"
        self.node(
            "GroupQueryAttention",
            inputs,
            [output, f"present.{index}.key", f"present.{index}.value"],
            domain=CONTRIB,
            num_heads=c.heads,
            kv_num_heads=c.kv_heads,
            do_rotary=1,
            scale=c.scaled_size**-0.5,
        )
        return output

    def _norm(self, name: str, weight: str, hidden: str, branch: str | None) -> tuple[str, str]:
        """Root-mean-square norm of `hidden + branch`; returns it and the sum."""
        self.weight(f"{name}.weight", self.weights.get(weight, (self.config.hidden,)))
        if branch is None:
            self.norm(hidden, f"{name}.weight", name)
            return name, hidden
        total = f"{name}.sum"
        self.node(
            "SkipSimplifiedLayerNormalization",
            [hidden, branch, f"{name}.weight"],
            [name, "", "", total],
            domain=CONTRIB,
            epsilon=self.norm_eps,
        )
        return name, total

    def _project(self, name: str, value: str, parts: list[tuple[str, int]], columns: int, bias: bool) -> str:
        """One matrix product with the rows of several projections put together."""
        matrix = np.concatenate([self.weights.get(f"{part}.weight", (rows, columns)) for part, rows in parts])
        offset = None
        if bias:
            offset = np.concatenate([self.weights.get(f"{part}.bias", (rows,)) for part, rows in parts])
            self.weight(f"{name}.bias", offset)
        if offset is None:
            return self.product(name, value, matrix)
        self.node("Add", [self.product(f"{name}.product", value, matrix), f"{name}.bias"], [name])
        return name

    def _head(self, normed: str, embedding: NDArray[np.float32]) -> None:
        """Logits of the last valid token of each row, or of the places that were asked for, always in float32."""
        c = self.config
        if c.ahead:
            self.shared("flat", np.array([-1, c.hidden], dtype=np.int64))
            self.node("Reshape", [normed, "flat"], ["flat_hidden"])
            self.node("Gather", ["flat_hidden", "logits_at"], ["last_hidden"])
        else:
            self.shared("last_axis", np.array([-1], dtype=np.int64))
            self.node("Unsqueeze", ["last_token", "last_axis"], ["last_index"])
            self.node("GatherND", [normed, "last_index"], ["last_hidden"], batch_dims=1)
        half = self.precision.float_type is np.float16
        output = "head" if half else "logits"
        if self.precision.bits:
            matrix = embedding if c.tied else self.weights.get("lm_head.weight", (c.vocab, c.hidden))
            # Eight bits even where the layers have four: the head decides between near neighbours.
            self.quantized("lm_head", "last_hidden", matrix, 8, output)
        else:
            name = "embedding"
            if not c.tied:
                name = "lm_head.weight"
                self.weight(name, self.weights.get(name, (c.vocab, c.hidden)))
            self.node("Gemm", ["last_hidden", name], [output], transB=1)
        if half:
            self.node("Cast", ["head"], ["logits"], to=TensorProto.FLOAT)

    def _model(
        self, layers: int, inputs: Sequence[onnx.ValueInfoProto] = (), outputs: Sequence[onnx.ValueInfoProto] = ()
    ) -> onnx.ModelProto:
        """The model with so many cached layers; `inputs` and `outputs` come beside those that all graphs have."""
        c, kind = self.config, self.precision.onnx_type
        cache = ["batch", c.kv_heads, "max_length", c.head_dim]
        info = helper.make_tensor_value_info
        places = (
            info("logits_at", TensorProto.INT64, ["places"]) if c.ahead else info("last_token", TensorProto.INT64, ["batch"])
        )
        taken = [
            *inputs,
            info("input_ids", TensorProto.INT64, ["batch", "sequence"]),
            info("seqlens_k", TensorProto.INT32, ["batch"]),
            info("total_sequence_length", TensorProto.INT32, []),
            places,
        ]
        if self.chunked:
            taken.append(info("query_seqlens", TensorProto.INT32, ["batch"]))
        given = [info("logits", TensorProto.FLOAT, ["places" if c.ahead else "batch", c.vocab]), *outputs]
        for index in range(layers):
            for part in ("key", "value"):
                taken.append(info(f"past_key_values.{index}.{part}", kind, cache))
                given.append(info(f"present.{index}.{part}", kind, cache))
        graph = helper.make_graph(self.nodes, "decoder", taken, given, initializer=self.initializers)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="prove")


def needed_bytes(config: DecoderConfig, precision: Precision) -> int:
    """About the size of the exported weights."""
    width = {"fp32": 4.0, "fp16": 2.0, "int8": 1.125, "int4": 0.75}[precision.weights]
    embedding = config.vocab * config.hidden * np.dtype(precision.float_type).itemsize
    return int(config.parameter_count() * width) + embedding


def write_decoder(
    config: DecoderConfig,
    weights: WeightSource,
    precision: Precision,
    folder: Path,
    *,
    model_context: int | None = None,
    external: bool = True,
    chunked: bool = False,
) -> None:
    """Writes `model.onnx`, with that head also `ahead.onnx`, and beside each its `.data` unless the weights are to be inline."""
    folder.mkdir(parents=True, exist_ok=True)
    # To check drafts, rows with different pasts are extended by more than one token.
    config = replace(config, ahead=config.ahead and chunked)
    needed, free = needed_bytes(config, precision), shutil.disk_usage(folder).free
    if needed > free:
        raise ExportError(f"{folder} needs about {needed / 1e9:.1f} GB and the disk has {free / 1e9:.1f} GB left")
    context = model_context or config.context
    graphs = {"model.onnx": DecoderBuilder.build} | ({"ahead.onnx": DecoderBuilder.build_ahead} if config.ahead else {})
    for name, build in graphs.items():
        with TensorFile(folder / f"{name}.data" if external else None) as file:
            model = build(DecoderBuilder(config, weights, precision, file, chunked), context)
        (folder / name).write_bytes(model.SerializeToString())
