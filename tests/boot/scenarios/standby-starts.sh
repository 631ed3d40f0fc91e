# shellcheck shell=bash
# groups: faults guard
# The guard is the only actor, and the target holds its login unanswered. Then iscsid is started, WINDOWS (20) times;
# twice it must first be read from the lost disk.
# Outcome: the guard gives up its login before iscsid acts, so the trace shows one actor at any time. iscsid that
# waits for the disk does not keep the guard from reconnecting. Service is back each time; no record is lost.

# shellcheck source=tests/boot/lib/standby.sh
. "$BOOT/lib/standby.sh"
WINDOWS=${WINDOWS:-20}
# shellcheck disable=SC2034
LIMIT=$((600 + WINDOWS * 60))

# How many connections iscsid has stopped so far.
requests() { verdict trace | grep -c 'iscsid-.* stop: ' || true; }
acted_since() { [ "$(requests)" != "$1" ]; }

# shellcheck disable=SC2016 # they run in the machine, or in eval
iscsid_ends() {
	hand ': >/run/iscsid-is-stopped; kill -TERM $(pidof iscsid)'
	within 120 eval '! stands_by' || machine_fails "the guard does not take over"
}

# The target holds logins while iscsid starts, and until iscsid has acted. KIND cold: it is not in memory.
fault_starts() { # SECONDS [KIND]
	local before
	target_dies
	bound "$TOP/build/fault-hold" "$TARGET_IP" 3260 >"$WORK/held" &
	HOLDER=$!
	PIDS+=("$HOLDER")
	within 60 grep -q login "$WORK/held" || machine_fails "the guard does not log in"
	before=$(requests)
	[ -z "${2-}" ] || hand 'echo 3 >/proc/sys/vm/drop_caches'
	hand 'rm /run/iscsid-is-stopped'
	if [ -z "${2-}" ]; then
		within 60 acted_since "$before" || machine_fails "iscsid does not act"
	else
		(bound sleep "$1")
	fi
	end_process "$HOLDER"
	target_lives
	is_over
}
fault_cold() { fault_starts "$1" cold; }

standby_machine iscsi_boot.guard-standby=30
for ((n = 0; n < WINDOWS; n++)); do
	iscsid_ends
	BOUND=10 fault starts 5
	iscsid_returns
done
for n in 1 2; do
	iscsid_ends
	BOUND=10 fault cold 5
	iscsid_returns
done
fault_end
want_one_actor 4
# A login that the guard began and stopped itself, before the next request, of iscsid.
given_up=$(verdict trace | awk '/ (stop|bind|send|start): /' | awk '
	{ guard = /iscsi-boot-guar/; what = $0; sub(/.* (stop|bind|send|start): .*/, "", what); match($0, / (stop|bind|send|start): /)
	  what = substr($0, RSTART + 1, RLENGTH - 3) }
	!guard && before == "stop" && earlier == "send" { n++ }
	{ earlier = guard ? before : ""; before = guard ? what : "" }
	END { print n + 0 }')
[ "$given_up" -ge "$((WINDOWS / 2))" ] || fail "the guard gave up its login $given_up times in $WINDOWS windows"
note "$ACTORS; the guard gave up its login $given_up times in $WINDOWS windows; $(times_summary <"$WORK/times")"
