# shellcheck shell=bash
# groups: check beside
# The kernel's own iscsi_ibft beside our module, loaded before and after it, on every table of tests/data.
# Outcome: "iscsistart -f" and /sys/firmware/ibft are the same with and without our module, and both trees
# agree but for the differences that docs/user/sysfs-abi.md lists, each of which some table needs.

# shellcheck source=tests/boot/lib/beside.sh
. "$BOOT/lib/beside.sh"
beside 6.1
