# shellcheck shell=bash
# groups: net
# The firmware's table puts the NIC into a VLAN; IPv6 in it.
# Outcome: the agent makes the VLAN and boots; every frame to and from the target has its tag.

lab
stock 6.1
guest_boots
initramfs
switch lan
trunk lan 4094 fd05::1/64
san '[fd05::1]'
table ipxe-bios "ip=10.0.2.15 prefix=24=>ip=fd05::15 prefix=64 vlan=4094" \
	"gateway=10.0.2.2 dns1=10.0.2.3 dhcp=10.0.2.2=>" "ip=10.0.2.2=>ip=fd05::1" \
	"iqn.2024-01.example:disk=>$IQN"
cable n0 lan
card n0 "$MAC" addr=3
direct

want_boot
want_wire n0 "vlan 4094 and src fd05::15 and dst fd05::1"
want_no_wire n0 "ip6 and tcp" # which matches untagged frames only
