# shellcheck shell=bash
# groups: check faults
# The root's iscsid has the session. The connection is reset in the middle of a write, three times; the
# target is restarted within 5 s.
# Outcome: no record that was acknowledged is lost, the file system sees no error.

# shellcheck source=tests/boot/fault.lib
. "$BOOT/fault.lib"
fault_lab iscsid
initramfs
fault_root
fault_boot
for _ in 1 2 3; do fault reset 0; done
fault target 5
fault_end
fault_note
