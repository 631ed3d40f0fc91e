# shellcheck shell=bash
# groups: check errors
# The table names a NIC that is not in this machine.
# Outcome: status 6 at the deadline of 30 s; the message says which MAC is missing.

stock 6.1
guest <<'END'
agent_boot
END
initramfs
nic n0 52:54:00:00:00:99 addr=4
table ipxe-bios
direct "iscsi_boot.deadline=30"

want_failure 6 60
want_log "error: .*$MAC"
