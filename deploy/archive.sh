#!/usr/bin/env bash
# An archive for people without pip: the binary of a wheel with its manual pages and completions.
#
#   deploy/archive.sh WHEEL NAME DIRECTORY      writes DIRECTORY/NAME.tar.gz
#
# The same wheel gives the same bytes: order, owners and times in the archive are fixed.
set -euo pipefail
wheel=$(realpath "$1") name=$2 out=$(realpath "$3")
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

mkdir -p "$dir/wheel" "$dir/$name/completions"
python3 -m zipfile -e "$wheel" "$dir/wheel"
install -m 755 "$dir"/wheel/afcheck-*.data/scripts/afcheck "$dir/$name/afcheck"
afcheck=$dir/$name/afcheck
cp "$root/README.md" "$root/LICENSE" "$root/CHANGELOG.md" "$dir/$name"
"$afcheck" man --out "$dir/$name/man/man1"
"$afcheck" completions bash > "$dir/$name/completions/afcheck.bash"
"$afcheck" completions zsh > "$dir/$name/completions/_afcheck"
"$afcheck" completions fish > "$dir/$name/completions/afcheck.fish"
"$afcheck" completions powershell > "$dir/$name/completions/afcheck.ps1"
"$afcheck" completions elvish > "$dir/$name/completions/afcheck.elv"
"$afcheck" version --json > "$dir/$name/version.json"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='1980-01-01 00:00:00Z' -C "$dir" -cf - "$name" \
    | gzip -n9 > "$out/$name.tar.gz"
echo "$out/$name.tar.gz" >&2
