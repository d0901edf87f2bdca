"""The committed test models against PyTorch's reference, with ONNX Runtime and NumPy alone (no PyTorch): seconds, fit for CI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prove_export.runner import FusedRunner, SharedBufferRunner, greedy, open_runner

MODELS = Path(__file__).resolve().parents[2] / "src/model/tests/models"
FOLDERS = sorted(path.parent for path in MODELS.glob("*/reference.json"))
BY_NAME = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def reference(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "reference.json").read_text(encoding="utf-8"))


def test_every_family_and_layout_is_there() -> None:
    names = {folder.name for folder in FOLDERS}
    assert {"llama-prove", "llama-optimum", "qwen2-genai", "qwen3-prove", "deepseek_v3-optimum", "deepseek_v3-prove"} <= names


@BY_NAME
def test_logits_and_greedy_text_are_the_references(folder: Path) -> None:
    wanted = reference(folder)
    for prompt in wanted["prompts"]:
        runner = open_runner(folder)
        logits = runner.prefill([prompt["tokens"]])[0]
        assert np.abs(logits - prompt["logits"]).max() <= wanted["tolerance"]
        assert greedy(runner, prompt["tokens"], len(prompt["greedy"])) == prompt["greedy"]
        if "logits_after_greedy" in prompt:
            logits = runner.step(prompt["greedy"][-1:])[0]
            assert np.abs(logits - prompt["logits_after_greedy"]).max() <= wanted["tolerance"]


@BY_NAME
def test_rows_of_a_ragged_batch_are_what_they_are_alone(folder: Path) -> None:
    wanted = reference(folder)
    prompts = [prompt["tokens"] for prompt in wanted["prompts"]]
    together, alone = open_runner(folder), [open_runner(folder) for _ in prompts]
    pairs = [(together.prefill(prompts), [runner.prefill([row])[0] for runner, row in zip(alone, prompts, strict=True)])]
    for token in (7, 300):
        pairs.append((together.step([token] * len(prompts)), [runner.step([token])[0] for runner in alone]))
    bound = 1e-2 if wanted["tolerance"] > 1e-3 else 1e-4
    for batch, single in pairs:
        assert np.abs(batch - np.stack(single)).max() <= bound


@pytest.mark.parametrize("name", ["qwen3-prove", "qwen3-int8", "deepseek_v3-prove"])
def test_rows_with_different_pasts_are_extended_together(name: str) -> None:
    runner, fresh = open_runner(MODELS / name), open_runner(MODELS / name)
    assert isinstance(runner, FusedRunner)
    starts, more = [[5, 6, 7], [8], [9, 10, 11, 12, 13]], [[1], [2, 3, 4, 5], [6, 7]]
    runner.prefill(starts)
    logits = runner.extend(more)
    whole = fresh.prefill([start + rest for start, rest in zip(starts, more, strict=True)])
    assert np.abs(logits - whole).max() <= 1e-4


def test_layouts_are_told_apart() -> None:
    assert isinstance(open_runner(MODELS / "llama-prove"), FusedRunner)
    assert isinstance(open_runner(MODELS / "qwen2-genai"), SharedBufferRunner)
