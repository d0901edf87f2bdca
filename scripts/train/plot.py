"""Curves of a run as SVG.

    train plot RUN/metrics.jsonl --values loss held_out_loss --out curve.svg
    train plot RL/metrics.jsonl OTHER/metrics.jsonl --values pass_rate --smooth 5 --out pass.svg

Every value of every file is one curve over the steps, named by its value and, with several files, the file's folder.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from .errors import TrainError
from .metrics import read

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 20, 44
# Okabe and Ito's palette, which colour-blind readers tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")


@dataclass(frozen=True)
class Curve:
    """A name and points, in order."""

    name: str
    points: list[tuple[float, float]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("metrics", type=Path, nargs="+", help="metrics.jsonl of one run or more")
    parser.add_argument("--values", nargs="+", required=True, help="what to plot, by its name in the records")
    parser.add_argument("--smooth", type=int, default=1, metavar="N", help="mean over the N records up to each (default: 1)")
    parser.add_argument("--log", action="store_true", help="logarithmic values")
    parser.add_argument("--title", default="")
    parser.add_argument("--out", type=Path, required=True, help="the SVG to write")


def run(options: argparse.Namespace) -> None:
    curves = []
    for path in options.metrics:
        records = read(path)
        for value in options.values:
            points = [(float(record["step"]), float(record[value])) for record in records if value in record]
            if points:
                name = f"{path.parent.name} {value}" if len(options.metrics) > 1 else value
                curves.append(Curve(name, smoothed(points, options.smooth)))
    if not curves:
        raise TrainError(f"no record has {' or '.join(options.values)}")
    options.out.write_text(svg(curves, options.title, options.log), encoding="utf-8")


def smoothed(points: Sequence[tuple[float, float]], window: int) -> list[tuple[float, float]]:
    """Each value as the mean of the last `window` up to it."""
    values = [y for _, y in points]
    parts = [values[max(0, end - window) : end] for end in range(1, len(values) + 1)]
    return [(x, sum(part) / len(part)) for (x, _), part in zip(points, parts, strict=True)]


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from `low` to `high`, about six."""
    rough = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [step * number for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def svg(curves: Sequence[Curve], title: str, logarithmic: bool = False) -> str:
    """The drawing. With `logarithmic`, points that are not positive are left out."""

    def height_of(value: float) -> float:
        return math.log10(value) if logarithmic else value

    drawn = [Curve(c.name, [(x, height_of(y)) for x, y in c.points if y > 0 or not logarithmic]) for c in curves]
    xs = [x for curve in drawn for x, _ in curve.points]
    ys = [y for curve in drawn for _, y in curve.points]
    if not xs:
        raise TrainError("there is no positive value for a logarithmic axis")
    left, right, bottom, top = min(xs), max(max(xs), min(xs) + 1), min(ys), max(ys)
    margin = 0.04 * (top - bottom) or 0.5
    bottom, top = bottom - margin, top + margin

    def place(x: float, y: float) -> tuple[float, float]:
        across = LEFT + (x - left) / (right - left) * (WIDTH - LEFT - RIGHT)
        down = TOP + (top - y) / (top - bottom) * (HEIGHT - TOP - BOTTOM)
        return round(across, 1), round(down, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{WIDTH / 2}" y="14" text-anchor="middle">{escape(title)}</text>',
    ]
    for tick in ticks(bottom, top):
        _, y = place(left, tick)
        label = f"{10**tick:.3g}" if logarithmic else f"{tick:.4g}"
        parts.append(f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{label}</text>')
    for tick in ticks(left, right):
        x, _ = place(tick, bottom)
        parts.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{tick:g}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">step</text>')
    for number, curve in enumerate(drawn):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x},{y}" for x, y in (place(*point) for point in curve.points))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        y = TOP + 14 + 16 * number
        parts.append(f'<text x="{WIDTH - RIGHT - 8}" y="{y}" text-anchor="end" fill="{colour}">{escape(curve.name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
