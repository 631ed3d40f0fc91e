# shellcheck shell=bash
# groups: check beside
# Compares the kernel's iscsi_ibft with our module, loaded before and after it, on every table of tests/data.
# Outcome: "iscsistart -f" and /sys/firmware/ibft are the same with and without our module. Both trees agree
# except for the differences that docs/user/sysfs-abi.md lists, and some table needs each of them.

# shellcheck source=tests/boot/lib/beside.sh
. "$BOOT/lib/beside.sh"
stock 6.1
beside
