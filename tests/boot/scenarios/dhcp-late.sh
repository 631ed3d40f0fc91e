# shellcheck shell=bash
# groups: net
# The DHCP server starts to answer 10 s after the client has started to ask.
# Outcome: the agent keeps waiting, and boots.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
once 'dhcp: eth0: asking for a lease' later 10 \
	serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h
direct "$(root_at 10.7.0.1) ip=dhcp"

want_boot
want_wire n0 "udp src port 67"
