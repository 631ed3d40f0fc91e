# shellcheck shell=bash
# groups: handoff
# The target is in a VLAN; systemd-networkd in the real root, started twice.
# Outcome: the VLAN, its address and its MTU stay; networkd does not change either device.

lab
stock 6.12
guest_boots
real <<'END'
online() {
	/lib/systemd/systemd-networkd-wait-online --timeout=60 --interface=eth0.5:routable && say online "$1"
}
online first
systemctl restart systemd-networkd
online again
say address "$(ip -o -4 addr show eth0.5 | awk '{ print $4 }')"
say mtu "$(cat /sys/class/net/eth0.5/mtu)"
say deleted "$(grep -c 'Deleted.*eth0' /run/changes)"
say files "$(journalctl -o cat -u systemd-networkd | grep 'Configuring with' | sed 's/.*iscsi-boot-//; s/\.$//' | sort -u | xargs)"
say complaints "$(journalctl -o cat -p warning -u systemd-networkd | grep -c eth0)"
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
direct "$(root_at 10.5.0.1) vlan=eth0.5:eth0 ip=10.5.0.15::10.5.0.1:24::eth0.5:none:1400"

want online $'first\nagain'
want address 10.5.0.15/24
want mtu 1400
want deleted 0
want files "eth0.5.network eth0.network"
want complaints 0
want_boot
want_no_log 'detected conn error'
