"""The whole pipeline on the toy family, interrupted on the way. Needs requirements.txt; half a minute."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

for package in ("torch", "onnx", "tokenizers", "safetensors"):
    pytest.importorskip(package)

import train_toy as toy
from test_train_sft import run

from train import pipeline
from train.errors import TrainError
from train.lines import read_lines
from train.metrics import read

MODELS = ("untrained", "sft", "round-1", "grpo")
SETTINGS = (
    "--statements",
    200,
    "--harder",
    220,
    "--size",
    "tiny",
    "--context",
    128,
    "--epochs",
    16,
    "--rate",
    5e-3,
    "--rounds",
    1,
    "--round-epochs",
    8,
)
SAMPLING = ("--grpo-steps", 2, "--samples", 8, "--held-out", 16, "--max-tokens", 16, "--k", 1, 8, "--vocabulary", 600)


def test_the_pipeline_goes_on_where_it_stopped_and_proves_more_at_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    work, prove = tmp_path / "work", f"{sys.executable} {toy.__file__}"
    with pytest.raises(TrainError, match="prove-that-is-not-there"):
        run(pipeline, work, "--prove", "prove-that-is-not-there", *SETTINGS)
    small = ("--grpo-arguments", "--batch 8 --group 8", "--sft-arguments", "--tokens 1024 --accumulate 1 --warmup 5")
    run(pipeline, work, "--prove", prove, *small, *SETTINGS, *SAMPLING)
    results = json.loads((work / "results.json").read_text())
    assert list(results) == list(MODELS)
    assert all(results[name]["samples"] == 16 * 8 for name in MODELS), "equal samples for all"
    assert results["untrained"]["pass@1"]["value"] < 0.1 < results["sft"]["pass@1"]["value"]
    assert results["round-1"]["pass@1"]["value"] > results["sft"]["pass@1"]["value"]
    assert len(read(work / "grpo/metrics.jsonl")) == 2
    stated = [value["split"] for _, value in read_lines(work / "data/statements.jsonl")]
    assert (stated.count("train"), stated.count("held_out")) == (160 + 16, 40), "a round adds to what is trained on alone"
    for name in ("sft.svg", "grpo.svg", "results.md"):
        assert (work / name).stat().st_size > 100
    times = json.loads((work / "done.json").read_text())
    run(pipeline, work, "--prove", prove, *small, *SETTINGS, *SAMPLING)
    assert json.loads((work / "done.json").read_text()) == times, "nothing is done twice"
