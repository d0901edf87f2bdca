"""Hugging Face folders, ours and others', and the state of a run that is to be resumed.

A model that was made here is saved as a Llama checkpoint whose `config.json` also has our own sizes under `prove_decoder`; it is
loaded without transformers. Any other folder is loaded by transformers, trained by the same code and saved by transformers again.
A run's state lies beside the model, and a folder appears under its name when it is whole.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from prove_export.config import OURS, read_json
from prove_export.folder import TOKENIZER_FILES, write_json

from .errors import TrainError
from .model import Decoder
from .parts import ModelConfig

STATE = "trainer.pt"
COMPANIONS = ("tokenizer.json", "generation_config.json", *TOKENIZER_FILES)


class Policy(Protocol):
    """What training needs of a model, beside what every module has."""

    def hidden(self, ids: Tensor) -> Tensor:
        """`[B, S, hidden]` for tokens `[B, S]` padded on the right."""
        ...

    def logits(self, hidden: Tensor) -> Tensor:
        """`[…, vocab]`."""
        ...


class Foreign(nn.Module):
    """A causal language model of transformers, seen as a policy. Activations are recomputed, since such models are large."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import AutoModelForCausalLM

        try:
            self.inner = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise TrainError(f"transformers cannot load {folder}: {error}") from error
        self.inner.activation_checkpointing_enable()
        self.inner.config.use_cache = False

    def hidden(self, ids: Tensor) -> Tensor:
        return self.inner.model(input_ids=ids, use_cache=False).last_hidden_state

    def logits(self, hidden: Tensor) -> Tensor:
        return self.inner.lm_head(hidden)


def load(folder: Path) -> Decoder | Foreign:
    """The model of a checkpoint folder, in float32."""
    raw = read_json(folder / "config.json")
    if OURS not in raw:
        return Foreign(folder)
    model = Decoder(ModelConfig(**raw[OURS]))
    weights = folder / "model.safetensors"
    try:
        model.load_state_dict(load_file(weights))
    except (OSError, RuntimeError) as error:
        raise TrainError(f"{weights} does not fit its config.json: {error}") from error
    return model


def eos_token(folder: Path) -> int:
    """The token that ends a text, as the engine finds it: `generation_config.json` before `config.json`."""
    for name in ("generation_config.json", "config.json"):
        value = read_json(folder / name).get("eos_token_id") if (folder / name).is_file() else None
        if value is not None:
            return int(value[0] if isinstance(value, list) else value)
    raise TrainError(f"{folder} names no eos_token_id, so no text of its model would end")


def config_json(config: ModelConfig, eos: int) -> dict[str, Any]:
    """The `config.json`: that of a Llama checkpoint; with latent attention that of a DeepSeek V3.

    Routed experts under grouped-query attention are no published architecture and get a name of our own, which the exporter knows.
    """
    common = {
        "vocab_size": config.vocab,
        "hidden_size": config.hidden,
        "intermediate_size": config.intermediate,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.heads if config.latent else config.kv_heads,
        "max_position_embeddings": config.context,
        "rms_norm_eps": config.norm_eps,
        "rope_theta": config.rope_theta,
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "eos_token_id": eos,
        "pad_token_id": eos,
        OURS: asdict(config),
    }
    experts = {
        "n_routed_experts": config.experts or 1,
        "num_experts_per_tok": config.active if config.experts else 1,
        "n_shared_experts": 1,
        "moe_intermediate_size": config.expert_width,
        "first_k_dense_replace": 1 if config.experts else config.layers,
        "n_group": 1,
        "topk_group": 1,
        "norm_topk_prob": True,
        "routed_scaling_factor": 1.0,
    }
    if not config.latent:
        if config.experts:
            ours = {"architectures": ["ProveExpertsForCausalLM"], "model_type": "prove_experts", "head_dim": config.head_dim}
            return ours | experts | common
        return {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "head_dim": config.head_dim} | common
    deepseek = {
        "architectures": ["DeepseekV3ForCausalLM"],
        "model_type": "deepseek_v3",
        "q_lora_rank": None,
        "kv_lora_rank": config.latent,
        "qk_nope_head_dim": config.head_dim,
        "qk_rope_head_dim": config.rotary_size,
        "v_head_dim": config.head_dim,
        "rope_interleave": False,
    }
    return deepseek | experts | common


def save(model: Decoder | Foreign, tokenizer: Path, folder: Path) -> None:
    """Writes model, configuration and the tokenizer files of the folder `tokenizer`."""
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(model, Foreign):
        model.inner.save_pretrained(folder)
    else:
        weights = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        write_json(folder / "config.json", config_json(model.config, eos_token(tokenizer)))
    for name in COMPANIONS:
        if (tokenizer / name).is_file() and tokenizer != folder:
            shutil.copyfile(tokenizer / name, folder / name)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of `folder` when the block ends well."""
    partial, old = folder.with_name(folder.name + ".partial"), folder.with_name(folder.name + ".old")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    partial.mkdir(parents=True)
    yield partial
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def recover(folder: Path) -> Path:
    """`folder`, put back where a stop between the two renames of `replacing` left only the old one."""
    old = folder.with_name(folder.name + ".old")
    if not folder.exists() and old.exists():
        old.rename(folder)
    return folder


def save_state(folder: Path, settings: dict[str, Any], state: dict[str, Any]) -> None:
    """A run's state: `settings` are what a resumed run must have in common with it."""
    torch.save({"settings": settings, "state": state}, folder / STATE)


def load_state(folder: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """The state of an interrupted run; other settings than its own are a `TrainError`."""
    saved = torch.load(folder / STATE, map_location="cpu", weights_only=True)
    for key, value in settings.items():
        if saved["settings"].get(key) != value:
            was = json.dumps(saved["settings"].get(key))
            raise TrainError(
                f"{folder} was begun with {key} {was}, not {json.dumps(value)}; choose another --out for a new run"
            )
    return dict(saved["state"])


def seed_everything(seed: int) -> None:
    random.seed(seed)
    torch.manual_seed(seed)
