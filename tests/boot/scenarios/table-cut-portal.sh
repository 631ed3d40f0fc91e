# shellcheck shell=bash
# groups: check errors
# The table that iPXE wrote for a target by IPv6, whose address it cut to four bytes.
# Outcome: boot fails at once, and says that the firmware cut the address and what to do; plan says the same.

stock 6.12
guest <<'END'
say agent-start "$(cut -d ' ' -f 1 /proc/uptime)"
$AGENT boot
say agent-status $?
say agent-end "$(cut -d ' ' -f 1 /proc/uptime)"
say selected "$(cat /sys/firmware/iscsi_boot_unified/target0/selected /sys/firmware/iscsi_boot_unified/target0/usable | xargs)"
END
initramfs
table ipxe-ipv6-target
nic n0 "$MAC" addr=2
direct

want agent-status 4
want selected "0 0"
want_log 'error: iBFT target0 byte 0x186: ip-addr: 254.192.0.0 is reserved \(class E\); the firmware cut an IPv6 address'
want_log 'name the target by iscsi_boot.target='
