"""Compares the strategies of `prove solve` at equal Lean seconds on the statements of a suite that elaborate on the embedded Lean.

    python3 scripts/compare_strategies.py ../shared/benchmarks/minif2f.jsonl --split valid --lean-seconds 10 --out /tmp/compare

Every problem goes to a file of its own: three notations (ℕ, ℤ, ℚ) in the place of its Mathlib header, and its statement. A problem that does
not elaborate is left out and counted. Lean seconds are processor time of the Lean workers, read from /proc, so that what else the machine
does costs no strategy anything; the wall limit is generous for the same reason. A search over its budget is interrupted. Results are
kept, one JSON object a line: a second start goes on where the first ended. With --summary nothing is run.
"""

import argparse
import json
import math
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import tempfile
import time

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


TICKS = os.sysconf("SC_CLK_TCK")


def worker_seconds(parent: int) -> dict[int, float]:
    """The processor time so far of each Lean worker that is a child of this process."""
    found = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            stat = (process / "stat").read_text().rsplit(")", 1)[1].split()
            if int(stat[1]) == parent and b"--worker" in (process / "cmdline").read_bytes():
                found[int(process.name)] = (int(stat[11]) + int(stat[12])) / TICKS
        except (OSError, IndexError):
            continue
    return found


def solve(args: argparse.Namespace, file: pathlib.Path, strategy: str) -> dict:
    """What `prove solve` says of the file, by one strategy, and the processor time of its workers."""
    command = [args.prove, "solve", str(file), "--strategy", strategy, "--timeout", str(args.timeout), "--json", "--no-shorten",
               "--seed", str(args.seed), *args.extra]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        running = subprocess.Popen(command, stdout=out, stderr=errors)
        spent: dict[int, float] = {}
        while running.poll() is None:
            spent.update(worker_seconds(running.pid))
            if sum(spent.values()) > args.lean_seconds:
                running.send_signal(signal.SIGINT)
                running.wait()
            time.sleep(0.5)
        out.seek(0)
        errors.seek(0)
        lines, complaint = out.read().splitlines(), errors.read().strip()
    seconds = sum(spent.values())
    if lines:
        return {**json.loads(lines[-1]), "seconds": seconds}
    if seconds <= args.lean_seconds:
        sys.exit(f"{' '.join(command)}: {complaint}")
    return {"verdict": "budget", "seconds": seconds}


def summary(results: list[dict], strategies: list[str]) -> None:
    by_problem: dict[str, dict[str, dict]] = {}
    for result in results:
        by_problem.setdefault(result["problem"], {})[result["strategy"]] = result
    unsupported = [name for name, found in by_problem.items() if "unsupported" in found]
    whole = [found for found in by_problem.values() if all(s in found for s in strategies)]
    print(f"{len(whole)} problems, {len(unsupported)} do not elaborate")
    print("| strategy | solved | 95 % | only it | Lean seconds | of those for what it solved |")
    print("| --- | --- | --- | --- | --- | --- |")
    for strategy in strategies:
        lines = [found[strategy] for found in whole]
        solved = sum(line["proved"] for line in lines)
        low, high = wilson(solved, len(whole))
        alone = sum(found[strategy]["proved"] and not any(found[s]["proved"] for s in strategies if s != strategy) for found in whole)
        seconds = sum(line["lean_seconds"] for line in lines)
        useful = sum(line["lean_seconds"] for line in lines if line["proved"])
        print(f"| {strategy} | {solved} | {low:.2f} to {high:.2f} | {alone} | {seconds:.0f} | {useful:.0f} |")
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
    parser.add_argument("--timeout", type=int, default=600, help="wall seconds for each problem and strategy")
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
                          "verdict": found["verdict"], "proof": found.get("proof"), "lean_seconds": found["seconds"],
                          **{key: cost.get(key, 0) for key in ("checks", "avoided", "model_tokens")}}
                results.append(result)
                with path.open("a") as out:
                    out.write(json.dumps(result, ensure_ascii=False) + "\n")
                if unsupported:
                    break
    summary(results, strategies)


if __name__ == "__main__":
    main()
