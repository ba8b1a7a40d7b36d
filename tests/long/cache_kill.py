#!/usr/bin/env python3
"""kill -9 at random moments of runs that share a result cache, two at a time: after every kill the cache is sound, and
in the end its results are those of checks.

usage: cache_kill.py AFCHECK LEAN_CACHE [RECORDS=1500] [KILLS=50] [SEED=1]"""
import json, os, pathlib, random, signal, subprocess, sys, tempfile, time

binary, lean = sys.argv[1:3]
records, kills, seed = (int(a) for a in (sys.argv[3:] + ["1500", "50", "1"][len(sys.argv) - 3:]))
random.seed(seed)
environment = {k: v for k, v in os.environ.items() if not k.startswith("AFCHECK_")}

with tempfile.TemporaryDirectory() as scratch:
    cache, inputs = pathlib.Path(scratch, "cache"), f"{scratch}/in.jsonl"
    cache.mkdir()
    for entry in pathlib.Path(lean).iterdir():
        if entry.name.startswith(("lean-", "package-")):
            (cache / entry.name).symlink_to(entry)
    with open(inputs, "w") as f:
        for i in range(records):
            n = i % (records * 4 // 5)
            f.write(json.dumps({"id": f"r{i}", "code": f"theorem t{n} (a b : Nat) : a + b + {n} = b + a + {n} := by omega"}) + "\n")

    def command(*args):
        return [binary, *args, "--cache", str(cache), "--quiet"]

    def start(name, *args):
        out = f"{scratch}/{name}.jsonl"
        return subprocess.Popen(command("verify", inputs, "--out", out, "--overwrite", "--jobs", "1", "--offline", *args), env=environment)

    def verified():
        done = subprocess.run(command("cache", "verify"), env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done
        return 0 if "nothing" in done.stdout else int(done.stdout.split()[0])

    killed, cleared, kept = 0, 0, 0
    while killed < kills:
        # A small limit in every third run, so that evictions are killed as well.
        limit = ["--cache-limit", "1MiB"] if killed % 3 == 2 else []
        both = [start("a", *limit), start("b")]
        time.sleep(random.uniform(0.05, 1.5))
        for process in both:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.wait()
        kept = verified()
        if kept > records * 3 // 5:
            # Nearly all kept: begin anew, so that there is something to write.
            subprocess.run(command("cache", "clear"), env=environment, check=True)
            cleared += 1
    assert not list(cache.glob("results.damaged*")), "nothing was found broken"
    results = []
    for args in [[], [], ["--no-cache"]]:
        assert start("end", *args).wait() == 0
        lines = [json.loads(line) for line in open(f"{scratch}/end.jsonl")]
        results.append(sorted((r["index"], json.dumps({k: v for k, v in r.items() if k != "wall_ms"})) for r in lines))
    assert len(results[0]) == records and results[0] == results[1] == results[2], "the cache's results are those of checks"
    print(json.dumps({"records": records, "kills": killed, "verified_after_each": True, "times_filled": cleared + 1,
                      "entries": verified()}))
