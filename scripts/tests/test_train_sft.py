"""The tokenizer, the decoder, batches and supervised training. Needs requirements.txt."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("tokenizers")
pytest.importorskip("safetensors")

import train_toy as toy
from safetensors.torch import load_file
from tokenizers import Tokenizer

from train import average, checkpoint, sft, tokenizer
from train.batches import Epochs, collate, plan
from train.errors import TrainError
from train.likelihood import token_losses
from train.metrics import read
from train.model import Decoder, preset
from train.rows import Encoder, Example, read_rows

# Models this small are faster on one thread than on several.
torch.set_num_threads(1)
TOY_RATE = ("--accumulate", 1, "--rate", 5e-3)
HOSTILE = (
    "",
    "∀ x ∈ s, ¬ (p ∧ q) ↔ x ∉ t ∪ u ∩ v ∧ a ≠ b ∣ c ⟨h₁, h₂⟩ ⊢ ℕ ℤ ℚ λ x => x ∘ y · z ← h ✝ × ⊆",
    "line\r\n\r\n\ttab\n\n\n   three\n",
    "x\u0301é\ufeff👩\u200d🔬\u00a0\u2003\0 𝔸 日本語",
    "\ue000 private \ue001",
    "h✝ x' a.b.c foo! bar? _root_ 1234567890 x₁₂ 2⁻¹",
)


def run(command: Any, *arguments: object) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    command.run(parser.parse_args([str(argument) for argument in arguments]))


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.write_jsonl(tmp_path_factory.mktemp("rows") / "rows.jsonl", toy.rows(200, certain=1.0))


@pytest.fixture(scope="session")
def words(rows: Path) -> Path:
    """A folder with a tokenizer of the toy's rows."""
    run(tokenizer, rows, "--out", rows.parent / "tokenizer", "--size", 600, "--context", 128)
    return rows.parent / "tokenizer"


def test_text_comes_back_byte_for_byte(words: Path) -> None:
    trained = Tokenizer.from_file(str(words / "tokenizer.json"))
    for text in HOSTILE:
        assert trained.decode(trained.encode(text).ids) == text


def test_symbols_digits_and_the_end_are_single_tokens(words: Path) -> None:
    trained = Tokenizer.from_file(str(words / "tokenizer.json"))
    for symbol in [*tokenizer.symbols(), *"0123456789", toy.END]:
        assert len(trained.encode(symbol).ids) == 1, symbol
    assert len(trained.encode("4071").ids) == 4
    assert trained.encode(f"omega\n{toy.END}").ids[-1] == checkpoint.eos_token(words)
    assert trained.decode(trained.encode(f"omega\n{toy.END}").ids) == "omega\n"
    assert trained.get_vocab_size() <= 600


def test_a_vocabulary_too_small_for_its_symbols_is_refused() -> None:
    with pytest.raises(TrainError, match="too few"):
        tokenizer.train(["x"], 300)


def test_every_row_is_read_once_and_bad_ones_are_named(tmp_path: Path) -> None:
    good = toy.rows(2, 1.0)
    assert len(read_rows([toy.write_jsonl(tmp_path / "a.jsonl", [*good, good[0]])])) == 2
    for change, message in (({"split": "test"}, "split"), ({"prompt": None}, "needs"), ({"completion": 3}, "completion")):
        path = toy.write_jsonl(tmp_path / "b.jsonl", [good[0], good[1] | change])
        with pytest.raises(TrainError, match=rf"b.jsonl:2: .*{message}"):
            read_rows([path])


def test_the_decoder_is_transformers_llama(words: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    model = Decoder(preset("tiny", 500, 128), seed=1)
    checkpoint.save(model, words, tmp_path / "llama")
    llama = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "llama")
    ids = torch.randint(0, 500, (3, 40))
    with torch.no_grad():
        assert (model(ids) - llama(ids).logits).abs().max() < 1e-5
        foreign = checkpoint.Foreign(tmp_path / "llama")
        assert (model(ids) - foreign.logits(foreign.hidden(ids))).abs().max() < 1e-5
        assert torch.equal(model(ids), checkpoint.load(tmp_path / "llama")(ids))


def examples(count: int, seed: int = 0) -> list[Example]:
    generator = np.random.default_rng(seed)
    sizes = generator.integers(2, 60, count)
    return [Example("x", generator.integers(0, 500, size), int(generator.integers(1, size))) for size in sizes]


def test_padding_changes_no_loss() -> None:
    model, chosen = Decoder(preset("tiny", 500, 128)), examples(6)
    together = token_losses(model, collate(chosen, pad=499))
    alone = torch.cat([token_losses(model, collate([example], pad=499)) for example in chosen])
    assert together.shape == (sum(len(example.ids) - example.start for example in chosen),)
    assert (together - alone).abs().max() < 1e-5


def test_an_epoch_has_every_row_once_within_the_bound() -> None:
    lengths = np.random.default_rng(0).integers(2, 200, 5000)
    batches = plan(lengths, 1024, seed=1, epoch=0)
    assert sorted(np.concatenate(batches).tolist()) == list(range(5000))
    assert all(len(batch) * lengths[batch].max() <= 1024 for batch in batches)
    used = sum(len(batch) * lengths[batch].max() for batch in batches)
    assert lengths.sum() / used > 0.95, "rows of like lengths are together"
    assert any(
        (one != other).any() for one, other in zip(batches, plan(lengths, 1024, 1, 1), strict=False) if len(one) == len(other)
    )


def test_a_row_longer_than_a_batch_is_alone() -> None:
    batches = plan(np.array([5, 300, 5, 400]), 100, seed=0, epoch=0)
    assert sorted(tuple(sorted(batch)) for batch in batches) == [(0, 2), (1,), (3,)]


def test_steps_are_found_again_from_any_step() -> None:
    epochs = Epochs(examples(150), tokens=200, accumulate=3, seed=5)
    start = epochs.steps(1) - 2
    whole, later = epochs.from_step(0), epochs.from_step(start)
    for _ in range(start):
        next(whole)
    for _ in range(6):
        assert [[id(row) for row in batch] for batch in next(whole)] == [[id(row) for row in batch] for batch in next(later)]


def train_sft(rows: Path, words: Path, out: Path, *more: object) -> dict[str, Any]:
    common = ("--rows", rows, "--tokenizer", words, "--size", "tiny", "--context", 128, "--tokens", 512, "--epochs", 6)
    run(sft, *common, "--out", out, "--device", "cpu", "--threads", 1, "--warmup", 5, "--evaluate-every", 10, *TOY_RATE, *more)
    return load_file(out / "model/model.safetensors")


def test_a_resumed_run_ends_with_the_weights_of_one_that_was_not_stopped(rows: Path, words: Path, tmp_path: Path) -> None:
    whole = train_sft(rows, words, tmp_path / "whole")
    train_sft(rows, words, tmp_path / "parts", "--stop-after", 7, "--save-every", 3)
    (tmp_path / "parts/model").rename(tmp_path / "parts/model.old")
    parts = train_sft(rows, words, tmp_path / "parts")
    assert all(torch.equal(whole[name], parts[name]) for name in whole)
    one, two = (
        [
            {key: value for key, value in record.items() if key != "seconds"}
            for record in read(tmp_path / name / "metrics.jsonl")
        ]
        for name in ("whole", "parts")
    )
    assert one == two
    losses = [record["held_out_loss"] for record in one if "held_out_loss" in record]
    assert losses[-1] < losses[0] / 3
    with pytest.raises(TrainError, match="begun with rate"):
        train_sft(rows, words, tmp_path / "parts", "--rate", 1e-3)


def test_only_completions_are_learnt(words: Path, rows: Path) -> None:
    encoder = Encoder(words, checkpoint.eos_token(words))
    row = read_rows([rows])[0]
    (example,) = encoder.examples([row])
    assert encoder.tokenizer.decode(example.ids[: example.start].tolist()) == row.prompt
    batch = collate([example], pad=0)
    assert batch.ids[batch.learnt].tolist() == example.ids[example.start :].tolist()
    assert encoder.tokenizer.decode(batch.ids[batch.learnt].tolist()) + toy.END == row.completion


def test_a_checkpoint_of_others_is_trained_by_the_same_command(rows: Path, words: Path, tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    checkpoint.save(Decoder(preset("tiny", 600, 128)), words, tmp_path / "theirs")
    config = json.loads((tmp_path / "theirs/config.json").read_text())
    del config[checkpoint.OURS]
    (tmp_path / "theirs/config.json").write_text(json.dumps(config))
    arguments = ("--rows", rows, "--init", tmp_path / "theirs", "--out", tmp_path / "run", "--tokens", 512, "--epochs", 3)
    run(sft, *arguments, "--device", "cpu", "--threads", 1, "--warmup", 2, *TOY_RATE)
    losses = [record["held_out_loss"] for record in read(tmp_path / "run/metrics.jsonl") if "held_out_loss" in record]
    assert losses[-1] < losses[0] / 2
    assert isinstance(checkpoint.load(tmp_path / "run/model"), checkpoint.Foreign)


def test_a_mean_lies_in_the_middle_and_takes_like_models_only(words: Path, tmp_path: Path) -> None:
    for name, seed, options in (("one", 0, {}), ("other", 1, {}), ("third", 2, {}), ("latent", 0, {"latent": True})):
        model = Decoder(preset("tiny", Tokenizer.from_file(str(words / "tokenizer.json")).get_vocab_size(), 128, **options), seed)
        checkpoint.save(model, words, tmp_path / name)
    run(average, *(tmp_path / name for name in ("one", "other", "third")), "--out", tmp_path / "mean")
    weights = [checkpoint.load(tmp_path / name).state_dict() for name in ("one", "other", "third", "mean")]
    for name, value in weights[3].items():
        torch.testing.assert_close(value, sum(one[name] for one in weights[:3]) / 3)
    with pytest.raises(TrainError, match="latent is a model of another shape"):
        run(average, tmp_path / "one", tmp_path / "latent", "--out", tmp_path / "none")
    assert not (tmp_path / "none").exists()
