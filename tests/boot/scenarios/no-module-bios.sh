# shellcheck shell=bash
# groups: check boots
# The image lacks our module, and the table is in low memory, which no program can read.
# Outcome: the agent lets the kernel's own driver read it, uses that driver's files, logs this, and boots.

stock 6.12
guest <<'END'
agent_boot
[ -e $VIEW ] && say view "is there"
$AGENT show | sed -n 's/^  location *//p' | while read -r where; do say location "$where"; done
enter_root /dev/iscsi-boot/root
END
initramfs none
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
ipxe_files
ipxe

want view ""
want location memory
want_log 'iscsi_boot_unified not loaded; the agent reads table and command line itself'
want_root "$IQN" "$WORK/root.img"
