# shellcheck shell=bash
# groups: guard faults
# Without iscsid, only the guard runs. The connection is reset in the middle of a write eight times, and the
# target is killed for 0.5 to 5 s six times.
# Outcome: each time a record is acknowledged within 3 s after the fault's end, none is lost, no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_lab guard
install -D "$TOP/build/agent/iscsi-boot-guard" "$WORK/overlay/usr/lib/iscsi-boot/iscsi-boot-guard"
initramfs
fault_root
fault_boot
for _ in 1 2 3 4 5 6 7 8; do fault reset 0; done
for seconds in 0.5 1 2 3 4 5; do fault target $seconds; done
fault_end
fault_note
