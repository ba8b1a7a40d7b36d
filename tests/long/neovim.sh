#!/usr/bin/env bash
# Headless Neovim (0.7 or later) as a client of `afcheck lsp`.   tests/long/neovim.sh [AFCHECK]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
AFCHECK=$(realpath "${1:-$here/../../target/debug/afcheck}")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
FILE=$dir/outputs.jsonl
cat > "$FILE" <<'JSONL'
{"id": "𝔸 good", "code": "theorem t (a b : Nat) : a + b = b + a := by\n  exact Nat.add_comm a b\n"}
{"id": "bad", "code": "-- ∀ 👩‍🔬\ntheorem t : 1 = 1 := unknownword"}
JSONL
export AFCHECK FILE
timeout 600 nvim --headless --clean -c "luafile $here/neovim.lua"
echo "Neovim $(nvim --version | sed -n '1s/NVIM v//p'): as it should be"
