#!/usr/bin/env bash
# What fine-tuning on each data condition does for a model: adapters on equal token budgets, several seeds each, then generation
# and evaluation on AfCore's test problems, before and after. Prints the rows of the table in docs/results.md. Can be interrupted
# and run again.
#
#   benches/conditions/run.sh [--model NAME] [--tokens N] [--seeds "1 2 3"] [--problems N] [--conditions "aligned ..."] [--dir DIR]
set -euo pipefail
cd "$(dirname "$0")/../.."
model=gemma-3-270m tokens=20000 seeds="1 2 3" problems=100000 dir=target/conditions
conditions="aligned unpaired formal informal"
while [ $# -gt 0 ]; do
    case $1 in
    --model) model=$2 ;; --tokens) tokens=$2 ;; --seeds) seeds=$2 ;; --problems) problems=$2 ;; --conditions) conditions=$2 ;; --dir) dir=$2 ;;
    *) sed -n '2,7p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
. benches/prepare.sh
# A random part of the test problems, always the same.
test=$dir/test.jsonl
"$afcheck" data show afcore:test --sample "$problems" --seed 1 --format jsonl > "$test"
# Without examples in the prompt the plain model writes no Lean, and a single one it copies (docs/results.md). The references have
# 21 to 190 tokens, 45 on average.
sample=(--data "$test" --shots 4 --max-tokens 128 --batch 64 --resume)
score() { # NAME [ADAPTER]
    "$afcheck" generate --model "$model" ${2:+--adapter "$2"} "${sample[@]}" --seed "$3" --out "$dir/$1.jsonl"
    "$afcheck" loss --model "$model" ${2:+--adapter "$2"} --data "$test" > "$dir/$1.loss.json"
}
for seed in $seeds; do
    score "none-$seed" "" "$seed"
    for condition in $conditions; do
        run=$dir/run-$condition-$seed
        [ -e "$run/adapter/adapter_config.json" ] || "$afcheck" finetune --model "$model" --data "$condition:afcore:train" \
            --tokens "$tokens" --seed "$seed" --batch 4 --learning-rate 1e-3 --dev-every 100000 --checkpoint-every 20 --out "$run" --resume > /dev/null
        score "$condition-$seed" "$run/adapter" "$seed"
    done
done
# The seeds' outputs are the samples of a problem: intervals are over problems, and know that samples of one are alike.
cat $(for seed in $seeds; do echo "$dir/none-$seed.jsonl"; done) > "$dir/none.jsonl"
"$afcheck" eval --data "$test" --predictions "$dir/none.jsonl" > "$dir/none.json"
for condition in $conditions; do
    cat $(for seed in $seeds; do echo "$dir/$condition-$seed.jsonl"; done) > "$dir/$condition.jsonl"
    "$afcheck" eval --data "$test" --predictions "$dir/$condition.jsonl" --compare "$dir/none.jsonl" \
        > "$dir/$condition.json"
done
python3 benches/conditions/table.py "$dir" "$seeds" $conditions
