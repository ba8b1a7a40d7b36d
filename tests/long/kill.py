#!/usr/bin/env python3
"""kill -9 at random moments of a run, each followed by --resume: no result lost, none doubled, none changed.

usage: kill.py AFCHECK [RECORDS=2000] [KILLS=50] [SEED=1]"""
import json, os, random, signal, subprocess, sys, tempfile, time

binary = sys.argv[1]
records, kills, seed = (int(a) for a in (sys.argv[2:] + ["2000", "50", "1"][len(sys.argv) - 2:]))
random.seed(seed)

with tempfile.TemporaryDirectory() as scratch:
    inputs, results = f"{scratch}/in.jsonl", f"{scratch}/out.jsonl"
    with open(inputs, "w") as f:
        for i in range(records):
            f.write(json.dumps({"id": f"r{i}", "code": f"theorem t{i} (a b : Nat) : a + b + {i} = b + a + {i} := by omega"}) + "\n")
            if i % 100 == 7:
                f.write("this line is not JSON\n")
    expected = records + len(range(7, records, 100))
    command = [binary, "verify", inputs, "--out", results, "--resume", "--quiet", "--offline", "--no-cache"]
    killed, torn = 0, 0
    while killed < kills:
        process = subprocess.Popen(command)
        time.sleep(random.uniform(0.05, 1.2))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
        if os.path.exists(results) and os.path.getsize(results):
            with open(results, "rb") as f:
                f.seek(-1, 2)
                torn += f.read(1) != b"\n"
                f.seek(0)
                if f.read().count(b"\n") >= expected and killed < kills:
                    # Finished too early: take the second half away so that there is something to do.
                    lines = open(results).readlines()
                    open(results, "w").writelines(lines[: len(lines) // 2])
    assert subprocess.run(command).returncode == 0
    indices = [json.loads(line)["index"] for line in open(results)]
    print(json.dumps({"records": expected, "kills": killed, "results": len(indices), "distinct": len(set(indices)),
                      "torn_lines_met": torn}))
    assert sorted(indices) == list(range(expected)), "exactly one result per record"
