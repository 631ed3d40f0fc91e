# shellcheck shell=bash
# groups: check boots
# UEFI with iPXE in the NIC's option ROM, a real table in ACPI, with mutual CHAP.
# Outcome: the module finds the table, the agent boots from it with these credentials, the root on the LUN can
# be written and read; no secret is in a log.

stock 6.12
guest <<'END'
agent_boot
say location "$(cat $VIEW/ibft/location)"
say sources "$(cat $VIEW/sources)"
say chap-type "$(cat $VIEW/target0/chap-type)"
say users "$(cat /sys/class/iscsi_session/session*/username* | xargs)"
say secrets "$(grep -l -e '-way' /run/iscsi-boot/*)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img" alice one-way-secret target both-ways-secret
ipxe_files "set username alice" "set password one-way-secret" \
	"set reverse-username target" "set reverse-password both-ways-secret"
uefi
ipxe

want location acpi
want sources ibft
want chap-type 2
want users "alice target"
want secrets ""
want_no_log 'way.*-secret'
want_root "$IQN" "$WORK/root.img"
