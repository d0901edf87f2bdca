"""What can be had in the decoder: latent attention, routed experts, the head for the token after the next. Needs requirements.txt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("tokenizers")
pytest.importorskip("safetensors")

import train_toy as toy
from test_train_sft import TOY_RATE, examples, run

from prove_export.runner import FusedRunner, open_runner, open_session
from train import ablate, checkpoint, sft, tokenizer
from train.batches import collate
from train.experts import Experts, balance
from train.likelihood import acceptance, losses_ahead, token_losses
from train.metrics import read
from train.model import Decoder, preset
from train.rollouts import export


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("options")
    rows = toy.write_jsonl(root / "rows.jsonl", toy.rows(200, certain=1.0))
    run(tokenizer, rows, "--out", root / "tokenizer", "--size", 600, "--context", 128)
    return root / "tokenizer"


def test_both_forms_of_latent_attention_agree() -> None:
    model = Decoder(preset("tiny", 500, 128, latent=True), seed=3)
    x = torch.randn(2, 37, 64, generator=torch.Generator().manual_seed(0))
    attention = model.model.layers[0].self_attn
    with torch.no_grad():
        naive, absorbed = attention(x, model.model.rotary), attention.absorbed(x, model.model.rotary)
    assert naive.abs().max() > 1e-3
    assert (naive - absorbed).abs().max() < 1e-5 * naive.abs().max()


def unlike(words: Path, *, latent: bool, experts: int, ahead: bool = False) -> Decoder:
    """A model whose logits differ from one another, and whose experts are chosen by more than their scores."""
    shape = preset("tiny", checkpoint.eos_token(words) + 1, 128, latent=latent, experts=experts, ahead=ahead)
    model = Decoder(shape, seed=1).eval()
    for parameter in model.parameters():
        parameter.data.mul_(4.0 if parameter.ndim == 2 else 1.0)
    for module in model.modules():
        if isinstance(module, Experts):
            module.gate.weight.data.mul_(5.0)
            module.gate.e_score_correction_bias.copy_(torch.tensor([0.2, -0.1, 0.0, 0.1]))
    return model


@pytest.mark.parametrize("experts", [0, 4])
def test_latent_attention_is_deepseek_v3s(words: Path, tmp_path: Path, experts: int) -> None:
    transformers = pytest.importorskip("transformers")
    model = unlike(words, latent=True, experts=experts)
    checkpoint.save(model, words, tmp_path / "v3")
    theirs = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "v3", experts_implementation="eager")
    ids = torch.randint(0, model.config.vocab, (3, 40), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert (model(ids) - theirs(ids).logits).abs().max() < 1e-5
        assert torch.equal(model(ids), checkpoint.load(tmp_path / "v3").eval()(ids))


@pytest.mark.parametrize("dtype", ["fp32", "int8"])
@pytest.mark.parametrize(("latent", "experts"), [(False, 0), (True, 0), (False, 4), (True, 4)])
def test_every_kind_of_model_exports_and_agrees(words: Path, tmp_path: Path, latent: bool, experts: int, dtype: str) -> None:
    model = unlike(words, latent=latent, experts=experts)
    checkpoint.save(model, words, tmp_path / "model")
    export(tmp_path / "model", tmp_path / "engine", dtype)
    runner = open_runner(tmp_path / "engine", capacity=64)
    assert isinstance(runner, FusedRunner), "the fast layout"
    ids = torch.randint(0, model.config.vocab, (3, 40), generator=torch.Generator().manual_seed(0))
    lengths, differences = (1, 30, 9), []
    with torch.no_grad():
        wanted = model(ids).numpy()
    for step in range(6):
        rows = [row[:length] for row, length in zip(ids.tolist(), lengths, strict=True)]
        last = [row[length + step - 1] for row, length in zip(ids.tolist(), lengths, strict=True)]
        logits = runner.prefill(rows) if step == 0 else runner.step(last)
        pairs = zip(logits, wanted, lengths, strict=True)
        differences += [float(np.abs(row - all_rows[length + step - 1]).max()) for row, all_rows, length in pairs]
    if dtype == "fp32":
        assert max(differences) < 1e-4
    else:
        # Of two experts that are nearly tied, rounding may take the other one.
        assert np.median(differences) < 0.2 * wanted.std()


def test_the_bias_moves_load_to_experts_that_had_little() -> None:
    layer = Experts(replace(preset("tiny", 500, 128, experts=8), active=2))
    torch.manual_seed(0)
    torch.nn.init.normal_(layer.gate.weight, std=0.1)
    with torch.no_grad():
        layer.gate.weight[0] += 0.5
    tokens = torch.randn(1, 512, 64) + 0.3
    shares = []
    for _ in range(600):
        layer(tokens)
        shares.append(float(layer.load.max() / layer.load.mean()))
        before = layer.gate.e_score_correction_bias.clone()
        overloaded = layer.load > layer.load.mean()
        balance(layer)
        assert (layer.gate.e_score_correction_bias[overloaded] < before[overloaded]).all()
        assert not layer.load.any()
    assert shares[0] > 3.0, "one expert takes nearly everything"
    assert shares[-1] < 1.3, "then all take their share"
    layer.eval()
    layer(tokens)
    assert not layer.load.any(), "only training counts"


def test_experts_are_weighted_by_scores_without_the_bias() -> None:
    layer = Experts(preset("tiny", 500, 128, experts=4))
    torch.nn.init.normal_(layer.gate.weight, std=0.2)
    tokens = torch.randn(20, 64)
    layer.gate.e_score_correction_bias.copy_(torch.tensor([5.0, 5.0, 0.0, 0.0]))
    chosen, weights = layer.route(tokens)
    assert (chosen.sort().values == torch.tensor([0, 1])).all()
    scores = (tokens @ layer.gate.weight.T).sigmoid()[:, :2]
    wanted = (scores / scores.sum(-1, keepdim=True)).gather(-1, chosen)
    assert torch.allclose(weights, wanted)


def test_the_head_ahead_reads_no_token_that_it_is_to_predict() -> None:
    model = Decoder(preset("tiny", 500, 128, ahead=True), seed=2).eval()
    ids = torch.randint(0, 500, (1, 20))
    other = ids.clone()
    other[0, 12:] = (other[0, 12:] + 1) % 500
    with torch.no_grad():
        one, two = (model.hidden_ahead(model.hidden(x), x) for x in (ids, other))
    assert torch.allclose(one[:, :11], two[:, :11], atol=1e-6), "entry 10 predicts token 12 from those up to 11"
    assert not torch.allclose(one[:, 11], two[:, 11])


def test_acceptance_is_how_often_one_random_number_draws_the_same_token_twice(words: Path) -> None:
    model = unlike(words, latent=False, experts=0, ahead=True)
    batch = collate([replace(example, ids=example.ids % model.config.vocab) for example in examples(3)], pad=0)
    chances = acceptance(model, batch)
    with torch.no_grad():
        hidden, places = model.hidden(batch.ids), batch.learnt[:, 2:]
        own = model.logits(hidden[:, 1:-1][places]).softmax(-1).cumsum(-1)
        drafted = model.logits(model.hidden_ahead(hidden, batch.ids)[:, :-1][places]).softmax(-1).cumsum(-1)
    points = torch.rand(len(own), 4000, generator=torch.Generator().manual_seed(0))
    same = torch.searchsorted(own, points) == torch.searchsorted(drafted, points)
    assert same.any() and not same.all()
    assert (same.float().mean(1) - chances).abs().max() < 0.04


@pytest.mark.parametrize("latent", [False, True])
def test_it_exports_and_agrees(words: Path, tmp_path: Path, latent: bool) -> None:
    model = unlike(words, latent=latent, experts=0, ahead=True)
    checkpoint.save(model, words, tmp_path / "model")
    export(tmp_path / "model", tmp_path / "engine", "fp32")
    ids = torch.randint(0, model.config.vocab, (2, 12), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        hidden = model.hidden(ids)
        wanted = model.logits(model.hidden_ahead(hidden, ids)).numpy()
    runner = open_runner(tmp_path / "engine", capacity=16)
    assert isinstance(runner, FusedRunner)
    rows = ids.tolist()
    assert np.abs(runner.prefill(rows) - model.logits(hidden)[:, -1].detach().numpy()).max() < 1e-4
    # First the places up to 7 at once, then the rest one by one.
    session = open_session(tmp_path / "engine", graph="ahead.onnx")
    cache = {
        value.name: np.zeros((2, value.shape[1], 16, value.shape[3]), np.float32)
        for value in session.get_inputs()
        if "past" in value.name
    }
    for start, end in [(0, 8), (8, 9), (9, 10), (10, 11)]:
        counts = np.full(2, end - start, np.int32)
        feeds = {
            "hidden": hidden[:, start:end].numpy(),
            "input_ids": ids[:, start + 1 : end + 1].numpy(),
            "seqlens_k": np.full(2, end - 1, np.int32),
            "total_sequence_length": np.array(end, np.int32),
            "query_seqlens": counts,
            "logits_at": np.arange(2) * (end - start) + counts - 1,
        }
        names = [value.name for value in session.get_outputs()]
        results = dict(zip(names, session.run(None, feeds | cache), strict=True))
        cache = {name: results[name.replace("past_key_values", "present")] for name in cache}
        assert np.abs(results["logits"] - wanted[:, end - 1]).max() < 1e-4


def test_its_loss_comes_on_top_of_the_same_loss() -> None:
    model, batch = Decoder(preset("tiny", 500, 128, ahead=True)), collate(examples(5), pad=499)
    first, second = losses_ahead(model, batch)
    assert torch.allclose(first, token_losses(model, batch))
    assert len(second) == int(batch.learnt[:, 2:].sum())
    second.sum().backward()
    assert model.ahead is not None
    assert model.ahead.eh_proj.weight.grad is not None
    assert model.model.layers[0].mlp.up_proj.weight.grad is not None, "the decoder learns from it too"


def test_options_are_compared_on_the_same_rows(words: Path, tmp_path: Path) -> None:
    settings = (
        "--size",
        "tiny",
        "--epochs",
        4,
        "--sft-arguments",
        "--tokens 512 --accumulate 1 --context 128 --warmup 5 --rate 5e-3 --threads 1",
    )
    run(ablate, "--rows", words.parent / "rows.jsonl", "--tokenizer", words, "--out", tmp_path, *settings)
    table = [line.strip("| ").split(" | ") for line in (tmp_path / "ablation.md").read_text().splitlines()]
    assert [row[0] for row in table[2:]] == list(ablate.VARIANTS)
    assert all(float(row[2]) < 2.0 for row in table[2:]), "all of them learn"
    assert [row[4] for row in table[2:]] == ["128", "192", "128", "192"]
    assert [row[5] == "–" for row in table[2:]] == [True, True, True, False]


@pytest.mark.parametrize(
    "option", [("--latent",), ("--experts", 4), ("--ahead", 0.3), ("--latent", "--experts", 4, "--ahead", 0.3)]
)
def test_every_option_trains_and_resumes(words: Path, tmp_path: Path, option: tuple[object, ...]) -> None:
    common = ("--rows", words.parent / "rows.jsonl", "--tokenizer", words, "--size", "tiny", "--context", 128, "--tokens", 512)
    settings = (*common, "--epochs", 4, "--device", "cpu", "--threads", 1, "--warmup", 5, *TOY_RATE, *option)
    run(sft, *settings, "--out", tmp_path / "whole")
    run(sft, *settings, "--out", tmp_path / "parts", "--stop-after", 9)
    run(sft, *settings, "--out", tmp_path / "parts")
    whole, parts = (checkpoint.load(tmp_path / name / "model").state_dict() for name in ("whole", "parts"))
    assert all(torch.equal(whole[name], parts[name]) for name in whole)
    losses = [record["held_out_loss"] for record in read(tmp_path / "whole/metrics.jsonl") if "held_out_loss" in record]
    assert losses[-1] < losses[0] / 3
    if "--ahead" in option:
        accepted = [
            record["held_out_acceptance"] for record in read(tmp_path / "whole/metrics.jsonl") if "held_out_loss" in record
        ]
        assert accepted[-1] > 0.5
