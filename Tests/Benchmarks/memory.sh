#!/usr/bin/env bash
# Memory of `portico serve`: idle (at most 60 MB resident), and how much 450 associations more than 50 add (at most
# 5 MB resident and 20 MB virtual): one after another, then 20 at a time, 50 of the 450 broken off inside an object.
#
#   Tests/Benchmarks/memory.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
failed=0

# memory KEY: a line of /proc/PID/status in kB.
memory() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$portico_pid/status"; }
associate() {
    "$python" "$root/Tests/Benchmarks/associations.py" "$portico_port" PORTICO \
        "$root/dicom-fixtures/phantom-study/ct" "$1" "$2"
}
# judge WORDS KB BOUND_MB
judge() {
    local verdict=holds
    if [ "$2" -gt $(($3 * 1000000 / 1024)) ]; then verdict=MISSED failed=1; fi
    awk -v w="$1" -v kb="$2" -v b="$3" -v v="$verdict" 'BEGIN { printf "%-52s %8.2f MB (at most %d): %s\n", w, kb * 1024 / 1e6, b, v }'
}

for simultaneous in 1 20; do
    start_portico "portico-$simultaneous"
    [ "$simultaneous" = 20 ] || judge "idle, resident" "$(memory VmRSS)" 60
    associate 50 "$simultaneous"
    resident=$(memory VmRSS) virtual=$(memory VmSize)
    associate 450 "$simultaneous"
    judge "$simultaneous at a time: resident, 500 less 50" $(($(memory VmRSS) - resident)) 5
    judge "$simultaneous at a time: virtual, 500 less 50" $(($(memory VmSize) - virtual)) 20
    judge "$simultaneous at a time: resident after 500" "$(memory VmRSS)" 60
    kill "$portico_pid"
    wait "$portico_pid" || true
done
exit "$failed"
