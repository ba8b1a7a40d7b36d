#!/usr/bin/env bash
# Checks what deploys `afcheck nightly`: the workflow by a YAML parser and, where it is installed, actionlint; the units by
# systemd-analyze. Says what it could not check, and then fails unless ALLOW_MISSING=1.
#
# usage: deploy.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
workflow=deploy/github/nightly.yml
missing=0

absent() {
    echo "not checked: $1 is not here" >&2
    missing=1
}

if python3 -c 'import yaml' 2>/dev/null; then
    python3 - "$workflow" <<'PY'
import sys, yaml
workflow = yaml.safe_load(open(sys.argv[1]))
# YAML 1.1 reads the key `on` as true.
on = workflow.get("on", workflow.get(True))
assert {"schedule", "workflow_dispatch", "pull_request"} <= on.keys(), on
for name, job in workflow["jobs"].items():
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step), step
        # A script takes what comes from outside through its environment, never as text of its own.
        assert "${{" not in step.get("run", ""), step
print(f"{sys.argv[1]}: parsed, {sum(len(job['steps']) for job in workflow['jobs'].values())} steps")
PY
else
    absent "PyYAML"
fi

if command -v actionlint >/dev/null; then
    actionlint "$workflow" && echo "$workflow: actionlint has nothing to say"
else
    absent actionlint
fi

if command -v systemd-analyze >/dev/null; then
    # The unit names a binary that is not installed here: a copy that names one that is.
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    sed "s|/usr/local/bin/afcheck|$(command -v true)|" deploy/systemd/afcheck-nightly.service >"$scratch/afcheck-nightly.service"
    cp deploy/systemd/afcheck-nightly.timer "$scratch/"
    said=$(systemd-analyze verify "$scratch/afcheck-nightly.service" "$scratch/afcheck-nightly.timer" 2>&1) || { echo "$said"; exit 1; }
    # What it says of our units is a complaint even if it ends well.
    if grep afcheck-nightly <<<"$said"; then exit 1; fi
    systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' deploy/systemd/afcheck-nightly.timer)" | sed -n 's/^ *Normalized form/deploy\/systemd: verified; runs at/p'
else
    absent systemd-analyze
fi
[ "$missing" = 0 ] || [ "${ALLOW_MISSING:-0}" = 1 ]
