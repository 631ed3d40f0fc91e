# shellcheck shell=bash
# groups: check net
# The target is in a VLAN, whose number and MTU are on the command line.
# Outcome: the agent makes the VLAN and boots; every frame to and from the target has its tag.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
trunk lan 5 10.5.0.1/24
san 10.5.0.1
lan n0 lan "$MAC"
direct "$(root_at 10.5.0.1) vlan=eth0.5:eth0 ip=10.5.0.15::10.5.0.1:24::eth0.5:none"

want_boot
want_log 'net: eth0.5: 10.5.0.15/24'
want_wire n0 "vlan 5 and src 10.5.0.15 and tcp dst port 3260"
want_wire n0 "vlan 5 and dst 10.5.0.15 and tcp src port 3260"
want_no_wire n0 "ip or arp" # which matches untagged frames only
