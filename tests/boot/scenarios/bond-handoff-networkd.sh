# shellcheck shell=bash
# groups: handoff
# The root is behind a VLAN on a bond; systemd-networkd in the real root, started twice, with a file of the user
# that gives all Ethernet devices DHCP.
# Outcome: bond, members, VLAN and address stay; networkd changes none of them.

lab
stock 6.12
guest_boots
real <<'END'
online() {
	/lib/systemd/systemd-networkd-wait-online --timeout=60 --interface=bond0.5:routable && say online "$1"
}
online first
systemctl restart systemd-networkd
online again
say address "$(ip -o -4 addr show bond0.5 | awk '{ print $4 }')"
say members "$(cat /sys/class/net/bond0/bonding/slaves)"
say deleted "$(grep -c 'Deleted.*\(eth[01]\|bond0\)' /run/changes)"
say files "$(journalctl -o cat -u systemd-networkd | grep 'Configuring with' | sed 's/.*iscsi-boot-//; s/\.$//' | sort -u | xargs)"
setup() {
	for dev in bond0 bond0.5 eth0 eth1; do
		echo "$dev=$(sed -n 's/^ADMIN_STATE=//p' "/run/systemd/netif/links/$(cat "/sys/class/net/$dev/ifindex")")"
	done
}
say setup "$(setup | xargs)"
say complaints "$(journalctl -o cat -p warning -u systemd-networkd | grep -c 'eth[01]\|bond0')"
journalctl -o cat -p warning -u systemd-networkd | grep 'eth[01]\|bond0' >/dev/console
cat /run/changes >/dev/console
END
wants systemd-networkd.service
initramfs
debian "$WORK/root.img" systemd-sysv udev iproute2
switch lan 10.7.0.1/24
trunk lan 5 10.5.0.1/24
target_start 10.5.0.1 3260
target 1 "$IQN" "$WORK/root.img"
lan n0 lan "$MAC"
lan n1 lan 52:54:00:12:34:57
direct "$(root_at 10.5.0.1) bond=bond0:eth0,eth1:mode=active-backup vlan=bond0.5:bond0" \
	"ip=10.5.0.15::10.5.0.1:24::bond0.5:none"

want online $'first\nagain'
want address 10.5.0.15/24
want members "eth0 eth1"
want deleted 0
want setup "bond0=configured bond0.5=configured eth0=unmanaged eth1=unmanaged"
want complaints 0
want_boot
want_no_log 'detected conn error'
