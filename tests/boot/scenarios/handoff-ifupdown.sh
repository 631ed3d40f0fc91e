# shellcheck shell=bash
# groups: handoff
# ifupdown in the real root, whose /etc/network/interfaces has another address for the device.
# Outcome: ifup -a, ifdown -a and ifdown do not change the device or its address; another device, which udev
# names ens4, comes up and goes down.

lab
stock 6.12
guest_boots
mkdir -p "$WORK/real/etc/network/interfaces.d"
cat >"$WORK/real/etc/network/interfaces" <<'END'
auto lo eth0 ens4
iface lo inet loopback
iface eth0 inet static
	address 10.7.0.99/24
iface ens4 inet static
	address 10.7.1.99/24
END
real <<'END'
addresses() { ip -o -4 addr show "$1" | awk '{ print $4 }' | xargs; }
say up "$(addresses eth0) $(addresses ens4)"
systemctl restart networking
say restarted "$(addresses eth0) $(addresses ens4)"
systemctl stop networking
say stopped "$(addresses eth0) $(addresses ens4)"
say refused "$(/sbin/ifdown eth0 2>&1)"
say down "$(addresses eth0)"
say deleted "$(grep -c 'Deleted.*eth0' /run/changes)"
cat /run/changes >/dev/console
END
wants networking.service
initramfs
debian "$WORK/root.img" systemd-sysv udev iproute2 ifupdown
switch lan 10.7.0.1/24
target_start 10.7.0.1 3260
target 1 "$IQN" "$WORK/root.img"
lan n0 lan "$MAC"
lan n1 lan 52:54:00:12:34:57
direct "$(root_at 10.7.0.1) ip=10.7.0.15::10.7.0.1:24::eth0:none"

want up "10.7.0.15/24 10.7.1.99/24"
want restarted "10.7.0.15/24 10.7.1.99/24"
want stopped "10.7.0.15/24 "
want refused "ifdown: ignoring unknown interface eth0=iscsi-boot"
want down 10.7.0.15/24
want deleted 0
want_boot
want_no_log 'detected conn error'
