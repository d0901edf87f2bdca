#!/usr/bin/env python3
"""Exports a Hugging Face checkpoint to a model folder that `prove --model FOLDER` loads.

    python scripts/export_model.py CHECKPOINT FOLDER --check

The checkpoint is a local folder with `config.json`, `tokenizer.json` and safetensors weights. Llama, Qwen2 and Qwen3
(DeepSeek-Prover-V1.5, DeepSeek-Prover-V2-7B, Goedel-Prover-V2, Kimina) get the fast "prove" layout, for which neither PyTorch nor
room for the whole model is needed, and so does everything that `scripts/train` makes; other DeepSeek V2 and V3 models (latent
attention, routed experts) are traced to the "optimum" layout.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from prove_export.config import architecture, decoder_config, has_fused_graph, read_json
from prove_export.decoder import write_decoder
from prove_export.errors import ExportError
from prove_export.folder import copy_companions, require_tokenizer
from prove_export.graph import Precision
from prove_export.weights import Checkpoint


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path, help="folder with config.json, tokenizer.json and *.safetensors")
    parser.add_argument("folder", type=Path, help="the model folder to write")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="where it is to run (default: cpu)")
    parser.add_argument(
        "--dtype", choices=["fp32", "fp16", "int8", "int4"], help="how weights are stored (default: int8 on a CPU, else fp16)"
    )
    parser.add_argument("--layout", choices=["prove", "optimum"], help="default: prove where the architecture allows it")
    parser.add_argument("--max-length", type=int, help="context to prepare for (default: the checkpoint's)")
    parser.add_argument(
        "--chunked",
        action=argparse.BooleanOptionalAction,
        help="let rows with different pasts be extended together; needs ONNX Runtime 1.32 (default: yes on a CPU)",
    )
    parser.add_argument("--check", action="store_true", help="compare logits with the checkpoint's (needs PyTorch)")
    parser.add_argument(
        "--check-dtype", choices=["float32", "bfloat16"], default="float32", help="type the source runs in for --check"
    )
    parser.add_argument("--force", action="store_true", help="replace an existing folder")
    return parser.parse_args()


def export(options: argparse.Namespace) -> None:
    """Writes the folder under a temporary name and moves it into place when it is whole."""
    if options.folder.exists() and not options.force:
        raise ExportError(f"{options.folder} exists; choose another name or give --force")
    raw = read_json(options.checkpoint / "config.json")
    require_tokenizer(options.checkpoint)
    layout = options.layout or ("prove" if has_fused_graph(raw) else "optimum")
    if layout == "prove" and not has_fused_graph(raw):
        raise ExportError(f"this {architecture(raw)} has no prove layout; leave --layout out")
    dtype = options.dtype or ("int8" if options.device == "cpu" else "fp16")
    partial = options.folder.with_name(options.folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        if layout == "prove":
            context = write_prove(options, dtype, partial)
        else:
            context = None
            write_optimum(options, dtype, partial)
        copy_companions(options.checkpoint, partial, context)
        if options.check:
            check(options, dtype, partial)
        if options.folder.exists():
            shutil.rmtree(options.folder)
        partial.rename(options.folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    size = sum(path.stat().st_size for path in options.folder.iterdir())
    print(f"wrote {options.folder}: {layout} layout, {dtype}, {size / 1e6:.1f} MB")


def write_prove(options: argparse.Namespace, dtype: str, folder: Path) -> int:
    raw = read_json(options.checkpoint / "config.json")
    config = decoder_config(raw, options.max_length)
    chunked = options.device == "cpu" if options.chunked is None else options.chunked
    write_decoder(
        config,
        Checkpoint(options.checkpoint),
        Precision(dtype, half=options.device == "cuda" and dtype != "fp32"),
        folder,
        model_context=decoder_config(raw).context,
        chunked=chunked,
    )
    return config.context


def write_optimum(options: argparse.Namespace, dtype: str, folder: Path) -> None:
    # PyTorch takes seconds to import and is not needed for the other layout.
    import torch

    from prove_export.torch_route import load_reference, write_traced

    half = dtype == "fp16" or (dtype != "fp32" and options.device == "cuda")
    model = load_reference(options.checkpoint, torch.float16 if half else torch.float32)
    write_traced(model, folder, {"int8": 8, "int4": 4}.get(dtype))


def check(options: argparse.Namespace, dtype: str, folder: Path) -> None:
    import torch

    from prove_export.check import compare
    from prove_export.torch_route import load_reference

    agreement = compare(load_reference(options.checkpoint, getattr(torch, options.check_dtype)), folder, dtype)
    if not agreement.passed:
        raise ExportError(f"the export {agreement}; nothing was written")
    print(f"the export {agreement}")


def main() -> int:
    try:
        export(parse())
    except ExportError as error:
        print(f"export_model: {error}", file=sys.stderr)
        return 1
    except ImportError as error:
        print(f"export_model: {error}; pip install -r scripts/requirements.txt", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"export_model: {error}; is there room for the folder, and may it be written?", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
