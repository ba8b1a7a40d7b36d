"""Times Gemma 3 270M: afcheck against llama.cpp (prompts, tokens one by one, start) and against transformers (losses).

usage: lm.py AFCHECK MODEL.gguf LLAMA_PYTHON [HF_PYTHON] [ROUNDS]

LLAMA_PYTHON has cyllama 0.2.18, HF_PYTHON what tests/reference/ml/gemma.py needs. The programs take turns, each a process of
its own with two threads; a table of medians and of the ratios within rounds goes to standard output."""

import json
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
THREADS, PROMPT, TOKENS, PROBLEMS = 2, 512, 128, 50

LLAMA = """
import json, sys, time
begun = time.monotonic()
import cyllama.llama.llama_cpp as llama
path, threads, prompt, tokens = sys.argv[1], *map(int, sys.argv[2:5])
begun = time.monotonic()
params = llama.LlamaModelParams()
params.n_gpu_layers = 0
model = llama.LlamaModel(path, params)
params = llama.LlamaContextParams()
params.n_ctx = params.n_batch = params.n_ubatch = max(prompt, tokens)
params.n_threads = params.n_threads_batch = threads
context = llama.LlamaContext(model, params)
ids = [(i * 7919 + 13) % 262144 for i in range(prompt)]

def run(tokens, at):
    batch = llama.LlamaBatch(n_tokens=len(tokens), embd=0, n_seq_max=1)
    batch.set_batch(tokens, at, False)
    batch.set_last_logits_to_true()
    # The choice of a token is left out: cyllama cannot say where the scores are.
    context.decode(batch)
    context.synchronize()

run(model.get_vocab().tokenize("theorem add_comm (a b : Nat) : ", True, True), 0)
out = {"first_token_s": time.monotonic() - begun}
def timed(of):
    rates = []
    for _ in range(5):
        context.kv_cache_clear(True)
        start = time.monotonic()
        rates.append(of() / (time.monotonic() - start))
    return sorted(rates)[2]
out["prefill_tokens_per_s"] = timed(lambda: (run(ids, 0), prompt)[1])
out["decode_tokens_per_s"] = timed(lambda: ([run(ids[i:i + 1], i) for i in range(tokens)], tokens)[1])
print(json.dumps(out))
"""

HF = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import gguf, torch, gemma
torch.set_num_threads(int(sys.argv[3]))
reader = gguf.GGUFReader(sys.argv[2])
rows = list(gemma.problems(gemma.Encoder(reader), int(sys.argv[4])))
model = gemma.network(reader, "sdpa")
def batched(rows):
    # Padded on the right: causal attention never looks there. The head runs on the targets' rows only.
    longest = max(len(ids) for _, ids, _ in rows)
    ids = torch.tensor([ids + [0] * (longest - len(ids)) for _, ids, _ in rows])
    hidden = model.model(ids, use_cache=False).last_hidden_state
    states = torch.cat([h[len(ids) - k - 1:len(ids) - 1] for h, (_, ids, k) in zip(hidden, rows)])
    targets = torch.tensor([t for _, ids, k in rows for t in ids[-k:]])
    return torch.nn.functional.cross_entropy(model.lm_head(states), targets, reduction="sum").item()
out = {}
count = sum(len(ids) for _, ids, _ in rows)
with torch.no_grad():
    for size in (1, 8):
        order = sorted(rows, key=lambda row: len(row[1]))
        batched(order[:size])
        start = time.monotonic()
        total = sum(batched(order[i:i + size]) for i in range(0, len(order), size))
        out[f"loss_tokens_per_s_{size}"] = count / (time.monotonic() - start)
out["corpus_loss"] = total / sum(k for *_, k in rows)
out["peak_gb"] = int([l for l in open("/proc/self/status") if l.startswith("VmHWM")][0].split()[1]) / 1e6
print(json.dumps(out))
"""


def of_afcheck(afcheck, model):
    command = [afcheck, "model", "bench", model, "--prompt", str(PROMPT), "--tokens", str(TOKENS), "--quiet"]
    environment = {"RAYON_NUM_THREADS": str(THREADS)}
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=environment | PATHS).stdout)
    command = [afcheck, "loss", "--model", model, "--data", "afcore", "--limit", str(PROBLEMS)]
    time_it = [sys.executable, "-c", "import resource, subprocess, sys\n"
               "done = subprocess.run(sys.argv[1:], capture_output=True, text=True, check=True)\n"
               "print(done.stderr, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"]
    done = subprocess.run(time_it + command, capture_output=True, text=True, check=True, env=environment | PATHS).stdout
    found["loss_tokens_per_s"] = float(re.search(r"throughput +(\d+)", done)[1])
    found["peak_gb"] = int(done.split()[-1]) / 1e6
    return found


def of_python(python, program, *args):
    done = subprocess.run([python, "-c", program, *map(str, args)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def row(name, ours, theirs, unit):
    ratios = [a / b for a, b in zip(ours, theirs)]
    shown = [f"{statistics.median(x):.{1 if unit == 'tokens/s' else 2}f} {unit}" for x in (ours, theirs)]
    print(f"| {name} | {shown[0]} | {shown[1]} | {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |", flush=True)


def main(afcheck, model, llama_python, hf_python=None, rounds=5):
    ours, llama, hf = [], [], []
    for i in range(int(rounds)):
        ours.append(of_afcheck(afcheck, model))
        llama.append(of_python(llama_python, LLAMA, model, THREADS, PROMPT, TOKENS))
        if hf_python:
            hf.append(of_python(hf_python, HF, ROOT / "tests/reference/ml", model, THREADS, PROBLEMS))
        print(f"round {i + 1}: {ours[-1]} {llama[-1]} {hf[-1:]}", file=sys.stderr, flush=True)
    column = lambda rows, key: [r[key] for r in rows]
    print("| Measure | afcheck | the other | ratio within rounds, median (range) |\n|---|---|---|---|")
    for name, key in [(f"prompt of {PROMPT} tokens, llama.cpp", "prefill_tokens_per_s"),
                      (f"{TOKENS} tokens one by one, llama.cpp", "decode_tokens_per_s")]:
        row(name, column(ours, key), column(llama, key), "tokens/s")
    row("start to first token, llama.cpp", column(ours, "first_token_s"), column(llama, "first_token_s"), "s")
    for size in (1, 8) if hf else ():
        key = f"loss_tokens_per_s_{size}"
        row(f"losses of {PROBLEMS} problems, transformers, {size} at a time", column(ours, "loss_tokens_per_s"), column(hf, key), "tokens/s")
    if hf:
        row("peak memory of losses, transformers", column(ours, "peak_gb"), column(hf, "peak_gb"), "GB")


if __name__ == "__main__":
    import os
    PATHS = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "AFCHECK_CACHE")}
    main(*sys.argv[1:])
