# shellcheck shell=bash
# groups: lease
# A lease of 60 s, and a real root without systemd and without a network manager. The target is away for 70 s.
# Outcome: iscsi-boot-lease renews the lease ten times, always before it ends, and "status" says so.

# shellcheck source=tests/boot/lib/lease.sh
. "$BOOT/lib/lease.sh"
stock 6.12
install -D -m 644 "$BOOT/guest/lease" "$WORK/root/guest/lease"
root_does <<'END'
. /guest/lease
await_renewed 4
away
await_renewed 10
lease_report
END
rootfs "$WORK/root.img"
lease_machine
direct "$(root_at 10.7.0.1) ip=eth0:dhcp"

want_leases iscsi-boot-lease
