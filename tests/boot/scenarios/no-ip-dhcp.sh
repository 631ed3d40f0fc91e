# shellcheck shell=bash
# groups: check net
# The command line names a target, but no NIC: neither ip= nor BOOTIF=. One of two NICs has a DHCP server.
# Outcome: DHCP on every NIC with a carrier, as dracut and Debian do. The machine boots by the NIC that got a
# lease, and plan says why.

lab
stock 6.12
guest_boots
initramfs
switch dark
switch lan 10.7.0.1/24
san 10.7.0.1
serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h
lan n0 dark 52:54:00:aa:00:01
lan n1 lan "$MAC"
direct "$(root_at 10.7.0.1)"

want_boot
agent_within 30
want_log 'plan: path: .* nic0 \(no NIC is configured: DHCP on every NIC\)'
want_log 'net: target0: by eth1'
want_wire n1 "src net 10.7.0.0/24 and tcp dst port 3260"
