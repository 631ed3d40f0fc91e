# shellcheck shell=bash
# groups: handoff
# Two NICs in one subnet, each the source of a path, and systemd-networkd in the real root, which configures a
# third NIC itself.
# Outcome: the rules, addresses and routes that bind each path to its NIC are unchanged; the third NIC has its
# address.

lab
stock 6.12
guest_boots --wait-all
mkdir -p "$WORK/real/etc/systemd/network"
printf '[Match]\nName=en*\n[Network]\nAddress=10.9.0.15/24\n' >"$WORK/real/etc/systemd/network/10-other.network"
real <<'END'
ours() {
	/usr/bin/ip rule
	/usr/bin/ip route show table all dev eth0
	/usr/bin/ip route show table all dev eth1
}
ours | grep -v -e fe80 -e ff00 -e linkdown | sort >/run/before
systemctl start systemd-networkd
/lib/systemd/systemd-networkd-wait-online --timeout=60 --interface=ens5:routable && say online yes
systemctl restart systemd-networkd
/lib/systemd/systemd-networkd-wait-online --timeout=60 --interface=ens5:routable && say online again
ours | grep -v -e fe80 -e ff00 -e linkdown | sort >/run/after
cat /run/before /run/after /run/changes >/dev/console
say rules "$(grep -c 10.7.0 /run/before)"
cmp /run/before /run/after && say same yes
say deleted "$(grep -c 'Deleted.*10\.7\.0' /run/changes)"
END
initramfs
debian "$WORK/root.img" systemd-sysv udev iproute2
switch lan 10.7.0.1/24 10.7.0.2/24
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
lan n0 lan 52:54:00:aa:00:01
lan n1 lan 52:54:00:aa:00:02
lan n2 lan 52:54:00:aa:00:03
direct "rd.iscsi.initiator=$INITIATOR" \
	"ip=10.7.0.15:::24::eth0:none::52:54:00:aa:00:01 ip=10.7.0.16:::24::eth1:none::52:54:00:aa:00:02" \
	"iscsi_boot.target=iscsi://10.7.0.1/$IQN/1?nic=52:54:00:aa:00:01" \
	"iscsi_boot.target=iscsi://10.7.0.2/$IQN/1?nic=52:54:00:aa:00:02"

want online $'yes\nagain'
want same yes
want deleted 0
want_boot 2
want_no_log 'detected conn error'
