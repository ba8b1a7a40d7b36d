#!/usr/bin/env python3
"""Makes fisher.json: diagonals of the Fisher information by torch's autograd, averaged over rows, of tiny models of families.py
(same rule for the weights; a tied head becomes a matrix of its own with the same numbers first).

`texts` are three texts of token ids by the rule's uniform numbers ("fisher text I", 5, 7 and 6 tokens), `labels` a word for every
token ("fisher labels I"). Of each model:
`minibatches`: squared gradients of the token mean cross entropy of `labels`, texts 0 and 1 together and text 2, mean of the two;
`per_example`: of each text by itself, mean of the three;
`exact`: per_example with the expectation over labels drawn from the model: for every text of T tokens the sum over tokens t and
words y of p(y | t) g(t, y)^2 / T^2, g being the gradient of -log p(y | t) (crossed terms have the mean zero).
Each maps a parameter, as afcheck's Parameter prints, to its rows: outputs of linear maps (of GPT-2's Conv1D the columns), tokens,
positions, numbers of a norm. Biases and the head are left out. Needs torch 2.8.0, transformers 4.57.6, safetensors.

usage: fisher.py > fisher.json"""
import json
import numpy as np, torch
import families
from families import uniform
from transformers import AutoConfig, AutoModelForCausalLM

NAMES = ["llama_llama3", "gemma3_text", "gpt2"]
LENGTHS = [5, 7, 6]
MAPS = {
    "self_attn.q_proj": "Query", "self_attn.k_proj": "Key", "self_attn.v_proj": "Value", "self_attn.o_proj": "Output",
    "mlp.gate_proj": "Gate", "mlp.up_proj": "Up", "mlp.down_proj": "Down", "input_layernorm": "AttentionNorm",
    "self_attn.q_norm": "QueryNorm", "self_attn.k_norm": "KeyNorm", "pre_feedforward_layernorm": "MlpNorm",
    "post_feedforward_layernorm": "MlpPostNorm", "attn.c_proj": "Output", "mlp.c_fc": "Up", "mlp.c_proj": "Down",
    "ln_1": "AttentionNorm", "ln_2": "MlpNorm",
}


def words(name, n):
    return [int(u * families.VOCABULARY) for u in uniform(name, n)]


def network(name):
    kind, options = families.MODELS[name]
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **options), attn_implementation="eager").float().eval()
    _, shapes, _ = families.saved(model)
    state = model.state_dict()
    for tensor, shape in shapes.items():
        state[tensor].copy_(families.values(tensor, shape, plain=kind == "gemma3_text"))
    model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach().clone())
    return model, kind


def rows(name, square, kind):
    """The parameters of a tensor and the means over their rows."""
    part = name.split(".")
    if name.endswith(".bias") or part[0] == "lm_head":
        return {}
    if part[-2] in ("embed_tokens", "wte"):
        return {"Part(Embedding)": square.mean(1)}
    if part[-2] == "wpe":
        return {"Part(Positions)": square.mean(1)}
    if part[-2] in ("norm", "ln_f"):
        return {"Part(FinalNorm)": square}
    layer, own = part[2], ".".join(part[3:-1])
    if own == "attn.c_attn":
        means = square.mean(0)
        return {f"Part(Layer({layer}, {p}))": m for p, m in zip(("Query", "Key", "Value"), means.chunk(3))}
    if own == "post_attention_layernorm":
        to = "AttentionPostNorm" if kind == "gemma3_text" else "MlpNorm"
    else:
        to = MAPS[own]
    if square.dim() == 1:
        return {f"Part(Layer({layer}, {to}))": square}
    return {f"Part(Layer({layer}, {to}))": square.mean(0 if own in ("attn.c_proj", "mlp.c_fc", "mlp.c_proj") else 1)}


def squares(model, loss):
    model.zero_grad()
    loss.backward(retain_graph=True)
    return {n: p.grad.double() ** 2 for n, p in model.named_parameters() if p.grad is not None}


def mean(parts, kind):
    found = {}
    for name in parts[0]:
        for key, value in rows(name, sum(p[name] for p in parts) / len(parts), kind).items():
            found[key] = [float(f"{x:.7g}") for x in value.tolist()]
    return found


def main():
    texts = [words(f"fisher text {i}", n) for i, n in enumerate(LENGTHS)]
    labels = [words(f"fisher labels {i}", n) for i, n in enumerate(LENGTHS)]
    entropy = torch.nn.functional.cross_entropy
    models = []
    for name in NAMES:
        model, kind = network(name)
        of = lambda i: model(torch.tensor([texts[i]]), use_cache=False).logits[0]
        goal = lambda i: torch.tensor(labels[i])
        batches = [(0, 1), (2,)]
        mini = [squares(model, entropy(torch.cat([of(i) for i in b]), torch.cat([goal(i) for i in b]))) for b in batches]
        each = [squares(model, entropy(of(i), goal(i))) for i in range(3)]
        exact = []
        for i in range(3):
            logits, total = of(i), None
            p = torch.softmax(logits.double(), 1).detach()
            for t in range(len(texts[i])):
                for y in range(families.VOCABULARY):
                    g = squares(model, entropy(logits[t:t + 1], torch.tensor([y])))
                    scaled = {n: p[t, y] * s / len(texts[i]) ** 2 for n, s in g.items()}
                    total = scaled if total is None else {n: total[n] + s for n, s in scaled.items()}
            exact.append(total)
        models.append({"name": name, "minibatches": mean(mini, kind), "per_example": mean(each, kind), "exact": mean(exact, kind)})
    print(json.dumps({"texts": texts, "labels": labels, "models": models}))


if __name__ == "__main__":
    main()
