"""Files of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .errors import TrainError


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON-lines file with their line numbers; a line that is none is a `TrainError`."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    value = json.loads(line)
                    if not isinstance(value, dict):
                        raise TrainError(f"{path}:{number}: a JSON object is expected")
                    yield number, value
    except FileNotFoundError as error:
        raise TrainError(f"{path} is missing; `prove data` writes it") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise TrainError(f"{path}: a line is not JSON ({error}); was its writer interrupted? Remove that line") from error
