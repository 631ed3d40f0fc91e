# shellcheck shell=bash
# groups: net
# ip=dhcp that names no device; of two NICs with a carrier only the second one's network has a server.
# Outcome: the agent asks for a lease on both, and boots by the second.

lab
stock 6.12
guest_boots
initramfs
switch dark
switch lan 10.7.0.1/24
san 10.7.0.1
serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h
lan n0 dark "$MAC"
lan n1 lan 52:54:00:12:34:57
direct "$(root_at 10.7.0.1) ip=dhcp"

want_boot
want_log 'dhcp: eth0: asking'
want_log 'dhcp: eth1: 10\.7\.0\..* after'
want_wire n0 "udp dst port 67"
