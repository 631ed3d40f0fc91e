# shellcheck shell=bash
# groups: check net
# A portal with a link-local address, whose zone names the second NIC; no ip= at all, and the first NIC is on a
# network with the same address, where nothing listens.
# Outcome: the agent brings up the NIC of the zone alone and boots by it; no packet of iSCSI leaves the other.

lab
stock 6.12
guest_boots
initramfs
switch lan fe80::1/64
switch other
san '[::]'
lan n0 other 52:54:00:12:34:55
lan n1 lan "$MAC"
direct "$(root_at '[fe80::1%eth1]')"

want_boot
want_wire n1 "src fe80::5054:ff:fe12:3456 and dst fe80::1 and tcp dst port 3260"
want_no_wire n0 "tcp port 3260"
