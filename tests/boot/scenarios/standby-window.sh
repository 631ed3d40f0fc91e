# shellcheck shell=bash
# groups: faults guard
# The target closes connections while iscsid sets their parameters, until iscsid cannot bind a connection any more
# (open-iscsi issue 387). This is done until it was seen WINDOWS (20) times.
# Outcome: the guard terminates that iscsid and reconnects each time; no record is lost, no error; the trace shows
# one actor at any time. The number of hangs is printed.

# shellcheck source=tests/boot/lib/standby.sh
. "$BOOT/lib/standby.sh"
WINDOWS=${WINDOWS:-20}
# shellcheck disable=SC2034
LIMIT=$((300 + WINDOWS * 120))
standby_machine iscsi_boot.guard-standby=15
seen=0
for ((n = 0; seen < WINDOWS && n < 3 * WINDOWS; n++)); do
	before=$(cannot_bind)
	BOUND=35 fault window 5
	[ "$(cannot_bind)" = "$before" ] || seen=$((seen + 1))
	cat "$WORK/closed"
	iscsid_returns
done
fault_end
want_one_actor 4
[ "$seen" -ge "$WINDOWS" ] || fail "iscsid hung $seen times in $n windows, not $WINDOWS"
note "iscsid hung $seen times in $n windows, the guard terminated it $(terminated reconnect) times;" \
	"back after $(times_summary <"$WORK/times")"
