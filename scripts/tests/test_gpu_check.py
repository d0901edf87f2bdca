"""What `gpu-check` accepts as agreement of two devices."""

from __future__ import annotations

import pytest

pytest.importorskip("onnx")

from gpu_check import BOUND, Text, agreement

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
