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

# How closely the embedded Lean follows native Lean.
fidelity *args:
    bash benches/fidelity/run.sh {{args}}

# Hours of checks: memory, descriptors and verdicts must stay as they are.
soak *args:
    bash tests/long/soak.sh {{args}}

# Kill runs at random moments: resuming must lose and double nothing.
kill-test *args:
    bash tests/long/kill.sh {{args}}
