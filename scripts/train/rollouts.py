"""Groups of samples with Lean's verdicts, drawn by `prove data rollout` from the policy as it stands.

The policy is exported to a model folder, our engine samples from it, Lean judges, and what comes back is one line of JSON a
statement: the prompt, and for each sample its tokens, the engine's log-probability of each, and the verdict.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import TrainError
from .lines import read_lines

EXPORT = Path(__file__).resolve().parent.parent / "export_model.py"
# What a verdict is worth. A fault is none of the sample's doing, so it is worth nothing that could be learnt from.
REWARDS: dict[str, float | None] = {"proved": 1.0, "rejected": 0.0, "timeout": 0.0, "fault": None}


@dataclass(frozen=True)
class Sample:
    """One sample: all its tokens, the one that ended it included, and what the engine gave each."""

    tokens: list[int]
    logprobs: list[float]
    reward: float | None


@dataclass(frozen=True)
class Group:
    """The samples of one statement."""

    name: str
    prompt: str | list[dict[str, str]]
    samples: list[Sample]

    @property
    def judged(self) -> list[float]:
        """The rewards of the samples that were judged."""
        return [sample.reward for sample in self.samples if sample.reward is not None]

    @property
    def pass_rate(self) -> float | None:
        """Of the samples that were judged, how many are proofs; `None` if none was judged."""
        judged = self.judged
        return sum(judged) / len(judged) if judged else None


@dataclass(frozen=True)
class Sampling:
    """How a group is drawn. `arguments` go to `prove data rollout` as they are.

    The temperature is always 1: the engine reports log-probabilities under the model as it is, and only there are they those of the
    distribution that the samples came from.
    """

    samples: int
    max_tokens: int
    arguments: tuple[str, ...] = ()


def read_groups(path: Path) -> list[Group]:
    """What a rollout wrote; a line that is not as it should be is a `TrainError` that names it."""
    return [_group(value, f"{path}:{number}") for number, value in read_lines(path)]


def _group(value: dict[str, Any], place: str) -> Group:
    try:
        samples = [_sample(sample, place) for sample in value["samples"]]
        return Group(str(value["name"]), value["prompt"], samples)
    except (KeyError, TypeError) as error:
        raise TrainError(f"{place}: not a rollout ({error!r}); `prove data rollout` of this version writes it") from error


def _sample(value: dict[str, Any], place: str) -> Sample:
    if value["verdict"] not in REWARDS:
        raise TrainError(f"{place}: the verdict {value['verdict']!r} is none of {', '.join(REWARDS)}")
    if len(value["tokens"]) != len(value["logprobs"]):
        raise TrainError(f"{place}: {len(value['tokens'])} tokens with {len(value['logprobs'])} log-probabilities")
    return Sample(value["tokens"], value["logprobs"], REWARDS[value["verdict"]])


def export(checkpoint: Path, folder: Path, dtype: str) -> None:
    """Makes a model folder of a checkpoint, in place of the one before."""
    _run([sys.executable, str(EXPORT), str(checkpoint), str(folder), "--dtype", dtype, "--force"])


def roll_out(
    prove: Sequence[str], model: Path, statements: Sequence[dict[str, Any]], sampling: Sampling, seed: int, out: Path
) -> list[Group]:
    """Samples for each statement. A file that is there already is taken as it is: it was written whole, from the same seed."""
    if not out.is_file():
        out.parent.mkdir(parents=True, exist_ok=True)
        asked, partial = out.with_suffix(".statements.jsonl"), out.with_suffix(".partial")
        asked.write_text(
            "".join(json.dumps(statement, ensure_ascii=False) + "\n" for statement in statements), encoding="utf-8"
        )
        partial.unlink(missing_ok=True)
        settings = {
            "--model": model,
            "--statements": asked,
            "--samples": sampling.samples,
            "--max-tokens": sampling.max_tokens,
            "--temperature": 1,
            "--seed": seed,
            "--out": partial,
        }
        pairs = [str(part) for pair in settings.items() for part in pair]
        _run([*prove, "data", "rollout", *pairs, *sampling.arguments])
        partial.rename(out)
        asked.unlink()
    return read_groups(out)


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    except OSError as error:
        raise TrainError(f"{command[0]} cannot be run: {error}; --prove names the program") from error
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise TrainError(f"`{' '.join(command[:4])} …` ended with {done.returncode}:\n{tail}")
