#!/usr/bin/env bash
# Every operator beside MONAI's transform on images of 512 x 512 x 100, in one run, two threads each.
#
#   Tests/Benchmarks/operators.sh [ROUNDS [PART OF A NAME]]     3 rounds by default; the least counts
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
PORTICO_BENCHMARKS=1 swift build --package-path "$root" -c release --product OperatorBenchmark >&2
PYTHONWARNINGS=ignore "$python" "$(dirname "$0")/operators.py" "$root/.build/release/OperatorBenchmark" "${@:-3}"
