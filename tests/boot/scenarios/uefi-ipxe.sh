# shellcheck shell=bash
# groups: check boots
# UEFI with iPXE in the NIC's option ROM, a real table in ACPI.
# Outcome: the module finds it there, the agent boots from it, the root on the LUN holds.

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
uefi
ipxe

want location acpi
want sources ibft
want_root "$IQN" "$WORK/root.img"
