"""All corpora judged by the embedded engine and by a Lake engine whose REPL is `afcheck repl`: where do they differ? About ten minutes.

    python3 tests/long/lake_corpus.py AFCHECK        # from the root of the repository

Fails if a text is accepted that the embedded engine does not accept. The figures are in docs/lake.md."""
import glob
import json
import os
import subprocess
import sys
import tempfile
import tomllib

afcheck = os.path.abspath(sys.argv[1])
records = [("auto", json.loads(line)) for line in open("examples/outputs.jsonl")]
for folder in sorted(glob.glob("tests/cheats/*/")):
    name, expect = os.path.basename(folder[:-1]), tomllib.load(open(folder + "expect.toml", "rb"))

    def record(kind, alone):
        found = {"id": f"{name}/{kind}", "code": open(f"{folder}{kind}.lean", newline="").read()}
        if not alone:
            found["target"] = open(folder + "target.lean", newline="").read()
            if "target-name" in expect:
                found["target_name"] = expect["target-name"]
        return found

    records.append(("proof", record("honest", False)))
    records.append((expect.get("mode", "proof"), record("cheat", expect.get("mode") == "statement" or expect.get("alone", False))))
for path in sorted(glob.glob("tests/honest/*.lean")):
    records.append(("proof", {"id": "honest:" + os.path.basename(path), "code": open(path, newline="").read()}))


def judge(arguments):
    results = {}
    for mode in ("auto", "proof", "statement"):
        lines = "".join(json.dumps(r) + "\n" for m, r in records if m == mode)
        command = [afcheck, "verify", "-", "--format", "jsonl", "--quiet", "--no-cache", "--mode", mode, "--heartbeats", "20000"]
        run = subprocess.run(command + arguments, input=lines, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stderr)
        results.update((r["id"], r) for r in map(json.loads, run.stdout.splitlines()))
    return results


def verdict(r):
    return r["verdict"], r["level"] if r["verdict"] == "accepted" else f"{r['stage']}/{r['reason']}"


cache = json.loads(subprocess.run([afcheck, "doctor", "--json"], capture_output=True, text=True).stdout)["cache"]
with tempfile.TemporaryDirectory() as project:
    open(f"{project}/lakefile.toml", "w").close()
    embedded = judge([])
    lake = judge(["--engine", f"lake:{project}", "--lake-command", f"{afcheck} repl --heartbeats 20000", "--sandbox-write", cache])
differ = [name for name in embedded if verdict(embedded[name]) != verdict(lake[name])]
for name in differ:
    print(name, *verdict(embedded[name]), "->", *verdict(lake[name]), lake[name].get("detail", ""))
print(f"{len(embedded) - len(differ)} of {len(embedded)} verdicts are the same")
wrong = [name for name in differ if lake[name]["verdict"] == "accepted"]
print("accepted here only:", wrong)
sys.exit(bool(wrong))
