#!/usr/bin/env bash
# Every file that deploys afcheck, each by its own linter. Says what was checked with what.
#
#   deploy/check.sh [--skip-missing]      a linter that is not installed is an error, unless skipped
#
# systemd-analyze is systemd's; the others are in deploy/linters.txt, for a virtual environment outside the repository:
#
#   python3 -m venv ../linters && ../linters/bin/pip install -r deploy/linters.txt
#   PATH=$PWD/../linters/bin:$PATH deploy/check.sh
# `check` puts the functions' names together.
# shellcheck disable=SC2317,SC2329
set -euo pipefail
cd "$(dirname "$0")/.."
skip=false
case "${1:-}" in
    --skip-missing) skip=true ;;
    "") ;;
    *) echo "usage: deploy/check.sh [--skip-missing]" >&2; exit 2 ;;
esac
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# tool, the words that print its version, then files: runs `check_TOOL FILES`.
check() {
    local tool=$1 version=$2
    shift 2
    if ! command -v "$tool" > /dev/null; then
        echo "missing  $tool: not checked: $*"
        $skip || failed=1
        return
    fi
    version=$("$tool" "$version" 2>&1 | grep -oE '[0-9]+(\.[0-9]+)*' | head -n 1)
    if "check_${tool//-/_}" "$@" > "$dir/said" 2>&1; then
        echo "ok       $tool $version: $*"
    else
        echo "WRONG    $tool $version: $*"
        sed 's/^/         /' "$dir/said"
        failed=1
    fi
}

check_hadolint() { hadolint "$@"; }
check_actionlint() { actionlint "$@"; }
check_shellcheck() { shellcheck --shell bash "$@"; }
check_kubernetes_validate() { kubernetes-validate --strict "$@"; }
# The command's path must exist for systemd; here it is any program's. Then how exposed the unit is: 2.0 of 10 at most.
check_systemd_analyze() {
    local unit copy
    for unit in "$@"; do
        copy=$dir/$(basename "$unit")
        sed "s|/usr/local/bin/afcheck|$(command -v true)|" "$unit" > "$copy"
        systemd-analyze verify --man=no "$copy" > "$dir/verify" 2>&1 || { cat "$dir/verify"; return 1; }
        # It names what it ignores, and ends well.
        if grep -F "$(basename "$unit")" "$dir/verify"; then return 1; fi
        systemd-analyze security --offline=true --threshold=20 "$copy" || return 1
    done
}

check hadolint --version deploy/docker/Dockerfile
check actionlint --version .github/workflows/*.yml
check shellcheck --version deploy/*.sh deploy/slurm/*.sbatch tests/long/*.sh .ci/run
check kubernetes-validate --version deploy/kubernetes/*.yaml
check systemd-analyze --version deploy/systemd/*.service
exit "$failed"
