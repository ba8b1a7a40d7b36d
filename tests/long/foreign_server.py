#!/usr/bin/env python3
"""`afcheck generate --base-url` against a server that is not ours: the one of cyllama (llama.cpp), which answers
conversations only, and whole ones whatever it is asked for.

Usage: foreign_server.py AFCHECK MODEL.gguf     (needs the package `cyllama`; not run by `cargo test`)
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

READY = 120  # seconds for the server to read the model
RUN = 300  # seconds for a run of afcheck


def main(binary: str, model: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    url = f"http://127.0.0.1:{port}/v1"
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "cyllama.llama.server", "-m", model, "--port", port]
        command += ["--ctx-size", "2048", "--n-parallel", "2", "--server-type", "python"]
        with open(os.path.join(home, "log"), "w") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            name = ready(url)
            check(binary, url, name, home)
        finally:
            server.kill()
            server.wait()


def ready(url: str) -> str:
    begun = time.time()
    while time.time() - begun < READY:
        try:
            with urllib.request.urlopen(f"{url}/models", timeout=5) as answer:
                return json.load(answer)["data"][0]["id"]
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the foreign server does not start")


# What that server makes of a conversation, this base model answers with its end at once, unless it has seen other answers.
TEMPLATE = r"""
example = "{informal}\n{formal}\n"
question = "{informal}\n"
repair = "{messages}"
[chat]
system = "Sums."
user = "{informal}"
assistant = "{formal}"
repair = "{messages}"
"""
PROBLEMS = [{"id": str(n), "informal": f"{n}+2=", "formal": f"theorem t : {n} + 2 = {n + 2} := rfl"} for n in (2, 3, 4)]


def check(binary: str, url: str, name: str, home: str) -> None:
    out, tape = os.path.join(home, "out.jsonl"), os.path.join(home, "tape.jsonl")
    template = os.path.join(home, "template.toml")
    with open(template, "w") as file:
        file.write(TEMPLATE)
    data = os.path.join(home, "problems.jsonl")
    with open(data, "w") as file:
        file.writelines(json.dumps(problem) + "\n" for problem in PROBLEMS)
    common = ["generate", "--template", template, "--quiet", "--model", name, "--data", data, "-n", "2"]
    common += ["--shots", "2", "--shots-from", data]
    common += ["--max-tokens", "24"]

    def run(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([binary, *common, *arguments], timeout=RUN, text=True, capture_output=True)

    def samples() -> list[dict]:
        with open(out) as lines:
            return [json.loads(line) for line in lines]

    server = ["--base-url", url, "--concurrency", "2"]
    text = run("--limit", "1", *server)
    assert text.returncode != 0 and "/completions" in text.stderr, text
    first = run("--chat", "--limit", "2", "--out", out, *server, "--record", tape)
    assert first.returncode == 0, first
    assert len(samples()) == 4 and any(sample["code"] for sample in samples()), samples()
    assert all(sample["prompt_tokens"] for sample in samples()), "the server counts tokens"
    more = run("--chat", "--limit", "3", "--out", out, "--resume", *server)
    assert more.returncode == 0 and len(samples()) == 6, more
    key = lambda sample: (sample["id"], sample["sample"])
    played = run("--chat", "--limit", "2", "--replay", tape)
    assert played.returncode == 0, played
    again = [json.loads(line) for line in played.stdout.splitlines()]
    wanted = {key(sample): sample["code"] for sample in samples()}
    assert len(again) == 4 and all(wanted[key(sample)] == sample["code"] for sample in again), again
    print(f"generate over {url} ({name}): {len(samples())} samples, resumed, recorded and replayed")


if __name__ == "__main__":
    main(*sys.argv[1:])
