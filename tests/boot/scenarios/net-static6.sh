# shellcheck shell=bash
# groups: check net
# An IPv6-only network: a static address and the target's address on the command line.
# Outcome: the agent boots; no IPv4 frame leaves the machine, and the target sees the static address.

lab
stock 6.12
guest_boots
initramfs
switch lan fd07::1/64
san '[fd07::1]'
lan n0 lan "$MAC"
direct "$(root_at '[fd07::1]') ip=[fd07::15]:::64::eth0:none"

want_boot
want_wire n0 "src fd07::15 and dst fd07::1 and tcp dst port 3260"
want_no_wire n0 "ip or arp"
