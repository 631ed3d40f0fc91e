# shellcheck shell=bash
# groups: net
# The machine gets an IPv6 address by router advertisement alone, and the portal is a name.
# Outcome: the agent looks up the name as soon as there is an address, and boots.

lab
stock 6.12
guest_boots
initramfs
switch lan fd07::1/64
san '[fd07::1]'
serve interface=lan enable-ra dhcp-range=fd07::,ra-only,64,1h host-record=store.lab.example,fd07::1
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR iscsi_boot.target=iscsi://store.lab.example/$IQN/1" \
	"ip=eth0:auto6 nameserver=fd07::1"

want_boot
want_log 'dns: store\.lab\.example resolved to fd07::1 after'
want_no_wire n0 "ip or arp"
