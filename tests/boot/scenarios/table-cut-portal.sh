# shellcheck shell=bash
# groups: check errors
# The table that iPXE wrote for a target by IPv6, whose address it cut to four bytes.
# Outcome: boot fails at once, and says that the firmware cut the address and what to do.

stock 6.12
guest <<'END'
view=/sys/firmware/iscsi_boot_unified
agent_boot
say used "$(cat $view/target0/selected $view/target0/usable | xargs)"
END
initramfs
table ipxe-ipv6-target
nic n0 "$MAC" addr=4
direct

want_failure 4 10
want used "0 0"
want_log 'error: iBFT target0 byte 0x186: ip-addr: 254.192.0.0 is reserved \(class E\); the firmware cut an IPv6 address'
want_log 'name the target by iscsi_boot.target='
