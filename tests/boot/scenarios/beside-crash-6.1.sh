# shellcheck shell=bash
# groups: check beside
# A table in ACPI whose host name lies outside it, read through the kernel's iscsi_ibft and through our module.
# Outcome: reading iscsi_ibft's file crashes the kernel; our view shows all valid values, and every file is
# readable.

# shellcheck source=tests/boot/lib/beside.sh
. "$BOOT/lib/beside.sh"
beside_crash 6.1
