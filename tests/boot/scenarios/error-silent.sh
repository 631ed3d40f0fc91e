# shellcheck shell=bash
# groups: check errors
# No host has the gateway's address.
# Outcome: status 7 at the deadline of 40 s; the message says that the gateway does not answer.

lab
stock 6.1
guest <<'END'
agent_boot
END
initramfs
switch lan 10.7.0.1/24
lan n0 lan "$MAC"
direct "$(root_at 10.8.0.2) ip=10.7.0.15::10.7.0.254:24::eth0:none iscsi_boot.deadline=40"

want_failure 7 80
want_log 'error: cannot reach 10.7.0.254, the next hop to the portal 10.8.0.2'
want_log 'error: .*10.7.0.254 does not answer after'
