#!/usr/bin/env bash
# Flashes firmware into a channel that others use too: under `sluice lock` its packets come through in one run, and what a
# sensor sends meanwhile is discarded. Brings a hub of its own. SLUICE names the launcher, PACKETS how many there are.
#
#     samples/lock/flash-firmware.sh
set -euo pipefail

sluice=${SLUICE:-$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd -P)/sluice}
packets=${PACKETS:-200}
work=$(mktemp -d)
touch "$work/hub" "$work/core"
jobs=()

fail() {
    echo "flash-firmware: $1" >&2
    sed 's/^/    /' "$work"/*.err >&2
    exit 1
}

clean_up() {
    # The hub last: it would wait for the others.
    local i
    for ((i = ${#jobs[@]} - 1; i >= 0; i--)); do
        kill "${jobs[i]}" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Waits for a pattern in a file, a minute at most, as long as the process that writes it lives.
await() {
    local pattern=$1 file=$2 process=$3 tries
    for ((tries = 0; tries < 1200; tries++)); do
        grep -q "$pattern" "$file" && return
        kill -0 "$process" 2>/dev/null || break
        sleep 0.05
    done
    fail "waited in vain for \"$pattern\""
}

"$sluice" serve --tcp 127.0.0.1:0 --ws none --drain 1s >"$work/hub" 2>"$work/hub.err" &
jobs+=($!)
await '^rsocket tcp://' "$work/hub" $!
SLUICE_HUB=$(sed -n 's/^rsocket \(tcp:.*\)/\1/p' "$work/hub")
export SLUICE_HUB
echo "the hub listens on $SLUICE_HUB"

"$sluice" receive mesh >"$work/core" 2>"$work/core.err" &
core=$!
jobs+=("$core")

# The sensor sends a reading now and then, and knows nothing of all this.
number=0
while sleep 0.01; do
    echo "reading $((++number))"
done 2>/dev/null | "$sluice" send mesh --as sensor 2>"$work/sensor.err" &
jobs+=($!)
await '^reading' "$work/core" "$core"
echo "the sensor sends to mesh"

# What runs under the lock has the lease in its environment: send goes through it.
echo "flashing $packets packets"
# shellcheck disable=SC2016 # expanded inside the lock
"$sluice" lock mesh --owner updater --others discard -- \
    bash -c 'seq -f "packet %g" "$2" | "$1" send mesh' flash "$sluice" "$packets" 2>"$work/lock.err" \
    || fail "the flash failed"

# The flash is over when the sensor is there again.
for ((tries = 0; ; tries++)); do
    [[ $(tail -n 1 "$work/core") == reading* ]] && grep -qx "packet $packets" "$work/core" && break
    ((tries < 600)) || fail "the core did not get the whole flash"
    sleep 0.05
done

# Every run of equal words is a line: readings, packets, readings.
awk '{ if ($1 != last) { if (n) print "the core got", n, last "s"; last = $1; n = 0 } n++ }
    END { print "the core got", n, last "s" }' "$work/core" >"$work/runs"
cat "$work/runs"
if grep -qx "the core got $packets packets" "$work/runs" && [[ $(grep -c packet "$work/runs") == 1 ]]; then
    echo "all packets came in one run"
else
    fail "the packets did not come in one run"
fi
