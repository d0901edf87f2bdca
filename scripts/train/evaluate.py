"""pass@k of rollouts, with 95 % intervals.

    train evaluate untrained.jsonl sft.jsonl --k 1 8 32

Each file is what `prove data rollout` wrote for one model. Samples that a fault kept from being judged do not count; a statement with
fewer than k judged samples has no part in pass@k, and the table says how many have.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .errors import TrainError
from .estimate import mean_interval, pass_at_k, wilson
from .rollouts import Group, read_groups


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rollouts", type=Path, nargs="+", help="one file a model")
    parser.add_argument("--k", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--out", type=Path, help="JSON file for the same figures")


def evaluate(groups: list[Group], ks: list[int]) -> dict[str, Any]:
    """The figures of one model."""
    counts = [(len(group.judged), round(sum(group.judged))) for group in groups if group.judged]
    if not counts:
        raise TrainError("no sample was judged")
    solved = sum(proved > 0 for _, proved in counts)
    figures: dict[str, Any] = {
        "statements": len(counts),
        "samples": sum(samples for samples, _ in counts),
        "faults": sum(len(group.samples) - len(group.judged) for group in groups),
        "solved": {"count": solved} | asdict(wilson(solved, len(counts))),
    }
    for k in ks:
        values = [pass_at_k(samples, proved, k) for samples, proved in counts if samples >= k]
        if values:
            figures[f"pass@{k}"] = {"statements": len(values)} | asdict(mean_interval(values))
    return figures


def table(figures: dict[str, dict[str, Any]], ks: list[int]) -> str:
    """The figures of some models as a Markdown table."""

    def cell(value: dict[str, Any] | None) -> str:
        if value is None:
            return "–"
        return f"{100 * value['value']:.1f} [{100 * value['low']:.1f}, {100 * value['high']:.1f}]"

    lines = [
        "| model | statements | " + " | ".join(f"pass@{k}, %" for k in ks) + " | solved at all, % |",
        "| --- " * (len(ks) + 3) + "|",
    ]
    for name, model in figures.items():
        cells = [cell(model.get(f"pass@{k}")) for k in ks]
        lines.append(f"| {name} | {model['statements']} | " + " | ".join(cells) + f" | {cell(model['solved'])} |")
    return "\n".join(lines)


def run(options: argparse.Namespace) -> None:
    figures = {path.stem: evaluate(read_groups(path), options.k) for path in options.rollouts}
    print(table(figures, options.k))
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
