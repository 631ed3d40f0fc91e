# shellcheck shell=bash
# groups: net
# Two NICs with addresses in the portal's subnet; the first has no cable. The target names no NIC.
# Outcome: the machine boots by the second at once, and that alone is handed over.

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
lan n0 lan 52:54:00:aa:00:01
lan n1 lan 52:54:00:aa:00:02
# shellcheck disable=SC2034
MONITOR="set_link n0 off"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none ip=10.7.0.16:::24::eth1:none"

want_boot
agent_within 20
want files net-eth1.conf
want_wire n1 "src 10.7.0.16 and tcp dst port 3260"
