# shellcheck shell=bash
# groups: handoff
# The root is behind a bond; NetworkManager in the real root is started and restarted, and its networking is switched
# off.
# Outcome: it changes neither the bond nor its members nor the address.

lab
stock 6.12
guest_boots
real <<'END'
state() { nmcli -g GENERAL.STATE device show "$1"; }
states() { echo "$(state bond0), $(state eth0), $(state eth1)"; }
nm-online -q -s -t 60 && say online first
say first "$(states)"
systemctl restart NetworkManager
nm-online -q -s -t 60 && say online again
say again "$(states)"
nmcli networking off
say off "$(states)"
systemctl stop NetworkManager
say address "$(ip -o -4 addr show bond0 | awk '{ print $4 }')"
say members "$(cat /sys/class/net/bond0/bonding/slaves)"
say deleted "$(grep -c 'Deleted.*\(eth[01]\|bond0\)' /run/changes)"
cat /run/changes >/dev/console
END
wants dbus.service NetworkManager.service
initramfs
debian "$WORK/root.img" systemd-sysv udev iproute2 dbus network-manager
switch lan 10.7.0.1/24
target_start 10.7.0.1 3260
target 1 "$IQN" "$WORK/root.img"
lan n0 lan "$MAC"
lan n1 lan 52:54:00:12:34:57
direct "$(root_at 10.7.0.1) bond=bond0:eth0,eth1:mode=active-backup ip=10.7.0.15::10.7.0.1:24::bond0:none"

want online $'first\nagain'
UNMANAGED="10 (unmanaged)"
for when in first again off; do want "$when" "$UNMANAGED, $UNMANAGED, $UNMANAGED"; done
want address 10.7.0.15/24
want members "eth0 eth1"
want deleted 0
want_boot
want_no_log 'detected conn error'
