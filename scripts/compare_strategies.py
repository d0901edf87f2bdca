"""Compares the strategies of `prove solve` at equal Lean seconds on the statements of a suite that elaborate on the embedded Lean.

    python3 scripts/compare_strategies.py ../shared/benchmarks/minif2f.jsonl --split valid --lean-seconds 10 --out /tmp/compare

Every problem goes to a file of its own: three notations (ℕ, ℤ, ℚ) in the place of its Mathlib header, and its statement. A problem that does
not elaborate is left out and counted. The strategies take turns on each problem, so that a change in the machine's load meets all
of them. Results are kept, one JSON object a line: a second start goes on where the first ended. With --summary nothing is run.
"""

import argparse
import json
import math
import pathlib
import shlex
import subprocess
import sys

HEADER = """notation "ℕ" => Nat
notation "ℤ" => Int
notation "ℚ" => Rat

"""
STRATEGIES = ["portfolio", "best-first", "sample", "rmaxts", "repair", "decompose", "auto"]


def wilson(solved: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson's score)."""
    z = 1.96
    if total == 0:
        return 0.0, 1.0
    p = solved / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return middle - half, middle + half


def solve(args: argparse.Namespace, file: pathlib.Path, strategy: str) -> dict:
    """What `prove solve` says of the file, by one strategy."""
    command = [args.prove, "solve", str(file), "--strategy", strategy, "--budget", f"lean-seconds={args.lean_seconds}",
               "--timeout", str(args.timeout), "--json", "--no-shorten", "--seed", str(args.seed), *args.extra]
    done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout.strip():
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return json.loads(done.stdout.splitlines()[-1])


def summary(results: list[dict], strategies: list[str]) -> None:
    by_problem: dict[str, dict[str, dict]] = {}
    for result in results:
        by_problem.setdefault(result["problem"], {})[result["strategy"]] = result
    unsupported = [name for name, found in by_problem.items() if "unsupported" in found]
    whole = [found for found in by_problem.values() if all(s in found for s in strategies)]
    print(f"{len(whole)} problems, {len(unsupported)} do not elaborate")
    print("| strategy | solved | 95 % | only it | checks | Lean seconds | judge seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for strategy in strategies:
        lines = [found[strategy] for found in whole]
        solved = sum(line["proved"] for line in lines)
        low, high = wilson(solved, len(whole))
        alone = sum(found[strategy]["proved"] and not any(found[s]["proved"] for s in strategies if s != strategy) for found in whole)
        total = {key: sum(line[key] for line in lines) for key in ("checks", "lean_seconds", "judge_seconds")}
        print(f"| {strategy} | {solved} | {low:.2f} to {high:.2f} | {alone} | {total['checks']} | {total['lean_seconds']:.0f} | "
              f"{total['judge_seconds']:.0f} |")
    together = sum(any(found[s]["proved"] for s in strategies) for found in whole)
    faults = sum(line["verdict"] == "fault" for found in whole for line in found.values())
    print(f"together {together}, faults {faults}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=pathlib.Path, help="a file of problems, one JSON object a line")
    parser.add_argument("--split", default="valid")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="a folder for the results")
    parser.add_argument("--prove", default="prove", help="the program")
    parser.add_argument("--strategies", default=",".join(STRATEGIES))
    parser.add_argument("--lean-seconds", type=float, default=10.0)
    parser.add_argument("--timeout", type=int, default=60, help="wall seconds for each problem and strategy")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--summary", action="store_true")
    parser.add_argument("--extra", type=shlex.split, default=[], help="further arguments for `prove solve`, in one word")
    args = parser.parse_args()
    strategies = args.strategies.split(",")
    args.out.mkdir(parents=True, exist_ok=True)
    path = args.out / "results.jsonl"
    results = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    if not args.summary:
        done = {(result["problem"], result["strategy"]) for result in results}
        for line in args.suite.read_text().splitlines():
            problem = json.loads(line)
            name = problem["name"]
            if problem["split"] != args.split or (name, "unsupported") in done:
                continue
            file = args.out / f"{name}.lean"
            file.write_text(HEADER + problem["statement"] + "\n")
            for strategy in strategies:
                if (name, strategy) in done:
                    continue
                found = solve(args, file, strategy)
                unsupported = (found.get("message") or "").startswith("the statement does not elaborate")
                cost = found.get("cost", {})
                result = {"problem": name, "strategy": "unsupported" if unsupported else strategy, "proved": found["verdict"] == "proved",
                          "verdict": found["verdict"], "proof": found.get("proof"), "ms": found["ms"],
                          **{key: cost.get(key, 0) for key in ("checks", "lean_seconds", "judge_seconds", "model_tokens")}}
                results.append(result)
                with path.open("a") as out:
                    out.write(json.dumps(result, ensure_ascii=False) + "\n")
                if unsupported:
                    break
    summary(results, strategies)


if __name__ == "__main__":
    main()
