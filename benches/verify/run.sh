#!/usr/bin/env bash
# How fast checks are, beside the same Lean under Node. Usage: run.sh [CHECKS] [ROUNDS], by default 1000 and 3.
# AFCHECK names the binary. With OUT=FILE the table between FILE's `verify` markers is replaced, else it is printed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
afcheck=${AFCHECK:-$here/../../target/debug/afcheck}
[ -x "$afcheck" ] || { echo "no $afcheck: run cargo build, or set AFCHECK" >&2; exit 1; }
# shellcheck source=../node/setup.sh
. "$here/../node/setup.sh"
work=$SCRATCH/verify
mkdir -p "$work"
python3 "$here/make.py" "${1:-1000}" > "$work/checks.jsonl"
NODE=$NODE GLUE=$GLUE python3 "$here/measure.py" "$afcheck" "$work" "${2:-3}" ${OUT:+"$OUT"}
