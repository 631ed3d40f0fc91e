# shellcheck shell=bash
# groups: check net
# IPv6 alone, on a network without any IPv4: a static address and the target's, on the command line.
# Outcome: the agent boots; no frame of IPv4 leaves the machine, and its address is seen at the target.

lab
stock 6.12
guest_boots
initramfs
switch lan fd07::1/64
san '[fd07::1]'
lan n0 lan "$MAC"
direct "$(root_at '[fd07::1]') ip=[fd07::15]::::64::eth0:none"

want_boot
want_wire n0 "src fd07::15 and dst fd07::1 and tcp dst port 3260"
want_no_wire n0 "ip or arp"
