# shellcheck shell=bash
# groups: lease
# A lease of 60 s, and ifupdown in the real root, whose /etc/network/interfaces has dhcp for the device; it is
# restarted and stopped. The target is away for 70 s.
# Outcome: iscsi-boot-lease renews the lease ten times, always before it ends, and "status" says so.

# shellcheck source=tests/boot/lib/lease.sh
. "$BOOT/lib/lease.sh"
stock 6.12
mkdir -p "$WORK/real/etc/network/interfaces.d"
printf '%s\n' 'auto lo eth0' 'iface lo inet loopback' 'iface eth0 inet dhcp' >"$WORK/real/etc/network/interfaces"
wants networking.service
lease_root "$WORK/root.img" ifupdown isc-dhcp-client <<'END'
await_renewed 2
systemctl restart networking
await_renewed 4
systemctl stop networking
away
await_renewed 10
say clients "$(ps | grep -c '[d]hclient')"
END
lease_machine
direct "$(root_at 10.7.0.1) ip=eth0:dhcp"

want clients 0
want_leases iscsi-boot-lease
