#!/usr/bin/env python3
"""Makes texts.json: pairs of texts with NLTK's sentence BLEU (smoothing method 4), sacrebleu's sentence chrF and NLTK's
edit distance. Needs nltk 3.10.4 and sacrebleu 2.6.0.

usage: texts.py > texts.json"""
import json, random
from nltk.metrics.distance import edit_distance
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from sacrebleu.metrics import CHRF

random.seed(20251122)
chrf, smooth = CHRF(), SmoothingFunction().method4
LEAN = """theorem t (a b : ℝ) (h₀ : 0 < a ∧ 0 < b) (h₁ : a * b = 180) : a ^ 2 + b ^ 2 = 369 := by sorry ∀ x ∈ s, f x ≤ ∑ i ∈ range n,
↑i ¬∃ y ≠ ‖z‖ = 1 → Tendsto fun n => 𝓝 0 Finset.Icc 1 n Nat.Prime p ∣ ↔""".split()
WORDS = [list("ab"), list("abcdef"), LEAN]


def words(length):
    return [random.choice(random.choice(WORDS[:2]) if random.random() < 0.1 else vocabulary) for _ in range(length)]


def edited(sentence):
    result = list(sentence)
    for _ in range(random.choice([1, 1, 2, 5])):
        at = random.randrange(len(result) + 1)
        result[at:at + random.choice([0, 1, 1])] = words(random.choice([0, 1, 1]))
    return result


pairs = [("", ""), ("", "a"), ("a", ""), ("a", "a"), ("a", "b"), ("a b", "a"), ("a", "a b"), ("a b", "a b"), ("a b", "b a"),
         ("a b c", "a b c"), ("a b c d", "a b c d"), ("a b c d e", "a b c d"), ("a b c d", "a b c d e"), (" a  b\n", "a b"),
         ("a a a a", "a a a a a a a a"), ("a a a a a a a a", "a"), ("a\x1cb", "a b"), ("a\u00a0b", "a b"), ("a\u200bb", "a b"),
         ("𝓝 𝓝", "𝓝"), ("x" * 40, "x" * 39), ("x y " * 30, "y x " * 30), ("\u0130 e\u0301", "i \u00e9"), ("abcdef", "abcdeg")]
for n in range(330):
    vocabulary = WORDS[n % 3]
    a = words(random.choice([1, 2, 3, 4, 5, 8, 15, 30, 40]))
    b = edited(a) if random.random() < 0.6 else words(random.choice([1, 2, 3, 4, 5, 8, 15, 30, 40]))
    pairs.append((" ".join(a), " ".join(b)))
rows = [{"reference": a, "hypothesis": b, "bleu": float(sentence_bleu([a.split()], b.split(), smoothing_function=smooth)),
         "chrf": chrf.sentence_score(b, [a]).score / 100, "levenshtein": edit_distance(a, b)} for a, b in pairs]
print("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]")
