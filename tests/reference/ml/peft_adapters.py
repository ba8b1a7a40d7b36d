#!/usr/bin/env python3
"""Makes peft_adapters.json: what peft computes with LoRA adapters on the tiny models of families.py (same rule for all
numbers; the names of an adapter's tensors are those of the file that save_pretrained of peft writes).

Of each case: the `model` of families.json, `config` (adapter_config.json as peft writes it), `tensors` (name to shape) and
the `dtype` of the file, `loss` as in families.json and `logits` of the last three positions, with the adapter not merged.
`q8_0`: the blocks that the package gguf makes of the rule's numbers for NAME = "q8_0", scaled by 1, 1e-3 and 0.

Needs torch 2.8.0, transformers 4.57.6, peft 0.21.2, gguf 0.19.0.

usage: peft_adapters.py > peft_adapters.json"""
import json, os, sys, tempfile
import gguf, numpy as np, peft, torch, transformers
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM
from families import IDS, MODELS, digits, saved, values, uniform

LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CASES = [
    ("gemma3_text", dict(r=4, lora_alpha=8, target_modules=LINEAR, lora_dropout=0.1), "F32"),
    ("llama_llama3", dict(r=3, lora_alpha=5, target_modules=["q_proj", "v_proj"], layers_to_transform=[1]), "F16"),
    ("llama_tied_linear", dict(r=4, lora_alpha=8, use_rslora=True, target_modules=r".*\.(self_attn\.[qkvo]|mlp\.down)_proj",
                               rank_pattern={"o_proj": 2, "layers.1.mlp.down_proj": 6}, alpha_pattern={"q_proj": 3}), "F32"),
    ("mistral", dict(r=2, lora_alpha=2, target_modules=["gate_proj", "k_proj"]), "F32"),
    ("qwen2", dict(r=2, lora_alpha=4, target_modules=["q_proj", "k_proj", "v_proj"]), "BF16"),
    ("qwen3", dict(r=8, lora_alpha=16, target_modules="all-linear"), "F32"),
    ("phi", dict(r=4, lora_alpha=8, target_modules=["q_proj", "dense", "fc1", "fc2"]), "F32"),
    ("gpt2", dict(r=4, lora_alpha=8, target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True), "F32"),
    ("falcon_7b", dict(r=4, lora_alpha=8, target_modules=["query_key_value"]), "F32"),
    ("falcon_new", dict(r=4, lora_alpha=4, target_modules=["query_key_value", "dense", "dense_h_to_4h"]), "F32"),
]


def base(name):
    """The tiny model of this name."""
    kind, options = MODELS[name]
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **options), attn_implementation="eager").float().eval()
    _, shapes, _ = saved(model)
    state = model.state_dict()
    for tensor, shape in shapes.items():
        state[tensor].copy_(values(tensor, shape, plain=kind == "gemma3_text"))
    return model


def reference(name, options, dtype):
    options = peft.LoraConfig(task_type="CAUSAL_LM", **options)
    with tempfile.TemporaryDirectory() as folder:
        peft.get_peft_model(base(name), options).save_pretrained(folder)
        path = os.path.join(folder, "adapter_model.safetensors")
        shapes = {tensor: list(value.shape) for tensor, value in sorted(load_file(path).items())}
        stored = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}[dtype]
        save_file({t: values(t, shape, True).to(stored) for t, shape in shapes.items()}, path, {"format": "pt"})
        with open(os.path.join(folder, "adapter_config.json")) as file:
            config = json.load(file)
        model = peft.PeftModel.from_pretrained(base(name), folder).eval()
    with torch.no_grad():
        plain, out = (m(torch.tensor([IDS]), use_cache=False).logits[0] for m in (base(name), model))
    assert (plain - out).abs().max() > 0.05, name  # the adapter does something
    loss = torch.nn.functional.cross_entropy(out[:-1].double(), torch.tensor(IDS[1:])).item()
    config["target_modules"] = sorted(config["target_modules"]) if isinstance(config["target_modules"], list) else config["target_modules"]
    return {"model": name, "config": config, "tensors": shapes, "dtype": dtype, "loss": digits(loss),
            "logits": [[digits(x) for x in row] for row in out[-3:].tolist()]}


def blocks():
    numbers = ((uniform("q8_0", 32) - 0.5) * 0.4).astype(np.float32)
    numbers = np.concatenate([numbers, numbers * np.float32(1e-3), numbers * np.float32(0)])
    return gguf.quants.quantize(numbers, gguf.GGMLQuantizationType.Q8_0).tobytes().hex()


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    print('{"made_by": ' + json.dumps(f"torch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}, peft {peft.__version__}"))
    print(',"q8_0": ' + json.dumps(blocks()))
    print(',"cases": [\n' + ",\n".join(json.dumps(reference(*case), separators=(",", ":")) for case in CASES) + "]}")
