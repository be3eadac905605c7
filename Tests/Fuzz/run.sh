#!/usr/bin/env bash
# Builds libFuzzer's executables and runs one of them, or all, one after another. README.md says what each checks.
#
#   Tests/Fuzz/run.sh [TARGET] [SECONDS]     TARGET is FuzzExpression, FuzzConfiguration, FuzzArchive or all
#
# PORTICO_FUZZ_BUILD names another build folder than .build-fuzz; the corpora that grow lie in it. PORTICO_FUZZ_ADDRESS=1
# adds the address sanitizer, to libyaml too; its own memory does not count, so the bound is three times as high.
# Ends with 1 when something was found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

targets=(FuzzExpression FuzzConfiguration FuzzArchive)
[ "${1:-all}" = all ] || targets=("$1")
seconds=${2:-60}
build=${PORTICO_FUZZ_BUILD:-$PWD/.build-fuzz}
sanitizer=()
memory=200
# A bundle may be opened on a thread with 1 MB of stack.
stack=1024
if [ "${PORTICO_FUZZ_ADDRESS:-}" = 1 ]; then
    build=$build/address
    sanitizer=(--sanitize=address)
    memory=600
    stack=8192
fi
# The leak check takes Swift's constants for leaks, since it does not know pointers with marks in them; what really leaks
# makes the process grow.
export PORTICO_FUZZ=1 ASAN_OPTIONS=quarantine_size_mb=16:detect_leaks=0 SWIFT_BACKTRACE=enable=no

found=0
for target in "${targets[@]}"; do
    case $target in
        FuzzExpression) length=2048 ;;
        FuzzConfiguration) length=8192 ;;
        FuzzArchive) length=65536 ;;
        *) printf 'run.sh: there is no target %s\n' "$target" >&2; exit 2 ;;
    esac
    swift build -c release --scratch-path "$build" "${sanitizer[@]}" --product "$target"
    corpus=$build/corpus/$target seeds=$build/seeds/$target findings=$build/findings/$target
    mkdir -p "$corpus" "$seeds" "$findings"
    python3 Tests/Fuzz/make_seeds.py "$target" "$seeds"
    printf '\n%s for %s s\n' "$target" "$seconds"
    (
        ulimit -s "$stack"
        exec "$build/release/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb="$memory" \
            -max_len="$length" -dict="Tests/Fuzz/Dictionaries/$target.dict" -artifact_prefix="$findings/" \
            -print_final_stats=1 "$corpus" "$seeds" "Tests/Fuzz/Seeds/$target" 2>&1
    ) | tee "$build/$target.log" | grep -vE '	(NEW|REDUCE)' || {
        found=1
        input=$(sed -n 's/.*Test unit written to //p' "$build/$target.log" | tail -n 1)
        printf '\n%s found something, see %s. Run it again with:\n    %s -timeout=5 -rss_limit_mb=%s %s\n' \
            "$target" "$build/$target.log" "$build/release/$target" "$memory" "$input"
    }
done
exit "$found"
