#!/usr/bin/env python3
"""Makes task2vec.json: whole task embeddings by torch, of a batch of three texts ("fisher text I" of fisher.py), on tiny models of
families.py. Head tuning: AdamW (lr 5e-3, eps 1e-8, weight decay 1e-4), all texts in a step, four steps, token mean over what
follows. Then the Fisher diagonal, averaged over rows of weights, parameter after parameter in afcheck's order.

`default`: the head is a copy of the embedding and tuned alone; of every text by itself, for two draws of a word behind every token,
gradients of its loss over the mean length of the texts are squared; mean over draws and texts.
`beyond_scale` (gpt2): by the public formula of Lee et al. 2023: the tied matrix is tuned as head and embedding; a word is drawn
behind every token, logits at t are scored against the draw at t + 1, gradients of the token mean of all texts together are squared,
and a row of a Conv1D is an input.
Draws: the first word at which the running sum of probabilities (from float32 logits, in float64) exceeds a uniform number of
xoshiro256++ seeded by splitmix64 from SEED ^ 0x9e3779b97f4a7c15 (afcheck's metrics::Random), one for every token of all texts, draw
after draw. Needs torch 2.8.0, transformers 4.57.6, safetensors.

usage: task2vec.py > task2vec.json"""
import json
import torch
import families, fisher
from fisher import LENGTHS, rows, words
from transformers import AutoConfig, AutoModelForCausalLM

SEED, MASK = 7, (1 << 64) - 1
ORDER = ["AttentionNorm", "AttentionPostNorm", "Query", "Key", "Value", "QueryNorm", "KeyNorm", "Output", "MlpNorm", "MlpPostNorm",
         "Gate", "Up", "Down"]


def unit(seed):
    state = []
    for _ in range(4):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = (seed ^ seed >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        state.append(z ^ z >> 31)
    turn = lambda x, n: (x << n | x >> 64 - n) & MASK
    while True:
        s = state
        result = (turn((s[0] + s[3]) & MASK, 23) + s[0]) & MASK
        t = s[1] << 17 & MASK
        s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = turn(s[3], 45)
        yield (result >> 11) / 2**53


def draw(logits, numbers):
    sums = torch.softmax(logits.detach(), 1).double().cumsum(1)
    return torch.tensor([int((row > next(numbers)).nonzero()[0]) for row in sums])


def tune(model, texts, parameter):
    entropy = torch.nn.functional.cross_entropy
    optimizer = torch.optim.AdamW([parameter], lr=5e-3, eps=1e-8, weight_decay=1e-4)
    for _ in range(4):
        optimizer.zero_grad()
        each = [(model(torch.tensor([t]), use_cache=False).logits[0, :-1], torch.tensor(t[1:])) for t in texts]
        entropy(torch.cat([l for l, _ in each]), torch.cat([y for _, y in each])).backward()
        optimizer.step()
    model.zero_grad()


def flat(found):
    def place(name):
        inner = name[len("Part("):-1]
        if not inner.startswith("Layer"):
            return ({"Embedding": 0, "Positions": 1, "FinalNorm": 3}[inner], 0, 0) if inner != "Positions" else (1, 0, 0)
        at, part = inner[len("Layer("):-1].split(", ")
        return (9, int(at), ORDER.index(part))
    return {name: [float(f"{x:.7g}") for x in found[name].tolist()] for name in sorted(found, key=place)}


def default(name, texts):
    model, kind = fisher.network(name)
    tune(model, texts, model.lm_head.weight)
    numbers = unit(SEED ^ 0x9E3779B97F4A7C15)
    total, draws = None, 2
    for _ in range(draws):
        for text in texts:
            logits = model(torch.tensor([text]), use_cache=False).logits[0]
            loss = torch.nn.functional.cross_entropy(logits, draw(logits, numbers), reduction="sum") / (sum(LENGTHS) / len(LENGTHS))
            squares = fisher.squares(model, loss)
            total = squares if total is None else {n: total[n] + s for n, s in squares.items()}
    found = {}
    for n, s in total.items():
        found.update(rows(n, s / (draws * len(texts)), kind))
    return flat(found)


def beyond_scale(name, texts):
    kind, options = families.MODELS[name]
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **options), attn_implementation="eager").float().eval()
    _, shapes, _ = families.saved(model)
    state = model.state_dict()
    for tensor, shape in shapes.items():
        state[tensor].copy_(families.values(tensor, shape, plain=False))
    assert model.lm_head.weight is model.transformer.wte.weight
    tune(model, texts, model.lm_head.weight)
    numbers = unit(SEED ^ 0x9E3779B97F4A7C15)
    pairs = []
    for text in texts:
        logits = model(torch.tensor([text]), use_cache=False).logits[0]
        pairs.append((logits[:-1], draw(logits, numbers)[1:]))
    loss = torch.nn.functional.cross_entropy(torch.cat([l for l, _ in pairs]), torch.cat([y for _, y in pairs]))
    found = {}
    for n, s in fisher.squares(model, loss).items():
        part = n.split(".")
        own = ".".join(part[3:-1])
        if n.endswith(".weight") and own == "attn.c_attn":
            found[f"Part(Layer({part[2]}, Query))"] = s.mean(1)
        elif n.endswith(".weight") and own in ("attn.c_proj", "mlp.c_fc", "mlp.c_proj"):
            found[f"Part(Layer({part[2]}, {fisher.MAPS[own]}))"] = s.mean(1)
        else:
            found.update(rows(n, s, kind))
    return flat(found)


def main():
    texts = [words(f"fisher text {i}", n) for i, n in enumerate(LENGTHS)]
    models = [{"name": name, "default": default(name, texts)} for name in fisher.NAMES]
    models[-1]["beyond_scale"] = beyond_scale("gpt2", texts)
    print(json.dumps({"texts": texts, "seed": SEED, "models": models}))


if __name__ == "__main__":
    main()
