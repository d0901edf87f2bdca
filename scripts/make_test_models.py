#!/usr/bin/env python3
"""Makes the tiny random models that the engine's tests run, with reference logits and texts from PyTorch.

    python scripts/make_test_models.py [NAME ...]

writes `src/model/tests/models/NAME/` for every name (default: all); the README there says what the files hold. A
tokenizer is trained on the Lean files of this repository. Weights are random: seeds are tried until the greedy text of every
prompt is unambiguous (the best token leads by a margin at each step) and does not fall into a short loop.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForCausalLM,
    DeepseekV3Config,
    LlamaConfig,
    PreTrainedConfig,
    PreTrainedModel,
    Qwen2Config,
    Qwen3Config,
)

from merged_layout import merged
from prove_export.config import OURS, decoder_config, read_json
from prove_export.decoder import write_decoder
from prove_export.folder import copy_companions, write_json
from prove_export.genai_route import write_genai
from prove_export.graph import Precision
from prove_export.quantize import quantize
from prove_export.runner import greedy, open_runner
from prove_export.torch_route import load_reference, write_traced
from prove_export.weights import Checkpoint
from test_tokenizers import SPECIALS, TEXTS, TestTokenizer, lean_files, make_tokenizer, write_tokenizer

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/model/tests/models"
VOCAB = 512
CONTEXT = 512
GREEDY_TOKENS = 200
# A greedy step counts as unambiguous when the best logit leads by this much.
MARGIN = 1e-3
PROMPTS = (
    "",
    "theorem t : 1 + 1 = 2",
    "theorem cantor {α : Type} (f : α → Set α) : ¬ Surjective f := by\n  intro h\n  ",
    """/- ∑ over ℕ, ⟨a, b⟩ ≤ 𝔸 -/\r
example (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\r
  constructor\r
  · exact hp\r
  · exact hq\r
\r
example : ∃ n : Nat, n * n = 49 := ⟨7, by decide⟩\r
\r
theorem add_comm' (a b : Nat) : a + b = b + a := by\r
  """,
)

SIZES: dict[str, Any] = {
    "vocab_size": VOCAB,
    "hidden_size": 64,
    "intermediate_size": 80,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": CONTEXT,
}
FP32 = Precision("fp32")


@dataclass(frozen=True)
class Family:
    """A random checkpoint: its configuration and its kind of tokenizer; `ahead` adds a head for the token after the next."""

    config: type[PreTrainedConfig]
    tokenizer: str
    settings: dict[str, Any] = field(default_factory=dict)
    ahead: bool = False


@dataclass(frozen=True)
class Variant:
    """One committed folder. `tolerance` bounds the logits' difference from the reference, in absolute terms."""

    family: str
    layout: str
    precision: Precision = FP32
    external: bool = False
    chunked: bool = False
    tolerance: float = 1e-4


FAMILIES = {
    "llama": Family(
        LlamaConfig,
        "deepseek",
        {"rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 128}},
    ),
    "llama_ahead": Family(LlamaConfig, "deepseek", ahead=True),
    "qwen2": Family(Qwen2Config, "qwen", {"tie_word_embeddings": True}),
    "qwen3": Family(Qwen3Config, "qwen", {"head_dim": 16, "tie_word_embeddings": True}),
    "deepseek_v3": Family(
        DeepseekV3Config,
        "deepseek",
        {
            "hidden_size": 48,
            "num_key_value_heads": 4,
            "moe_intermediate_size": 16,
            "n_routed_experts": 8,
            "num_experts_per_tok": 2,
            "n_group": 2,
            "topk_group": 1,
            "n_shared_experts": 1,
            "first_k_dense_replace": 1,
            "kv_lora_rank": 32,
            "q_lora_rank": 32,
            "qk_rope_head_dim": 16,
            "qk_nope_head_dim": 16,
            "v_head_dim": 24,
        },
    ),
}
# As `scripts/train` makes them: without a latent for queries and without groups of experts.
FAMILIES["deepseek_v3_plain"] = Family(
    DeepseekV3Config,
    "deepseek",
    FAMILIES["deepseek_v3"].settings
    | {"q_lora_rank": None, "rope_interleave": False, "n_group": 1, "routed_scaling_factor": 1.0},
)

VARIANTS = {
    "llama-prove": Variant("llama", "prove"),
    "llama-optimum": Variant("llama", "optimum"),
    "llama-merged": Variant("llama", "merged", Precision("fp16"), tolerance=3e-2),
    "llama-fp16": Variant("llama", "prove", Precision("fp16"), tolerance=3e-2),
    "llama-ahead": Variant("llama_ahead", "prove", chunked=True),
    "qwen2-prove": Variant("qwen2", "prove", external=True),
    "qwen2-genai": Variant("qwen2", "genai"),
    "qwen3-prove": Variant("qwen3", "prove", chunked=True),
    "qwen3-int8": Variant("qwen3", "prove", Precision("int8", int8_activations=False), chunked=True),
    "llama-int4": Variant("llama", "prove", Precision("int4", int8_activations=False), external=True),
    "deepseek_v3-optimum": Variant("deepseek_v3", "optimum"),
    "deepseek_v3-prove": Variant("deepseek_v3_plain", "prove", chunked=True),
}


def make_checkpoint(name: str, seed: int, folder: Path) -> PreTrainedModel:
    """A random checkpoint in Hugging Face form, its tokenizer included."""
    family = FAMILIES[name]
    torch.manual_seed(seed)
    tokenizer = make_tokenizer(family.tokenizer)
    settings = SIZES | family.settings | tokenizer.config_ids()
    config = family.config(**settings, initializer_range=0.2)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "norm" in parameter_name:
                parameter.normal_(1.0, 0.2)
            elif parameter_name.endswith("bias"):
                parameter.normal_(0.0, 0.2)
        # Special tokens get the logit 0, which never leads: no greedy text ends early.
        model.lm_head.weight[-tokenizer.special_count() :] = 0
        if family.ahead:
            make_predictable(model)
    model.save_pretrained(folder)
    if family.ahead:
        add_ahead(model, folder)
    write_tokenizer(tokenizer, folder)
    return model.eval()


def make_predictable(model: PreTrainedModel) -> None:
    """Makes the next token depend on the last one above all, and less evenly: half of it can then be known from that alone."""
    for name, parameter in model.named_parameters():
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            parameter.mul_(0.03)
    model.model.embed_tokens.weight.mul_(2.0)
    model.lm_head.weight.mul_(2.5)


def add_ahead(model: PreTrainedModel, folder: Path) -> None:
    """Adds the head to a checkpoint, as `scripts/train` names it: it looks at the last token's embedding, and its layer adds a little."""
    hidden = model.config.hidden_size
    ones = torch.ones(hidden)
    weights = load_file(folder / "model.safetensors")
    layer = {name.replace("model.layers.1.", "ahead.layer."): value for name, value in weights.items() if ".layers.1." in name}
    weights |= layer | {"ahead.hnorm.weight": ones, "ahead.enorm.weight": ones.clone()}
    weights["ahead.norm.weight"] = weights["model.norm.weight"].clone()
    weights["ahead.eh_proj.weight"] = torch.cat((torch.zeros(hidden, hidden), torch.eye(hidden)), dim=1)
    save_file({name: value.clone() for name, value in weights.items()}, folder / "model.safetensors", {"format": "pt"})
    config = read_json(folder / "config.json")
    write_json(folder / "config.json", config | {OURS: {"ahead": True}})


def rounded(model: PreTrainedModel, precision: Precision) -> PreTrainedModel:
    """The model with its weights as the exported file stores them, to be run in float32."""
    with torch.no_grad():
        if precision.bits and model.config.tie_word_embeddings:
            model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.clone())
        for name, parameter in model.named_parameters():
            if precision.weights == "fp16":
                parameter.copy_(parameter.half().float())
            elif precision.bits and parameter.ndim == 2 and "embed_tokens" not in name:
                bits = 8 if "lm_head" in name else precision.bits
                parameter.copy_(torch.from_numpy(quantize(parameter.numpy(), bits).dequantized()))
    return model


def reference_text(model: PreTrainedModel, tokens: list[int]) -> tuple[list[int], list[float], NDArray[np.float32]]:
    """Greedy tokens, the margin of each, and the logits after the last of them."""
    text, margins = [], []
    with torch.no_grad():
        output = model(torch.tensor([tokens]), use_cache=True)
        for _ in range(GREEDY_TOKENS):
            best = output.logits[0, -1].topk(2)
            text.append(int(best.indices[0]))
            margins.append(float(best.values[0] - best.values[1]))
            output = model(torch.tensor([text[-1:]]), past_key_values=output.past_key_values, use_cache=True)
    return text, margins, output.logits[0, -1].numpy()


def good_seed(name: str) -> int:
    """The first seed whose greedy texts are unambiguous and lively."""
    for seed in range(1000):
        with tempfile.TemporaryDirectory() as folder:
            model = make_checkpoint(name, seed, Path(folder))
        tokenizer = make_tokenizer(FAMILIES[name].tokenizer)
        for prompt in prompts(tokenizer):
            text, margins, _ = reference_text(model, tokenizer.encode(prompt))
            if min(margins) < MARGIN or len(set(text[GREEDY_TOKENS // 2 :])) < 20:
                break
        else:
            return seed
    raise SystemExit(f"no seed for {name} gives unambiguous texts")


def prompts(tokenizer: TestTokenizer) -> list[str]:
    """Four prompts, the first of one token: where the tokenizer puts nothing first, a letter."""
    return [PROMPTS[0] if tokenizer.encode(PROMPTS[0]) else "a", *PROMPTS[1:]]


def certain(margins: list[float], tolerance: float) -> int:
    """How many greedy tokens no error within the tolerance can change."""
    return next((index for index, margin in enumerate(margins) if margin <= 2 * tolerance), len(margins))


def make_reference(model: PreTrainedModel, variant: Variant) -> dict[str, Any]:
    tokenizer = make_tokenizer(FAMILIES[variant.family].tokenizer)
    entries = []
    for prompt in prompts(tokenizer):
        tokens = tokenizer.encode(prompt)
        text, margins, final = reference_text(model, tokens)
        with torch.no_grad():
            logits = model(torch.tensor([tokens])).logits[0].numpy()
        kept = certain(margins, variant.tolerance)
        entry = {"text": prompt, "tokens": tokens, "logits": shortened(logits[-1]), "greedy": text[:kept]}
        if kept == GREEDY_TOKENS:
            entry["logits_after_greedy"] = shortened(final)
        entries.append(entry)
    return {"tolerance": variant.tolerance, "prompts": entries}


def shortened(values: NDArray[np.float32]) -> list[float]:
    """Seven digits, which is a tenth of the tightest tolerance."""
    return [float(f"{value:.7g}") for value in values]


def make_variant(name: str, seeds: dict[str, int]) -> None:
    variant = VARIANTS[name]
    seed = seeds.setdefault(variant.family, good_seed(variant.family))
    folder = TARGET / name
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        checkpoint = Path(work)
        make_checkpoint(variant.family, seed, checkpoint)
        if variant.layout == "prove":
            config = decoder_config(read_json(checkpoint / "config.json"))
            weights = Checkpoint(checkpoint)
            write_decoder(config, weights, variant.precision, folder, external=variant.external, chunked=variant.chunked)
        elif variant.layout == "optimum":
            write_traced(load_reference(checkpoint), folder)
        elif variant.layout == "merged":
            write_traced(load_reference(checkpoint, torch.float16), folder)
            onnx.save(merged(onnx.load(folder / "model.onnx")), folder / "model.onnx")
        else:
            write_genai(checkpoint, folder)
        copy_companions(checkpoint, folder)
        reference = make_reference(rounded(load_reference(checkpoint), variant.precision), variant)
    write_json_compactly(folder / "reference.json", reference)
    report(name, folder, reference)


def report(name: str, folder: Path, reference: dict[str, Any]) -> None:
    """Says how far ONNX Runtime is from the reference, and stops on a wrong export."""
    worst = 0.0
    for prompt in reference["prompts"]:
        runner = open_runner(folder, CONTEXT)
        worst = max(worst, float(np.abs(runner.prefill([prompt["tokens"]])[0] - prompt["logits"]).max()))
        assert greedy(runner, prompt["tokens"], len(prompt["greedy"])) == prompt["greedy"], f"{name}: greedy text differs"
    size = sum(path.stat().st_size for path in folder.iterdir())
    lengths = [len(prompt["greedy"]) for prompt in reference["prompts"]]
    print(f"{name}: {size / 1024:.0f} KiB, largest difference {worst:.1e} of {reference['tolerance']}, greedy {lengths}")
    assert worst <= reference["tolerance"], f"{name}: too far from the reference"


def write_json_compactly(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def write_texts() -> None:
    """Texts and their tokens: what every tokenizer must turn into bytes again, exactly."""
    entries = []
    for kind in SPECIALS:
        tokenizer = make_tokenizer(kind)
        entries += [{"tokenizer": kind, "text": text, "tokens": tokenizer.encode(text)} for text in TEXTS]
    write_json(TARGET / "texts.json", entries)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(VARIANTS)} (default: all)")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(VARIANTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    torch.set_num_threads(1)
    assert lean_files(), "no Lean files to train the tokenizer on"
    seeds: dict[str, int] = {}
    for name in arguments.names or VARIANTS:
        make_variant(name, seeds)
    write_texts()
    print(f"seeds: {seeds}")


if __name__ == "__main__":
    main()
