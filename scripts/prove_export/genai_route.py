"""The layout of onnxruntime-genai, by its own model builder: shared key/value buffers and a mask that counts keys.

The builder knows more architectures than `decoder` does, and quantises by itself. Here it serves tests and the comparison of
speeds; it runs as a process of its own because it prints and changes the working directory's cache.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from .errors import ExportError


def write_genai(checkpoint: Path, folder: Path, precision: str = "fp32", device: str = "cpu") -> None:
    """Writes `model.onnx`, `model.onnx.data` and `genai_config.json`; `precision` is `fp32`, `fp16` or `int4`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "onnxruntime_genai.models.builder"]
        command += ["-i", str(checkpoint), "-o", str(folder), "-p", precision, "-e", device, "-c", cache]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ExportError(f"onnxruntime-genai's builder failed on {checkpoint}: {last}")
