"""Times task embeddings (Task2Vec) with Gemma 3 270M: afcheck against PyTorch + transformers, taking turns.

usage: task2vec.py AFCHECK MODEL.gguf HF_PYTHON [ROUNDS] [TEXTS EPOCHS DRAWS]

Both sides embed one batch of the same 16 texts of 64 tokens: the head, a copy of the embedding, is tuned by AdamW (two steps an
epoch), then squares of gradients, of every text by itself, are averaged over draws, texts and rows. PyTorch does what public code
does, with autograd: the whole network in every step of the tuning, a backward pass for every draw of every text. Its numbers are
compared with ours. HF_PYTHON has torch 2.8, transformers 4.57, gguf, and what tests/reference/ml/gemma.py needs. Two threads, 32-bit
numbers. Times are without reading the model. A table of medians and of the ratios within rounds goes to standard output."""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
THREADS, TOKENS, MINIBATCH = 2, 64, 8

HF = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import gguf, torch, gemma
import torch.nn.functional as F
texts, epochs, draws, batch = json.loads(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]), int(sys.argv[6])
torch.set_num_threads(int(sys.argv[7]))
model = gemma.network(gguf.GGUFReader(sys.argv[2]), "sdpa").eval()
texts = [torch.tensor([t]) for t in texts]
start = time.monotonic()
head = torch.nn.Parameter(model.lm_head.weight.detach().clone())
model.lm_head.weight = head
for p in model.parameters(): p.requires_grad_(False)
head.requires_grad_(True)
optimizer = torch.optim.AdamW([head], lr=5e-5, eps=1e-8, weight_decay=1e-4)
for _ in range(epochs):
    for at in range(0, len(texts), batch):
        chunk = torch.cat(texts[at:at + batch])
        logits = model(chunk, use_cache=False).logits[:, :-1]
        loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), chunk[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
tuned = time.monotonic()
optimizer = None
head.grad = None
head.requires_grad_(False)
read = {n: p for n, p in model.named_parameters() if p is not head and p.dim() >= 1}
for p in read.values(): p.requires_grad_(True)
sums = {n: torch.zeros(p.shape[0]) for n, p in read.items()}
generator = torch.Generator().manual_seed(1)
for text in texts:
    for _ in range(draws):
        logits = model(text, use_cache=False).logits[0]
        drawn = torch.multinomial(torch.softmax(logits.detach(), -1), 1, generator=generator)[:, 0]
        F.cross_entropy(logits, drawn).backward()
        for n, p in read.items():
            if p.grad is not None:
                s = p.grad ** 2
                sums[n] += s.mean(1) if s.dim() > 1 else s
                p.grad = None
end = time.monotonic()
peak = int([l for l in open("/proc/self/status") if l.startswith("VmHWM")][0].split()[1]) / 1e6
total = sum(float(s.sum()) for n, s in sums.items() if "embed" not in n) / draws / len(texts)
print(json.dumps({"seconds": end - start, "tuning_s": tuned - start, "peak_gb": peak, "loss": loss.item(), "sum": total}))
"""


def ours(afcheck, model, texts, epochs, draws):
    with tempfile.TemporaryDirectory() as directory:
        data = pathlib.Path(directory) / "texts.json"
        data.write_text(json.dumps(texts))
        command = [afcheck, "model", "bench", model, "--quiet", "--embed", data, "--head-epochs", epochs, "--draws", draws]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=PATHS | {"RAYON_NUM_THREADS": str(THREADS)})
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def theirs(python, model, texts, epochs, draws):
    command = [python, "-c", HF, ROOT / "tests/reference/ml", model, json.dumps(texts), epochs, draws, MINIBATCH, THREADS]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main(afcheck, model, python, rounds=5, count=16, epochs=4, draws=4):
    # Words of which some repeat, as in a language.
    texts = [[2] + [1000 + (i * i * 7 + b * 31) % 400 * 50 for i in range(TOKENS - 1)] for b in range(int(count))]
    runs = []
    for _ in range(int(rounds)):
        runs.append((ours(afcheck, model, texts, epochs, draws), theirs(python, model, texts, epochs, draws)))
        print(runs[-1], file=sys.stderr, flush=True)
    median = lambda side, key: statistics.median(run[side][key] for run in runs)
    ratios = [theirs["seconds"] / ours["seconds"] for ours, theirs in runs]
    print("| a batch of 16 texts | afcheck | PyTorch | ratio | peak memory |")
    print("|---|---|---|---|---|")
    print(f"| {epochs} epochs of tuning, {draws} draws | {median(0, 'seconds'):.1f} s (tuning {median(0, 'tuning_s'):.1f} s) | "
          f"{median(1, 'seconds'):.1f} s ({median(1, 'tuning_s'):.1f} s) | {statistics.median(ratios):.2f} "
          f"({min(ratios):.2f} to {max(ratios):.2f}) | {median(0, 'peak_gb'):.2f} and {median(1, 'peak_gb'):.2f} GB |")
    print(f"| last loss of the tuning; sum of the diagonal's rows | {median(0, 'loss'):.4f}; {median(0, 'sum'):.4g} | "
          f"{median(1, 'loss'):.4f}; {median(1, 'sum'):.4g} | | |")


if __name__ == "__main__":
    import os
    PATHS = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "AFCHECK_CACHE")}
    main(*sys.argv[1:])
