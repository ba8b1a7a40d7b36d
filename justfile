# What people type. Each recipe is one line; the work is in cargo and in the scripts it names.

# List the recipes.
default:
    @just --list

# Run afcheck with the given arguments.
run *args:
    cargo run -- {{args}}

# The README's test command.
test:
    cargo test

# What CI runs.
ci:
    bash .ci/run

# Clippy as CI runs it.
lint:
    cargo clippy --all-targets -- -D warnings

# Format the Rust sources.
fmt:
    cargo fmt

# Licences, bans, advisories and sources (needs cargo-deny).
deny:
    cargo deny check

# What this machine has and lacks.
doctor:
    cargo run -- doctor

# How fast checks are.
bench-verify *args:
    bash benches/verify/run.sh {{args}}

# What the result cache saves on a file with 60 % duplicates.
bench-cache *args:
    bash benches/cache/run.sh {{args}}

# What in-context examples do for a model (docs/results.md).
shots *args:
    bash benches/shots/run.sh {{args}}

# What fine-tuning on each data condition does for a model (docs/results.md).
conditions *args:
    bash benches/conditions/run.sh {{args}}

# Fine-tuning against PyTorch (what the Python needs is in the script).
bench-tune *args:
    cargo build --quiet && python3 benches/tune.py target/debug/afcheck {{args}}

# Distillation beside likelihood (docs/fine-tuning.md).
bench-distill *args:
    cargo build --quiet && python3 benches/distill.py target/debug/afcheck {{args}}

# How closely the embedded Lean follows native Lean.
fidelity *args:
    bash benches/fidelity/run.sh {{args}}

# 20,000 checks with bombs among them: memory, threads and descriptors must stay as they are.
soak *args:
    cargo build --quiet && python3 tests/long/soak.py target/debug/afcheck {{args}}

# kill -9 at 50 random moments: resuming must lose and double nothing.
kill-test *args:
    cargo build --quiet && python3 tests/long/kill.py target/debug/afcheck {{args}}

# kill -9 at 50 random moments of runs that share a result cache: it must stay sound.
cache-kill-test *args:
    cargo build --quiet && python3 tests/long/cache_kill.py target/debug/afcheck "$(target/debug/afcheck doctor --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["cache"])')" {{args}}

# What deploys nightly runs: the workflow and the units (needs PyYAML, actionlint and systemd-analyze).
deploy-check:
    bash tests/long/deploy.sh

# The corpus of cheats: what each should be and is, and every proof of tests/honest.
cheats:
    cargo test --quiet --test cheats -- --ignored --nocapture --test-threads 1 table

# What target comparison and kernel replay cost.
bench-trust *args:
    bash benches/trust/run.sh {{args}}

# How the text metrics agree with people, on the published data of GTED in the given folder.
agreement folder:
    AFCHECK_GTED={{folder}} cargo test --quiet --test gted -- --ignored --nocapture --test-threads 1

# The benchmark: every statement and proof of data/afcore, with counts.
afcore *args:
    cargo build --quiet && python3 benches/afcore/check.py target/debug/afcheck {{args}}

# How aligned and how diverse eleven sources are (docs/results.md); the folder has proofnet-lean4/.
alignment folder *args:
    bash benches/alignment/run.sh {{folder}} {{args}}

# Task embeddings against PyTorch (what the Python needs is in the script).
bench-task2vec *args:
    cargo build --quiet && python3 benches/task2vec.py target/debug/afcheck {{args}}

# From a keystroke to its diagnostic, and the opening of a large file, in `afcheck lsp`.
bench-lsp *args:
    cargo build --quiet && python3 benches/lsp.py target/debug/afcheck {{args}}

# A headless Neovim, and the extension for VS Code with the library VS Code speaks the protocol with.
editors:
    cargo build --quiet && tests/long/neovim.sh target/debug/afcheck
    cd editors/vscode && npm ci && AFCHECK=../../target/debug/afcheck npm test && npm run package

# The same extension in a real VS Code; the folder has code-server and puppeteer-core (editors/vscode/test/editor.mjs says more).
editor folder picture="/dev/null":
    cd editors/vscode && node test/editor.mjs {{folder}} ../../target/debug/afcheck {{picture}}

# The wheel, built, installed into an empty environment and at its main job there.
wheel *args:
    bash tests/long/wheel.sh {{args}}

# Everything in deploy/ by its linters (deploy/linters.txt).
deploy-check *args:
    bash deploy/check.sh {{args}}
