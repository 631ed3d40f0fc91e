# shellcheck shell=bash
# groups: check faults guard
# iscsid has the session and the guard stands by. iscsid is killed while the target is away, so that its program
# cannot be read; it is stopped, so that it exists but hangs.
# Outcome: the guard reconnects after iscsid's end, terminates the iscsid that hangs, and iscsid gets the session
# again each time. No record is lost, no error; the trace shows one actor at any time.

# shellcheck source=tests/boot/lib/standby.sh
. "$BOOT/lib/standby.sh"
standby_machine iscsi_boot.guard-standby=10
fault killed 5
iscsid_returns
BOUND=15 fault hung 5
iscsid_returns
[ "$(terminated reconnect)" = 1 ] || fail "the guard terminated iscsid $(terminated reconnect) times, not once"
fault_end
want_one_actor 4
note "$ACTORS; $(times_summary <"$WORK/times")"
