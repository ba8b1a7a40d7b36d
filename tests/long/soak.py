#!/usr/bin/env python3
"""Soak: 20,000 checks with bombs among them. Asserts that every record is judged, and that resident memory, threads
and file descriptors of the process do not grow after the first 2,000 checks.

usage: soak.py AFCHECK [RECORDS=20000]"""
import json, os, pathlib, subprocess, sys, tempfile, time

binary, total = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20000
HOSTILE = {
    "time bomb": ("set_option maxHeartbeats 0 in\nset_option maxRecDepth 1000000 in\ntheorem t%d : ∀ a b c d e f g h i j k l m n o p : Bool, "
                  "(a ^^ b ^^ c ^^ d ^^ e ^^ f ^^ g ^^ h ^^ i ^^ j ^^ k ^^ l ^^ m ^^ n ^^ o ^^ p) = "
                  "(p ^^ o ^^ n ^^ m ^^ l ^^ k ^^ j ^^ i ^^ h ^^ g ^^ f ^^ e ^^ d ^^ c ^^ b ^^ a) := by decide", "undecided"),
    "memory bomb": ("theorem t%d : (List.replicate 100000000 0).length = 1 := by decide +kernel", None),
    "deep recursion": ("theorem t%d : Nat := " + "(" * 30000 + "1" + ")" * 30000, None),
    "deep nesting": ("/- " * 2000 + "%d", "rejected"),
    "long sum": ("theorem t%d : " + " + ".join(["1"] * 1500) + " = 1500 := by decide", None),
    "file": ("#eval IO.FS.readFile \"/etc/passwd\" --%d", "undecided"),
    "exit": ("#eval (IO.Process.exit 0 : IO Unit) --%d", "undecided"),
    "throw": ("theorem t%d : (2 : Nat)^(2^60) = 0 := by decide", None),
}
PLAIN = [
    ("theorem t{i} (a b : Nat) : a + b + {i} = b + a + {i} := by omega", "accepted"),
    ("theorem t{i} : {i} + 1 = 1 + {i} := rfl", "accepted"),
    ("theorem t{i} (xs : List Nat) : (xs ++ [{i}]).length = xs.length + 1 := by simp", "accepted"),
    ("theorem t{i} (n : Nat) : n + {i} = n := by omega", "rejected"),
    ("theorem t{i} (n : Nat) : n < {i} := by simp", "rejected"),
    ("theorem t{i} (n : Nat) : foo{i} n := by trivial", "rejected"),
    ("theorem t{i} (n : Nat) : n = := by trivial", "rejected"),
    ("def f{i} (n : Nat) : Nat := n + {i}\ntheorem t{i} : f{i} 1 = 1 + {i} := by rfl", "accepted"),
]

def record(i):
    if i % 50 == 49:
        name = list(HOSTILE)[(i // 50) % len(HOSTILE)]
        text, verdict = HOSTILE[name]
        return {"id": f"{name} {i}", "code": text % i, "want": verdict}
    text, verdict = PLAIN[i % len(PLAIN)]
    return {"id": str(i), "code": text.format(i=i), "want": verdict}

def gauge(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    field = lambda name: int(next(l for l in status.splitlines() if l.startswith(name)).split()[1])
    return {"rss_kb": field("VmRSS:"), "anonymous_kb": field("RssAnon:"), "threads": field("Threads:"),
            "fds": len(os.listdir(f"/proc/{pid}/fd"))}

with tempfile.TemporaryDirectory() as scratch:
    inputs, results = f"{scratch}/in.jsonl", f"{scratch}/out.jsonl"
    with open(inputs, "w") as f:
        for i in range(total):
            r = record(i)
            r.pop("want")
            f.write(json.dumps(r) + "\n")
    start = time.time()
    process = subprocess.Popen([binary, "verify", inputs, "--out", results, "--quiet", "--no-cache", "--heartbeats", "3000",
                                "--memory", "420MiB", "--wall-clock", "20s"])
    gauges, done = [], 0
    while process.poll() is None:
        time.sleep(1)
        try:
            with open(results, "rb") as f:
                done = sum(chunk.count(b"\n") for chunk in iter(lambda: f.read(1 << 20), b""))
            gauges.append((done, gauge(process.pid)))
        except (FileNotFoundError, ProcessLookupError, StopIteration):
            pass
    assert process.returncode == 0, process.returncode
    seen, wrong, causes = set(), [], {}
    for line in open(results):
        r = json.loads(line)
        seen.add(r["index"])
        want = record(r["index"])["want"]
        if r["verdict"] == "undecided":
            causes[r["reason"]] = causes.get(r["reason"], 0) + 1
        if r["reason"] == "engine_crash" and "exit" not in r["id"] or want and r["verdict"] != want:
            wrong.append((r["id"], r["verdict"], r["reason"], r.get("detail")))
    warm = [g for n, g in gauges if n >= min(2000, total // 4)]
    first, last = warm[:10], warm[-10:]
    mean = lambda rows, key: sum(r[key] for r in rows) / len(rows)
    growth = {key: mean(last, key) / mean(first, key) - 1 for key in ("rss_kb", "anonymous_kb", "threads", "fds")}
    print(json.dumps({"records": total, "judged": len(seen), "seconds": round(time.time() - start, 1), "undecided": causes,
                      "wrong": wrong[:5], "first": first[0], "last": last[-1],
                      "growth": {k: round(v, 4) for k, v in growth.items()}}, indent=1))
    assert len(seen) == total, "every record has one result"
    assert not wrong, wrong[:5]
    assert growth["rss_kb"] < 0.05 and growth["threads"] < 0.05 and growth["fds"] < 0.05, growth
