# shellcheck shell=bash
# groups: net
# ip=dhcp, and neither the machine nor the DHCP server names a target.
# Outcome: status 3 as soon as the lease has arrived: there is nothing to boot from.

lab
stock 6.12
guest <<'END'
agent_boot
finish
END
initramfs
switch lan 10.7.0.1/24
serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR ip=dhcp"

want agent-status 3
agent_within 60
want_log 'it has no root path'
