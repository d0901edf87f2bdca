"""Supervised training on rows: the model learns completions, prompts are only read.

    train sft --rows rows.jsonl --tokenizer TOKENIZER --size 6m --out RUN
    train sft --rows rows.jsonl --init CHECKPOINT --out RUN

The first makes a new model; the second goes on with any Hugging Face checkpoint, ours or a published one. RUN/model is the model as
a checkpoint folder for `export_model.py`, RUN/metrics.jsonl the measurements. A run that was interrupted is resumed by the same
command, and ends with the weights that it would have had (on the same machine with the same number of threads).
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import checkpoint
from .batches import Epochs, collate, plan
from .errors import TrainError
from .experts import balance
from .likelihood import acceptance, losses_ahead, token_losses
from .metrics import Metrics
from .model import PRESETS, Decoder, preset
from .optimizer import adamw, cosine, take_step
from .rows import Encoder, Example, read_rows


@dataclass(frozen=True)
class Settings:
    """What makes a run the run it is: resumed with other ones it would be another."""

    rate: float
    epochs: float
    warmup: int
    tokens: int
    accumulate: int
    decay: float
    clip: float
    ahead: float
    seed: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=Path, nargs="+", required=True, help="training rows; those held out measure the loss")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--tokenizer", type=Path, help="folder with a tokenizer: a new model")
    source.add_argument("--init", type=Path, help="checkpoint folder to go on with")
    parser.add_argument("--size", choices=sorted(PRESETS), default="6m", help="size of a new model (default: 6m)")
    parser.add_argument("--latent", action="store_true", help="a new model has latent attention (DeepSeek-V2)")
    parser.add_argument(
        "--experts", type=int, default=0, help="routed experts of a new model's layers (DeepSeek-V3; default: 0)"
    )
    parser.add_argument(
        "--ahead",
        type=float,
        default=0.0,
        metavar="WEIGHT",
        help="of the loss of the token after the next, 0.3 in V3 (default: 0)",
    )
    parser.add_argument(
        "--context", type=int, default=1024, help="tokens a row may have (default: 1024); longer ones are left out"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--epochs", type=float, default=4.0, help="passes over the rows (default: 4)")
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate (default: 2e-3; 5e-6 for a 7 B model)")
    parser.add_argument("--warmup", type=int, default=50, help="steps until the highest rate (default: 50)")
    parser.add_argument("--tokens", type=int, default=4096, help="most tokens of a batch (default: 4096)")
    parser.add_argument("--accumulate", type=int, default=2, help="batches of a step (default: 2)")
    parser.add_argument("--decay", type=float, default=0.1, help="weight decay (default: 0.1)")
    parser.add_argument("--clip", type=float, default=1.0, help="largest norm of the gradient (default: 1)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--evaluate-every", type=int, default=200, metavar="STEPS")
    parser.add_argument(
        "--held-out", type=int, default=1000, metavar="ROWS", help="held-out rows to measure on (default: 1000)"
    )
    parser.add_argument("--save-every", type=int, default=200, metavar="STEPS")
    parser.add_argument("--stop-after", type=int, metavar="STEPS", help="save and stop there; the same command goes on")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="threads on the CPU (default: all)")


def run(options: argparse.Namespace) -> None:
    Run(options).train()


class Run:
    """A supervised run, new or resumed."""

    def __init__(self, options: argparse.Namespace) -> None:
        if options.threads:
            torch.set_num_threads(options.threads)
        self.options = options
        self.settings = Settings(**{name: getattr(options, name) for name in Settings.__dataclass_fields__})
        self.device = torch.device(options.device)
        self.source: Path = options.tokenizer or options.init
        self.eos = checkpoint.eos_token(self.source)
        self.train_examples, held_out = self._examples()
        self.held_out = held_out
        self.epochs = Epochs(self.train_examples, self.settings.tokens, self.settings.accumulate, self.settings.seed)
        whole = int(self.settings.epochs)
        part = self.settings.epochs - whole
        self.steps = max(1, self.epochs.steps(whole) + round(part * self.epochs.steps_in(whole)))
        self.folder = checkpoint.recover(options.out / "model")
        self.model, self.optimizer, self.step = self._resumed() or self._begun()

    def _examples(self) -> tuple[list[Example], list[Example]]:
        rows = read_rows(self.options.rows)
        examples = Encoder(self.source, self.eos).examples(rows)
        pairs = [
            (row, example) for row, example in zip(rows, examples, strict=True) if len(example.ids) <= self.options.context
        ]
        train = [example for row, example in pairs if row.split == "train"]
        # The same goal can come up in proofs of both splits; what training reads measures nothing.
        known = {example.ids[: example.start].tobytes() for example in train}
        held_out = [
            example for row, example in pairs if row.split == "held_out" and example.ids[: example.start].tobytes() not in known
        ]
        print(f"{len(train)} rows to train on, {len(held_out)} held out, {len(rows) - len(pairs)} too long", flush=True)
        held_out = held_out[:: -(-len(held_out) // self.options.held_out) or 1]
        if not train:
            raise TrainError(f"no row of the training split has at most {self.options.context} tokens")
        return train, held_out

    def _begun(self) -> tuple[Decoder | checkpoint.Foreign, torch.optim.AdamW, int]:
        checkpoint.seed_everything(self.settings.seed)
        model: Decoder | checkpoint.Foreign
        if self.options.init:
            model = checkpoint.load(self.options.init)
        else:
            vocabulary = Encoder(self.source, self.eos).tokenizer.get_vocab_size()
            shape = {"latent": self.options.latent, "experts": self.options.experts, "ahead": self.settings.ahead > 0}
            model = Decoder(preset(self.options.size, vocabulary, self.options.context, **shape), self.settings.seed)
        model.to(self.device)
        return model, adamw(model, self.settings.rate, self.settings.decay), 0

    def _resumed(self) -> tuple[Decoder | checkpoint.Foreign, torch.optim.AdamW, int] | None:
        if not (self.folder / checkpoint.STATE).is_file():
            return None
        state = checkpoint.load_state(self.folder, asdict(self.settings) | {"rows": len(self.train_examples)})
        model = checkpoint.load(self.folder).to(self.device)
        optimizer = adamw(model, self.settings.rate, self.settings.decay)
        optimizer.load_state_dict(state["optimizer"])
        return model, optimizer, int(state["step"])

    def train(self) -> None:
        """Trains from where the run stands to its end, or to `--stop-after`."""
        metrics = Metrics(self.options.out / "metrics.jsonl", self.step)
        end = self.steps if self.options.stop_after is None else min(self.steps, self.options.stop_after)
        print(f"steps {self.step} to {end} of {self.steps}", flush=True)
        groups = self.epochs.from_step(self.step)
        if self.step == 0:
            self._evaluate(metrics)
            self._save()
        while self.step < end:
            started = time.perf_counter()
            group = next(groups)
            loss, norm = self._step(group)
            seconds = time.perf_counter() - started
            self.step += 1
            tokens = sum(len(example.ids) for batch in group for example in batch)
            rate = self.settings.rate * cosine(self.step - 1, self.steps, self.settings.warmup)
            metrics.add(self.step, loss=loss, norm=norm, rate=rate, tokens=tokens, seconds=round(seconds, 3))
            if self.step % 20 == 0:
                print(f"step {self.step}: loss {loss:.4f}, {tokens / seconds:.0f} tokens/s", flush=True)
            if self.step % self.options.evaluate_every == 0 or self.step == self.steps:
                self._evaluate(metrics)
            if self.step % self.options.save_every == 0 or self.step == end:
                self._save()

    def _step(self, group: list[list[Example]]) -> tuple[float, float]:
        """The mean loss over the step's learnt tokens, and the gradient's norm."""
        learnt = sum(len(example.ids) - example.start for batch in group for example in batch)
        self.model.train()
        total = 0.0
        for examples in group:
            batch = collate(examples, self.eos).to(self.device)
            if isinstance(self.model, Decoder) and self.model.ahead is not None:
                first, second = losses_ahead(self.model, batch)
                ((first.sum() + self.settings.ahead * second.sum()) / learnt).backward()
            else:
                first = token_losses(self.model, batch)
                (first.sum() / learnt).backward()
            total += float(first.detach().sum()) / learnt
        factor = cosine(self.step, self.steps, self.settings.warmup)
        norm = take_step(self.model, self.optimizer, self.settings.rate * factor, self.settings.clip)
        balance(self.model)
        return total, norm

    @torch.no_grad()
    def _evaluate(self, metrics: Metrics) -> None:
        """The loss a token on the rows held out, over all and for each kind; with a head ahead, how often its drafts would do."""
        if not self.held_out:
            return
        self.model.eval()
        sums: dict[str, float] = defaultdict(float)
        counts: dict[str, int] = defaultdict(int)
        accepted: list[Tensor] = []
        lengths = np.array([len(example.ids) for example in self.held_out], dtype=np.int64)
        for indices in plan(lengths, self.settings.tokens, seed=0, epoch=0):
            examples = [self.held_out[index] for index in indices]
            batch = collate(examples, self.eos).to(self.device)
            losses = token_losses(self.model, batch).cpu()
            if isinstance(self.model, Decoder) and self.model.ahead is not None:
                accepted.append(acceptance(self.model, batch).cpu())
            sizes = [len(example.ids) - example.start for example in examples]
            for example, part in zip(examples, losses.split(sizes), strict=True):
                for kind in (example.kind, "all"):
                    sums[kind] += float(part.sum())
                    counts[kind] += len(part)
        means = {kind: sums[kind] / counts[kind] for kind in sorted(sums)}
        more = {"held_out_acceptance": float(torch.cat(accepted).mean())} if accepted else {}
        metrics.add(self.step, held_out_loss=means.pop("all"), held_out_by_kind=means, **more)
        print(f"step {self.step}: held-out loss {sums['all'] / counts['all']:.4f}", flush=True)

    def _save(self) -> None:
        with checkpoint.replacing(self.folder) as folder:
            checkpoint.save(self.model, self.source, folder)
            checkpoint.save_state(
                folder,
                asdict(self.settings) | {"rows": len(self.train_examples)},
                {"step": self.step, "optimizer": self.optimizer.state_dict()},
            )
