"""The "optimum" layout: any decoder that transformers can run, traced by PyTorch into plain ONNX operators.

This is the route for architectures without a fused graph, DeepSeek's latent attention and routed experts above all. Inputs
`input_ids`, `attention_mask` `[B, past + S]`, `position_ids` `[B, S]` and `past_key_values.{i}.key`, `.value`
`[B, heads, past, head size]` (keys and values of latent attention differ in head size); outputs `logits` `[B, S, V]` and
`present.{i}.key`, `.value` `[B, heads, past + S, head size]`. The whole model is in memory while it is traced.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from torch import nn
from transformers import AutoModelForCausalLM, DynamicCache, PreTrainedModel

from .errors import ExportError
from .quantize import quantize_products
from .traceable import traceable

OPSET = 17
# Protocol buffers end at 2 GB; above this the weights go to a file of their own.
INLINE_LIMIT = 1 << 30


def load_reference(checkpoint: Path, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    """The checkpoint as transformers runs it, with attention written out (fused kernels cannot be traced)."""
    try:
        model = AutoModelForCausalLM.from_pretrained(
            checkpoint, dtype=dtype, attn_implementation="eager", experts_implementation="eager", local_files_only=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise ExportError(f"transformers cannot load {checkpoint}: {error}") from error
    return model.eval()


class _Traced(nn.Module):
    """The model with its cache as plain tensors, and the causal mask computed from the inputs' sizes."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, position_ids: torch.Tensor, *past: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        cache = DynamicCache()
        for index in range(0, len(past), 2):
            cache.update(past[index], past[index + 1], index // 2)
        columns = torch.arange(attention_mask.shape[1])
        rows = columns[attention_mask.shape[1] - input_ids.shape[1] :]
        visible = (columns[None, :] <= rows[:, None])[None] & (attention_mask[:, None, :] != 0)
        # A finite number: rows of padding see nothing, and their softmax must not be NaN.
        lowest = torch.finfo(self.model.dtype).min
        mask = torch.where(visible[:, None], 0.0, lowest).to(self.model.dtype)
        output = self.model(
            input_ids=input_ids, attention_mask=mask, position_ids=position_ids, past_key_values=cache, use_cache=True
        )
        present = [tensor for layer in output.past_key_values.layers for tensor in (layer.keys, layer.values)]
        return output.logits.float(), *present


def write_traced(model: PreTrainedModel, folder: Path, bits: int | None = None) -> None:
    """Writes `model.onnx`, and `model.onnx_data` when the weights are too large to be inline.

    `bits` (8 or 4) quantises every matrix that multiplies activations. The model is in half precision if its weights are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    proto = _trace(model, folder)
    if bits:
        quantize_products(proto, bits)
    large = sum(len(tensor.raw_data) for tensor in proto.graph.initializer) > INLINE_LIMIT
    try:
        onnx.save(proto, folder / "model.onnx", save_as_external_data=large, location="model.onnx_data")
    except OSError as error:
        raise ExportError(f"writing {folder} failed: {error}") from error


def _trace(model: PreTrainedModel, folder: Path) -> onnx.ModelProto:
    inputs, names, axes = _sample(model)
    large = sum(parameter.nbytes for parameter in model.parameters()) > INLINE_LIMIT
    with (
        torch.no_grad(),
        traceable(model),
        warnings.catch_warnings(),
        # The tracer prints its whole graph when it fails; the exception says what matters.
        contextlib.redirect_stdout(io.StringIO()),
        tempfile.TemporaryDirectory(dir=folder) as work,
    ):
        warnings.simplefilter("ignore")
        target = Path(work) / "model.onnx"
        try:
            torch.onnx.export(
                _Traced(model),
                inputs,
                str(target),
                input_names=[name for name in names if not name.startswith(("present", "logits"))],
                output_names=[name for name in names if name.startswith(("present", "logits"))],
                dynamic_axes=axes,
                opset_version=OPSET,
                dynamo=False,
                external_data=large,
            )
        except torch.onnx.errors.OnnxExporterError as error:
            raise ExportError(f"PyTorch cannot trace {type(model).__name__}: {error}") from error
        except OSError as error:
            raise ExportError(f"writing {folder} failed: {error}") from error
        return onnx.load(target)


def _sample(model: PreTrainedModel) -> tuple[tuple[torch.Tensor, ...], list[str], dict[str, dict[int, str]]]:
    """Inputs to trace with: two rows, three new tokens, a past of four; names and dynamic axes of inputs and outputs."""
    batch, past, new = 2, 4, 3
    ids = torch.arange(batch * new).reshape(batch, new) % model.config.vocab_size
    mask = torch.ones(batch, past + new, dtype=torch.int64)
    positions = torch.arange(past, past + new).expand(batch, new).contiguous()
    with torch.no_grad():
        probe = model(input_ids=ids[:, :1], use_cache=True).past_key_values
    axes = {
        "input_ids": {0: "batch", 1: "sequence"},
        "attention_mask": {0: "batch", 1: "total_sequence"},
        "position_ids": {0: "batch", 1: "sequence"},
        "logits": {0: "batch", 1: "sequence"},
    }
    cache, names = [], list(axes)
    for index, layer in enumerate(probe.layers):
        for kind, tensor in (("key", layer.keys), ("value", layer.values)):
            cache.append(torch.zeros(batch, tensor.shape[1], past, tensor.shape[3], dtype=tensor.dtype))
            axes[f"past_key_values.{index}.{kind}"] = {0: "batch", 2: "past_sequence"}
            axes[f"present.{index}.{kind}"] = {0: "batch", 2: "total_sequence"}
            names += [f"past_key_values.{index}.{kind}", f"present.{index}.{kind}"]
    return (ids, mask, positions, *cache), names, axes
