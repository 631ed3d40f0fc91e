# shellcheck shell=bash
# groups: faults
# While the target is away: the guard's worker is killed, iscsid starts, iscsid is killed and started again,
# iscsid is stopped and starts once the target is back.
# The guard does not stand by.
# Outcome: the guard or iscsid restores the connection each time; no record is lost, no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_machine guard iscsi_boot.guard-standby=off
fault saver 5
fault iscsid 5
guard_leaves
fault saver 5
fault stopped 5
fault saver 30
fault_end
fault_note
