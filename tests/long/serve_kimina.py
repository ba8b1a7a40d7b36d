"""Kimina's published client, unmodified, against `afcheck serve`: python3 tests/long/serve_kimina.py AFCHECK, in a Python with
kimina-client. Starts a server on a free loopback port, which ends with the script."""
import asyncio
import re
import subprocess
import sys

import typing

import typing_extensions

if sys.version_info < (3, 12):
    # pydantic asks for this one there; the client, which was written for newer Pythons, imports the other.
    typing.TypedDict = typing_extensions.TypedDict

from kimina_client import AsyncKiminaClient, KiminaClient, Snippet

KEY = "sesame"
server = subprocess.Popen(
    [sys.argv[1], "serve", "--listen", "127.0.0.1:0", "--for", "10m", "--quiet", "--no-cache"],
    env={**__import__("os").environ, "AFCHECK_KEYS": KEY}, stderr=subprocess.PIPE, text=True)
url = re.search(r"http://\S+", server.stderr.readline()).group()


def ok(what, holds):
    print("ok:" if holds else "WRONG:", what)
    if not holds:
        sys.exit(1)


try:
    client = KiminaClient(api_url=url, api_key=KEY, n_retries=1)
    ok(f"health: {client.health()}", client.health() == {"status": "ok"})
    client.test()
    ok("the client's own test passes", True)
    snippets = [
        Snippet(id="valid", code="theorem t (a b : Nat) : a + b = b + a := by omega"),
        Snippet(id="sorry", code="theorem t (n : Nat) : n = n + 1 := by sorry"),
        Snippet(id="wrong", code="theorem t : 1 = 2 := by decide"),
        Snippet(id="missing", code="import Mathlib\ntheorem t : 1 = 1 := rfl"),
        Snippet(id="late", code="set_option maxRecDepth 1000000 in\ntheorem t : ∀ a b c d e f g h i j k l m n o p : Bool, "
                "(a ^^ b ^^ c ^^ d ^^ e ^^ f ^^ g ^^ h ^^ i ^^ j ^^ k ^^ l ^^ m ^^ n ^^ o ^^ p) = "
                "(p ^^ o ^^ n ^^ m ^^ l ^^ k ^^ j ^^ i ^^ h ^^ g ^^ f ^^ e ^^ d ^^ c ^^ b ^^ a) := by decide"),
    ]
    answers = client.check(snippets, timeout=1, batch_size=2, max_workers=3, show_progress=False)
    found = {answer.id: answer.analyze().status.value for answer in answers.results}
    expected = {"valid": "valid", "sorry": "sorry", "wrong": "lean_error", "missing": "repl_error", "late": "timeout_error"}
    ok(f"statuses: {found}", found == expected)
    error = next(answer.error for answer in answers.results if answer.id == "late")
    ok(f"a time-out in its words: {error!r}", error.startswith("Lean REPL command timed out"))
    wrong = KiminaClient(api_url=url, api_key="wrong", n_retries=1)
    answer = wrong.check("#check Nat", show_progress=False).results[0]
    ok(f"a wrong key: {answer.error!r}", answer.error is not None)

    async def many():
        other = AsyncKiminaClient(api_url=url, api_key=KEY, n_retries=1)
        codes = [Snippet(id=str(n), code=f"theorem t{n} : {n} + 1 = {n + 1} := rfl\n#check t{n}") for n in range(500)]
        answers = await other.check(codes, timeout=60, batch_size=10, max_workers=20, show_progress=False)
        return answers.results

    answers = asyncio.run(many())
    own = all(answer.response["messages"][0]["data"].startswith(f"t{answer.id} ") for answer in answers)
    ok("500 snippets of the asynchronous client, each with its own answer", len(answers) == 500 and own)
finally:
    server.terminate()
    server.wait(60)
ok(f"the server ended: {server.returncode}", server.returncode == 0)
