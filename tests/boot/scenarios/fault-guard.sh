# shellcheck shell=bash
# groups: check faults
# iscsid does not run yet, so the guard cares for the session. The connection is reset in the middle of a write,
# three times; the target is restarted within 5 s.
# Outcome: no acknowledged record is lost, the file system sees no error, and service is back in time.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_short guard
