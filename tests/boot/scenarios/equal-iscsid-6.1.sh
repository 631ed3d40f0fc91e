# shellcheck shell=bash
# groups: equal
# Kernel 6.1; the real root is Debian's, whose iscsid takes the session of each engine over, without a node
# record; then the target ends and comes again while the disk is written.
# Outcome: one session all the time, no I/O error; after the adoption it reads the same but for what
# docs/user/engines.md lists.

# shellcheck source=tests/boot/lib/equal.sh
. "$BOOT/lib/equal.sh"
lab
stock 6.1
iscsid_root
debian "$WORK/fresh.img" systemd-sysv udev open-iscsi iproute2
equal_iscsid "$WORK/fresh.img"
