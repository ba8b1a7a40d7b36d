"""Runs afcheck and Node on the same checks, in turns, and writes a Markdown table. Python's own library only.

Usage: measure.py AFCHECK WORK ROUNDS [FILE]; WORK holds checks.jsonl (from make.py). NODE and GLUE come from the
environment.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

CORES = os.cpu_count()
TICK = os.sysconf("SC_CLK_TCK")
BEGIN, END = "<!-- verify: begin -->", "<!-- verify: end -->"


def busy():
    """CPU seconds that the whole machine has spent so far."""
    fields = [int(x) for x in open("/proc/stat").readline().split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields[:8]
    return (user + nice + system + irq + softirq + steal) / TICK


def run(command, stdout):
    """Elapsed and CPU seconds, peak memory in MiB, and the share of the cores that others used meanwhile."""
    machine, start = busy(), time.monotonic()
    child = subprocess.Popen(command, stdout=stdout, stderr=subprocess.STDOUT)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    elapsed = time.monotonic() - start
    cpu = usage.ru_utime + usage.ru_stime
    others = max(0.0, busy() - machine - cpu) / (elapsed * CORES)
    return {"elapsed": elapsed, "cpu": cpu, "rss": usage.ru_maxrss / 1024, "others": others}


def verify(afcheck, work, jobs):
    out = work / f"out-{jobs}.jsonl"
    with open(out, "wb") as file:
        figures = run([afcheck, "verify", work / "checks.jsonl", "--mode", "proof", "--format", "jsonl", "-q", "--no-cache", "--jobs", str(jobs)], file)
    records = [json.loads(line) for line in out.read_text().splitlines()]
    figures["checks"] = len(records)
    figures["throughput"] = len(records) / figures["elapsed"]
    figures["in_checks"] = sum(r["wall_ms"] for r in records) / 1000 / (figures["elapsed"] * jobs)
    figures["on_cpu"] = figures["cpu"] / (figures["elapsed"] * jobs)
    walls = sorted(r["wall_ms"] for r in records)
    figures["p50"], figures["p90"] = walls[len(walls) // 2], walls[len(walls) * 9 // 10]
    figures["verdicts"] = {r["id"]: r["verdict"] for r in records}
    return figures


def first_verdict(afcheck, work):
    """Seconds from the start of a process to its first verdict."""
    one = work / "one.jsonl"
    one.write_text(json.dumps({"id": "1", "code": "theorem t : 1 + 1 = 2 := rfl\n"}) + "\n")
    start = time.monotonic()
    child = subprocess.Popen([afcheck, "verify", one, "--format", "jsonl", "-q", "--no-cache", "--jobs", "1"], stdout=subprocess.PIPE)
    line = child.stdout.readline()
    elapsed = time.monotonic() - start
    child.wait()
    assert json.loads(line)["verdict"] == "accepted", line
    return elapsed


def node(work, record):
    """One check under Node: a process for one file."""
    file = work / "node.lean"
    file.write_text("noncomputable section " + record["code"])
    out = work / "node.out"
    with open(out, "wb") as stdout:
        command = [os.environ["NODE"], "--stack-size=60000", os.environ["GLUE"], "--json", file.name]
        here = os.getcwd()
        os.chdir(work)
        figures = run(command, stdout)
        os.chdir(here)
    text = out.read_text(errors="replace")
    assert "runFrontend completed" in text, text[-500:]
    figures["error"] = '"severity":"error"' in text
    return figures


def main():
    afcheck, work, rounds = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    records = [json.loads(line) for line in (work / "checks.jsonl").read_text().splitlines()]
    # A warm cache, and the first snapshot if there is none yet.
    first_verdict(afcheck, work)
    one, two, nodes, cold, agree = [], [], [], [], 0
    sample = records[:: max(1, len(records) // (2 * rounds))][: 2 * rounds]
    for turn in range(rounds):
        one.append(verify(afcheck, work, 1))
        nodes.append(node(work, sample[2 * turn]))
        two.append(verify(afcheck, work, 2))
        nodes.append(node(work, sample[2 * turn + 1]))
        cold += [first_verdict(afcheck, work) for _ in range(3)]
        print(f"turn {turn + 1}: {one[-1]['throughput']:.1f} and {two[-1]['throughput']:.1f} checks/s, Node {nodes[-1]['elapsed']:.1f} s", file=sys.stderr)
    for record, figures in zip(sample, nodes):
        agree += figures["error"] == (one[0]["verdicts"][record["id"]] == "rejected") or "sorry" in record["code"]
    wanted = sum(one[0]["verdicts"][r["id"]] == r["want"] for r in records)
    stable = all(run["verdicts"] == one[0]["verdicts"] for run in one + two)

    def median(runs, key):
        return statistics.median(r[key] for r in runs)

    def spread(runs, key, form="{:.1f}"):
        values = [r[key] for r in runs]
        return f"{form.format(statistics.median(values))} ({form.format(min(values))} to {form.format(max(values))})"

    percent = lambda runs, key: f"{100 * median(runs, key):.0f} %"  # noqa: E731
    per_second = 1 / median(nodes, "elapsed")
    lines = [
        f"| Measure | `--jobs 1` | `--jobs 2` | Node, a process per check |",
        "|---|---|---|---|",
        f"| runs | {rounds} of {len(records)} checks | {rounds} of {len(records)} checks | {len(nodes)} checks |",
        f"| checks per second, median (range) | {spread(one, 'throughput')} | {spread(two, 'throughput')} | {per_second:.3f} |",
        f"| against Node | {median(one, 'throughput') / per_second:,.0f} times | {median(two, 'throughput') / per_second:,.0f} times | 1 |",
        f"| a check, median and p90 | {median(one, 'p50'):.0f} and {median(one, 'p90'):.0f} ms | {median(two, 'p50'):.0f} and {median(two, 'p90'):.0f} ms | {spread(nodes, 'elapsed')} s |",
        f"| CPU of a check (user and system) | {1000 * median(one, 'cpu') / len(records):.0f} ms | {1000 * median(two, 'cpu') / len(records):.0f} ms | {median(nodes, 'cpu'):.1f} s |",
        f"| time inside checks / (elapsed x jobs) | {percent(one, 'in_checks')} | {percent(two, 'in_checks')} | |",
        f"| CPU / (elapsed x jobs) | {percent(one, 'on_cpu')} | {percent(two, 'on_cpu')} | |",
        f"| peak resident memory | {median(one, 'rss'):.0f} MiB | {median(two, 'rss'):.0f} MiB | {median(nodes, 'rss'):.0f} MiB |",
        f"| cores that others used meanwhile | {percent(one, 'others')} | {percent(two, 'others')} | {percent(nodes, 'others')} |",
        "",
        f"Cold start, from the start of a process to its first verdict with a warm cache: median {1000 * statistics.median(cold):.0f} ms "
        f"({1000 * min(cold):.0f} to {1000 * max(cold):.0f} ms, {len(cold)} starts).",
        f"Verdicts: {wanted} of {len(records)} as the generator made them; "
        f"{'the same' if stable else 'NOT the same'} in all {2 * rounds} runs; Node agreed on {agree} of {len(nodes)}. "
        f"Machine: {CORES} cores, load when it ended {os.getloadavg()[1]:.1f}.",
    ]
    table = "\n".join(lines)
    if len(sys.argv) > 4:
        file = pathlib.Path(sys.argv[4])
        before, rest = file.read_text().split(BEGIN)
        file.write_text(before + BEGIN + "\n\n" + table + "\n\n" + END + rest.split(END)[1])
    print(table)


main()
