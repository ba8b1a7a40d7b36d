#!/usr/bin/env python3
"""Makes families.json: what the decoders of transformers 4.57 and torch 2.8 compute (CPU, float32, eager attention,
evaluation mode) on tiny models of every family. No weights are stored, because both sides make them by this rule:

For a tensor of the name NAME, as save_pretrained writes it, with its elements counted from 0 in row-major order:
  state = FNV-1a, 64 bits, of NAME's UTF-8 bytes (offset 0xcbf29ce484222325, prime 0x100000001b3)
  element i takes the (i + 1)-th output of splitmix64, all modulo 2^64:
    z = state + (i + 1) * 0x9E3779B97F4A7C15
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;  z = (z ^ z >> 27) * 0x94D049BB133111EB;  z = z ^ z >> 31
  u = (z >> 40) / 2^24, and value = (u - 0.5) * 0.4
  A norm's weight is 1 + value: a tensor of one dimension whose name ends in one of NORMS below (here, every `.weight` of
  one dimension). Gemma 3 adds the 1 itself, so that its files hold the plain value.
  Double precision, rounded once, at the end, to float32.
Tied tensors are one tensor, under the embedding's name. Token ids: floor(u * 96) for NAME = "ids".

Of each model: `config` and `tensors` (name to shape) are those of the files save_pretrained writes; `logits` of all
positions of `ids`; `loss`, the mean cross entropy of ids[1:] in nats; `greedy`, the 12 tokens that follow ids[:5] by
argmax, end-of-text tokens not special; `margin`, the least difference between the best two logits on that way.
`rule` holds the first four values of some tensors. Needs torch 2.8.0, transformers 4.57.6, safetensors.

usage: families.py > families.json"""
import json, os, tempfile
import numpy as np, torch, transformers
from safetensors import safe_open
from transformers import AutoConfig, AutoModelForCausalLM

torch.set_num_threads(2)
VOCABULARY, WIDTH, LAYERS, HEADS, KV_HEADS, FF, CONTEXT = 96, 32, 3, 4, 2, 48, 64
NORMS = ("norm.weight", "ln_1.weight", "ln_2.weight", "ln_f.weight", "ln_attn.weight", "ln_mlp.weight")
MASK = (1 << 64) - 1


def uniform(name, n):
    """n numbers in [0, 1), multiples of 2^-24."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 & MASK
    z = np.uint64(state) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    z = z ^ z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) / 2**24


def values(name, shape, plain):
    value = (uniform(name, int(np.prod(shape))) - 0.5) * 0.4
    if len(shape) == 1 and not plain:
        assert name.endswith(NORMS) == name.endswith(".weight"), name
        value += 1.0 if name.endswith(NORMS) else 0.0
    return torch.from_numpy(value.astype(np.float32).reshape(shape))


def digits(x):
    """Nine significant digits, which are enough for every float32."""
    return float(f"{x:.9g}")


# So that each case of llama3 scaling occurs: with base 100 and heads of 8 the four wavelengths are 6.3, 19.9, 62.8 and 198.7;
# from 32 positions, below 8 is kept, above 32 divided, and 19.9 blended.
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 32}
COMMON = dict(vocab_size=VOCABULARY, hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
              max_position_embeddings=CONTEXT, bos_token_id=1, eos_token_id=2)
LLAMA = dict(COMMON, num_key_value_heads=KV_HEADS, intermediate_size=FF)
GEMMA = dict(LLAMA, head_dim=16, query_pre_attn_scalar=12, sliding_window=6, pad_token_id=0,
             layer_types=["sliding_attention", "full_attention", "sliding_attention"])
FALCON = dict(COMMON, ffn_hidden_size=FF, parallel_attn=True, alibi=False, bias=False)
MODELS = {
    "gemma3_text": ("gemma3_text", GEMMA),
    "gemma3_text_scaled": ("gemma3_text", dict(GEMMA, rope_scaling={"rope_type": "linear", "factor": 8.0})),
    "llama_llama3": ("llama", dict(LLAMA, rope_theta=100.0, rope_scaling=LLAMA3, rms_norm_eps=1e-5)),
    "llama_tied_linear": ("llama", dict(LLAMA, tie_word_embeddings=True, rope_scaling={"rope_type": "linear", "factor": 4.0})),
    "mistral": ("mistral", dict(LLAMA, sliding_window=5)),
    "qwen2": ("qwen2", dict(LLAMA, use_sliding_window=False)),
    "qwen3": ("qwen3", dict(LLAMA, head_dim=16, tie_word_embeddings=True)),
    "gpt2": ("gpt2", dict(vocab_size=VOCABULARY, n_embd=WIDTH, n_layer=LAYERS, n_head=HEADS, n_inner=FF, n_positions=CONTEXT,
                          bos_token_id=1, eos_token_id=2)),
    "phi": ("phi", dict(LLAMA, partial_rotary_factor=0.5)),
    "falcon_7b": ("falcon", dict(FALCON, multi_query=True, new_decoder_architecture=False)),
    "falcon_new": ("falcon", dict(FALCON, num_kv_heads=KV_HEADS, new_decoder_architecture=True, tie_word_embeddings=False)),
}


def saved(model):
    """config.json and the shapes of model.safetensors, as save_pretrained writes them."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        with open(os.path.join(folder, "config.json")) as file:
            config = json.load(file)
        with safe_open(os.path.join(folder, "model.safetensors"), "pt") as file:
            shapes = {name: file.get_slice(name).get_shape() for name in sorted(file.keys())}
        again = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager").eval()
    del config["transformers_version"]
    return config, shapes, again


def logits(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids]), use_cache=False).logits[0]


def greedy(model, ids, n):
    """The continuation, and its least margin; every step a whole forward pass, so that no cache takes part."""
    ids, start, margin = list(ids), len(ids), float("inf")
    for _ in range(n):
        best = logits(model, ids)[-1].topk(2)
        margin = min(margin, (best.values[0] - best.values[1]).item())
        ids.append(best.indices[0].item())
    return ids[start:], margin


def reference(name, kind, options):
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **options), attn_implementation="eager").float().eval()
    _, shapes, _ = saved(model)
    state = model.state_dict()
    for tensor, shape in shapes.items():
        state[tensor].copy_(values(tensor, shape, plain=kind == "gemma3_text"))
    left = {t for t in state if t not in shapes}
    assert left <= {"lm_head.weight"}, (name, left)  # tied: shares the memory of the embedding
    config, shapes, again = saved(model)
    out = logits(model, IDS)
    assert torch.equal(out, logits(again, IDS)), name  # what the file holds is the whole model
    continuation, margin = greedy(model, IDS[:5], 12)
    assert margin > 1e-3, (name, margin)
    loss = torch.nn.functional.cross_entropy(out[:-1].double(), torch.tensor(IDS[1:])).item()
    return {"name": name, "config": config, "tensors": shapes, "ids": IDS, "loss": digits(loss), "greedy": continuation,
            "margin": digits(margin), "logits": [[digits(x) for x in row] for row in out.tolist()]}


IDS = [int(u * VOCABULARY) for u in uniform("ids", 24)]
if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    rule = {name: [digits(x) for x in values(name, shape, False).flatten()[:4].tolist()]
            for name, shape in [("model.embed_tokens.weight", [VOCABULARY, WIDTH]), ("model.norm.weight", [WIDTH]),
                                ("model.layers.0.self_attn.q_proj.bias", [WIDTH])]}
    print('{"made_by": ' + json.dumps(f"torch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}"))
    print(',"rule": ' + json.dumps(rule))
    for i, (name, (kind, options)) in enumerate(MODELS.items()):
        model = reference(name, kind, options)
        rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in model.pop("logits"))
        print((',"models": [\n' if i == 0 else ",\n") + json.dumps(model)[:-1] + ', "logits": [\n' + rows + "]}", end="")
    print("]}")
