# shellcheck shell=bash
# groups: faults guard
# The target closes each connection in the middle of iscsid's login for some seconds, until iscsid cannot bind a
# connection any more (open-iscsi issue 387), or WINDOWS (20) times.
# Outcome: the guard terminates that iscsid and reconnects each time; no record is lost, no error; the trace shows
# one actor at any time. The number of hangs is printed.

# shellcheck source=tests/boot/lib/standby.sh
. "$BOOT/lib/standby.sh"
WINDOWS=${WINDOWS:-20}
# shellcheck disable=SC2034
LIMIT=$((300 + WINDOWS * 60))
standby_machine iscsi_boot.guard-standby=5
seen=0
for ((n = 0; seen < WINDOWS && n < 3 * WINDOWS; n++)); do
	before=$(cannot_bind)
	BOUND=10 fault window 3
	[ "$(cannot_bind)" = "$before" ] || seen=$((seen + 1))
	iscsid_returns
done
fault_end
want_one_actor
[ "$seen" -ge "$WINDOWS" ] || fail "iscsid hung $seen times in $n windows, not $WINDOWS"
note "iscsid hung $seen times in $n windows, the guard terminated it $(terminated reconnect) times;" \
	"back after $(times_summary <"$WORK/times")"
