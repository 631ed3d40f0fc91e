# shellcheck shell=bash
# groups: check faults
# The target is restarted after the switch to the real root and before iscsid starts. iscsid then starts while
# the target is away once more, and adopts the session.
# The guard does not stand by.
# Outcome: the guard restores the connection and exits once iscsid works; no record is lost, no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_machine guard iscsi_boot.guard-standby=off
hand 'echo 3 >/proc/sys/vm/drop_caches'
fault target 5
target_dies
hand start_iscsid
(bound sleep 2)
target_lives
NOW=$EPOCHREALTIME
guard_leaves
within 60 acknowledged "$NOW" || machine_fails "no record is acknowledged after iscsid started"
# shellcheck disable=SC2016 # the machine's
hand 'while ps | grep -q "[@]iscsi-boot-guard"; do usleep 100000; done; say guards 0'
within 60 reported guards 0 || machine_fails "the guard still runs"
SAVER=iscsid
fault reset 0
fault_end
fault_note
