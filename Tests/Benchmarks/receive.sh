#!/usr/bin/env bash
# Receiving beside DCMTK's storescp, which neither indexes nor syncs: 500 CT objects of 0.5 MB from one dcmsend.
#
#   Tests/Benchmarks/receive.sh [ROUNDS]
#
# Tuned: sender and storescp with TCP_NODELAY=1. Portico needs at most 2 times storescp's time plus the disk's own time
# for as many (write, fdatasync, rename) of that size. Untuned: Portico takes at most a tenth of storescp's time.
# Portico itself is never told TCP_NODELAY. Each round measures all of it anew; the bounds hold for the medians.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rounds=${1:-3}
objects=500
bench=$shared/tools/receive_bench.sh
[ -x "$bench" ] || fail "$bench is not there; PORTICO_SHARED names the shared data"

echo "making $objects CT objects"
"$python" "$shared/tools/make_ct.py" "$objects" "$work/ct"
size=$(stat -c %s "$work/ct/00000.dcm")

# seconds_of LINE: the elapsed time out of a line of receive_bench.sh, after it is found to have ended well.
seconds_of() {
    case $1 in *" rc=0 "*) ;; *) fail "the sender failed: $1" ;; esac
    sed -E 's/.* ([0-9.]+) s .*/\1/' <<<"$1"
}
stored() { find "$1" -type f -size +400k | wc -l; }

for round in $(seq "$rounds"); do
    echo "== round $round"
    disk=$("$python" "$root/Tests/Benchmarks/disk_time.py" "$work/disk" "$objects" "$size")
    echo "the disk's own time for $objects times (write $size bytes, fdatasync, rename): $disk s"
    for mode in tuned untuned; do
        [ "$mode" = tuned ] && variable=(TCP_NODELAY=1) || variable=(-u TCP_NODELAY)
        start_storescp "storescp-$mode-$round" "${variable[@]}"
        start_portico "portico-$mode-$round" -u TCP_NODELAY
        theirs=$(env "${variable[@]}" "$bench" "$work/ct" 1 "storescp, $mode:$storescp_port:$storescp_pid:STORESCP")
        ours=$(env "${variable[@]}" "$bench" "$work/ct" 1 "portico, $mode:$portico_port:$portico_pid:PORTICO")
        printf '%s\n%s\n' "$theirs" "$ours"
        for folder in "storescp-$mode-$round" "portico-$mode-$round/data/studies"; do
            [ "$(stored "$work/$folder")" = "$objects" ] || fail "$folder does not hold all $objects objects"
        done
        printf '%s %s %s %s\n' "$mode" "$(seconds_of "$theirs")" "$(seconds_of "$ours")" "$disk" >>"$work/figures"
        kill "$storescp_pid" "$portico_pid"
        wait "$storescp_pid" "$portico_pid" 2>/dev/null || true
        rm -rf "$work/storescp-$mode-$round" "$work/portico-$mode-$round"
    done
done

"$python" - "$work/figures" <<'PYTHON'
import statistics
import sys

rows = [line.split() for line in open(sys.argv[1])]
failed = False
for mode, bound_of in (("tuned", lambda t, d: 2 * t + d), ("untuned", lambda t, d: t / 10)):
    theirs, ours, disk = (statistics.median(float(r[n]) for r in rows if r[0] == mode) for n in (1, 2, 3))
    bound = bound_of(theirs, disk)
    failed |= ours > bound
    words = "2 x storescp + disk" if mode == "tuned" else "storescp / 10"
    print(f"{mode}: storescp {theirs:.2f} s, portico {ours:.2f} s, bound {bound:.2f} s ({words}): "
          f"{'MISSED' if ours > bound else 'holds'}")
sys.exit(1 if failed else 0)
PYTHON
