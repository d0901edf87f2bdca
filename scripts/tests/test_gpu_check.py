"""What `gpu-check` accepts as agreement of two devices."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from gpu_check import BOUND, Text, agreement, make_model
from prove_export.masked import write_masked
from prove_export.runner import FusedRunner, SharedBufferRunner, greedy, open_runner

TEXT: Text = [(token, -6.0 + 0.01 * token) for token in range(32)]


def test_equal_texts_agree() -> None:
    assert agreement([TEXT, TEXT], [TEXT, TEXT]) == ([32, 32], 0.0, True)


def test_a_tie_late_in_one_text_is_accepted_and_what_follows_it_ignored() -> None:
    parted = [*TEXT[:20], (500, TEXT[20][1] - 0.01), *((9, -1.0) for _ in TEXT[21:])]
    same, largest, good = agreement([TEXT, TEXT], [TEXT, parted])
    assert same == [32, 20]
    assert largest < BOUND
    assert good


def test_texts_that_part_at_once_disagree() -> None:
    other = [(token + 1, logprob) for token, logprob in TEXT]
    assert not agreement([TEXT, TEXT], [other, other])[2]


def test_other_probabilities_disagree() -> None:
    other = [(token, logprob + 2 * BOUND) for token, logprob in TEXT]
    assert not agreement([TEXT], [other])[2]


def test_the_model_is_the_same_in_the_layout_of_onnxruntime_genai(tmp_path: Path) -> None:
    config = make_model(tmp_path / "prove", "tiny")
    write_masked(tmp_path / "prove", tmp_path / "genai", config)
    ours, theirs = open_runner(tmp_path / "prove"), open_runner(tmp_path / "genai")
    assert isinstance(ours, FusedRunner)
    assert isinstance(theirs, SharedBufferRunner)
    prompt = [3, 1, 4, 1, 5]
    text = greedy(ours, prompt, 12)
    assert greedy(theirs, prompt, 12) == text

    genai = pytest.importorskip("onnxruntime_genai")
    model = genai.Model(str(tmp_path / "genai"))
    params = genai.GeneratorParams(model)
    params.set_search_options(max_length=len(prompt) + 12, do_sample=False)
    generator = genai.Generator(model, params)
    generator.append_tokens([prompt])
    for _ in text:
        generator.generate_next_token()
    assert list(generator.get_sequence(0))[len(prompt) :] == text
