"""Measures what an editor feels of `afcheck lsp`: from a keystroke to its diagnostic, and the opening of a large file.

usage: lsp.py AFCHECK [KEYSTROKES=200] [LINES=20000]

One client over pipes. A keystroke changes one digit of a record of one line, so that the next diagnostics tell another number; the
time is from before the change is written to when they are read, debouncing included. Every change is a text that was not judged
before. The large file has as many records as LINES, half of them wrong; told are the time to its first diagnostics and
to an answer to a hover while it is being judged, and the most memory. Nothing is kept between runs (--no-cache)."""

import json
import pathlib
import queue
import statistics
import subprocess
import sys
import threading
import time


class Client:
    def __init__(self, afcheck):
        command = [afcheck, "lsp", "--no-cache", "--references", ""]
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.heard, self.next, self.answers = queue.Queue(), 0, {}
        threading.Thread(target=self.read, daemon=True).start()
        self.request("initialize", {"processId": None, "rootUri": None, "capabilities": {"general": {"positionEncodings": ["utf-8"]}}})
        self.notify("initialized", {})

    def read(self):
        stream = self.server.stdout
        while True:
            length = 0
            while (line := stream.readline().strip()):
                name, value = line.split(b": ")
                length = int(value) if name == b"Content-Length" else length
            if not length:
                return
            self.heard.put((time.monotonic(), json.loads(stream.read(length))))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.server.stdin.flush()

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.next += 1
        self.send({"id": self.next, "method": method, "params": params})
        own = self.next
        return self.until(lambda message: message.get("id") == own and "method" not in message)

    def until(self, holds):
        """The time at which such a message was read, and the message."""
        while True:
            at, message = self.heard.get(timeout=600)
            if "id" in message and "method" in message:
                self.send({"id": message["id"], "result": None})
            if holds(message):
                return at, message

    def open(self, uri, text):
        document = {"uri": uri, "languageId": "jsonl", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def diagnostics(self, uri, holds):
        def is_it(message):
            return message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri and holds(message["params"]["diagnostics"])
        return self.until(is_it)


def keystrokes(client, count):
    uri = "file:///one.jsonl"
    code = "theorem t (n : Nat) (h : n = 2) : n + 0 = 000000 := by exact h"
    text = json.dumps({"id": "a", "code": code}) + "\n"
    client.open(uri, text)
    client.diagnostics(uri, lambda found: found)
    at, times = text.index("000000"), []
    for number in range(1, count + 21):
        shown = f"{100000 + number}"
        span = {"start": {"line": 0, "character": at}, "end": {"line": 0, "character": at + 6}}
        begun = time.monotonic()
        client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": number + 1}, "contentChanges": [{"range": span, "text": shown}]})
        read, _ = client.diagnostics(uri, lambda found: found and shown in found[0]["message"])
        times.append(read - begun)
        time.sleep(0.03)
    times = sorted(times[20:])
    share = lambda p: 1000 * times[min(len(times) - 1, int(p * len(times)))]
    print(f"keystroke to diagnostic: p50 {share(0.5):.1f} ms, p95 {share(0.95):.1f} ms, largest {1000 * times[-1]:.1f} ms of {len(times)}")


def memory(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) / 1e6 for line in status if line.startswith(("VmHWM", "VmRSS"))}


def large(client, lines):
    uri = "file:///large.jsonl"
    code = lambda i: f"theorem t{i} (a b : Nat) (h : a = b + {i}) : a + 0 = b + {i + i % 2} := by\n  simp [h]\n"
    text = "".join(json.dumps({"id": f"p{i}", "informal": "x" * 200, "code": code(i)}) + "\n" for i in range(lines))
    begun = time.monotonic()
    client.open(uri, text)
    first, message = client.diagnostics(uri, lambda found: found)
    print(f"a file of {lines} records, {len(text) / 1e6:.1f} MB: first diagnostics after {1000 * (first - begun):.0f} ms "
          f"({len(message['params']['diagnostics'])} of them)")
    waits = []
    for line in (1, 500, lines // 2):
        begun = time.monotonic()
        at = text.splitlines()[line].index("simp")
        read, _ = client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": line, "character": at}})
        waits.append(1000 * (read - begun))
    print("hover while it is judged: " + ", ".join(f"{wait:.0f} ms" for wait in waits))
    begun = time.monotonic()
    span = {"start": {"line": lines // 2, "character": 0}, "end": {"line": lines // 2, "character": 0}}
    client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"range": span, "text": json.dumps({"id": "new", "code": "theorem t : brandnew = 1 := rfl"}) + "\n"}]})
    read, _ = client.diagnostics(uri, lambda found: any("brandnew" in one["message"] for one in found))
    print(f"an edit in the middle of it: {1000 * (read - begun):.0f} ms to its diagnostic")
    print(f"memory so far: {memory(client.server.pid)} (GB)", flush=True)
    begun = time.monotonic()
    _, answer = client.request("workspace/executeCommand", {"command": "afcheck.verifyFile", "arguments": [uri]})
    print(f"all judged after another {time.monotonic() - begun:.0f} s: {answer['result']}")
    print(f"memory: {memory(client.server.pid)} (GB)")


client = Client(sys.argv[1])
keystrokes(client, int(sys.argv[2]) if len(sys.argv) > 2 else 200)
large(client, int(sys.argv[3]) if len(sys.argv) > 3 else 20000)
client.request("shutdown", None)
client.notify("exit", None)
client.server.wait(timeout=30)
