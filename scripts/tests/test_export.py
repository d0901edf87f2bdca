"""Exports of tiny random checkpoints of every family agree with PyTorch; bad input gets a message. Needs requirements.txt."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

import make_test_models as models
from prove_export.check import compare
from prove_export.config import Rope, decoder_config, read_json, read_rope
from prove_export.decoder import write_decoder
from prove_export.errors import ExportError
from prove_export.graph import Precision
from prove_export.rope import tables
from prove_export.tensor_file import TensorFile
from prove_export.torch_route import load_reference
from prove_export.weights import Checkpoint, RandomWeights

SCRIPT = Path(models.__file__).with_name("export_model.py")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One random checkpoint of each family, DeepSeek V2 included."""
    root = tmp_path_factory.mktemp("checkpoints")
    for name in models.FAMILIES:
        (root / name).mkdir()
        models.make_checkpoint(name, 0, root / name)
    v2 = models.SIZES | models.FAMILIES["deepseek_v3"].settings | {"topk_method": "group_limited_greedy"}
    torch.manual_seed(0)
    config = transformers.DeepseekV2Config(**v2, initializer_range=0.2)
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(root / "deepseek_v2")
    models.write_tokenizer(models.make_tokenizer("deepseek"), root / "deepseek_v2")
    return {path.name: path for path in root.iterdir()}


@pytest.fixture
def llama(checkpoints: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of the Llama checkpoint that a test may spoil."""
    return Path(shutil.copytree(checkpoints["llama"], tmp_path / "llama"))


CASES = [(family, layout, "fp32") for family in ("llama", "qwen2", "qwen3") for layout in ("prove", "optimum")]
CASES += [("deepseek_v2", "optimum", "fp32"), ("deepseek_v3", "optimum", "fp32")]
CASES += [("deepseek_v3_plain", layout, "fp32") for layout in ("prove", "optimum")]
CASES += [("llama", "prove", dtype) for dtype in ("fp16", "int8", "int4")]
CASES += [("deepseek_v3", "optimum", dtype) for dtype in ("fp16", "int8")]
CASES += [("deepseek_v3_plain", "prove", "fp16")]


@pytest.mark.parametrize(("family", "layout", "dtype"), CASES)
def test_exports_agree_with_their_source(
    checkpoints: dict[str, Path], tmp_path: Path, family: str, layout: str, dtype: str
) -> None:
    done = run(checkpoints[family], tmp_path / "out", "--layout", layout, "--dtype", dtype)
    assert done.returncode == 0, done.stderr
    source = load_reference(checkpoints[family])
    for seed in range(3):
        # Other tokens each time: routed experts must not be frozen to those of the traced input.
        agreement = compare(source, tmp_path / "out", dtype, seed)
        assert agreement.passed, f"{agreement}"
        if dtype == "fp32":
            assert agreement.largest <= 1e-4
    for name in ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "out" / name).is_file(), name


def test_the_check_is_run_and_can_fail(llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "agrees with its source" in run(llama, tmp_path / "out", "--dtype", "fp32", "--check").stdout
    weights = RandomWeights(decoder_config(read_json(llama / "config.json")), seed=1)
    write_decoder(weights.config, weights, Precision("fp32"), tmp_path / "other")
    assert not compare(load_reference(llama), tmp_path / "other", "fp32").passed
    assert not compare(load_reference(llama), tmp_path / "other", "int4").passed


def test_shards_and_half_precision_checkpoints(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    source = load_reference(checkpoints["llama"]).to(torch.bfloat16)
    source.save_pretrained(tmp_path / "shards", max_shard_size="100KB")
    assert len(list((tmp_path / "shards").glob("*.safetensors"))) > 2
    weights = Checkpoint(tmp_path / "shards")
    for name, parameter in source.named_parameters():
        assert np.array_equal(weights.get(name, tuple(parameter.shape)), parameter.detach().float().numpy()), name


ROPES: list[dict[str, Any]] = [
    {"rope_type": "default"},
    {"rope_type": "linear", "factor": 4.0},
    {"rope_type": "dynamic", "factor": 2.0},
    {
        "rope_type": "llama3",
        "factor": 8.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 128,
    },
    {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 128},
    {
        "rope_type": "yarn",
        "factor": 16.0,
        "beta_fast": 24,
        "beta_slow": 2,
        "mscale": 1.0,
        "mscale_all_dim": 0.5,
        "original_max_position_embeddings": 32,
    },
    {"rope_type": "yarn", "factor": 4.0, "attention_factor": 1.25, "original_max_position_embeddings": 128},
]


@pytest.mark.parametrize("scaling", ROPES, ids=lambda scaling: scaling["rope_type"])
def test_rotary_tables_are_those_of_transformers(scaling: dict[str, Any]) -> None:
    config = transformers.LlamaConfig(**models.SIZES, rope_theta=50000.0, rope_scaling=scaling)
    module = transformers.models.llama.modeling_llama.LlamaRotaryEmbedding(config)
    cos, sin = module(torch.zeros(1), torch.arange(models.CONTEXT)[None])
    ours = tables(read_rope(config.to_dict()), 16, models.CONTEXT, models.CONTEXT)
    for wanted, got in zip((cos, sin), ours, strict=True):
        assert np.abs(wanted[0, :, :8].numpy() - got).max() <= 1e-5


def test_old_spelling_of_the_rotary_embedding() -> None:
    raw = {"rope_theta": 1e6, "rope_scaling": {"type": "linear", "factor": 2.0}}
    assert read_rope(raw) == Rope("linear", 1e6, {"factor": 2.0})


def test_a_lower_context_is_written_to_the_configuration(llama: Path, tmp_path: Path) -> None:
    assert run(llama, tmp_path / "out", "--max-length", "64").returncode == 0
    assert json.loads((tmp_path / "out/config.json").read_text())["max_position_embeddings"] == 64


def spoil(llama: Path, how: str) -> None:
    weights, config = llama / "model.safetensors", llama / "config.json"
    raw = json.loads(config.read_text())
    if how == "no config":
        config.unlink()
    elif how == "unknown architecture":
        config.write_text(json.dumps(raw | {"architectures": ["MambaForCausalLM"]}))
    elif how == "no tokenizer":
        (llama / "tokenizer.json").unlink()
    elif how == "no weights":
        weights.unlink()
    elif how == "missing shard":
        (llama / "model.safetensors.index.json").write_text(
            json.dumps({"weight_map": {"x": "model-00002-of-00002.safetensors"}})
        )
    elif how == "cut off":
        weights.write_bytes(weights.read_bytes()[:-1000])
    elif how == "no safetensors":
        weights.write_bytes(b"<html>404</html>")
    elif how == "other sizes":
        config.write_text(json.dumps(raw | {"intermediate_size": 81}))
    elif how == "unknown rope":
        config.write_text(json.dumps(raw | {"rope_parameters": {"rope_type": "longrope", "rope_theta": 1e4}}))


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("no config", "config.json is missing"),
        ("unknown architecture", "unknown architecture (MambaForCausalLM)"),
        ("no tokenizer", "has no tokenizer.json"),
        ("no weights", "has no model.safetensors"),
        ("missing shard", "model-00002-of-00002.safetensors; download"),
        ("cut off", "is cut off"),
        ("no safetensors", "is not a safetensors file"),
        ("other sizes", "has shape (80, 64), config.json asks for (81, 64)"),
        ("unknown rope", "'longrope' is not supported"),
    ],
)
def test_bad_checkpoints_are_named(llama: Path, tmp_path: Path, how: str, message: str) -> None:
    spoil(llama, how)
    done = run(llama, tmp_path / "out")
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("out*")), "a failed export leaves nothing behind"


def test_existing_folders_are_kept(llama: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert "--force" in run(llama, tmp_path / "out").stderr
    assert run(llama, tmp_path / "out", "--force").returncode == 0


def test_no_prove_layout_for_latent_attention(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    assert "has no prove layout" in run(checkpoints["deepseek_v3"], tmp_path / "out", "--layout", "prove").stderr


def test_quantised_experts_need_whole_blocks(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    assert "the hidden size is 48" in run(checkpoints["deepseek_v3_plain"], tmp_path / "out", "--dtype", "int8").stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_named() -> None:
    with pytest.raises(ExportError, match="disk is full"):
        TensorFile(Path("/dev/full")).add("weight", np.ones(1 << 20, dtype=np.float32))


def test_a_write_that_fails_anywhere_is_named_and_leaves_nothing(llama: Path, tmp_path: Path) -> None:
    # With a limit on the size of files, each in turn is the first that the disk does not take.
    sizes = {name: (llama / name).stat().st_size for name in ("config.json", "tokenizer.json")}
    for limit in (sizes["config.json"] // 2, sizes["tokenizer.json"] - 1):
        script = f"ulimit -f {limit // 512}; exec {sys.executable} {SCRIPT} {llama} {tmp_path / 'out'} --dtype fp32"
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 1
        assert done.stderr.startswith("export_model: ")
        assert "File too large" in done.stderr
        assert "Traceback" not in done.stderr
        assert not list(tmp_path.glob("out*"))


def test_too_little_room_is_found_before_writing(llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = decoder_config(read_json(llama / "config.json"))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(ExportError, match="GB left"):
        write_decoder(config, Checkpoint(llama), Precision("fp32"), tmp_path / "out")
