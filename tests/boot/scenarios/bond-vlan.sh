# shellcheck shell=bash
# groups: check net
# The target is in a VLAN on a bond (balance-xor) whose second NIC does not exist.
# Outcome: the bond is created without it, which is told; every frame to and from the target has its tag.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
trunk lan 42 10.5.0.1/24
san 10.5.0.1
lan n0 lan "$MAC"
direct "$(root_at 10.5.0.1) bond=san0:eth0,eth9:mode=balance-xor vlan=san0.42:san0" \
	"ip=10.5.0.15::10.5.0.1:24::san0.42:none:1400"

want_root "$IQN" "$WORK/root.img"
want_log 'net: san0: waiting for its member eth9, at most 10 s'
want_log 'net: warning: san0: created without eth9, which is not present'
want_log 'net: san0.42: 10.5.0.15/24'
want_wire n0 "vlan 42 and src 10.5.0.15 and tcp dst port 3260"
want_wire n0 "vlan 42 and dst 10.5.0.15 and tcp src port 3260"
want_no_wire n0 "ip or arp" # which matches untagged frames only
