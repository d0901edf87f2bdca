#!/usr/bin/env python3
"""Compares the engine's speed with onnxruntime-genai and with the memory's bandwidth, in one run on one machine.

    python scripts/bench_model.py [--sizes 15m 50m] [--threads 1] [--rounds 2] [--binary PATH]

Makes random Llama models in a temporary folder, writes them with onnxruntime-genai's builder (both engines then run the same file
with the same ONNX Runtime and threads) and in the "prove" layout, and runs both engines in turns. Prints Markdown tables for
`models/BENCHMARKS.md`. Every figure is the best of all rounds: what disturbs a machine only ever makes things slower.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from engine_speed import BATCHES, Figures, run_child, run_engine, weight_bytes
from prove_export.config import DecoderConfig, decoder_config, read_json
from prove_export.decoder import write_decoder
from prove_export.folder import copy_companions
from prove_export.graph import Precision
from prove_export.weights import Checkpoint

ROOT = Path(__file__).resolve().parent.parent
CONTEXT = 1024
VOCAB = 4096
SIZES = {
    "15m": {"hidden_size": 384, "intermediate_size": 1024, "num_hidden_layers": 8, "num_attention_heads": 6},
    "50m": {"hidden_size": 640, "intermediate_size": 1728, "num_hidden_layers": 10, "num_attention_heads": 10},
}


def make_checkpoint(size: str, folder: Path) -> DecoderConfig:
    """A random Llama checkpoint whose tokenizer covers its vocabulary and which never ends a text."""
    import torch
    from transformers import AutoModelForCausalLM, LlamaConfig

    import make_test_models as models

    tokenizer = models.make_tokenizer("deepseek")
    missing = VOCAB - tokenizer.tokenizer.get_vocab_size()
    tokenizer.tokenizer.add_tokens([f"<filler {index}>" for index in range(missing)])
    ids = tokenizer.config_ids()
    sizes = SIZES[size] | {"num_key_value_heads": 2, "max_position_embeddings": CONTEXT, "vocab_size": VOCAB}
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(LlamaConfig(**sizes, **ids))
    with torch.no_grad():
        model.lm_head.weight[[ids["bos_token_id"], ids["eos_token_id"]]] = 0
    folder.mkdir(parents=True)
    model.save_pretrained(folder)
    models.write_tokenizer(tokenizer, folder)
    return decoder_config(read_json(folder / "config.json"))


def measure(options: argparse.Namespace, binary: Path, size: str, work: Path) -> None:
    from prove_export.genai_route import write_genai

    config = make_checkpoint(size, work / size)
    folders = {name: work / f"{size}-{name}" for name in ("genai", "prove", "prove-int8")}
    write_genai(work / size, folders["genai"])
    for name, dtype in (("prove", "fp32"), ("prove-int8", "int8")):
        write_decoder(config, Checkpoint(work / size), Precision(dtype), folders[name], chunked=True)
    for folder in folders.values():
        copy_companions(work / size, folder)
    engine = {name: Figures() for name in folders}
    genai, bandwidth = Figures(), dict.fromkeys(folders, 0.0)
    for turn in range(options.rounds):
        for name, folder in folders.items():
            engine[name].add(run_engine(binary, folder, options.threads, options.tokens))
            if name == "genai":
                genai.add(run_child("genai", folder, options.threads, options.tokens))
            rate = run_child("bandwidth", folder, options.threads, options.tokens)["bytes_per_second"]
            bandwidth[name] = max(bandwidth[name], rate)
            # So that a run which is broken off has said something.
            print(f"{size}, round {turn + 1}, {name}: {engine[name].tokens_per_second}", file=sys.stderr)
    print_tables(size, config, options.threads, folders, engine, genai, bandwidth)
    if options.busy:
        print_busy(binary, folders["prove"], options.tokens)


def print_tables(
    size: str,
    config: DecoderConfig,
    threads: int,
    folders: dict[str, Path],
    engine: dict[str, Figures],
    genai: Figures,
    bandwidth: dict[str, float],
) -> None:
    print(f"\n#### {size}: {config.parameter_count() / 1e6:.1f} M parameters, {threads} thread{'s' if threads > 1 else ''}\n")
    print("Greedy tokens per second, the same fp32 file of onnxruntime-genai's builder for both:\n")
    print("| batch | prove | onnxruntime-genai | ratio |\n| --- | --- | --- | --- |")
    for batch in BATCHES:
        ours, theirs = engine["genai"].tokens_per_second[batch], genai.tokens_per_second[batch]
        print(f"| {batch} | {ours:.0f} | {theirs:.0f} | {ours / theirs:.2f} |")
    print("\nThe same weights by layout; the bound is the measured bandwidth over the bytes of weights read per step:\n")
    print(
        "| file | tokens/s at 1 / 8 / 32 | MB per step | bandwidth | of the bound at 1 | outside `run`, greedy | sampled | 32 samples |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, folder in folders.items():
        figures, weights = engine[name], weight_bytes(folder)
        speeds = " / ".join(f"{figures.tokens_per_second[batch]:.0f}" for batch in BATCHES)
        outside = " | ".join(
            " / ".join(f"{100 * figures.outside_run[temperature, batch]:.1f} %" for batch in BATCHES)
            for temperature in (0.0, 1.0)
        )
        share = figures.tokens_per_second[1] * weights / bandwidth[name]
        sharing = f"{statistics.median(figures.sharing):.2f}"
        print(
            f"| {name} | {speeds} | {weights / 1e6:.1f} | {bandwidth[name] / 1e9:.1f} GB/s | {share:.2f} | {outside} | {sharing} |"
        )
    print("\nOutside `run`: at batch 1 / 8 / 32, sampled at temperature 1 with top-p 0.95.")
    print('"32 samples": time of 32 samples of one 512-token prompt over that of one prefill and a 32-way decode, the median.')


def print_busy(binary: Path, folder: Path, tokens: int) -> None:
    """Throughput on two threads while another process keeps one core busy, as a part of that on an idle machine."""
    cores = len(os.sched_getaffinity(0))
    idle, busy = Figures(), Figures()
    idle.add(run_engine(binary, folder, cores, tokens))
    spinner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        busy.add(run_engine(binary, folder, cores, tokens))
    finally:
        spinner.kill()
        spinner.wait()
    parts = [f"{busy.tokens_per_second[batch] / idle.tokens_per_second[batch]:.2f}" for batch in BATCHES]
    print(
        f"\nWith one of {cores} cores busy, {cores} threads, prove layout: {' / '.join(parts)} of the idle machine at 1 / 8 / 32."
    )


def build() -> Path:
    """The release build of the example program."""
    subprocess.run(
        ["cargo", "build", "--release", "-q", "-p", "prove-model", "--example", "decode_speed"], cwd=ROOT, check=True
    )
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/examples/decode_speed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=list(SIZES), help="models to make (default: all)")
    parser.add_argument("--threads", type=int, default=1, help="threads of both engines (default: 1)")
    parser.add_argument("--tokens", type=int, default=64, help="tokens to decode in each run (default: 64)")
    parser.add_argument("--rounds", type=int, default=2, help="how often the engines take turns (default: 2)")
    parser.add_argument("--busy", action="store_true", help="also measure beside a process that keeps one core busy")
    parser.add_argument("--binary", type=Path, help="a built decode_speed (default: builds it)")
    options = parser.parse_args()
    binary = options.binary or build()
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as work:
            measure(options, binary, size, Path(work))


if __name__ == "__main__":
    main()
