"""Writes quantised.json beside this file: blocks of each GGML type and the values the `gguf` package gives them.

    pip install gguf==0.19.0 && python tests/reference/ml/quantised.py

Bytes and values (little-endian f32) are hexadecimal. Three blocks of each type, of random bytes from a fixed seed;
their 16-bit factors are set to ordinary numbers, so that no value is infinite.
"""

import json
import pathlib

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, quants

# Where a block's 16-bit factors stand.
FACTORS = {
    "F32": [], "F16": [], "BF16": [], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
}
BLOCKS = 3

generator = np.random.default_rng(5)
out = {}
for name, places in FACTORS.items():
    kind = GGMLQuantizationType[name]
    size = GGML_QUANT_SIZES[kind][1]
    if not places:
        values = generator.normal(size=BLOCKS).astype(np.float32)
        data = np.frombuffer(quants.quantize(values.reshape(1, -1), kind).tobytes(), np.uint8).reshape(1, -1)
    else:
        data = generator.integers(0, 256, (BLOCKS, size), np.uint8)
        for place in places:
            factors = generator.normal(size=(BLOCKS, 1)).astype(np.float16)
            data[:, place : place + 2] = factors.view(np.uint8)
    values = quants.dequantize(data, kind).astype(np.float32)
    assert np.isfinite(values).all()
    out[name] = {"type": int(kind), "bytes": data.tobytes().hex(), "values": values.tobytes().hex()}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, indent=1) + "\n")
