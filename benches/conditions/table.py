"""The rows of docs/results.md from the files that run.sh wrote: table.py DIR SEEDS CONDITIONS.."""
import json
import pathlib
import statistics
import sys

directory, seeds, conditions = pathlib.Path(sys.argv[1]), sys.argv[2].split(), sys.argv[3:]


def read(name):
    return json.loads((directory / name).read_text())


def losses(condition):
    values = [read(f"{condition}-{seed}.loss.json")["loss"]["loss"] for seed in seeds]
    return f"{statistics.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def share(value):
    return f"{100 * value['mean']:.1f} % ({100 * value['low']:.1f} to {100 * value['high']:.1f})"


def gain(scores, signal):
    entry = scores.get("comparison", {}).get("signals", {}).get(signal)
    return "" if entry is None else f"{100 * entry['difference']:+.1f} ({100 * entry['low']:+.1f} to {100 * entry['high']:+.1f})"


print("| trained on | loss of the references, nats per token (range over seeds) | type-check rate | gain | proved equivalence | "
      "gain | BLEU |")
print("|---|---|---|---|---|---|---|")
for condition in ["none", *conditions]:
    scores = read(f"{condition}.json")
    signals = scores["signals"]
    print(f"| {condition} | {losses(condition)} | {share(signals['type_check'])} | {gain(scores, 'type_check')} | "
          f"{share(signals['equivalence'])} | {gain(scores, 'equivalence')} | {signals['bleu']['mean']:.3f} |")
