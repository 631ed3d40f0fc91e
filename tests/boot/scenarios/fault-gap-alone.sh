# shellcheck shell=bash
# groups: faults
# Shows why the guard is needed: without it, the target is restarted after the switch to the real root and
# before iscsid starts, whose file cannot be read from that root any more.
# Outcome: no record is acknowledged and iscsid does not start, for 30 s after the target is back.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_machine none
hand 'echo 3 >/proc/sys/vm/drop_caches; say dropped'
within 20 reported dropped '' || machine_fails "the caches were not dropped"
target_dies
hand 'iscsid -f; say iscsid ended'
(bound sleep 5)
target_lives
(bound sleep 1)
BACK=$EPOCHREALTIME
(bound sleep 30)
! acknowledged "$BACK" || fail "the connection was restored without a guard"
! grep -q '^iscsid' "$WORK/verdict" || fail "iscsid could be started"
want_no_log 'iscsid:'
power_off
note "no record acknowledged for 30 s, as expected"
