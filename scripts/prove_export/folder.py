"""The files of a model folder beside the graph: configuration, tokenizer, chat template."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from .config import read_json
from .errors import ExportError

TOKENIZER_FILES = ("tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja", "chat_template.json")


def require_tokenizer(checkpoint: Path) -> None:
    """An `ExportError` unless the checkpoint has the one tokenizer format that the engine reads."""
    if (checkpoint / "tokenizer.json").is_file():
        return
    if (checkpoint / "tokenizer.model").is_file():
        hint = "it has a SentencePiece tokenizer.model; AutoTokenizer.from_pretrained(…, use_fast=True).save_pretrained(…) makes one"
    else:
        hint = "copy it from the model's page"
    raise ExportError(f"{checkpoint} has no tokenizer.json: {hint}")


def copy_companions(checkpoint: Path, folder: Path, context: int | None = None) -> None:
    """Copies everything but weights; `context` is written as `max_position_embeddings` where the export lowered it."""
    folder.mkdir(parents=True, exist_ok=True)
    require_tokenizer(checkpoint)
    config = read_json(checkpoint / "config.json")
    if context is not None:
        config["max_position_embeddings"] = context
    write_json(folder / "config.json", config)
    shutil.copyfile(checkpoint / "tokenizer.json", folder / "tokenizer.json")
    for name in TOKENIZER_FILES:
        if (checkpoint / name).is_file():
            shutil.copyfile(checkpoint / name, folder / name)
    generation = checkpoint / "generation_config.json"
    if generation.is_file():
        shutil.copyfile(generation, folder / "generation_config.json")
    else:
        # What the engine needs of it is the token that ends a text, which older checkpoints have in config.json only.
        kept = {key: config[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id") if config.get(key) is not None}
        write_json(folder / "generation_config.json", kept)


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
