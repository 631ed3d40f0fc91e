# shellcheck shell=bash
# groups: lease
# A lease of 60 s, and systemd-networkd in the real root, which is restarted, then stopped and started. The target is
# away for 70 s.
# Outcome: networkd renews the lease and, while it is stopped, iscsi-boot-lease does: ten times in all, always before
# the lease ends. "status" says so.

# shellcheck source=tests/boot/lib/lease.sh
. "$BOOT/lib/lease.sh"
stock 6.12
wants systemd-networkd.service
lease_root "$WORK/root.img" <<'END'
online() { /lib/systemd/systemd-networkd-wait-online --timeout=120 --interface=eth0:routable && say online "$1"; }
kept_by() { say kept-by "$(sed -n 's/.* by=\([^ ]*\) .*/\1/p' /run/iscsi-boot/lease)"; }
online first
await_renewed 2
kept_by
systemctl restart systemd-networkd
online again
await_renewed 4
systemctl stop systemd-networkd.socket systemd-networkd
await_renewed 6
kept_by
systemctl start systemd-networkd
online third
await_renewed 8
away
await_renewed 11
END
lease_machine
direct "$(root_at 10.7.0.1) ip=eth0:dhcp"

want online $'first\nagain\nthird'
want kept-by $'systemd-networkd\niscsi-boot-lease'
want_leases systemd-networkd
