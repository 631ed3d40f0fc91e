# shellcheck shell=bash
# groups: net
# ip=eth0:any, a portal by name, and a network that has DHCPv6 but no DHCP.
# Outcome: the agent asks for both, as it does not know the portal's family, and boots by IPv6.

lab
stock 6.12
guest_boots
program dhcpcd
initramfs
switch lan fd07::1/64
san '[fd07::1]'
sysctl -q -w net.ipv6.conf.all.forwarding=1
serve interface=lan enable-ra dhcp-range=fd07::50,fd07::60,64,1h host-record=store.lab.example,fd07::1
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR iscsi_boot.target=iscsi://store.lab.example/$IQN/1" \
	"ip=eth0:any nameserver=fd07::1"

want_boot
agent_within 60
want_log 'dhcp: eth0: asking for a lease with'
want_log 'dhcp: eth0: asking for an IPv6 lease with dhcpcd'
want_wire n0 "dst fd07::1 and tcp dst port 3260"
