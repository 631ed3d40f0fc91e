# shellcheck shell=bash
# groups: check boots
# BIOS with iPXE in the NIC's option ROM, a real table in low memory; kernel 6.12.
# Outcome: the module finds the table, the agent boots from it, the root on the LUN can be written and read.

stock 6.12
guest <<'END'
agent_boot
say location "$(cat $VIEW/ibft/location)"
say sources "$(cat $VIEW/sources)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
ipxe_files
ipxe

want location memory
want sources ibft
want_root "$IQN" "$WORK/root.img"
