"""The rows of docs/results.md from the files that run.sh wrote: table.py DIR SHOTS.."""
import json
import pathlib
import sys

directory, shots = pathlib.Path(sys.argv[1]), sys.argv[2:]


def share(value):
    return f"{100 * value['mean']:.1f} % ({100 * value['low']:.1f} to {100 * value['high']:.1f})"


print("| examples | type-check rate | of at least one sample | proved equivalence | BLEU | complete answers | tokens |")
print("|---|---|---|---|---|---|---|")
for k in shots:
    scores = json.loads((directory / f"{k}.json").read_text())
    lines = [json.loads(line) for line in (directory / f"{k}.jsonl").read_text().splitlines()]
    most = max(scores["pass_at_k"]["type_check"], key=int)
    complete = sum(line["finish_reason"] != "length" for line in lines) / len(lines)
    tokens = sum(line["tokens"] for line in lines) / len(lines)
    print(f"| {k} | {share(scores['signals']['type_check'])} | {share(scores['pass_at_k']['type_check'][most])} | "
          f"{share(scores['signals']['equivalence'])} | {scores['signals']['bleu']['mean']:.3f} | {100 * complete:.0f} % | "
          f"{tokens:.0f} |")
