#!/usr/bin/env bash
# Reading bundles beside MONAI's own ConfigParser, in one run: the whole model zoo, then the hashing of weights.
#
#   Tests/Benchmarks/bundles.sh [ROUNDS]     5 by default; medians decide
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${1:-5}
[ -d "$shared/zoo" ] || fail "$shared/zoo is not there; PORTICO_SHARED names the folder of the shared data"
export XDG_CACHE_HOME=$work/cache PYTHONWARNINGS=ignore

"$python" "$(dirname "$0")/bundles.py" "$portico" "$shared/zoo" "$rounds" "$work"
