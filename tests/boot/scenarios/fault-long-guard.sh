# shellcheck shell=bash
# groups: faults
# There is no iscsid yet: the guard has the session. For 60 s and for 300 s: the target is away, the link is down, all is
# lost on the way; the last is longer than a command may take (90 s), abort and reset too.
# Outcome: no record that was acknowledged is lost, the file system sees no error; back in time.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_long guard
