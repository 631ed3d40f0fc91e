# shellcheck shell=bash
# groups: handoff
# NetworkManager in the real root is started and restarted, and its networking is switched off.
# Outcome: it does not change the device, its address or its routes; it manages another device, which udev names
# ens4.

lab
stock 6.12
guest_boots
real <<'END'
state() { nmcli -g GENERAL.STATE device show "$1"; }
nm-online -q -s -t 60 && nm-online -q -t 60 && say online first
say first "$(state eth0), $(state ens4)"
systemctl restart NetworkManager
nm-online -q -s -t 60 && nm-online -q -t 60 && say online again
say again "$(state eth0), $(state ens4)"
nmcli networking off
say off "$(state eth0), $(state ens4)"
systemctl stop NetworkManager
say address "$(ip -o -4 addr show eth0 | awk '{ print $4 }')"
say deleted "$(grep -c 'Deleted.*eth0' /run/changes)"
cat /run/changes >/dev/console
END
wants dbus.service NetworkManager.service
initramfs
debian "$WORK/root.img" systemd-sysv udev iproute2 dbus network-manager
switch lan 10.7.0.1/24
serve interface=lan dhcp-range=10.7.0.70,10.7.0.90,1h
target_start 10.7.0.1 3260
target 1 "$IQN" "$WORK/root.img"
lan n0 lan "$MAC"
lan n1 lan 52:54:00:12:34:57
direct "$(root_at 10.7.0.1) ip=10.7.0.15::10.7.0.1:24::eth0:none"

want online $'first\nagain'
want first "10 (unmanaged), 100 (connected)"
want again "10 (unmanaged), 100 (connected)"
want off "10 (unmanaged), 10 (unmanaged)"
want address 10.7.0.15/24
want deleted 0
want_boot
want_no_log 'detected conn error'
