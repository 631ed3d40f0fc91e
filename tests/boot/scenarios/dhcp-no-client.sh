# shellcheck shell=bash
# groups: net
# The image lacks the configured DHCP client; the target may be behind either of two NICs.
# Outcome: the agent exits with a status for this at once, not at the deadline.

lab
stock 6.12
guest <<'END'
agent_boot
finish
END
initramfs
switch lan 10.7.0.1/24
lan n0 lan "$MAC"
lan n1 lan 52:54:00:12:34:57
direct "$(root_at 10.7.0.1) ip=eth0:dhcp ip=eth1:dhcp iscsi_boot.dhcp-client=dhcpcd"

want_failure 5 30
want_log 'error: .*the initramfs has no suitable DHCP client'
