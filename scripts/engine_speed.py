"""What `bench_model.py` and `gpu_check.py` measure alike: this engine, onnxruntime-genai, and how fast weights can be read.

As a program it makes one measurement of another engine, so that thread pools do not meet:

    python scripts/engine_speed.py genai|bandwidth FOLDER THREADS TOKENS cpu|cuda
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

BATCHES = (1, 8, 32)
PROMPT = 32


@dataclass
class Figures:
    """The best of several runs of one engine on one folder."""

    tokens_per_second: dict[int, float] = field(default_factory=dict)
    # By temperature and batch.
    outside_run: dict[tuple[float, int], float] = field(default_factory=dict)
    sharing: list[float] = field(default_factory=list)

    def add(self, run: dict[str, Any]) -> None:
        for entry in run["decode"]:
            if entry.get("temperature", 0.0) == 0.0:
                batch = int(entry["batch"])
                speed = float(entry["tokens_per_second"])
                self.tokens_per_second[batch] = max(speed, self.tokens_per_second.get(batch, 0.0))
            if "outside_run" in entry:
                key = (float(entry["temperature"]), int(entry["batch"]))
                self.outside_run[key] = min(float(entry["outside_run"]), self.outside_run.get(key, 1.0))
        self.sharing += [float(entry["ratio"]) for entry in run.get("samples_of_one_prompt", [])]


def weight_bytes(folder: Path) -> int:
    """Bytes of weights that one decoding step has to read: every constant of a matrix product."""
    graph = onnx.load(folder / "model.onnx", load_external_data=False).graph
    sizes = {
        tensor.name: int(np.prod(tensor.dims, dtype=np.int64)) * onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
        for tensor in graph.initializer
    }
    products = [node for node in graph.node if node.op_type in ("MatMul", "Gemm", "MatMulNBits")]
    return sum(sizes[name] for name in {name for node in products for name in node.input} if name in sizes)


def run_program(program: Path, *arguments: object, device: str = "cpu") -> dict[str, Any]:
    """An example program of the engine, with the ONNX Runtime of this environment; what it prints."""
    library = next((Path(onnxruntime.__file__).parent / "capi").glob("libonnxruntime.so.*"))
    environment = os.environ | {"PROVE_ONNXRUNTIME": str(library), "PROVE_DEVICE": device}
    done = subprocess.run([program, *map(str, arguments)], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{program.name} failed on {device}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def run_engine(binary: Path, folder: Path, threads: int, tokens: int, device: str = "cpu") -> dict[str, Any]:
    """The engine's figures for a folder."""
    return run_program(binary, folder, threads, tokens, PROMPT, device=device)


def run_child(kind: str, folder: Path, threads: int, tokens: int, device: str = "cpu") -> dict[str, Any]:
    """One of this file's measurements in a process of its own."""
    command = [sys.executable, __file__, kind, str(folder), str(threads), str(tokens), device]
    limits = {name: str(threads) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")}
    done = subprocess.run(command, env=os.environ | limits, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the {kind} measurement failed: {done.stderr.strip()}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def genai(folder: Path, threads: int, tokens: int, device: str) -> dict[str, Any]:
    """Greedy decoding by onnxruntime-genai: tokens per second from the second token on, best of three."""
    import onnxruntime_genai as og

    config = og.Config(str(folder))
    config.overlay(json.dumps({"model": {"decoder": {"session_options": {"intra_op_num_threads": threads}}}}))
    if device == "cuda":
        config.clear_providers()
        config.append_provider("cuda")
    model = og.Model(config)
    decode = []
    for batch in BATCHES:
        best = 0.0
        for run in range(4):
            params = og.GeneratorParams(model)
            params.set_search_options(batch_size=batch, max_length=PROMPT + tokens + 1, do_sample=False)
            generator = og.Generator(model, params)
            generator.append_tokens(np.random.default_rng(run).integers(0, 500, (batch, PROMPT), dtype=np.int32))
            generator.generate_next_token()
            start = time.perf_counter()
            for _ in range(tokens):
                generator.generate_next_token()
            speed = batch * tokens / (time.perf_counter() - start)
            # The first run is for the memory.
            best = max(best, speed if run else 0.0)
        decode.append({"batch": batch, "tokens_per_second": best})
    return {"decode": decode}


def bandwidth(folder: Path, threads: int, tokens: int, device: str) -> dict[str, Any]:
    """Bytes per second at which weights of this size can be read, by the fastest of a few kernels that do nothing else."""
    size = weight_bytes(folder)
    kernels = device_kernels(size) if device == "cuda" else numpy_kernels(size)
    best = 0.0
    for kernel in kernels:
        for _ in range(12):
            start = time.perf_counter()
            kernel()
            best = max(best, size / (time.perf_counter() - start))
    return {"bytes_per_second": best}


def numpy_kernels(size: int) -> list[Callable[[], object]]:
    """Products and a sum that read so many bytes of the host's memory."""
    matrix = np.ones((size // 4096, 1024), dtype=np.float32)
    flat, vector = matrix.reshape(-1), np.ones(1024, dtype=np.float32)
    return [lambda: matrix @ vector, lambda: flat @ flat, flat.sum]


def device_kernels(size: int, provider: str = "CUDAExecutionProvider") -> list[Callable[[], object]]:
    """A product with a vector and a sum in half precision, which read so many bytes of the device's memory."""
    shape = (size // 2 // 4096, 4096)
    matrix = onnxruntime.OrtValue.ortvalue_from_numpy(
        np.ones(shape, dtype=np.float16), "cuda" if provider.startswith("CUDA") else "cpu", 0
    )
    info, half = onnx.helper.make_tensor_value_info, onnx.TensorProto.FLOAT16
    vector = onnx.numpy_helper.from_array(np.ones((4096, 1), dtype=np.float16), "v")
    kernels: list[Callable[[], object]] = []
    for node, constants in (
        (onnx.helper.make_node("MatMul", ["m", "v"], ["y"]), [vector]),
        (onnx.helper.make_node("ReduceMax", ["m"], ["y"], keepdims=1), []),
    ):
        graph = onnx.helper.make_graph([node], "read", [info("m", half, shape)], [info("y", half, [None, 1])], constants)
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=9)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=[provider])
        binding = session.io_binding()
        binding.bind_ortvalue_input("m", matrix)
        binding.bind_output("y")
        kernels.append(lambda session=session, binding=binding: session.run_with_iobinding(binding))
    return kernels


def main() -> None:
    kind, folder, threads, tokens, device = sys.argv[1:]
    print(json.dumps({"genai": genai, "bandwidth": bandwidth}[kind](Path(folder), int(threads), int(tokens), device)))


if __name__ == "__main__":
    main()
