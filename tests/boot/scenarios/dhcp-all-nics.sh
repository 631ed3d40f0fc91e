# shellcheck shell=bash
# groups: check net
# ip=dhcp that names no device, and two targets in two networks, each with a DHCP server. A third
# NIC has a carrier, but no server.
# Outcome: each path goes by the NIC in its network, the third NIC is not waited for and stays without an address,
# and the files for the real root name the other two alone.

lab
stock 6.12
guest <<'END'
agent_boot
say addresses "$(/usr/sbin/ip -o -4 addr show | sed -n 's/.*: \(eth[0-9]\) *inet \([0-9]*[.][0-9]*\)[.].*/\1 \2/p' | xargs)"
say dark "$(($(cat /sys/class/net/eth0/flags) & 1))"
say files "$(cd /run; echo net-*.conf)"
say disks "$(cd /sys/block; echo sd*)"
enter_root /dev/iscsi-boot/root
END
program ip
initramfs
switch dark
switch lan 10.7.0.1/24
switch store 10.9.0.1/24
rootfs "$WORK/root.img"
truncate -s 8M "$WORK/other.img"
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
target 2 "$IQN.2" "$WORK/other.img"
serve interface=lan,store dhcp-range=10.7.0.50,10.7.0.60,1h dhcp-range=10.9.0.50,10.9.0.60,1h \
	dhcp-option=option:router
lan n0 dark 52:54:00:aa:00:01
lan n1 lan 52:54:00:aa:00:02
lan n2 store 52:54:00:aa:00:03
direct "$(root_at 10.7.0.1) netroot=iscsi:10.9.0.1::3260:1:$IQN.2 root=UUID=0 ip=dhcp"

want addresses "eth1 10.7 eth2 10.9"
want dark 0
want files "net-eth1.conf net-eth2.conf"
want disks "sda sdb"
want_root "$IQN" "$WORK/root.img"
want_session "$IQN.2"
agent_within 30
want_wire n0 "udp dst port 67"
want_wire n1 "dst 10.7.0.1 and tcp dst port 3260"
want_no_wire n1 "dst 10.9.0.1 and tcp"
want_wire n2 "dst 10.9.0.1 and tcp dst port 3260"
want_no_wire n2 "dst 10.7.0.1 and tcp"
