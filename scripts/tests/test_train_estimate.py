"""pass@k and its intervals, the curriculum, the curves: what of training needs no PyTorch."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from train.curriculum import Curriculum, difficulty_weights
from train.errors import TrainError
from train.estimate import mean_interval, pass_at_k, wilson
from train.evaluate import evaluate, table
from train.metrics import Metrics, read
from train.plot import Curve, smoothed, svg, ticks
from train.rollouts import read_groups


@pytest.mark.parametrize(("samples", "proved"), [(6, 0), (6, 1), (6, 3), (6, 5), (6, 6)])
def test_pass_at_k_is_the_share_of_subsets_with_a_proof(samples: int, proved: int) -> None:
    verdicts = [True] * proved + [False] * (samples - proved)
    for k in range(1, samples + 1):
        subsets = [any(subset) for subset in itertools.combinations(verdicts, k)]
        assert pass_at_k(samples, proved, k) == pytest.approx(sum(subsets) / len(subsets))


def test_pass_at_k_asks_for_enough_samples() -> None:
    with pytest.raises(ValueError, match="pass@9"):
        pass_at_k(8, 1, 9)


def test_wilsons_interval_covers_the_true_share() -> None:
    generator = np.random.default_rng(0)
    hits = 0
    for successes in generator.binomial(40, 0.9, size=2000):
        interval = wilson(int(successes), 40)
        hits += interval.low <= 0.9 <= interval.high
    assert 0.92 <= hits / 2000 <= 0.98
    assert wilson(0, 10).low == 0.0
    assert wilson(10, 10).high == pytest.approx(1.0)


def test_the_bootstrap_narrows_with_more_statements() -> None:
    few, many = mean_interval([0.0, 1.0] * 10), mean_interval([0.0, 1.0] * 200)
    assert few.value == many.value == 0.5
    assert many.high - many.low < (few.high - few.low) / 3
    assert mean_interval([0.25] * 8).low == 0.25


def rollout(name: str, verdicts: list[str]) -> dict[str, Any]:
    samples = [{"text": "", "tokens": [1], "logprobs": [-1.0], "verdict": verdict} for verdict in verdicts]
    return {"name": name, "prompt": "", "samples": samples}


def write(path: Path, values: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def test_faults_do_not_count(tmp_path: Path) -> None:
    path = write(
        tmp_path / "sft.jsonl",
        [
            rollout("a", ["proved", "rejected", "fault", "timeout"]),
            rollout("b", ["fault"] * 4),
            rollout("c", ["rejected"] * 4),
        ],
    )
    figures = evaluate(read_groups(path), [1, 4])
    assert (figures["statements"], figures["samples"], figures["faults"]) == (2, 7, 5)
    assert figures["pass@1"]["value"] == pytest.approx((1 / 3 + 0) / 2)
    assert figures["pass@4"]["statements"] == 1, "a has three judged samples"
    assert figures["solved"]["count"] == 1
    assert "| sft | 2 | 16.7 [" in table({"sft": figures}, [1, 4])


@pytest.mark.parametrize(
    ("change", "message"),
    [({"verdict": "maybe"}, "maybe"), ({"tokens": [1, 2]}, "2 tokens with 1"), ({"logprobs": None}, "not a rollout")],
)
def test_a_damaged_rollout_is_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    good, bad = rollout("a", ["proved"]), rollout("b", ["proved"])
    bad["samples"][0] |= change
    with pytest.raises(TrainError, match=rf"r.jsonl:2: .*{message}"):
        read_groups(write(tmp_path / "r.jsonl", [good, bad]))


def test_statements_outside_the_band_rest() -> None:
    names = [f"s{number}" for number in range(10)]
    curriculum = Curriculum(names, (0.1, 0.9), seed=3)
    for number, name in enumerate(names[:8]):
        curriculum.record(name, step=number, rate=[0.0, 1.0, 0.5, 0.95][number % 4])
    drawn = curriculum.draw(9, 4)
    assert set(drawn) == {"s2", "s6", "s8", "s9"}, "those within the band, and those never seen"
    assert curriculum.draw(9, 6)[4:] == ["s0", "s1"], "then the ones that have rested longest"
    again = Curriculum(names, (0.1, 0.9), seed=3)
    again.restore(json.loads(json.dumps(curriculum.state())))
    assert again.draw(9, 4) == drawn
    assert again.draw(10, 10) != drawn


def test_new_statements_are_harder_as_the_easy_ones_fall() -> None:
    statements = [{"name": f"s{level}{number}", "difficulty": level} for level in (1, 2, 3) for number in range(10)]

    def weights(*proved: int) -> list[int]:
        names = {f"s{level}{number}" for level, count in enumerate(proved, 1) for number in range(count)}
        return difficulty_weights(statements, names, [1, 1, 1, 1, 0])

    early, late = weights(5, 1, 0), weights(10, 9, 4)
    assert early[0] > early[1] > early[2] >= 1
    assert late[2] > late[1] > late[0] >= 1
    assert early[3:] == late[3:] == [26, 0], "as if half was proved of what was never tried; nothing of what is not wanted"


def test_a_resumed_run_forgets_what_it_measures_again(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    first = Metrics(path, 0)
    for step in (1, 2, 3):
        first.add(step, loss=1.0 / step)
    with path.open("a") as file:
        file.write('{"step": 4, "lo')
    Metrics(path, 2).add(3, loss=7.0)
    assert [(record["step"], record["loss"]) for record in read(path)] == [(1, 1.0), (2, 0.5), (3, 7.0)]


def test_curves_have_their_points_and_names() -> None:
    drawing = svg([Curve("a<b", [(0.0, 1.0), (10.0, 100.0)]), Curve("c", [(5.0, 0.0), (6.0, 10.0)])], "t", logarithmic=True)
    assert drawing.count("<polyline") == 2
    assert "a&lt;b" in drawing
    assert len(drawing.split('points="')[2].split('"')[0].split()) == 1, "zero has no logarithm"
    assert smoothed([(1, 2.0), (2, 4.0), (3, 9.0)], 2) == [(1, 2.0), (2, 3.0), (3, 6.5)]
    assert ticks(0.0, 1.0) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
