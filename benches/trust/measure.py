"""What target comparison and kernel replay add to elaboration.

Every mixed check of benches/verify gets its own statement as target, once with a target per candidate and once with four
candidates per target (as in pass@4). Prints the shares that afcheck itself reports; both kinds alternate, three rounds,
and the median counts.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

MAKE = Path(__file__).parent.parent / "verify" / "make.py"


def mixed(count):
    lines = subprocess.run([sys.executable, MAKE, str(count)], capture_output=True, text=True, check=True).stdout
    return [json.loads(line)["code"] for line in lines.splitlines()]


def with_target(code):
    if code.count("theorem") != 1 or ":=" not in code:
        return {"code": code}
    end = code.index(":=", code.index("theorem"))
    return {"code": code, "target": code[:end] + ":= sorry"}


def shares(binary, records, directory):
    path = Path(directory) / "records.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    command = [binary, "verify", str(path), "--no-cache", "--no-warnings", "--jobs", "1", "--out",
               str(Path(directory) / "out.jsonl"), "--overwrite"]
    summary = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    line = next(l for l in summary.splitlines() if l.startswith("time "))
    return {name: int(share) for name, share in re.findall(r"(\w+) (\d+) %", line)}


def main():
    binary, count = sys.argv[1], int(sys.argv[2])
    checks = [with_target(c) for c in mixed(count)]
    kinds = {
        "a target per candidate": [{"id": str(i), **c} for i, c in enumerate(checks)],
        "four candidates per target": [
            {"id": f"{i}-{k}", **c, "code": c["code"] + f"\n-- sample {k}\n"}
            for i, c in enumerate(checks[: count // 4]) for k in range(4)
        ],
    }
    seen = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(3):
            for kind, records in kinds.items():
                seen[kind].append(shares(binary, records, directory))
    for kind, rounds in seen.items():
        parts = {n: statistics.median(r.get(n, 0) for r in rounds) for n in ("elaboration", "replay", "target")}
        overhead = statistics.median((r["replay"] + r.get("target", 0)) / r["elaboration"] for r in rounds)
        print(f"{kind}: elaboration {parts['elaboration']:.0f} %, replay {parts['replay']:.0f} %, "
              f"target {parts['target']:.0f} %; overhead {100 * overhead:.0f} % of elaboration")


main()
