# shellcheck shell=bash
# groups: check faults
# The root's iscsid has adopted the session. The connection is reset in the middle of a write, three times; the
# target is restarted within 5 s.
# Outcome: no acknowledged record is lost, and the file system sees no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_short iscsid
