# shellcheck shell=bash
# groups: equal
# Kernel 6.1; the real root is Debian's, whose iscsid adopts the session of each engine without a node record.
# Then the target stops and restarts while the disk is written.
# Outcome: the session stays the same, and there is no I/O error. After the adoption both engines' sessions are
# equal except for the differences that docs/user/engines.md lists.

# shellcheck source=tests/boot/lib/equal.sh
. "$BOOT/lib/equal.sh"
lab
stock 6.1
iscsid_root
debian "$WORK/fresh.img" systemd-sysv udev open-iscsi iproute2
equal_iscsid "$WORK/fresh.img"
