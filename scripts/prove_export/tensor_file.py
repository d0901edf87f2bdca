"""The external data file of a model, written tensor by tensor while the graph is built.

ONNX Runtime maps the file, so tensors are aligned to pages where that costs little.
"""

from __future__ import annotations

import errno
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import onnx
from numpy.typing import NDArray

from .errors import ExportError

# ONNX's external data is mapped most cheaply at multiples of the page size; small tensors are not worth the padding.
PAGE = 4096
SMALL = 64
INLINE_BELOW = 1024


class TensorFile:
    """Collects tensors: small ones inline in the graph, the rest appended to `path`; with no path, all inline."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._file = path.open("wb") if path else None
        self._position = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file:
            self._file.close()

    def add(self, name: str, array: NDArray[Any]) -> onnx.TensorProto:
        """An initialiser with the array's contents; a full disk is an `ExportError`."""
        if self._file is None or array.nbytes < INLINE_BELOW:
            return onnx.numpy_helper.from_array(np.ascontiguousarray(array), name)
        alignment = PAGE if array.nbytes >= PAGE else SMALL
        try:
            padding = -self._position % alignment
            self._file.write(b"\0" * padding)
            self._file.write(memoryview(np.ascontiguousarray(array)).cast("B"))
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise ExportError(f"the disk is full: {self.path} got {self._position} bytes; free some space") from error
            raise
        tensor = onnx.TensorProto(
            name=name,
            data_type=onnx.helper.np_dtype_to_tensor_dtype(array.dtype),
            dims=array.shape,
            data_location=onnx.TensorProto.EXTERNAL,
        )
        assert self.path is not None
        for key, value in (
            ("location", self.path.name),
            ("offset", self._position + padding),
            ("length", array.nbytes),
        ):
            tensor.external_data.add(key=key, value=str(value))
        self._position += padding + array.nbytes
        return tensor
