# shellcheck shell=bash
# groups: lease
# A lease of 60 s, and NetworkManager in the real root, which is restarted and whose networking is switched off. The
# target is away for 70 s.
# Outcome: iscsi-boot-lease renews the lease ten times, always before it ends, and "status" says so.

# shellcheck source=tests/boot/lib/lease.sh
. "$BOOT/lib/lease.sh"
stock 6.12
wants dbus.service NetworkManager.service
lease_root "$WORK/root.img" dbus network-manager <<'END'
await_renewed 2
systemctl restart NetworkManager
nm-online -q -s -t 60
say state "$(nmcli -g GENERAL.STATE device show eth0)"
await_renewed 4
nmcli networking off
await_renewed 6
away
await_renewed 10
END
lease_machine
direct "$(root_at 10.7.0.1) ip=eth0:dhcp"

want state "10 (unmanaged)"
want_leases iscsi-boot-lease
