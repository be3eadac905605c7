# What the benchmarks share: sourced, not run.
set -euo pipefail
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
portico=${PORTICO:-$root/.build/release/portico}
python=${PORTICO_PEERS:-$root/.deps/peers}/bin/python3
shared=${PORTICO_SHARED:-$root/../shared}

fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
[ -x "$portico" ] || fail "$portico is not there; build it with: deploy/build"
[ -x "$python" ] || fail "$python is not there; run deploy/setup --tests"

work=$(mktemp -d "${TMPDIR:-/tmp}/portico-benchmark.XXXXXX")
processes=()
clean() {
    local process
    for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap clean EXIT

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# start_portico NAME [ENVIRONMENT…]: starts `serve` with no deployment; sets portico_pid and portico_port.
start_portico() {
    local folder=$work/$1 line
    shift
    mkdir -p "$folder"
    cat >"$folder/portico.yaml" <<YAML
version: 1
data: data
dicom:
  aeTitle: PORTICO
  host: 127.0.0.1
  port: 0
  acceptAnyPeer: true
  minimumFreeSpace: 100MB
completion:
  studyQuiet: 600s
YAML
    mkfifo "$folder/ready"
    env "$@" "$portico" serve --config "$folder/portico.yaml" >"$folder/ready" 2>"$folder/log" &
    portico_pid=$!
    processes+=("$portico_pid")
    read -r line <"$folder/ready" || fail "Portico did not start: $(tail -n 5 "$folder/log")"
    portico_port=${line##*:}
}

# start_storescp NAME [ENVIRONMENT…]: starts DCMTK's storescp; sets storescp_pid and storescp_port.
start_storescp() {
    local folder=$work/$1
    shift
    mkdir -p "$folder"
    storescp_port=$(free_port)
    env "$@" storescp --bit-preserving --max-pdu 131072 --output-directory "$folder" "$storescp_port" \
        >/dev/null 2>&1 &
    storescp_pid=$!
    processes+=("$storescp_pid")
    until echoscu 127.0.0.1 "$storescp_port" >/dev/null 2>&1; do
        kill -0 "$storescp_pid" 2>/dev/null || fail "storescp does not start"
    done
}
