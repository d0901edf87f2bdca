"""What a run measured: one JSON object a line, of which a resumed run forgets what it will measure again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read(path: Path) -> list[dict[str, Any]]:
    """All records of a run; a last line that was cut off is left out."""
    records = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return records


class Metrics:
    """Appends to `metrics.jsonl`. Every record has the number of steps taken when it was made, under `step`."""

    def __init__(self, path: Path, step: int) -> None:
        """Keeps the records up to `step`: those after it belong to steps that will be taken again."""
        kept = [record for record in read(path) if record["step"] <= step]
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        for record in kept:
            self._write(record)

    def add(self, step: int, **values: object) -> None:
        """One record, on the disk when this returns."""
        self._write({"step": step} | values)

    def _write(self, record: dict[str, Any]) -> None:
        self._file.write(json.dumps(record) + "\n")
        self._file.flush()
