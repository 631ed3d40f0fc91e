# shellcheck shell=bash
# groups: faults
# iscsid does not run yet, so the guard cares for the session. For 60 s and for 300 s the target is away, the
# link is down, or the network drops everything. 300 s is longer than a command may take (90 s), with abort and
# reset.
# Outcome: no acknowledged record is lost, the file system sees no error, and service is back in time.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_long guard
