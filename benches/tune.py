"""Times fine-tuning of Gemma 3 270M: afcheck against PyTorch + transformers + peft, taking turns.

usage: tune.py AFCHECK MODEL.gguf HF_PYTHON [ROUNDS] [lora|full ...]

HF_PYTHON has torch 2.8, transformers 4.57, peft, gguf and what tests/reference/ml/gemma.py needs. Both sides train on the same
tokens: 4 examples of 128 tokens a step, of which the last 64 are targets (`half`) or all (`all`), two threads, 32-bit numbers.
PyTorch runs twice: as transformers computes the loss of `labels`, and at its best, with the head on target rows only; no padding
in either. A table of medians and of the ratios within rounds goes to standard
output. `afcheck model bench` makes our side."""

import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
THREADS, STEPS = 2, 5

HF = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import gguf, torch, gemma
method, targets, steps, best = sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), sys.argv[7] == "best"
torch.set_num_threads(int(sys.argv[6]))
model = gemma.network(gguf.GGUFReader(sys.argv[2]), "sdpa")
if method == "lora":
    from peft import LoraConfig, get_peft_model
    adapted = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"]))
model.train()
B, T = 4, 128
ids = torch.tensor([[(i * 7919 + 13 + b * 101) % 262144 for i in range(T + 1)] for b in range(B)])
x, y = ids[:, :-1], ids[:, 1:].clone()
y[:, :T - targets] = -100
keep = (y >= 0).reshape(-1)
# transformers shifts labels itself; the last position has none to predict.
labels = torch.cat([torch.full((B, 1), -100), y[:, :-1]], 1)
optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4)
seconds = []
for _ in range(steps + 1):
    start = time.monotonic()
    if best:
        hidden = model.model(x, use_cache=False).last_hidden_state.reshape(B * T, -1)[keep]
        loss = torch.nn.functional.cross_entropy(model.lm_head(hidden), y.reshape(-1)[keep])
    else:
        loss = (adapted if method == "lora" else model)(x, labels=labels, use_cache=False).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
    optimizer.step()
    optimizer.zero_grad()
    seconds.append(time.monotonic() - start)
peak = int([l for l in open("/proc/self/status") if l.startswith("VmHWM")][0].split()[1]) / 1e6
print(json.dumps({"tokens_per_s": B * T / sorted(seconds[1:])[steps // 2], "peak_gb": peak, "first_loss": loss.item()}))
"""


def ours(afcheck, model, method, targets):
    command = [afcheck, "model", "bench", model, "--quiet", "--train", method, "--targets", str(targets), "--runs", str(STEPS)]
    done = subprocess.run(command, capture_output=True, text=True, env=PATHS | {"RAYON_NUM_THREADS": str(THREADS)})
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def theirs(python, model, method, targets, how):
    command = [python, "-c", HF, ROOT / "tests/reference/ml", model, method, targets, STEPS, THREADS, how]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main(afcheck, model, python, rounds=5, *methods):
    print("| fine-tuning, 4 x 128 tokens | afcheck | transformers, `labels` | ratio | PyTorch, head on target rows | ratio | peak memory |")
    print("|---|---|---|---|---|---|---|")
    for method in methods or ("lora", "full"):
        for targets in (128, 64):
            runs = []
            for _ in range(int(rounds)):
                runs.append([ours(afcheck, model, method, targets)])
                runs[-1] += [theirs(python, model, method, targets, how) for how in ("labels", "best")]
                print(f"{method} {targets}: {runs[-1]}", file=sys.stderr, flush=True)
            rates = [statistics.median(run[i]["tokens_per_s"] for run in runs) for i in range(3)]
            peaks = [statistics.median(run[i]["peak_gb"] for run in runs) for i in range(3)]

            def ratio(i):
                found = [run[0]["tokens_per_s"] / run[i]["tokens_per_s"] for run in runs]
                return f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"

            print(f"| {method}, {targets} of 128 are targets | {rates[0]:.0f} tokens/s | {rates[1]:.0f} tokens/s | {ratio(1)} | "
                  f"{rates[2]:.0f} tokens/s | {ratio(2)} | {peaks[0]:.2f}, {peaks[1]:.2f} and {peaks[2]:.2f} GB |", flush=True)


if __name__ == "__main__":
    import os
    PATHS = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "AFCHECK_CACHE")}
    main(*sys.argv[1:])
