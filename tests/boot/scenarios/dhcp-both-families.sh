# shellcheck shell=bash
# groups: net
# ip=dhcp ip6=dhcp as Ubuntu reads them, a portal by name, and a network that has DHCPv6 but no DHCP. Another NIC has a
# carrier, but no server.
# Outcome: every NIC is asked for both. The one that answers is used, whichever it is, and the other delays nothing.

lab
stock 6.12
guest_boots
program dhcpcd
initramfs
switch dark
switch lan fd07::1/64
san '[fd07::1]'
sysctl -q -w net.ipv6.conf.all.forwarding=1
serve interface=lan enable-ra dhcp-range=fd07::50,fd07::60,64,1h host-record=store.lab.example,fd07::1
lan n0 dark 52:54:00:aa:00:09
lan n1 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR iscsi_boot.target=iscsi://store.lab.example/$IQN/1" \
	"ip=dhcp ip6=dhcp nameserver=fd07::1"

want_boot
agent_within 60
want_log 'dhcp: eth1: asking for a lease with'
want_log 'dhcp: eth1: asking for an IPv6 lease with dhcpcd'
want_wire n0 "udp dst port 547"
want_wire n1 "dst fd07::1 and tcp dst port 3260"
