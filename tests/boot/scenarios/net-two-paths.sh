# shellcheck shell=bash
# groups: check net
# Two NICs on two networks, each with a path to the root's LUN, named by the NICs' MACs.
# Outcome: a session by each NIC; traffic of one network never passes on the other.

lab
stock 6.12
guest_boots --wait-all
initramfs
switch lan0 10.7.0.1/24
switch lan1 10.7.1.1/24
rootfs "$WORK/root.img"
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
lan n0 lan0 52:54:00:aa:00:01
lan n1 lan1 52:54:00:aa:00:02
direct "rd.iscsi.initiator=$INITIATOR" \
	"ip=10.7.0.15:::24::eth0:none::52:54:00:aa:00:01 ip=10.7.1.15:::24::eth1:none::52:54:00:aa:00:02" \
	"iscsi_boot.target=iscsi://10.7.0.1/$IQN/1?nic=52:54:00:aa:00:01" \
	"iscsi_boot.target=iscsi://10.7.1.1/$IQN/1?nic=52:54:00:aa:00:02"

want_boot 2
want_wire n0 "src 10.7.0.15 and dst 10.7.0.1 and tcp dst port 3260"
want_wire n1 "src 10.7.1.15 and dst 10.7.1.1 and tcp dst port 3260"
want_no_wire n0 "net 10.7.1.0/24"
want_no_wire n1 "net 10.7.0.0/24"
