"""Checks the hand-written data of AfCore: every proof against its own statement as target, every statement of a pair.

usage: check.py AFCHECK [DATA=data/afcore]

Prints the counts by concept and the time. Ends with 1 if a statement does not elaborate, if fewer than 200 test problems have
accepted proofs, or if the hypotheses of a problem contradict one another."""

import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import time

afcheck, data = sys.argv[1], pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "data/afcore")


def read(name):
    return [json.loads(line) for line in (data / f"{name}.jsonl").read_text().splitlines()]


def verify(records, *args):
    """Results by id."""
    with tempfile.TemporaryDirectory() as scratch:
        source, out = pathlib.Path(scratch) / "in.jsonl", pathlib.Path(scratch) / "out.jsonl"
        source.write_text("".join(json.dumps(r) + "\n" for r in records))
        command = [afcheck, "verify", source, "--out", out, "--quiet", "--no-cache", *args]
        subprocess.run(command, check=True)
        return {r["id"]: r for r in map(json.loads, out.read_text().splitlines())}


# The snapshot of the library is made once per machine; its time is not the data's.
subprocess.run([afcheck, "verify", "-", "--quiet", "--no-cache"], check=True, stdout=subprocess.DEVNULL,
               input=b'{"code": "import AfCore\\ntheorem t : True := trivial"}')
problems = {split: read(split) for split in ("test", "dev")}
whole = [p for split in problems.values() for p in split]
start = time.monotonic()
proofs = verify([{"id": p["id"], "header": p["header"], "code": p["proof"], "target": p["formal"]} for p in whole if p["proof"]])
open_ = verify([{"id": p["id"], "header": p["header"], "code": p["formal"]} for p in whole if not p["proof"]],
               "--mode", "statement") if not all(p["proof"] for p in whole) else {}
elapsed = time.monotonic() - start
pairs = read("pairs")
sides = verify([{"id": f"{p['id']} {side}", "header": p["header"], "code": p[side]} for p in pairs for side in "ab"],
               "--mode", "statement", "--no-warnings")

proved = {i for i, r in proofs.items() if r["verdict"] == "accepted" and r["level"] == "target"}
stated = proved | {i for i, r in open_.items() if r["verdict"] == "accepted"}
warned = collections.Counter(w["kind"] for r in proofs.values() for w in r["warnings"])
rows = collections.Counter((p["concept"], p["split"]) for p in whole)
print(f"{'concept':16} {'test':>5} {'dev':>4} {'proofs':>7}")
for concept in dict.fromkeys(p["concept"] for p in whole):
    count = sum(p["id"] in proved for p in whole if p["concept"] == concept)
    print(f"{concept:16} {rows[concept, 'test']:5} {rows[concept, 'dev']:4} {count:7}")
test_proofs = sum(p["id"] in proved for p in problems["test"])
print(f"\n{len(problems['test'])} test problems, {test_proofs} with accepted proofs; {len(problems['dev'])} dev problems, "
      f"{len(proved) - test_proofs} with accepted proofs; {len(whole)} statements, {len(stated)} elaborate: {elapsed:.1f} s")
print("warnings on problems:", ", ".join(f"{kind} {n}" for kind, n in warned.most_common()) or "none")
refused = [i for i, r in sides.items() if r["verdict"] != "accepted"]
print(f"{len(pairs)} pairs ({sum(p['equivalent'] for p in pairs)} equivalent), {len(refused)} sides do not elaborate")
bad = [p["id"] for p in whole if p["id"] not in stated] + refused
if bad:
    print("not as they should be:", ", ".join(bad))
sys.exit(bool(bad) or test_proofs < 200 or bool(warned["vacuous"]))
