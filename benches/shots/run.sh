#!/usr/bin/env bash
# What in-context examples do for a model: type-check rate, proved equivalence and text metrics on AfCore's test problems by
# the number of examples. Prints the rows of the table in docs/results.md. Can be interrupted and run again.
#
#   benches/shots/run.sh [--model NAME] [--limit N] [--samples N] [--shots "0 1 4 8"] [--dir DIR]
set -euo pipefail
cd "$(dirname "$0")/../.."
model=gemma-3-270m limit=100000 samples=4 shots="0 1 4 8" dir=target/shots
while [ $# -gt 0 ]; do
    case $1 in
    --model) model=$2 ;; --limit) limit=$2 ;; --samples) samples=$2 ;; --shots) shots=$2 ;; --dir) dir=$2 ;;
    *) sed -n '2,6p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
. benches/prepare.sh
for k in $shots; do
    # The references have 21 to 190 tokens, 45 on average.
    "$afcheck" generate --model "$model" --data afcore:test --limit "$limit" --shots "$k" -n "$samples" \
        --max-tokens 192 --batch 64 --out "$dir/$k.jsonl" --resume
    "$afcheck" eval --data afcore:test --limit "$limit" --predictions "$dir/$k.jsonl" --k "1,$samples" > "$dir/$k.json"
done
python3 benches/shots/table.py "$dir" $shots
