#!/usr/bin/env bash
# What the result cache saves. Usage: run.sh [RECORDS] [ROUNDS], by default 10000 and 1. AFCHECK names the binary,
# AFCHECK_CACHE where Lean is. With OUT=FILE the table between FILE's `cache` markers is replaced, else it is printed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
afcheck=${AFCHECK:-${CARGO_TARGET_DIR:-$here/../../target}/debug/afcheck}
[ -x "$afcheck" ] || { echo "no $afcheck: run cargo build, or set AFCHECK" >&2; exit 1; }
"$afcheck" setup lean --quiet
lean=$("$afcheck" doctor --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["cache"])')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/measure.py" "$afcheck" "$work" "${1:-10000}" "${2:-1}" "$lean" ${OUT:+"$OUT"}
