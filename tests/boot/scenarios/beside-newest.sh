# shellcheck shell=bash
# groups: beside
# Compares the newest kernel's iscsi_ibft with our module, built for that kernel of Debian's sid and loaded before and
# after it, on every table of tests/data.
# Outcome: "iscsistart -f" and /sys/firmware/ibft are the same with and without our module. Both trees agree
# except for the differences that docs/user/sysfs-abi.md lists, and some table needs each of them.

# shellcheck source=tests/boot/lib/beside.sh
. "$BOOT/lib/beside.sh"
newest_stock
beside "$WORK/iscsi_boot_unified.ko"
