"""Times the result cache on a file of which 60 % are duplicates: no cache, cold cache, warm cache, taking turns.

usage: measure.py AFCHECK WORK RECORDS ROUNDS LEAN_CACHE [OUT.md]

The distinct texts are those of benches/verify/make.py, so the file is the same for the same RECORDS. Every round begins
with an empty result cache; Lean itself is set up and its snapshot made before the first."""

import json
import os
import pathlib
import random
import resource
import statistics
import subprocess
import sys
import time

BEGIN, END = "<!-- cache: begin -->", "<!-- cache: end -->"


def make(work, records):
    """RECORDS lines, 40 % of them distinct, in random order."""
    distinct = records * 2 // 5
    script = pathlib.Path(__file__).parent.parent / "verify" / "make.py"
    lines = subprocess.run([sys.executable, script, str(distinct)], capture_output=True, text=True, check=True)
    codes = [json.loads(line)["code"] for line in lines.stdout.splitlines()]
    assert len(set(codes)) == distinct
    rng = random.Random(1)
    codes += rng.choices(codes, k=records - distinct)
    rng.shuffle(codes)
    file = work / "records.jsonl"
    file.write_text("".join(json.dumps({"id": f"r{i}", "code": code}) + "\n" for i, code in enumerate(codes)))
    return file, distinct


def run(afcheck, cache, file, out, *args):
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [afcheck, "verify", file, "--out", out, "--overwrite", "--cache", cache, "--offline", *args]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AFCHECK_")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    elapsed, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    results = {}
    for line in open(out):
        result = json.loads(line)
        result.pop("wall_ms")
        results[result["index"]] = json.dumps(result)
    row = next((line for line in done.stderr.splitlines() if line.startswith("cache")), "cache           none")
    return elapsed, cpu, results, row.split(None, 1)[1]


def main():
    afcheck, work, records, rounds, lean = sys.argv[1], pathlib.Path(sys.argv[2]), *map(int, sys.argv[3:5]), sys.argv[5]
    work.mkdir(parents=True, exist_ok=True)
    file, distinct = make(work, records)
    # A cache directory with Lean and nothing kept.
    cache = work / "cache"
    cache.mkdir(exist_ok=True)
    for entry in pathlib.Path(lean).iterdir():
        if entry.name.startswith(("lean-", "package-")) and not (cache / entry.name).exists():
            (cache / entry.name).symlink_to(entry)
    run(afcheck, cache, "/dev/null", work / "nothing.jsonl")
    times, cpus = ({"none": [], "cold": [], "warm": []} for _ in range(2))
    rows, first = {}, None
    for turn in range(rounds):
        for kept in cache.glob("results.*"):
            kept.unlink()
        for kind, args in [("none", ["--no-cache"]), ("cold", []), ("warm", [])]:
            elapsed, cpu, results, rows[kind] = run(afcheck, cache, file, work / f"{kind}.jsonl", *args)
            times[kind].append(elapsed)
            cpus[kind].append(cpu)
            first = first or results
            assert len(results) == records and results == first, f"{kind}: other results"
            print(f"turn {turn + 1}, {kind}: {elapsed:.2f} s, CPU {cpu:.2f} s, {rows[kind]}", file=sys.stderr)
    size = sum(kept.stat().st_size for kept in cache.glob("results.*"))
    middle = {kind: statistics.median(values) for kind, values in times.items()}
    spread = {kind: f"{middle[kind]:.2f} s ({min(v):.2f} to {max(v):.2f})" for kind, v in times.items()}
    spent = {kind: statistics.median(values) for kind, values in cpus.items()}
    warm = [cold / warm for cold, warm in zip(times["cold"], times["warm"])]
    cold = [cold / none for cold, none in zip(times["cold"], times["none"])]
    table = "\n".join([
        f"| {records:,} records, {distinct:,} distinct, {rounds} rounds | no cache | cold | warm |",
        "|---|---|---|---|",
        f"| elapsed, median (range) | {spread['none']} | {spread['cold']} | {spread['warm']} |",
        f"| CPU (user and system), median | {spent['none']:.2f} s | {spent['cold']:.2f} s, {100 * spent['cold'] / spent['none']:.1f} % | {spent['warm']:.2f} s |",
        f"| what was checked | every record | {rows['cold']} | {rows['warm']} |",
        f"| ratio, median | 1 | {100 * statistics.median(cold):.1f} % of no cache | {statistics.median(warm):.0f} times faster than cold |",
        "",
        f"Results equal but for `wall_ms` in all {3 * rounds} runs. Database: {size / 1e6:.1f} MB, "
        f"{size / distinct / 1000:.1f} kB an entry. Machine: {os.cpu_count()} cores, load when it ended {os.getloadavg()[1]:.1f}.",
    ])
    if len(sys.argv) > 6:
        page = pathlib.Path(sys.argv[6])
        before, rest = page.read_text().split(BEGIN)
        page.write_text(before + BEGIN + "\n\n" + table + "\n\n" + END + rest.split(END)[1])
    print(table)


main()
