# Sourced by the experiments with a model: the binary as $afcheck, a directory $dir, and the model $model in the cache.
# AFCHECK may name a binary, so that the sources can change while an experiment runs.
if [ -z "${AFCHECK:-}" ]; then
    cargo build --quiet
    AFCHECK=${CARGO_TARGET_DIR:-target}/debug/afcheck
fi
afcheck=$AFCHECK
mkdir -p "$dir"
"$afcheck" --quiet model show "$model" > "$dir/model.txt" 2>/dev/null || "$afcheck" model add "$model"
