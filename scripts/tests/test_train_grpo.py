"""Reinforcement learning end to end on a toy family: export, sampling with the exported graph, verdicts, gradient steps.

Needs requirements.txt; half a minute.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
for package in ("onnx", "tokenizers", "safetensors"):
    pytest.importorskip(package)

import train_toy as toy
from safetensors.torch import load_file
from test_train_sft import TOY_RATE, run

from train import checkpoint, grpo, sft, tokenizer
from train.batches import collate
from train.curriculum import Curriculum
from train.likelihood import token_losses
from train.metrics import read
from train.rollouts import Group, Sample, export
from train.rows import Encoder, Example

PROVE = f"{sys.executable} {toy.__file__}"


@pytest.fixture(scope="session")
def supervised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that chooses tactics nearly at random: a third of its rows have the right one."""
    root = tmp_path_factory.mktemp("supervised")
    rows = toy.write_jsonl(root / "rows.jsonl", toy.rows(400, certain=0.2))
    run(tokenizer, rows, "--out", root / "tokenizer", "--size", 600, "--context", 128)
    common = ("--rows", rows, "--tokenizer", root / "tokenizer", "--size", "tiny", "--context", 128, "--tokens", 1024)
    run(sft, *common, "--out", root / "run", "--device", "cpu", "--threads", 1, "--epochs", 16, *TOY_RATE)
    return root / "run/model"


def learn(supervised: Path, out: Path, steps: int) -> list[dict[str, Any]]:
    statements = toy.write_jsonl(out.parent / "statements.jsonl", toy.statements(40))
    settings = (
        "--steps",
        steps,
        "--batch",
        8,
        "--group",
        12,
        "--max-tokens",
        16,
        "--rate",
        1e-3,
        "--warmup",
        1,
        "--threads",
        1,
    )
    run(grpo, "--init", supervised, "--statements", statements, "--prove", PROVE, "--out", out, "--device", "cpu", *settings)
    return read(out / "metrics.jsonl")


def test_the_pass_rate_on_a_toy_family_rises_and_a_resumed_run_goes_the_same_way(supervised: Path, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    learn(supervised, tmp_path / "parts/run", 2)
    records = learn(supervised, tmp_path / "parts/run", 17)
    rates = [record["pass_rate"] for record in records]
    assert rates[0] < 0.6
    assert np.mean(rates[-3:]) > rates[0] + 0.25, [round(rate, 2) for rate in rates]
    assert max(record["drift"] for record in records[:1]) < 0.2
    assert all(record["kl"] >= 0.0 for record in records)
    (tmp_path / "whole").mkdir()
    whole = learn(supervised, tmp_path / "whole/run", 3)
    keys = ("pass_rate", "loss", "kl", "learnt")
    assert [[record[key] for key in keys] for record in whole] == [[record[key] for key in keys] for record in records[:3]]


def test_the_engines_log_probabilities_are_the_policys(supervised: Path, tmp_path: Path) -> None:
    export(supervised, tmp_path / "engine", "fp32")
    (group,) = toy.roll_out(tmp_path / "engine", toy.statements(1), samples=4, most=16, seed=0)
    encoder = Encoder(supervised, checkpoint.eos_token(supervised))
    (prompt,) = encoder.prompts([group["prompt"]])
    chosen = [Example("x", np.array(prompt + sample["tokens"]), len(prompt)) for sample in group["samples"]]
    with torch.no_grad():
        ours = -token_losses(checkpoint.load(supervised), collate(chosen, encoder.eos))
    theirs = [value for sample in group["samples"] for value in sample["logprobs"]]
    assert np.abs(ours.numpy() - np.array(theirs)).max() < 1e-4


def test_groups_that_teach_nothing_leave_the_policy_as_it_is(supervised: Path, tmp_path: Path) -> None:
    encoder = Encoder(supervised, checkpoint.eos_token(supervised))
    everything = Curriculum([], (0.0, 1.0), seed=0)

    def group(*rewards: float | None) -> Group:
        return Group("g", toy.prompt("+", 1), [Sample([5, 6], [-1.0, -1.0], reward) for reward in rewards])

    assert not grpo.sequences([group(1.0, 1.0), group(0.0, 0.0), group(None, 1.0), group(None)], encoder, everything)
    learnt = grpo.sequences([group(1.0, None, 0.0)], encoder, everything)
    assert [sequence.advantage for sequence in learnt] == [1.0, -1.0]
    assert not grpo.sequences([group(1.0, 0.0, 0.0, 0.0)], encoder, Curriculum([], (0.3, 0.7), seed=0)), "outside the band"


def test_a_step_with_nothing_to_learn_changes_no_weight(
    supervised: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grpo, "roll_out", lambda *_: [Group("goal_0", toy.prompt("+", 0), [Sample([5], [-1.0], 0.0)] * 4)])
    (record,) = learn(supervised, tmp_path / "run", 1)
    assert record["learnt"] == 0
    before, after = (load_file(folder / "model.safetensors") for folder in (supervised, tmp_path / "run/model"))
    assert all(torch.equal(before[name], after[name]) for name in before)
