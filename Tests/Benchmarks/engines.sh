#!/usr/bin/env bash
# Networks of MONAI with random weights on libtorch and, converted, on OpenVINO: times, differences, memory.
#
#   Tests/Benchmarks/engines.sh [NAME…]      all ten by default; Tests/InferenceTests/make_networks.py knows them
#
# Ends with 1 where a network can't be converted, or differs by more than 1e-4 of its range or in more than one of
# 10,000 classes.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
for product in PorticoTorch PorticoOpenVINO PorticoConversion EngineBenchmark; do
    PORTICO_BENCHMARKS=1 swift build --package-path "$root" -c release --product "$product" >&2
done
measure=$root/.build/release/EngineBenchmark
cat <<'TABLE'
| network | window | way | libtorch | batch of 4 | OpenVINO | batch of 4 | 2 streams | conversion | compiling | from its file | difference (range) |
|---|---|---|---|---|---|---|---|---|---|---|---|
TABLE
failed=0
"$python" -W ignore "$root/Tests/InferenceTests/make_networks.py" "$work" "$@" >"$work/shapes"
while read -r name shape; do
    # shellcheck disable=SC2086 # the shape is several words
    "$measure" compare "$name" "$work/$name.ts" "$work" $shape || failed=1
done <"$work/shapes"
echo
while read -r name shape; do
    # shellcheck disable=SC2086
    "$measure" memory "$name" "$work/$name.xml" "$work/$name.blob" $shape || failed=1
done <"$work/shapes"
exit "$failed"
