"""The mean of the weights of several checkpoints of one lineage ("model soups", arXiv 2203.05482).

    train average RUN/model ROUND-1/model ROUND-2/model --out AVERAGE

Each of them gives up something of what the others can do; the mean often does better on what none was trained on than any one of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from . import checkpoint
from .errors import TrainError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoints", type=Path, nargs="+", help="checkpoint folders of models of one shape")
    parser.add_argument("--out", type=Path, required=True, help="folder of the mean, with the first one's tokenizer")


@torch.no_grad()
def run(options: argparse.Namespace) -> None:
    first, *others = options.checkpoints
    model = checkpoint.load(first)
    mean = model.state_dict()
    for number, folder in enumerate(others, start=2):
        weights = checkpoint.load(folder).state_dict()
        if {name: value.shape for name, value in weights.items()} != {name: value.shape for name, value in mean.items()}:
            raise TrainError(f"{folder} is a model of another shape than {first}")
        for name, value in weights.items():
            mean[name].lerp_(value, 1 / number)
    with checkpoint.replacing(options.out) as folder:
        checkpoint.save(model, first, folder)
