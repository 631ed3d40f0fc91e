# shellcheck shell=bash
# groups: net
# One command line for several machines: of three ip= parameters two name devices that this one does not have. One
# of them has an address in the portal's subnet; the last is DHCP on eth0.
# Outcome: the machine boots by eth0 at once, and eth0 alone is handed over.

lab
stock 6.12
guest <<'END'
agent_boot
say files "$(cd /run; echo net-*.conf)"
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=eth9:dhcp ip=10.7.0.15:::24::eth8:none ip=eth0:dhcp"

want_boot
agent_within 20
want files net-eth0.conf
want_wire n0 "src net 10.7.0.0/24 and not src host 10.7.0.15 and tcp dst port 3260"
