# shellcheck shell=bash
# groups: faults
# While the target is away: the guard that works is killed, iscsid comes, iscsid is killed and started, iscsid
# is stopped and started once the target is back.
# Outcome: whoever is there saves it; no record, no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_machine guard
fault saver 5
fault iscsid 5
guard_leaves
fault saver 5
fault stopped 5
fault saver 30
fault_end
fault_note
