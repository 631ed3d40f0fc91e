# shellcheck shell=bash
# groups: net
# netroot=dhcp without ip=, and two NICs: the lease of the first one has no root path, that of the second has one.
# Outcome: both are asked; the machine boots by the second, and the first one gets no address.

lab
stock 6.12
guest <<'END'
agent_boot
say addresses "$(/usr/sbin/ip -o -4 addr show | sed -n 's/.*: \(eth[0-9]\) *inet \([0-9]*[.][0-9]*\)[.].*/\1 \2/p' | xargs)"
enter_root /dev/iscsi-boot/root
END
program ip
initramfs
switch lan 10.7.0.1/24
switch store 10.9.0.1/24
san 10.9.0.1
serve interface=lan,store dhcp-range=set:lan,10.7.0.50,10.7.0.60,1h dhcp-range=set:store,10.9.0.50,10.9.0.60,1h \
	"dhcp-option=tag:store,17,iscsi:10.9.0.1::3260:1:$IQN"
lan n0 lan 52:54:00:aa:00:01
lan n1 store "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=dhcp root=/dev/root"

want addresses "eth1 10.9"
want_boot
agent_within 30
want_log 'dhcp: eth1: the root path names target0'
want_wire n0 "udp src port 67"
