"""The decoder's options side by side: each trained on the same rows in the same order, as wide for a token as the others.

    train ablate --rows rows.jsonl --tokenizer TOKENIZER --size 6m --epochs 1 --out ABLATION

ABLATION/ablation.md has the table, ABLATION/NAME the run of each. Losses are on the rows held out, in nats a token. The cache is what
the exported graph keeps of a token. Runs that were interrupted go on by the same command.
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from statistics import median
from typing import Any

from . import checkpoint, sft
from .errors import TrainError
from .metrics import read
from .model import PRESETS, Decoder

VARIANTS = {
    "grouped-query attention": "",
    "latent attention": "--latent",
    "8 routed experts": "--experts 8",
    "head for the token after the next": "--ahead 0.3",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", nargs="+", required=True, help="training rows; those held out measure the loss")
    parser.add_argument("--tokenizer", required=True, help="folder with a tokenizer")
    parser.add_argument("--size", choices=sorted(PRESETS), default="6m", help="size of the models (default: 6m)")
    parser.add_argument("--epochs", default="1", help="passes over the rows (default: 1)")
    parser.add_argument("--sft-arguments", default="", help="further arguments of `train sft`")
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs")


def run(options: argparse.Namespace) -> None:
    lines = [
        "| decoder | parameters, M | held-out loss | tokens/s | cache of a token, floats | drafts accepted, % |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, variant in VARIANTS.items():
        print(f"== {name}", flush=True)
        lines.append(_row(name, _trained(options, name, variant)))
    text = "\n".join(lines)
    (options.out / "ablation.md").write_text(text + "\n", encoding="utf-8")
    print(text)


def _trained(options: argparse.Namespace, name: str, variant: str) -> Path:
    """The folder of a variant's finished run."""
    out: Path = options.out / name.replace(" ", "-")
    parser = argparse.ArgumentParser()
    sft.add_arguments(parser)
    start = ["--rows", *options.rows, "--tokenizer", options.tokenizer, "--size", options.size, "--epochs", options.epochs]
    sft.run(parser.parse_args([*start, "--out", str(out), *shlex.split(variant), *shlex.split(options.sft_arguments)]))
    return out


def _row(name: str, out: Path) -> str:
    model, records = checkpoint.load(out / "model"), read(out / "metrics.jsonl")
    assert isinstance(model, Decoder)
    measured = [record for record in records if "held_out_loss" in record]
    if not measured:
        raise TrainError("no row is held out, so nothing can be measured")
    speed = median(record["tokens"] / record["seconds"] for record in records if "seconds" in record)
    accepted = measured[-1].get("held_out_acceptance")
    cells: list[Any] = [
        name,
        f"{model.parameter_count() / 1e6:.2f}",
        f"{measured[-1]['held_out_loss']:.4f}",
        f"{speed:.0f}",
        model.config.cached,
        "–" if accepted is None else f"{100 * accepted:.0f}",
    ]
    return f"| {' | '.join(map(str, cells))} |"
