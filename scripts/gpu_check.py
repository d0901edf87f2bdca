"""What `scripts/gpu-check` runs once packages and programs are in place: makes the model, compares devices, measures.

Speed is given as `bench_model.py` gives it: over onnxruntime-genai's on the same file, and over what the memory allows.

Greedy texts on the GPU are compared with those on the CPU token by token. Half precision rounds differently on the two, so
log-probabilities may differ by a bound, and a text may part where two tokens are nearly equally likely. A single parting cannot be
told from a wrong choice between likely tokens, but a wrong engine parts at once everywhere: a quarter of all tokens must be the same.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import onnxruntime

from engine_speed import BATCHES, Figures, run_child, run_engine, run_program, weight_bytes
from prove_export.config import DecoderConfig, Rope
from prove_export.decoder import write_decoder
from prove_export.folder import write_json
from prove_export.graph import Precision
from prove_export.masked import write_masked
from prove_export.weights import RandomWeights

ROOT = Path(__file__).resolve().parent.parent
TOKENIZER = ROOT / "src/model/tests/models/llama-prove"
# Differences of log-probabilities that half precision explains in a model of this depth.
BOUND = 0.1
TOKENS = 128
Text = list[tuple[int, float]]

SIZES = {
    "1b": {"layers": 20, "hidden": 2048, "intermediate": 5632, "heads": 16, "kv_heads": 4, "head_dim": 128, "vocab": 32000},
    "tiny": {"layers": 2, "hidden": 256, "intermediate": 512, "heads": 4, "kv_heads": 2, "head_dim": 64, "vocab": 2048},
}


def make_model(folder: Path, size: str) -> DecoderConfig:
    """A random fp16 model in the prove layout, with a tokenizer filled up to its vocabulary."""
    config = DecoderConfig(
        family="llama",
        context=2048,
        norm_eps=1e-6,
        rope=Rope(),
        qkv_bias=False,
        out_bias=False,
        mlp_bias=False,
        qk_norm=False,
        tied=False,
        **SIZES[size],
    )
    shutil.rmtree(folder, ignore_errors=True)
    # No `chunked`: the newest onnxruntime-gpu is 1.31, which does not know that input.
    write_decoder(config, RandomWeights(config, seed=0), Precision("fp16"), folder, chunked=False)
    raw = json.loads((TOKENIZER / "config.json").read_text(encoding="utf-8"))
    raw |= {
        "hidden_size": config.hidden,
        "intermediate_size": config.intermediate,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "head_dim": config.head_dim,
        "vocab_size": config.vocab,
        "max_position_embeddings": config.context,
        "rope_parameters": {"rope_type": "default", "rope_theta": config.rope.theta},
    }
    write_json(folder / "config.json", raw)
    for name in ("generation_config.json", "tokenizer_config.json"):
        shutil.copyfile(TOKENIZER / name, folder / name)
    tokenizer = json.loads((TOKENIZER / "tokenizer.json").read_text(encoding="utf-8"))
    taken = len(tokenizer["model"]["vocab"]) + len(tokenizer["added_tokens"])
    tokenizer["model"]["vocab"] |= {f"filler{index}": index for index in range(taken, config.vocab)}
    write_json(folder / "tokenizer.json", tokenizer)
    return config


def compare(one: Text, other: Text) -> tuple[int, float]:
    """Tokens before the texts part, and the largest difference of log-probabilities up to and with the first that differs."""
    largest = 0.0
    for index, ((token, logprob), (its_token, its_logprob)) in enumerate(zip(one, other, strict=True)):
        largest = max(largest, abs(logprob - its_logprob))
        if token != its_token:
            return index, largest
    return len(one), largest


def agreement(one: list[Text], other: list[Text]) -> tuple[list[int], float, bool]:
    """Tokens before each pair of texts parts, the largest difference of log-probabilities, and whether both are acceptable."""
    results = [compare(a, b) for a, b in zip(one, other, strict=True)]
    same, largest = [index for index, _ in results], max(difference for _, difference in results)
    return same, largest, largest <= BOUND and sum(same) >= sum(map(len, one)) / 4


def report_agreement(left: str, one: list[Text], right: str, other: list[Text]) -> bool:
    same, largest, good = agreement(one, other)
    lengths = " / ".join(f"{index} of {len(text)}" for index, text in zip(same, one, strict=True))
    print(f"| {left} | {right} | {lengths} | {largest:.4f} | {'agree' if good else 'DISAGREE'} |")
    return good


def report_texts(program: Path, prove: Path, genai: Path, device: str) -> bool:
    """Texts of the device beside those of the CPU, of a batch and of the other layout."""
    cpu = run_program(program, prove, "cpu")
    here = run_program(program, prove, device) if device != "cpu" else cpu
    other = run_program(program, genai, device)
    print(f"Greedy texts after prompts of 1, 9, 40 and 200 tokens; log-probabilities may differ by {BOUND}:\n")
    print(
        "| one | other | tokens before texts part | largest difference of log-probabilities | |\n| --- | --- | --- | --- | --- |"
    )
    agree = report_agreement(f"{device}, alone", here["alone"], "cpu, alone", cpu["alone"])
    agree &= report_agreement(f"{device}, alone", here["alone"], f"{device}, together", here["together"])
    return agree & report_agreement(f"{device}, alone", here["alone"], f"{device}, genai's layout", other["together"])


def report_speed(program: Path, prove: Path, genai: Path, device: str) -> None:
    threads = os.cpu_count() or 1
    ours, same_file, theirs = Figures(), Figures(), Figures()
    ours.add(run_engine(program, prove, threads, TOKENS, device))
    same_file.add(run_engine(program, genai, threads, TOKENS, device))
    compared = importlib.util.find_spec("onnxruntime_genai") is not None
    if compared:
        theirs.add(run_child("genai", genai, threads, TOKENS, device))
    rate = run_child("bandwidth", prove, threads, TOKENS, device)["bytes_per_second"]

    print("\nGreedy tokens per second; the second, third and fourth column are of one file in onnxruntime-genai's layout:\n")
    print(
        "| batch | prove layout | prove | onnxruntime-genai | ratio | outside `run`, greedy | sampled |\n"
        "| --- | --- | --- | --- | --- | --- | --- |"
    )
    for batch in BATCHES:
        speed, same = ours.tokens_per_second[batch], same_file.tokens_per_second[batch]
        other = f"{theirs.tokens_per_second[batch]:.0f} | {same / theirs.tokens_per_second[batch]:.2f}" if compared else "– | –"
        outside = " | ".join(f"{100 * ours.outside_run[temperature, batch]:.1f} %" for temperature in (0.0, 1.0))
        print(f"| {batch} | {speed:.0f} | {same:.0f} | {other} | {outside} |")
    if not compared:
        print("\nonnxruntime-genai is not installed here, so nothing is compared with it.")
    weights = weight_bytes(prove)
    share = ours.tokens_per_second[1] * weights / rate
    print(
        f"\nA step reads {weights / 1e6:.0f} MB of weights, and the memory gives {rate / 1e9:.0f} GB/s: "
        f"at batch 1 the prove layout reaches {share:.2f} of that bound."
    )
    ratios = ", ".join(f"{ratio:.3f}" for ratio in ours.sharing)
    print(f"\n32 samples of one 512-token prompt, over one prefill and a 32-way decode: {ratios}.")


def hardware(device: str) -> str:
    if device == "cpu":
        return f"{platform.machine()} CPU, {os.cpu_count()} cores"
    query = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    return subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--device", choices=["cpu", "cuda"], required=True)
    parser.add_argument("--size", choices=list(SIZES), required=True)
    options = parser.parse_args()
    for name in ("greedy_logprobs", "decode_speed"):
        if not (options.binaries / name).is_file():
            sys.exit(f"gpu-check: there is no {name} in {options.binaries}")
    config = make_model(options.model, options.size)
    genai = options.model.with_name(options.model.name + "-genai")
    write_masked(options.model, genai, config)

    print(f"#### {datetime.datetime.now(tz=datetime.UTC):%Y-%m-%d}, {hardware(options.device)}\n")
    print(f"{config.parameter_count() / 1e6:.0f} M random parameters, fp16, onnxruntime {onnxruntime.__version__}.\n")
    agree = report_texts(options.binaries / "greedy_logprobs", options.model, genai, options.device)
    report_speed(options.binaries / "decode_speed", options.model, genai, options.device)
    if not agree:
        print("gpu-check: the devices do not agree", file=sys.stderr)
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
