# shellcheck shell=bash
# groups: check net
# Two NICs on one network and in one subnet, each with a path to the root's LUN. Their names are swapped once
# the sessions exist.
# Outcome: a session by each NIC; each path's frames leave by its own NIC with that NIC's address.

lab
stock 6.12
guest <<'END'
agent_boot --wait-all
ip link set eth0 name swap
ip link set eth1 name eth0
ip link set swap name eth1
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.7.0.1/24 10.7.0.2/24
rootfs "$WORK/root.img"
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
lan n0 lan 52:54:00:aa:00:01
lan n1 lan 52:54:00:aa:00:02
direct "rd.iscsi.initiator=$INITIATOR" \
	"ip=10.7.0.15/24:::::52-54-00-aa-00-01:none ip=10.7.0.16/24:::::52:54:00:aa:00:02:none" \
	"iscsi_boot.target=iscsi://10.7.0.1/$IQN/1?nic=52:54:00:aa:00:01" \
	"iscsi_boot.target=iscsi://10.7.0.2/$IQN/1?nic=52:54:00:aa:00:02"

want_boot 2
want_wire n0 "ether src 52:54:00:aa:00:01 and src 10.7.0.15 and dst 10.7.0.1 and tcp dst port 3260"
want_wire n1 "ether src 52:54:00:aa:00:02 and src 10.7.0.16 and dst 10.7.0.2 and tcp dst port 3260"
want_no_wire n0 "ether src 52:54:00:aa:00:01 and tcp and (src 10.7.0.16 or dst 10.7.0.2)"
want_no_wire n1 "ether src 52:54:00:aa:00:02 and tcp and (src 10.7.0.15 or dst 10.7.0.1)"
