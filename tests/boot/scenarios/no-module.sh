# shellcheck shell=bash
# groups: check boots
# The image lacks our module, as after a kernel upgrade: table in ACPI and command line together.
# Outcome: the agent logs that it reads them itself, and boots.

stock 6.12
guest <<'END'
agent_boot
[ -e $VIEW ] && say view "is there"
enter_root /dev/iscsi-boot/root
END
initramfs none
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
table ipxe-bios
nic n0 "$MAC" addr=3
direct "netroot=iscsi:10.0.2.2::$PORT:1:$IQN"

want view ""
want_log 'iscsi_boot_unified not loaded; the agent reads table and command line itself'
want_root "$IQN" "$WORK/root.img"
