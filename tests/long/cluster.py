"""Three workers and a NATS server, killed -9 at random while 20,000 records are judged: python3 tests/long/cluster.py AFCHECK
[--records 20000] [--seconds-between 5]. The results must be complete, without doubles, and right. Everything on loopback; ends by itself."""
import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("afcheck")
parser.add_argument("--records", type=int, default=20000)
parser.add_argument("--seconds-between", type=float, default=5)
args = parser.parse_args()
home = tempfile.mkdtemp()
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
url = f"nats://127.0.0.1:{port}"
rng = random.Random(7)


def code(n):
    if n % 4 == 0:
        return f"theorem t{n} : {n} = {n} + 1 := rfl"
    if n % 4 == 1:
        return f"theorem t (a : Nat) : a + {n % 97} = {n % 97} + a := by omega"
    return f"theorem t{n} : {n} + 1 = {n + 1} := rfl"


with open(f"{home}/in.jsonl", "w") as f:
    for n in range(args.records):
        f.write(json.dumps({"id": f"r{n}", "code": code(n)}) + "\n")
server = lambda: subprocess.Popen(["nats-server", "-a", "127.0.0.1", "-p", str(port), "--jetstream", "-sd", f"{home}/js"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
worker = lambda: subprocess.Popen([args.afcheck, "worker", "--nats", url, "--jobs", "1", "--quiet", "--idle", "60s"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
nats = server()
time.sleep(1)
workers = [worker() for _ in range(3)]
begun = time.time()
run = subprocess.Popen([args.afcheck, "verify", f"{home}/in.jsonl", "--nats", url, "--out", f"{home}/out.jsonl", "--no-warnings"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
kills = {"worker": 0, "server": 0}
while run.poll() is None and time.time() - begun < 3000:
    time.sleep(rng.uniform(0.5, 2 * args.seconds_between))
    if run.poll() is not None:
        break
    if rng.random() < 0.2:
        nats.send_signal(signal.SIGKILL)
        nats.wait()
        time.sleep(rng.uniform(0, 2))
        nats = server()
        kills["server"] += 1
    else:
        at = rng.randrange(3)
        workers[at].send_signal(signal.SIGKILL)
        workers[at].wait()
        workers[at] = worker()
        kills["worker"] += 1
said = run.stderr.read()
print(f"{args.records} records in {time.time() - begun:.0f} s; killed: {kills}; exit {run.returncode}")
results = [json.loads(line) for line in open(f"{home}/out.jsonl")]
indices = [r["index"] for r in results]
print(f"results {len(results)}, doubles {len(indices) - len(set(indices))}, missing {args.records - len(set(indices))}")
wrong = [r["id"] for r in results if r["verdict"] != ("rejected" if r["index"] % 4 == 0 else "accepted")]
print(f"other verdicts than expected: {len(wrong)} {wrong[:5]}")
print(re.search(r"workers .*", said).group() if "workers " in said else said[-500:])
for process in workers:
    process.send_signal(signal.SIGTERM)
kept = 0
for process in workers:
    line = process.communicate(timeout=60)[1]
    found = re.search(r"worked .*", line)
    print(found.group() if found else line)
again = subprocess.run([args.afcheck, "verify", f"{home}/in.jsonl", "--nats", url, "--format", "jsonl", "--no-warnings"],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) if [workers.append(worker())] else None
print("again:", re.search(r"workers .*", again.stderr).group(), "results", len(again.stdout.splitlines()))
workers[-1].kill()
nats.kill()
ok = len(results) == len(set(indices)) == args.records and not wrong and run.returncode == 0
print("ok" if ok else "WRONG")
raise SystemExit(0 if ok else 1)
