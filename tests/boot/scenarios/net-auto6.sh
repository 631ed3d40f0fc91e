# shellcheck shell=bash
# groups: check net
# An IPv6-only machine that makes its address from the router's advertisement.
# Outcome: the agent waits for it, and for the end of duplicate address detection, and boots; no IPv4 frame
# leaves the machine.

lab
stock 6.12
guest_boots
initramfs
switch lan fd07::1/64
serve port=0 interface=lan enable-ra "dhcp-range=fd07::,ra-only,64,infinite"
san '[fd07::1]'
lan n0 lan "$MAC"
direct "$(root_at '[fd07::1]') ip=eth0:auto6"

want_boot
# The address made from the MAC.
want_wire n0 "src fd07::5054:ff:fe12:3456 and dst fd07::1 and tcp dst port 3260"
want_no_wire n0 "ip or arp"
