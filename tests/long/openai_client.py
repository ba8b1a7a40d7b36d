#!/usr/bin/env python3
"""OpenAI's own client against `afcheck serve-model`: completions and chat, whole and streamed, errors, a key.

Usage: openai_client.py AFCHECK MODEL     (needs the package `openai`; not run by `cargo test`)
"""

import os
import re
import subprocess
import sys

import openai

LIMIT = 60  # seconds for a request


def main(binary: str, model: str) -> None:
    env = {**os.environ, "SERVED_KEY": "sesame"}
    template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:"
    path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"openai_client.{os.getpid()}.jinja")
    with open(path, "w") as file:
        file.write(template)
    arguments = ["serve-model", "--model", model, "--port", "0", "--api-key-env", "SERVED_KEY", "--for", "10m"]
    server = subprocess.Popen([binary, *arguments, "--chat-template", path], stderr=subprocess.PIPE, text=True, env=env)
    try:
        url = next(found.group() for line in server.stderr if (found := re.search(r"http://\S+", line)))
        check(openai.OpenAI(base_url=url, api_key="sesame", timeout=LIMIT, max_retries=0))
        try:
            openai.OpenAI(base_url=url, api_key="wrong", timeout=LIMIT, max_retries=0).models.list()
            raise AssertionError("a wrong key was let in")
        except openai.AuthenticationError:
            pass
    finally:
        server.terminate()
        code = server.wait(60)
        os.unlink(path)
    assert code == 0, code
    print("openai", openai.__version__, "and serve-model understand each other")


def check(client: openai.OpenAI) -> None:
    name = client.models.list().data[0].id
    ask = dict(model=name, prompt="theorem add_comm", max_tokens=24, seed=5, n=2)
    whole = client.completions.create(**ask)
    assert len(whole.choices) == 2 and whole.usage.completion_tokens <= 48, whole
    pieces = ["", ""]
    for piece in client.completions.create(**ask, stream=True):
        for choice in piece.choices:
            pieces[choice.index] += choice.text
    assert pieces == [choice.text for choice in whole.choices], (pieces, whole)
    chat = dict(model=name, messages=[{"role": "user", "content": "Say yes."}], max_tokens=12, temperature=0)
    answer = client.chat.completions.create(**chat).choices[0]
    text, usage = "", None
    for piece in client.chat.completions.create(**chat, stream=True, stream_options={"include_usage": True}):
        text += "".join(choice.delta.content or "" for choice in piece.choices)
        usage = piece.usage or usage
    assert (answer.message.content, answer.message.role) == (text, "assistant"), (answer, text)
    assert usage.completion_tokens <= 12 and answer.finish_reason in ("stop", "length"), usage
    for wrong, error in [(dict(model="gpt-4"), openai.NotFoundError), (dict(logprobs=1), openai.BadRequestError)]:
        try:
            client.completions.create(**{**ask, **wrong})
            raise AssertionError(f"{wrong} was answered")
        except error as refused:
            assert refused.body["message"], refused


if __name__ == "__main__":
    main(*sys.argv[1:])
