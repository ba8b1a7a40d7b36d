#!/usr/bin/env bash
# How aligned and how diverse eleven sources are (Task2Vec with Gemma 3 270M), with the cheap measures beside it. Prints the tables
# of docs/results.md and writes a page with plots. Can be interrupted and run again. Needs pip and apt-get (for Coq's library).
#
#   benches/alignment/run.sh DATA [--batches N] [--dir DIR]     # DATA has proofnet-lean4/
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${1:?the directory of public data sets}
shift
model=gemma-3-270m batches=5 dir=target/alignment
while [ $# -gt 0 ]; do
    case $1 in
    --batches) batches=$2 ;; --dir) dir=$2 ;;
    *) sed -n '2,6p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
. benches/prepare.sh
# Names of sources are what tables show: links give them short ones.
link() { [ -e "$dir/$2" ] || ln -s "$(realpath "$1")" "$dir/$2"; }
link "$data/proofnet-lean4/proofnet_lean4.jsonl" proofnet.jsonl
link "$(python3 -c 'import email; print(email.__path__[0])')" python
link /usr/share/common-licenses/GPL-3 gpl.txt
if [ ! -e "$dir/coq" ]; then
    (cd "$dir" && apt-get download -qq libcoq-stdlib && dpkg -x libcoq-stdlib_*.deb coq-package)
    mkdir "$dir/coq" && cp -rL "$dir/coq-package/usr/lib/ocaml/coq/theories/." "$dir/coq"
fi
afcheck=$(realpath "$afcheck")
cd "$dir"
"$afcheck" align --matrix --probe "$model" --batches "$batches" --batch-size 16 --seq-len 64 --head-epochs 2 --draws 4 \
    --source formal:afcore:train --source informal:afcore:train --source aligned:afcore:train --source lean:afcore:library \
    --source formal:proofnet.jsonl --source informal:proofnet.jsonl --source coq:coq --source python:python \
    --source text:gpl.txt --source bound:uniform --source bound:constant \
    --format markdown --html matrix.html --svg plots
