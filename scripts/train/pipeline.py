"""The whole pipeline in one command: statements, proofs, tokenizer, supervised training, expert iteration, GRPO, pass@k.

    train pipeline WORK --prove target/release/prove --statements 2000 --rounds 2 --grpo-steps 10

Everything lies in WORK, and the same command goes on where it was interrupted: a stage that is done is noted in WORK/done.json. The
defaults repeat a small version of what made the bundled model. WORK/results.md has the table of pass@k on held-out statements for the
untrained model, the supervised one, each round of expert iteration, and the one after GRPO; the curves are beside it. A round of
expert iteration adds statements, harder ones as the easy ones fall, lets the model try all, and trains on every proof so far.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from .curriculum import difficulty_weights
from .errors import TrainError
from .evaluate import evaluate, table
from .lines import read_lines
from .rollouts import Sampling, export, read_groups, roll_out

SCRIPTS = Path(__file__).resolve().parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("work", type=Path, help="folder of the whole")
    parser.add_argument("--prove", default="prove", help="the program, with arguments if need be (default: prove)")
    parser.add_argument("--statements", type=int, default=2000, help="statements to generate (default: 2000)")
    parser.add_argument("--difficulties", default="1,1,1,1,1", help="how often each difficulty is drawn (default: 1,1,1,1,1)")
    parser.add_argument("--harder", type=int, default=500, help="statements that each round adds (default: 500)")
    parser.add_argument("--generate-arguments", default="", help="further arguments of `prove data generate`")
    parser.add_argument("--prove-arguments", default="", help="further arguments of every `prove data prove`")
    parser.add_argument("--vocabulary", type=int, default=3072, help="tokens of the tokenizer (default: 3072)")
    parser.add_argument("--size", default="2m", help="size of the model (default: 2m)")
    parser.add_argument("--context", type=int, default=1024, help="tokens that the model reads (default: 1024)")
    parser.add_argument("--epochs", type=float, default=4.0, help="of supervised training (default: 4)")
    parser.add_argument("--rate", type=float, default=2e-3, help="its learning rate (default: 2e-3)")
    parser.add_argument("--sft-arguments", default="", help="further arguments of `train sft`")
    parser.add_argument("--rounds", type=int, default=3, help="of expert iteration (default: 3)")
    parser.add_argument("--round-epochs", type=float, default=1.0, help="of training after each round (default: 1)")
    parser.add_argument("--grpo-steps", type=int, default=10, help="(default: 10)")
    parser.add_argument("--grpo-arguments", default="", help="further arguments of `train grpo`")
    parser.add_argument("--samples", type=int, default=32, help="of each held-out statement (default: 32)")
    parser.add_argument("--held-out", type=int, default=100, help="held-out statements to measure on (default: 100)")
    parser.add_argument("--max-tokens", type=int, default=256, help="most tokens of a sample (default: 256)")
    parser.add_argument("--k", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seed", type=int, default=0)


def run(options: argparse.Namespace) -> None:
    Pipeline(options).run()


class Pipeline:
    """The stages, in order."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.work: Path = options.work
        self.data = self.work / "data"
        self.prove = shlex.split(options.prove)
        self.work.mkdir(parents=True, exist_ok=True)
        self.journal = self.work / "done.json"
        self.done: dict[str, float] = json.loads(self.journal.read_text()) if self.journal.is_file() else {}

    def run(self) -> None:
        o = self.options
        self._stage("statements", partial(self._generate, self.data, o.statements, o.seed, o.difficulties))
        self._stage("proofs", partial(self._data, "prove", *shlex.split(o.prove_arguments)))
        self._stage("tokenizer", self._tokenizer)
        self._stage("untrained", partial(self._supervised, "sft", None, "--stop-after", 0))
        self._measure("untrained", self._model("sft"))
        self._stage("sft", partial(self._supervised, "sft", None))
        self._measure("sft", self._model("sft"))
        last = "sft"
        for number in range(1, o.rounds + 1):
            name, before = f"round-{number}", last
            self._stage(f"{name} proofs", partial(self._expert, number, before))
            self._stage(name, partial(self._supervised, name, before))
            self._measure(name, self._model(name))
            last = name
        self._stage("grpo", partial(self._grpo, last))
        self._measure("grpo", self._model("grpo"))
        self._report(["untrained", "sft", *(f"round-{number}" for number in range(1, o.rounds + 1)), "grpo"])

    def _stage(self, name: str, work: Callable[[], None]) -> None:
        """Does a stage unless it is done, and notes how long it took."""
        if name in self.done:
            return
        print(f"== {name}", flush=True)
        started = time.perf_counter()
        work()
        self.done[name] = round(time.perf_counter() - started, 1)
        self.journal.write_text(json.dumps(self.done, indent=2) + "\n", encoding="utf-8")

    def _model(self, name: str) -> Path:
        return self.work / name / "model"

    def _rows(self) -> Path:
        return self.data / "rows.jsonl"

    def _data(self, command: str, *arguments: object) -> None:
        self._call([*self.prove, "data", command, str(self.data), *map(str, arguments)])

    def _generate(self, folder: Path, count: int, seed: int, difficulties: str) -> None:
        more = ("--count", str(count), "--seed", str(seed), "--difficulties", difficulties)
        self._call([*self.prove, "data", "generate", str(folder), *more, *shlex.split(self.options.generate_arguments)])

    def _train(self, command: str, *arguments: object) -> None:
        self._call([sys.executable, str(SCRIPTS), command, *map(str, arguments)])

    def _call(self, command: list[str]) -> None:
        try:
            code = subprocess.run(command, check=False).returncode
        except OSError as error:
            raise TrainError(f"{command[0]} cannot be run: {error}; --prove names the program") from error
        if code != 0:
            raise TrainError(f"`{shlex.join(command)}` ended with {code}; mend that, then give the same command to go on")

    def _tokenizer(self) -> None:
        o = self.options
        self._train("tokenizer", self._rows(), "--out", self.work / "tokenizer", "--size", o.vocabulary, "--context", o.context)

    def _supervised(self, name: str, before: str | None, *more: object) -> None:
        """Trains on all rows there are: a new model, or the one called `before` at a quarter of the rate."""
        o = self.options
        if before is None:
            start: list[object] = [
                "--tokenizer",
                self.work / "tokenizer",
                "--size",
                o.size,
                "--epochs",
                o.epochs,
                "--rate",
                o.rate,
            ]
        else:
            start = ["--init", self._model(before), "--epochs", o.round_epochs, "--rate", o.rate / 4]
        common = ["--rows", self._rows(), "--out", self.work / name, "--context", o.context, "--seed", o.seed]
        self._train("sft", *start, *common, *shlex.split(o.sft_arguments), *more)

    def _expert(self, number: int, before: str) -> None:
        """New statements join the ones there are, and the model's proofs of all of them the rows."""
        self._add_statements(number)
        folder = self.work / "engine"
        export(self._model(before), folder, "int8")
        model = ("--model", folder, "--strategy", "sample", "--round", number, "--split", "train")
        self._data("prove", *model, *shlex.split(self.options.prove_arguments))

    def _add_statements(self, number: int) -> None:
        """Adds training statements: subgoals of failed theorems, and new ones as hard as the share that is proved says."""
        self._data("subgoals")
        path, folder = self.data / "statements.jsonl", self.work / f"round-{number}-statements"
        known = [value for _, value in read_lines(path)]
        names = {value["name"] for value in known}
        proved = {value["statement"] for _, value in read_lines(self._rows())}
        start = [int(weight) for weight in self.options.difficulties.split(",")]
        weights = difficulty_weights(self._statements("train"), proved, start)
        shutil.rmtree(folder, ignore_errors=True)
        self._generate(folder, self.options.harder, self.options.seed + number, ",".join(map(str, weights)))
        new = [value for _, value in read_lines(folder / "statements.jsonl")]
        known += [value for value in new if value["split"] == "train" and value["name"] not in names]
        partial = path.with_suffix(".partial")
        partial.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in known), encoding="utf-8")
        partial.replace(path)

    def _statements(self, split: str) -> list[dict[str, Any]]:
        return [value for _, value in read_lines(self.data / "statements.jsonl") if value.get("split") == split]

    def _grpo(self, before: str) -> None:
        o = self.options
        asked = self.work / "grpo-statements.jsonl"
        lines = (json.dumps(value, ensure_ascii=False) + "\n" for value in self._statements("train"))
        asked.write_text("".join(lines), encoding="utf-8")
        start = [
            "--init",
            self._model(before),
            "--statements",
            asked,
            "--prove",
            shlex.join(self.prove),
            "--out",
            self.work / "grpo",
        ]
        more = ["--steps", o.grpo_steps, "--max-tokens", o.max_tokens, "--seed", o.seed, *shlex.split(o.grpo_arguments)]
        self._train("grpo", *start, *more)

    def _rollouts(self, name: str) -> Path:
        return self.work / "rollouts" / f"{name}.jsonl"

    def _measure(self, name: str, checkpoint: Path) -> None:
        """Samples of a model for the held-out statements, the same ones and as many for every model."""
        self._stage(f"{name} measured", partial(self._sample, name, checkpoint))

    def _sample(self, name: str, checkpoint: Path) -> None:
        o = self.options
        folder = self.work / "engine"
        export(checkpoint, folder, "fp32")
        asked = self._statements("held_out")
        if not asked:
            raise TrainError(f"{self.data / 'statements.jsonl'} has no held-out statement")
        count = min(o.held_out, len(asked))
        asked = [asked[index * len(asked) // count] for index in range(count)]
        roll_out(self.prove, folder, asked, Sampling(o.samples, o.max_tokens), o.seed, self._rollouts(name))

    def _report(self, names: list[str]) -> None:
        figures = {name: evaluate(read_groups(self._rollouts(name)), self.options.k) for name in names}
        text = table(figures, self.options.k)
        (self.work / "results.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        (self.work / "results.md").write_text(text + "\n", encoding="utf-8")
        curves = {"sft": ("loss", "held_out_loss"), "grpo": ("pass_rate", "kl")}
        for name, values in curves.items():
            metrics = self.work / name / "metrics.jsonl"
            self._train("plot", metrics, "--values", *values, "--title", name, "--out", self.work / f"{name}.svg")
        print(text)
