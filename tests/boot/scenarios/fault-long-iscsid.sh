# shellcheck shell=bash
# groups: faults
# The root's iscsid has adopted the session. For 60 s and for 300 s the target is away, the link is down, or the
# network drops everything. 300 s is longer than a command may take (90 s), with abort and reset.
# Outcome: no acknowledged record is lost, and the file system sees no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_long iscsid
