"""Writes gemma_files.json beside this file: what is in the file of Gemma 3 270M, by other programs.

    pip install gguf==0.19.0 cyllama==0.2.18
    python tests/reference/ml/gemma_files.py MODEL.gguf [MORE_TEXTS ...]

Of one tensor of each type and shape the SHA-256 of its values (little-endian f32) as the `gguf` package gives them; of
some texts the tokens that llama.cpp gives them. MORE_TEXTS are files, for a wider comparison that is not kept.
"""

import hashlib
import json
import pathlib
import sys

import cyllama.llama.llama_cpp as llama
import numpy as np
from gguf import GGUFReader, quants

TEXTS = [
    "", " ", "a", " ab  abc\n", "theorem foo (n : ℕ) : n ≤ n + 1 := by\n  simp\n", "∀ ε > 0, ∃ δ, ‖f x - f y‖ < ε",
    "\t\r\n\n\n  trailing  ", "日本語 🦀👩‍🔬 e\u0301", "123456789 3.14159", "don't we'll I'M", "<0x41> ▂ \ufffd",
    "<start_of_turn>user\nhi<end_of_turn>\n", "<table><tr> </tr>", "Prove that there are infinitely many primes.",
    "        indented\n\t\ttabs", "𝔽 ⟨x, y⟩ ↦ x ∣ y ∧ Nat.gcd a b = 1",
]

model, more = sys.argv[1], sys.argv[2:]
tensors = {}
for tensor in GGUFReader(model).tensors:
    key = (tensor.tensor_type, len(tensor.shape), int(tensor.shape[0]))
    if key not in tensors:
        values = np.ascontiguousarray(quants.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
        tensors[key] = {
            "name": tensor.name,
            "type": tensor.tensor_type.name,
            "shape": [int(d) for d in reversed(tensor.shape)],
            "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
        }
params = llama.LlamaModelParams()
loaded = llama.LlamaModel(model, params)
vocab = loaded.get_vocab()
texts = TEXTS + [pathlib.Path(path).read_text() for path in more]
out = {
    "tensors": list(tensors.values()),
    "bos": vocab.token_bos(),
    "eos": vocab.token_eos(),
    "texts": [{"text": text, "tokens": list(vocab.tokenize(text, False, True))} for text in texts],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, ensure_ascii=False, indent=None if more else 1) + "\n")
print(sum(len(t["tokens"]) for t in out["texts"]), "tokens of", len(texts), "texts", file=sys.stderr)
