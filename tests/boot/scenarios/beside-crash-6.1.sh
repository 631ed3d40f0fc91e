# shellcheck shell=bash
# groups: check beside
# A table in ACPI whose host name lies outside it, shown by the kernel's own iscsi_ibft and by ours.
# Outcome: reading theirs crashes in the kernel; ours shows what is sound, and all of it can be read.

# shellcheck source=tests/boot/lib/beside.sh
. "$BOOT/lib/beside.sh"
beside_crash 6.1
