#!/usr/bin/env bash
# What target comparison and kernel replay add to elaboration, on the mixed checks of benches/verify.
# Usage: benches/trust/run.sh [CHECKS]
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo build --quiet
python3 benches/trust/measure.py target/debug/afcheck "${1:-1000}"
