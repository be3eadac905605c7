#!/usr/bin/env bash
# How soon a text or an archive that somebody made to take time or memory ends with its error, start-up included, with a
# stack of 1 MB.
#
#   Tests/Benchmarks/hostile.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ulimit -s 1024
"$python" "$(dirname "$0")/hostile.py" "$portico" "$work"
