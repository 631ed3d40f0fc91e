# shellcheck shell=bash
# groups: net
# No DHCP server answers.
# Outcome: status 6 at the deadline; the agent logs that no DHCP server answered.

lab
stock 6.12
guest <<'END'
agent_boot
finish
END
initramfs
switch lan 10.7.0.1/24
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=dhcp iscsi_boot.deadline=15"

want_failure 6 30
want_log 'error: .*no DHCP server answered after'
