"""Prepares texts for both engines and compares what they say. Python's own library only.

prepare ROOT WORK N   writes texts.jsonl (for afcheck) and node/*.lean
compare ROOT WORK     reads both sides' answers, prints a table and a JSON summary, exits with 1 on a difference
                      that known.json does not explain
"""

import json
import pathlib
import re
import sys

SECTION = "noncomputable section "


def texts(root, count):
    """(id, text) of the hand-written files, then of the examples that are plain Lean."""
    found = [(p.stem, p.read_text()) for p in sorted((root / "benches/fidelity/texts").glob("*.lean"))]
    for line in (root / "examples/outputs.jsonl").read_text().splitlines():
        record = json.loads(line)
        code = record["code"]
        if code.strip() and "```" not in code and "import Mathlib" not in code and "header" not in record:
            found.append((record["id"], code))
    return found[:count]


def first_command(text):
    """Offset of the first token behind header, white space and comments."""
    skip = re.compile(r"(?:\ufeff|\s+|--[^\n]*|/-(?![-!])(?:[^-]|-(?!/))*-/|import\s+\S+|open\s+(?!\S))*")
    return skip.match(text).end()


def prepare(root, work, count):
    shifts = {}
    with open(work / "texts.jsonl", "w") as out:
        for name, text in texts(root, count):
            out.write(json.dumps({"id": name, "code": text}) + "\n")
            # The engine's own `noncomputable`: in front of the first command, on its line, so that lines stay. Node's
            # columns on that line are corrected when its messages are read.
            at = first_command(text)
            line = text.count("\n", 0, at) + 1
            column = at - (text.rfind("\n", 0, at) + 1)
            shifts[name] = [line, column]
            (work / "node" / (name + ".lean")).write_text(text[:at] + SECTION + text[at:])
    (work / "shifts.json").write_text(json.dumps(shifts))


def normal(text):
    """What two runs of the same Lean may number differently: metavariables, private prefixes, white space at the end."""
    text = re.sub(r"\?(\w+)\.\d+", r"?\1", text)
    text = re.sub(r"_private\.(?:(?:«[^»]*»|\w+)\.)+?0\.", "", text)
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def from_node(work, name, shift):
    """Messages of the Node run, or None if Lean did not come to its end."""
    messages, ended = [], False
    out = work / "node" / (name + ".lean.out")
    for line in out.read_text(errors="replace").splitlines() if out.exists() else []:
        if line.startswith("{") and '"severity"' in line:
            messages.append(json.loads(line))
        ended = ended or line.startswith("[DEBUG:K] runFrontend completed")

    def place(position):
        if position is None:
            return (None, None)
        line, column = position["line"], position["column"]
        if line == shift[0] and column >= shift[1] + len(SECTION):
            column -= len(SECTION)
        return (line, column)

    severity = {"information": "info"}
    found = [
        (severity.get(m["severity"], m["severity"]), *place(m["pos"]), *place(m.get("endPos")), normal(m["data"]))
        for m in messages
        if not m.get("isSilent")
    ]
    return sorted(found, key=str) if ended else None


def from_afcheck(record):
    found = [
        (m["severity"], m["line"], m["column"], m["endLine"], m["endColumn"], normal(m["text"]))
        for m in record["messages"]
    ]
    return sorted(found, key=str)


def allowed(known, name, side, message):
    for item in known:
        if item["text"] not in (name, "*") or item.get("side", side) != side:
            continue
        if item.get("line") not in (None, message[1]):
            continue
        if re.search(item["pattern"], message[5]):
            item["used"] = True
            return item
    return None


def compare(root, work):
    known = json.loads((root / "benches/fidelity/known.json").read_text())
    shifts = json.loads((work / "shifts.json").read_text())
    records = {r["id"]: r for r in map(json.loads, (work / "afcheck.jsonl").read_text().splitlines())}
    total = {"texts": 0, "equal_texts": 0, "messages": 0, "equal": 0, "equal_positions": 0, "known": 0, "unexpected": 0}
    details = []
    print(f"{'text':34} {'verdict':24} {'node':>5} {'equal':>5} {'known':>5} {'unexpected':>10}")
    for name, shift in shifts.items():
        record = records[name]
        ours = from_afcheck(record)
        theirs = from_node(work, name, shift)
        verdict = " ".join(x for x in (record["verdict"], record["reason"]) if x)
        if theirs is None:
            print(f"{name:34} {verdict:24} Node did not come to its end")
            total["unexpected"] += 1
            continue
        rest, equal = list(ours), 0
        missing = []
        for message in theirs:
            if message in rest:
                rest.remove(message)
                equal += 1
            else:
                missing.append(message)
        # The same place and severity with other words is one difference, not two.
        places = [m[:5] for m in rest]
        same_place = sum(1 for m in missing if m[:5] in places)
        differences = [("node", m) for m in missing] + [("afcheck", m) for m in rest]
        unexpected = [(side, m) for side, m in differences if not allowed(known, name, side, m)]
        expected = len(differences) - len(unexpected)
        print(f"{name:34} {verdict:24} {len(theirs):5} {equal:5} {expected:5} {len(unexpected):10}")
        total["texts"] += 1
        total["equal_texts"] += not differences
        total["messages"] += len(theirs)
        total["equal"] += equal
        total["equal_positions"] += equal + same_place
        total["known"] += expected
        total["unexpected"] += len(unexpected)
        details += [(name, side, m) for side, m in unexpected]
    for name, side, (severity, line, column, end_line, end_column, text) in details:
        print(f"\n{name}: only {side} says, {line}:{column}-{end_line}:{end_column} {severity}:\n    " + text.replace("\n", "\n    "))
    total["unused_known"] = [item for item in known if not item.get("used")] if total["texts"] > 23 else []
    print(json.dumps(total))
    return 1 if total["unexpected"] else 0


if __name__ == "__main__":
    command, root, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    if command == "prepare":
        prepare(root, work, int(sys.argv[4]))
    else:
        sys.exit(compare(root, work))
