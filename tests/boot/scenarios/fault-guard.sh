# shellcheck shell=bash
# groups: check faults
# There is no iscsid yet: the guard has the session. The connection is reset in the middle of a write, three times; the
# target is restarted within 5 s.
# Outcome: no record that was acknowledged is lost, the file system sees no error; back in time.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_short guard
