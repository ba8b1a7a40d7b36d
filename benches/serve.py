"""Load on `afcheck serve`: CLIENTS at once send SNIPPETS in all, five of a hundred hostile, to a server of its own on loopback.

    python3 benches/serve.py AFCHECK [--clients 200] [--snippets 5000] [--each 5] [--term SECONDS] [--jobs N]

Prints what became of the snippets, percentiles of the wait in the queue and of answers, and the server's memory. With --term the
server is told to end after so many seconds: every request that was let in must be answered whole."""
import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import time
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("afcheck")
parser.add_argument("--clients", type=int, default=200)
parser.add_argument("--snippets", type=int, default=5000)
parser.add_argument("--each", type=int, default=5)
parser.add_argument("--term", type=float)
parser.add_argument("--jobs", default="2")
args = parser.parse_args()

HOSTILE = [
    "set_option maxRecDepth 1000000 in\ntheorem t : ∀ a b c d e f g h i j k l m n : Bool, (a ^^ b ^^ c ^^ d ^^ e ^^ f ^^ g ^^ h ^^ i "
    "^^ j ^^ k ^^ l ^^ m ^^ n) = (n ^^ m ^^ l ^^ k ^^ j ^^ i ^^ h ^^ g ^^ f ^^ e ^^ d ^^ c ^^ b ^^ a) := by decide",
    "theorem t : " + "(" * 20000 + "True" + ")" * 20000 + " := trivial",
    "import Mathlib\nexample : 1 = 1 := rfl",
    "#eval IO.Process.exit 3",
    "\u0000\u0001 theorem",
    "theorem t : True := by\n" + "  have : True := trivial\n" * 3000 + "  trivial",
    "def f : Nat → Nat\n  | 0 => 0\n  | n + 1 => f n + f n\ntheorem t : f 1000 = 0 := by decide",
    "x" * 200000,
]
server = subprocess.Popen([args.afcheck, "serve", "--listen", "127.0.0.1:0", "--for", "30m", "--quiet", "--no-cache", "--jobs", args.jobs,
                           "--queue", str(args.snippets), "--heartbeats", "20000", "--drain", "10m"], stderr=subprocess.PIPE, text=True)
address = re.search(r"http://(\S+)", server.stderr.readline()).group(1)
host, port = address.split(":")
rng = random.Random(1)
snippets = []
for number in range(args.snippets):
    hostile = rng.random() < 0.05
    code = rng.choice(HOSTILE) if hostile else (
        f"theorem t{number} (a b c : Nat) (h : a + {number % 50} ≤ b) : a + c + {number % 50} ≤ b + c := by omega\n#check @t{number}")
    snippets.append((number, hostile, code))
requests = [snippets[at:at + args.each] for at in range(0, len(snippets), args.each)]
results, latencies, statuses, lost, wrong, peak = {}, [], {}, 0, 0, 0


async def send(body):
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST /verify HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body


async def client(queue):
    global lost, wrong
    while not queue.empty():
        batch = queue.get_nowait()
        body = json.dumps({"codes": [{"custom_id": n, "code": code} for n, _, code in batch], "timeout": 60}).encode()
        for attempt in range(50):
            begun = time.time()
            try:
                status, answer = await send(body)
            except (OSError, IndexError):
                status, answer = 0, b""
            statuses[status] = statuses.get(status, 0) + 1
            if status == 429:
                await asyncio.sleep(1)
                continue
            break
        if status != 200:
            lost += len(batch)
            continue
        latencies.append(time.time() - begun)
        found = {r["custom_id"]: r for r in json.loads(answer)["results"]}
        for n, hostile, _ in batch:
            result = found.get(str(n))
            results[n] = result
            if result is None:
                wrong += 1
            elif not hostile:
                said = (result.get("response", {}).get("messages") or [{}])[0].get("data", "")
                wrong += not said.startswith(f"@t{n} ") and not said.startswith(f"t{n} ")


async def watch():
    global peak
    while True:
        try:
            status = open(f"/proc/{server.pid}/status").read()
            peak = max(peak, int(re.search(r"VmRSS:\s+(\d+)", status).group(1)))
        except (OSError, AttributeError):
            pass
        await asyncio.sleep(0.2)


async def main():
    queue = asyncio.Queue()
    for batch in requests:
        queue.put_nowait(batch)
    watcher = asyncio.create_task(watch())
    if args.term:
        asyncio.get_running_loop().call_later(args.term, lambda: server.send_signal(signal.SIGTERM))
    await asyncio.gather(*(client(queue) for _ in range(args.clients)))
    watcher.cancel()

begun = time.time()
asyncio.run(main())
elapsed = time.time() - begun
at = lambda values, q: sorted(values)[min(len(values) - 1, int(q * len(values)))] if values else float("nan")
print(f"{args.clients} clients, {args.snippets} snippets in requests of {args.each}, {args.jobs} workers: {elapsed:.1f} s, "
      f"{len(results) / elapsed:.0f} snippets/s")
print(f"statuses {statuses} (0: no connection), snippets answered {len(results)}, in refused requests {lost}, wrong or missing answers {wrong}")
errors = {}
for result in results.values():
    if result and "error" in result:
        kind = re.sub(r"[\d.]+", "N", result["error"])[:60]
        errors[kind] = errors.get(kind, 0) + 1
print("errors of snippets", errors)
print(f"answers: p50 {at(latencies, .5):.2f} s, p99 {at(latencies, .99):.2f} s; memory peak {peak / 1e6:.2f} GB")
if not args.term:
    text = urllib.request.urlopen(f"http://{address}/metrics").read().decode()
    buckets = [(float(b), int(c)) for b, c in re.findall(r'afcheck_queue_wait_seconds_bucket\{le="([\d.]+)"\} (\d+)', text)]
    total = int(re.search(r"afcheck_queue_wait_seconds_count (\d+)", text).group(1))
    mean = float(re.search(r"afcheck_queue_wait_seconds_sum ([\d.e+-]+)", text).group(1)) / total
    bound = lambda q: next((b for b, c in buckets if c >= q * total), float("inf"))
    print(f"wait in the queue: mean {mean:.2f} s, p50 at most {bound(.5)} s, p99 at most {bound(.99)} s (buckets of /metrics)")
    print(f"server errors: {sum(c for s, c in statuses.items() if s >= 500)}")
    server.terminate()
print("the server ended with", server.wait(600))
