"""A toy in place of Lean and of `prove`: a family of goals, and the program `prove data` with a judge that knows it.

The engine is the real exported graph, run by ONNX Runtime; only the judge is a toy. A goal `x + 3 = 7 ⊢ …` is proved by one tactic that
depends on its shape, so a model that has seen the tactics at random proves some goals by chance and can learn to prove all.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tokenizers import Tokenizer

from prove_export.runner import FusedRunner, open_session

TACTICS = {"+": "omega", "∧": "exact ⟨h, g⟩", "∨": "exact Or.inl h", "→": "exact fun h => h"}
GOALS = {"+": "⊢ x + {n} = {n} + x", "∧": "⊢ p ∧ q{n}", "∨": "⊢ p ∨ q{n}", "→": "⊢ p{n} → p{n}"}
END = "### end\n"


def prompt(operator: str, number: int) -> str:
    return f"### state\n{GOALS[operator].format(n=number)}\n### tactics\n"


def rows(count: int, certain: float, seed: int = 0) -> list[dict[str, Any]]:
    """Rows whose completion is the right tactic with the chance `certain`, else any tactic; every fifth is held out."""
    generator = np.random.default_rng(seed)
    made = []
    for number in range(count):
        operator = list(GOALS)[number % len(GOALS)]
        right = generator.random() < certain
        tactic = TACTICS[operator] if right else list(TACTICS.values())[generator.integers(len(TACTICS))]
        made.append(
            {
                "kind": "proof",
                "statement": f"toy_{number}",
                "family": operator,
                "split": "held_out" if number % 5 == 4 else "train",
                "prompt": prompt(operator, number),
                "completion": f"{tactic}\n{END}",
            }
        )
    return made


def write_jsonl(path: Path, values: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), encoding="utf-8")
    return path


def statements(count: int) -> list[dict[str, Any]]:
    """Statements whose `theorem` is the toy's operator and number."""
    operators = list(GOALS)
    return [
        {"name": f"goal_{number}", "difficulty": 1, "header": "", "theorem": f"{operators[number % 4]} {number}"}
        for number in range(count)
    ]


def judge(operator: str, text: str) -> str:
    return "proved" if text.strip() == TACTICS[operator] else "rejected"


def roll_out(folder: Path, asked: list[dict[str, Any]], samples: int, most: int, seed: int) -> list[dict[str, Any]]:
    """Samples at temperature 1 for each statement, all rows as one batch."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    end = tokenizer.token_to_id(END)
    generator = np.random.default_rng(seed)
    goals = [statement["theorem"].split() for statement in asked]
    prompts = [prompt(operator, int(number)) for operator, number in goals for _ in range(samples)]
    runner = FusedRunner(open_session(folder), capacity=128)
    logits = runner.prefill([tokenizer.encode(text).ids for text in prompts])
    tokens: list[list[int]] = [[] for _ in prompts]
    logprobs: list[list[float]] = [[] for _ in prompts]
    for _ in range(most):
        shifted = logits - logits.max(axis=1, keepdims=True)
        chances = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        drawn = (chances + generator.gumbel(size=chances.shape)).argmax(axis=1)
        for row, token in enumerate(drawn):
            if not tokens[row] or tokens[row][-1] != end:
                tokens[row].append(int(token))
                logprobs[row].append(float(chances[row, token]))
        if all(row[-1] == end for row in tokens):
            break
        logits = runner.step([int(token) for token in drawn])
    result = []
    for index, (statement, (operator, _)) in enumerate(zip(asked, goals, strict=True)):
        group = []
        for row in range(index * samples, (index + 1) * samples):
            text = tokenizer.decode(tokens[row], skip_special_tokens=True)
            verdict = judge(operator, text)
            group.append({"text": text, "tokens": tokens[row], "logprobs": logprobs[row], "verdict": verdict})
        result.append({"name": statement["name"], "prompt": prompts[index * samples], "samples": group})
    return result


def generate(folder: Path, count: int) -> None:
    """`prove data generate`: every fifth statement is held out."""
    folder.mkdir()
    made = [value | {"split": "held_out" if index % 5 == 4 else "train"} for index, value in enumerate(statements(count))]
    write_jsonl(folder / "statements.jsonl", made)


def prove(folder: Path, model: Path | None) -> None:
    """`prove data prove`: rows, half of them right by luck; with a model, what it proves of the training statements joins them."""
    path = folder / "rows.jsonl"
    if model is None:
        write_jsonl(path, rows(400, certain=0.5))
        return
    known = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [json.loads(line) for line in (folder / "statements.jsonl").read_text(encoding="utf-8").splitlines()]
    for group in roll_out(model, [value for value in asked if value["split"] == "train"], samples=12, most=16, seed=1):
        for text in {sample["text"] for sample in group["samples"] if sample["verdict"] == "proved"}:
            row = {"kind": "proof", "statement": group["name"], "split": "train", "prompt": group["prompt"]}
            known.append(row | {"completion": text + END})
    write_jsonl(path, known)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", choices=["data"])
    commands = parser.add_subparsers(dest="command", required=True)
    rollout = commands.add_parser("rollout")
    for name in ("--model", "--statements", "--out"):
        rollout.add_argument(name, type=Path, required=True)
    for name in ("--samples", "--max-tokens", "--seed"):
        rollout.add_argument(name, type=int, required=True)
    rollout.add_argument("--temperature", type=float, required=True)
    generating, proving, subgoals = (commands.add_parser(name) for name in ("generate", "prove", "subgoals"))
    # A toy that fails leaves no subgoals.
    for command in (generating, proving, subgoals):
        command.add_argument("folder", type=Path)
    for name in ("--count", "--seed"):
        generating.add_argument(name, type=int, required=True)
    generating.add_argument("--difficulties", required=True)
    proving.add_argument("--model", type=Path)
    proving.add_argument("--strategy", choices=["sample"])
    proving.add_argument("--round", type=int)
    proving.add_argument("--split", choices=["train"])
    options = parser.parse_args()
    if options.command == "generate":
        generate(options.folder, options.count)
    elif options.command == "prove":
        prove(options.folder, options.model)
    elif options.command == "rollout":
        assert options.temperature == 1.0
        asked = [json.loads(line) for line in options.statements.read_text(encoding="utf-8").splitlines()]
        write_jsonl(options.out, roll_out(options.model, asked, options.samples, options.max_tokens, options.seed))


if __name__ == "__main__":
    main()
