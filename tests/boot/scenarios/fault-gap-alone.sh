# shellcheck shell=bash
# groups: faults
# What the guard is for, without it: the target is restarted after the switch to the real root, before the
# real iscsid, which nobody can read from that root any more.
# Outcome: nothing is acknowledged and iscsid never starts, for 30 s after the target is back.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_machine none
hand 'echo 3 >/proc/sys/vm/drop_caches; say dropped'
within 20 reported dropped '' || machine_fails "caches stay"
target_dies
hand 'iscsid -f; say iscsid ended'
(bound sleep 5)
target_lives
(bound sleep 1)
BACK=$EPOCHREALTIME
(bound sleep 30)
! acknowledged "$BACK" || fail "something saved it"
! grep -q '^iscsid' "$WORK/verdict" || fail "iscsid could be read"
want_no_log 'iscsid:'
power_off
note "dead for 30 s, as it must be"
