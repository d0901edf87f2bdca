"""Reinforcement learning on Lean's verdicts: GRPO.

    train grpo --init RUN/model --statements statements.jsonl --prove target/release/prove --out RL

Each step draws statements, exports the policy, has `prove data rollout` sample a group of proofs for each and judge them, and takes
gradient steps on the loss of `train/objective.py`. RL/model is the policy as a checkpoint folder, RL/metrics.jsonl the measurements,
RL/rollouts what was sampled. An interrupted run is resumed by the same command.
"""

from __future__ import annotations

import argparse
import math
import shlex
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from . import checkpoint
from .batches import collate, plan
from .curriculum import Curriculum
from .errors import TrainError
from .likelihood import token_losses
from .lines import read_lines
from .metrics import Metrics
from .objective import Objective, advantages, grpo
from .optimizer import adamw, take_step
from .rollouts import Group, Sampling, export, roll_out
from .rows import Encoder, Example


@dataclass(frozen=True)
class Settings:
    """What makes a run the run it is."""

    init: str
    rate: float
    warmup: int
    clip: float
    kl: float
    stale: float
    group: int
    batch: int
    minibatches: int
    max_tokens: int
    low: float
    high: float
    seed: int


@dataclass(frozen=True)
class Sequence:
    """A sample to learn from: its tokens behind the prompt's, what the engine gave them, and its advantage."""

    example: Example
    behaviour: list[float]
    advantage: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--init", type=str, required=True, help="checkpoint folder to begin with, also the reference")
    parser.add_argument("--statements", type=Path, required=True, help='lines of {"name", "header", "theorem"}')
    parser.add_argument("--prove", default="prove", help="the program, with arguments if need be (default: prove)")
    parser.add_argument("--rollout-arguments", default="", help="further arguments for `prove data rollout`")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--steps", type=int, default=50, help="rounds of sampling and learning (default: 50)")
    parser.add_argument("--batch", type=int, default=32, help="statements of a step (default: 32)")
    parser.add_argument("--group", type=int, default=16, help="samples of a statement (default: 16)")
    parser.add_argument("--minibatches", type=int, default=2, help="gradient steps on the samples of a step (default: 2)")
    parser.add_argument(
        "--low", type=float, default=0.05, help="least pass rate of a group that is learnt from (default: 0.05)"
    )
    parser.add_argument("--high", type=float, default=0.95, help="greatest (default: 0.95)")
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate (default: 1e-4; 5e-6 for a 7 B model)")
    parser.add_argument("--warmup", type=int, default=5, help="steps until that rate (default: 5)")
    parser.add_argument("--clip", type=float, default=0.2, help="the ratio stays within 1 ± CLIP (default: 0.2)")
    parser.add_argument("--kl", type=float, default=0.02, help="weight of the divergence from the reference (default: 0.02)")
    parser.add_argument(
        "--stale", type=float, default=0.5, help="log-ratio a token beyond which bad samples are masked (default: 0.5)"
    )
    parser.add_argument("--max-tokens", type=int, default=256, help="most tokens of a sample (default: 256)")
    parser.add_argument("--dtype", choices=["fp32", "fp16", "int8"], default="fp32", help="of the policy that samples")
    parser.add_argument("--tokens", type=int, default=4096, help="most tokens of a padded batch (default: 4096)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="threads on the CPU (default: all)")


def run(options: argparse.Namespace) -> None:
    Run(options).train()


def sequences(groups: list[Group], encoder: Encoder, curriculum: Curriculum) -> list[Sequence]:
    """What can be learnt from some groups: those of a pass rate within the band, without faults."""
    useful = [group for group in groups if group.pass_rate is not None and curriculum.holds(group.pass_rate)]
    result = []
    for group, prompt in zip(useful, encoder.prompts([group.prompt for group in useful]), strict=True):
        gains = advantages([sample.reward for sample in group.samples])
        for sample, gain in zip(group.samples, gains, strict=True):
            if gain is not None and sample.tokens:
                ids = np.array(prompt + sample.tokens, dtype=np.int64)
                result.append(Sequence(Example(group.name, ids, len(prompt)), sample.logprobs, gain))
    return result


class Run:
    """A run of reinforcement learning, new or resumed."""

    def __init__(self, options: argparse.Namespace) -> None:
        if options.threads:
            torch.set_num_threads(options.threads)
        if not 0.0 <= options.low <= options.high <= 1.0:
            raise TrainError(f"the band from {options.low} to {options.high} should lie within 0 and 1")
        self.options = options
        self.settings = Settings(**{name: getattr(options, name) for name in Settings.__dataclass_fields__})
        self.objective = Objective(options.clip, options.kl, options.stale)
        self.sampling = Sampling(options.group, options.max_tokens, tuple(shlex.split(options.rollout_arguments)))
        self.device = torch.device(options.device)
        self.statements = {str(value["name"]): value for _, value in read_lines(options.statements)}
        if not self.statements:
            raise TrainError(f"{options.statements} has no statement")
        self.curriculum = Curriculum(sorted(self.statements), (options.low, options.high), options.seed)
        start = Path(options.init)
        self.encoder = Encoder(start, checkpoint.eos_token(start))
        self.reference = checkpoint.load(start).to(self.device).eval().requires_grad_(False)
        self.folder = checkpoint.recover(options.out / "model")
        resumed = (self.folder / checkpoint.STATE).is_file()
        checkpoint.seed_everything(options.seed)
        self.policy = checkpoint.load(self.folder if resumed else start).to(self.device)
        self.optimizer = adamw(self.policy, options.rate, decay=0.0)
        self.step = 0
        if resumed:
            state = checkpoint.load_state(self.folder, asdict(self.settings))
            self.optimizer.load_state_dict(state["optimizer"])
            self.curriculum.restore(state["curriculum"])
            self.step = int(state["step"])
        else:
            self._save()

    def train(self) -> None:
        metrics = Metrics(self.options.out / "metrics.jsonl", self.step)
        while self.step < self.options.steps:
            started = time.perf_counter()
            groups = self._collect()
            sampled = time.perf_counter()
            learnt = self._learn(groups)
            self.step += 1
            self._save()
            seconds = {"sampling_seconds": sampled - started, "learning_seconds": time.perf_counter() - sampled}
            record = self._measured(groups) | learnt | {name: round(value, 2) for name, value in seconds.items()}
            metrics.add(self.step, **record)
            print(
                f"step {self.step}: pass rate {record['pass_rate']:.3f} over {record['groups']} statements, "
                f"{record['learnt']} samples learnt from, divergence {record['kl']:.4f}",
                flush=True,
            )

    def _collect(self) -> list[Group]:
        """The groups of this step, sampled from the policy as saved."""
        names = self.curriculum.draw(self.step, self.settings.batch)
        out = self.options.out / "rollouts" / f"step-{self.step:05}.jsonl"
        model = self.options.out / "engine"
        if not out.is_file():
            export(self.folder, model, self.options.dtype)
        asked = [self.statements[name] for name in names]
        groups = roll_out(shlex.split(self.options.prove), model, asked, self.sampling, self.settings.seed + self.step, out)
        for group in groups:
            if group.pass_rate is not None:
                self.curriculum.record(group.name, self.step, group.pass_rate)
        return groups

    def _learn(self, groups: list[Group]) -> dict[str, Any]:
        """Gradient steps on what the groups teach. With nothing to learn the policy stays as it is."""
        learnt = sequences(groups, self.encoder, self.curriculum)
        order = np.random.default_rng([self.settings.seed, self.step]).permutation(len(learnt))
        parts = [part for part in np.array_split(order, self.settings.minibatches) if len(part)]
        rate = self.settings.rate * min(1.0, (self.step + 1) / max(1, self.settings.warmup))
        records = []
        for part in parts:
            record = self._minibatch([learnt[index] for index in part])
            record["norm"] = take_step(self.policy, self.optimizer, rate, clip=1.0)
            records.append(record)
        keys = ("loss", "kl", "clipped", "masked", "drift", "norm")
        means = {key: float(np.mean([record[key] for record in records])) if records else 0.0 for key in keys}
        return {"learnt": len(learnt), "rate": rate} | means

    def _minibatch(self, part: list[Sequence]) -> dict[str, float]:
        """Adds up the gradient of a minibatch in padded batches; returns means over its samples."""
        self.policy.train()
        sums = dict.fromkeys(("loss", "kl", "clipped", "masked", "drift"), 0.0)
        lengths = np.array([len(sequence.example.ids) for sequence in part], dtype=np.int64)
        for indices in plan(lengths, self.options.tokens, self.settings.seed, self.step):
            chosen = [part[index] for index in indices]
            batch = collate([sequence.example for sequence in chosen], self.encoder.eos).to(self.device)
            with torch.no_grad():
                reference = -token_losses(self.reference, batch)
            logprobs = -token_losses(self.policy, batch)
            behaviour = torch.tensor([value for sequence in chosen for value in sequence.behaviour], device=self.device)
            terms = grpo(
                logprobs,
                behaviour,
                reference,
                torch.tensor([sequence.advantage for sequence in chosen], device=self.device),
                torch.tensor([len(sequence.behaviour) for sequence in chosen], device=self.device),
                self.objective,
            )
            loss = terms.loss / len(part)
            loss.backward()
            drift = float((logprobs.detach() - behaviour).abs().mean())
            share = len(chosen) / len(part)
            for key, value in (("kl", terms.kl), ("clipped", terms.clipped), ("masked", terms.masked), ("drift", drift)):
                sums[key] += value * share
            sums["loss"] += float(loss.detach())
        return sums

    def _measured(self, groups: list[Group]) -> dict[str, Any]:
        """Of the samples of a step: how many are proofs, how long they are, how sure the policy was."""
        judged = [reward for group in groups for reward in group.judged]
        samples = [sample for group in groups for sample in group.samples]
        tokens = sum(len(sample.tokens) for sample in samples)
        surprise = -sum(math.fsum(sample.logprobs) for sample in samples)
        return {
            "groups": len(groups),
            "pass_rate": float(np.mean(judged)) if judged else 0.0,
            "faults": len(samples) - len(judged),
            "length": tokens / max(1, len(samples)),
            "entropy": surprise / max(1, tokens),
        }

    def _save(self) -> None:
        with checkpoint.replacing(self.folder) as folder:
            checkpoint.save(self.policy, Path(self.settings.init), folder)
            state = {"step": self.step, "optimizer": self.optimizer.state_dict(), "curriculum": self.curriculum.state()}
            checkpoint.save_state(folder, asdict(self.settings), state)
