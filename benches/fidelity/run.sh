#!/usr/bin/env bash
# Gives the same texts to afcheck and to the same Lean under Node, run by the package's own JavaScript, and compares
# every message. Usage: run.sh [N]: the first N texts (default 24) of texts/ and then of examples/outputs.jsonl.
# Exits with 1 on a difference that known.json does not list. AFCHECK names the binary, JOBS the Node processes at once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
afcheck=${AFCHECK:-$root/target/debug/afcheck}
[ -x "$afcheck" ] || { echo "no $afcheck: run cargo build, or set AFCHECK" >&2; exit 1; }
# shellcheck source=../node/setup.sh
. "$here/../node/setup.sh"

work=$SCRATCH/fidelity
rm -rf "$work" && mkdir -p "$work/node"
python3 "$here/compare.py" prepare "$root" "$work" "${1:-24}"
"$afcheck" verify "$work/texts.jsonl" --mode proof --format jsonl -q --no-cache --jobs 1 > "$work/afcheck.jsonl" || true
export NODE GLUE NODE_TIMEOUT
export -f node_lean
find "$work/node" -name '*.lean' | sort |
    xargs -P "${JOBS:-2}" -I{} bash -c 'node_lean "$1" > "$1.out" || true; echo "node: $(basename "$1")" >&2' _ {}
python3 "$here/compare.py" compare "$root" "$work"
