# shellcheck shell=bash
# groups: faults guard
# iscsid has the session and the guard stands by. While the target is away, iscsid is killed, stopped by a signal,
# runs out of memory in its cgroup, has an unreadable program or a damaged database, or is stopped for good until
# the target is back.
# Outcome: service is back in time after each; iscsid has the session again; no record is lost, no error; the
# trace shows one actor at any time.

# shellcheck source=tests/boot/lib/standby.sh
. "$BOOT/lib/standby.sh"
# shellcheck disable=SC2034
LIMIT=900
standby_machine iscsi_boot.guard-standby=30
for kind in reset target link silence killed stopped memory binary database; do
	BOUND=$(standby_bound $kind) fault $kind 5
	iscsid_returns
done
BOUND=35 fault hung 5
iscsid_returns
BOUND=35 fault hung 60
iscsid_returns
fault killed 60
iscsid_returns
fault_end
want_one_actor 4
note "$ACTORS; $RECORDS records; $(times_summary <"$WORK/times")"
