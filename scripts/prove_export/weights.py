"""Where weights come from: the safetensors shards of a checkpoint, or random numbers.

Tensors are read one at a time from memory maps, so exporting needs room for the largest layer and not for the model.
The format is read here, not by the `safetensors` package, because NumPy has no bfloat16.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .config import DecoderConfig, read_json
from .errors import ExportError

Floats = NDArray[np.float32]


class WeightSource(Protocol):
    """Named tensors of a decoder, as Hugging Face checkpoints name them."""

    def __contains__(self, name: str) -> bool: ...

    def get(self, name: str, shape: tuple[int, ...]) -> Floats:
        """The tensor in float32; another shape than `shape` is an `ExportError`."""
        ...


class Checkpoint:
    """A folder with `model.safetensors`, or with shards and their index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tensors: dict[str, tuple[Path, dict[str, Any], int]] = {}
        self._maps: dict[Path, mmap.mmap] = {}
        for shard in self._shards():
            self._read_header(shard)

    def _shards(self) -> list[Path]:
        index = self.folder / "model.safetensors.index.json"
        if index.is_file():
            names = sorted(set(read_json(index).get("weight_map", {}).values()))
            missing = [name for name in names if not (self.folder / name).is_file()]
            if missing:
                raise ExportError(
                    f"{self.folder} lacks {len(missing)} of {len(names)} weight files: {', '.join(missing)}; download them"
                )
            return [self.folder / name for name in names]
        single = self.folder / "model.safetensors"
        if single.is_file():
            return [single]
        if any(self.folder.glob("pytorch_model*.bin")):
            raise ExportError(
                f"{self.folder} has weights only as pytorch_model*.bin; "
                "load it with transformers and save_pretrained(…) it as safetensors first"
            )
        raise ExportError(f"{self.folder} has no model.safetensors and no model.safetensors.index.json")

    def _read_header(self, path: Path) -> None:
        size = path.stat().st_size
        try:
            with path.open("rb") as file:
                (length,) = struct.unpack("<Q", file.read(8))
                header = json.loads(file.read(length)) if length <= size else None
                self._maps[path] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (struct.error, ValueError) as error:
            raise ExportError(f"{path} is not a safetensors file: {error}") from error
        if not isinstance(header, dict):
            raise ExportError(f"{path} is not a safetensors file")
        start = 8 + length
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            if start + entry["data_offsets"][1] > size:
                raise ExportError(f"{path} is cut off ({size} bytes) inside {name}; download it again")
            self._tensors[name] = (path, entry, start)

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def get(self, name: str, shape: tuple[int, ...]) -> Floats:
        if name not in self._tensors:
            raise ExportError(f"{self.folder} has no tensor {name}; does config.json belong to these weights?")
        path, entry, start = self._tensors[name]
        found = tuple(entry["shape"])
        if found != shape:
            raise ExportError(f"{name} in {path.name} has shape {found}, config.json asks for {shape}")
        begin, end = entry["data_offsets"]
        raw = memoryview(self._maps[path])[start + begin : start + end]
        return _to_float32(raw, entry["dtype"], name).reshape(shape)


def _to_float32(raw: memoryview, dtype: str, name: str) -> Floats:
    if dtype == "F32":
        return np.frombuffer(raw, dtype="<f4").astype(np.float32, copy=False)
    if dtype == "F16":
        return np.frombuffer(raw, dtype="<f2").astype(np.float32)
    if dtype == "BF16":
        # bfloat16 is the upper half of a float32.
        return (np.frombuffer(raw, dtype="<u2").astype(np.uint32) << 16).view(np.float32)
    raise ExportError(f"{name} is stored as {dtype}; only F32, F16 and BF16 weights can be exported")


class RandomWeights:
    """Reproducible Gaussian weights for a configuration: models for tests and benchmarks without a checkpoint.

    Each tensor has a stream of its own, seeded by its name, so that the order of reading does not matter.
    """

    def __init__(self, config: DecoderConfig, seed: int, gain: float = 1.0) -> None:
        self.config = config
        self.seed = seed
        self.gain = gain

    def __contains__(self, name: str) -> bool:
        return not name.endswith(".bias")

    def get(self, name: str, shape: tuple[int, ...]) -> Floats:
        if "norm" in name:
            return np.ones(shape, dtype=np.float32)
        generator = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
        values = generator.standard_normal(shape, dtype=np.float32)
        values *= np.float32(self.gain if "embed" in name else self.gain / np.sqrt(shape[-1]))
        return values
