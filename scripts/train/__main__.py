"""`python scripts/train COMMAND …`: training of the prover model."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from prove_export.errors import ExportError
from train.errors import TrainError

COMMANDS = ("tokenizer", "sft", "grpo", "average", "evaluate", "plot", "pipeline", "ablate")


def main() -> int:
    summary = "Trains the prover model; COMMAND --help says more."
    parser = argparse.ArgumentParser(prog="train", description=summary)
    parser.add_argument("command", choices=COMMANDS)
    options = parser.parse_args(sys.argv[1:2])
    # Threads that wait by spinning are fifteen times slower where another process wants a core too; an idle machine loses nothing.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # PyTorch takes seconds to import, so a command imports what it needs and no more.
    try:
        module = importlib.import_module(f"train.{options.command}")
    except ImportError as error:
        print(f"train: {error}; pip install -r scripts/requirements.txt", file=sys.stderr)
        return 1
    inner = argparse.ArgumentParser(
        prog=f"train {options.command}", description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    module.add_arguments(inner)
    try:
        module.run(inner.parse_args(sys.argv[2:]))
    except (TrainError, ExportError) as error:
        print(f"train {options.command}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
