"""Times distillation beside likelihood: the same examples through `afcheck finetune` with either objective, taking turns.

usage: distill.py AFCHECK [ROUNDS] [TOKENS] [CONDITION ...]

Gemma 3 270M learns from itself, an adapter of rank 8 on query, key, value and output in both; no looks at a development set. What a
run reports is in its card: tokens a second from the first step to the last, and the peak of resident memory, in which the teacher's
own weights are 1.07 GB. A table of medians and of the ratios within rounds goes to standard output."""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

MODEL = "gemma-3-270m"
KINDS = {
    "likelihood": [],
    "distillation": ["--objective", "distillation", "--teacher", MODEL, "--temperature", "2", "--hard-weight", "0.5"],
}


def run(afcheck, kind, condition, tokens):
    with tempfile.TemporaryDirectory() as out:
        own = ["--model", MODEL, "--data", condition, "--dev", "", "--tokens", str(tokens), "--learning-rate", "1e-4"]
        subprocess.run([afcheck, "finetune", "--quiet", "--out", out, *own, *KINDS[kind]], check=True, stdout=subprocess.DEVNULL)
        card = json.loads((pathlib.Path(out) / "card.json").read_text())
    return card["tokens_per_second"], card["peak_memory_bytes"] / 1e9


def main():
    afcheck, rounds, tokens = sys.argv[1], int((sys.argv[2:3] or ["5"])[0]), int((sys.argv[3:4] or ["3000"])[0])
    print("| data | objective | tokens/s (range) | of likelihood (range) | peak memory |\n|---|---|---|---|---|")
    for condition in sys.argv[4:] or ["aligned:afcore:train"]:
        found = {kind: [] for kind in KINDS}
        for _ in range(rounds):
            for kind in KINDS:
                found[kind].append(run(afcheck, kind, condition, tokens))
        for kind, runs in found.items():
            rates = [rate for rate, _ in runs]
            shares = [rate / other for rate, (other, _) in zip(rates, found["likelihood"])]
            peak = max(peak for _, peak in runs)
            print(
                f"| {condition} | {kind} | {statistics.median(rates):.0f} ({min(rates):.0f} to {max(rates):.0f}) "
                f"| {statistics.median(shares):.2f} ({min(shares):.2f} to {max(shares):.2f}) | {peak:.2f} GB |",
                flush=True,
            )


main()
