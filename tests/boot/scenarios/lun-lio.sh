# shellcheck shell=bash
# groups: disks
# The kernel's own target (LIO), which encodes LUN 300 as no standard does, and has no LUN 0.
# Outcome: LUN 300 and 5 are found by their numbers, and all disks if no LUN is named; no LUN 0.

stock 6.12
guest <<'END'
target=/sys/kernel/config/target
modprobe iscsi_target_mod
mount -t configfs configfs /sys/kernel/config
ip link set lo up
# TARGET LUN...
make_target() {
	tpg=$target/iscsi/$1/tpgt_1
	mkdir -p "$tpg/np/127.0.0.1:3260"
	for lun in $2; do
		disk=$target/core/rd_mcp_0/disk-$((count += 1))
		mkdir -p "$disk"
		echo rd_pages=2048 >"$disk/control"
		echo 1 >"$disk/enable"
		mkdir -p "$tpg/lun/lun_$lun"
		ln -s "$disk" "$tpg/lun/lun_$lun/disk"
	done
	echo 0 >"$tpg/attrib/authentication"
	echo 0 >"$tpg/attrib/demo_mode_write_protect"
	echo 1 >"$tpg/attrib/generate_node_acls"
	echo 1 >"$tpg/enable"
}
mkdir -p $target/iscsi
make_target iqn.2026-11.org.example:root "5 300 301"
make_target iqn.2026-11.org.example:any "7 9"
agent_boot
say scsi-devices "$(cd /sys/class/scsi_device; echo * | sed 's/[0-9]*:0:0://g')"
say links "$(cd /dev/iscsi-boot; echo *)"
say status "$($AGENT status >/dev/null; echo $?)"
END
MODULES+=(iscsi_target_mod)
initramfs
direct "rd.iscsi.initiator=$INITIATOR" \
	"iscsi_boot.target=iscsi://127.0.0.1/$IQN/300" \
	"iscsi_boot.target=iscsi://127.0.0.1/$IQN/5" \
	iscsi_target_ip=127.0.0.1 iscsi_target_name=iqn.2026-11.org.example:any

want agent-status 0
want links "root target-0-lun-300 target-1-lun-5 target-2-lun-7 target-2-lun-9"
want_log 'the target uses another form of this LUN: Linux LUN 300'
want status 0
note "LUNs that Linux has: $(verdict scsi-devices)"
