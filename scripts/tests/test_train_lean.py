"""The whole pipeline on the real Lean: from statements to GRPO on its verdicts, on a few easy families. Needs PyTorch; minutes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

for package in ("torch", "onnx", "tokenizers", "safetensors"):
    pytest.importorskip(package)

from test_train_sft import run

from train import pipeline
from train.metrics import read

PROVE = os.environ.get("PROVE")
GENERATE = "--families prop_equivalence,prop_chain,int_consequence"
SEARCH = "--no-shorten --budget lean-seconds=2 --max-tokens 48 --limit 40"
DATA = (
    "--statements",
    90,
    "--harder",
    10,
    "--difficulties",
    "1,0,0,0,0",
    "--generate-arguments",
    GENERATE,
    "--prove-arguments",
    SEARCH,
    "--vocabulary",
    700,
)
TRAINING = ("--size", "tiny", "--context", 256, "--epochs", 16, "--rate", 5e-3, "--rounds", 1, "--grpo-steps", 2)
MORE = (
    "--sft-arguments",
    "--tokens 2048 --accumulate 1 --warmup 5",
    "--grpo-arguments",
    "--batch 4 --group 6 --low 0 --high 1",
)
SAMPLING = ("--samples", 6, "--held-out", 8, "--max-tokens", 48, "--k", 1, 6)


@pytest.mark.skipif(not PROVE, reason="the variable PROVE names no program `prove`")
def test_training_on_leans_verdicts_raises_the_pass_rate(tmp_path: Path) -> None:
    work = tmp_path / "work"
    run(pipeline, work, "--prove", PROVE, *DATA, *TRAINING, *MORE, *SAMPLING)
    results = json.loads((work / "results.json").read_text())
    rates = {name: model["pass@1"]["value"] for name, model in results.items()}
    assert rates["untrained"] < 0.1, rates
    assert all(rates[name] > 0.3 for name in ("sft", "round-1", "grpo")), rates
    records = read(work / "grpo/metrics.jsonl")
    assert [record["faults"] for record in records] == [0, 0]
    assert all(record["drift"] < 0.5 for record in records), "what the engine reports is the policy's"
