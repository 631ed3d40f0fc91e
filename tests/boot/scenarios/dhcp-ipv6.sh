# shellcheck shell=bash
# groups: check net
# DHCPv6 by dhcpcd, on a network without IPv4; the target is behind a router that sends advertisements.
# Outcome: the agent boots through that router, with the address that the server keeps for the DUID-LL of
# the MAC.

lab
stock 6.12
guest_boots
program dhcpcd
initramfs
switch lan fd07::1/64
router lan fd07::fe/64
# shellcheck disable=SC2034
TARGET_AT=(nsenter -n -t "${HOST_PID[far]}" --)
san '[fd08::2]'
ip route add fd08::/64 via fd07::fe
sysctl -q -w net.ipv6.conf.all.forwarding=1
serve interface=lan enable-ra dhcp-range=fd07::50,fd07::60,64,1h ra-param=lan,0,1800 \
	"dhcp-host=id:00:03:00:01:$MAC,[fd07::55]"
lan n0 lan "$MAC"
direct "$(root_at '[fd08::2]') ip=eth0:dhcp6"

want_boot
want_log 'dhcp: eth0: fd07:.*55/128 for 3600 s.*, by dhcpcd after'
want_wire n0 "src fd07::55 and dst fd08::2 and tcp dst port 3260"
want_no_wire n0 "ip or arp"
