# shellcheck shell=bash
# groups: check boots
# Two targets with two LUNs each; the command line names one LUN of each.
# Outcome: the agent logs in to both in parallel, only the named LUNs appear, all have their timers.

stock 6.12
guest <<'END'
agent_boot --wait-all
say disks "$(cd /sys/block; echo sd*)"
say links "$(cd /dev/iscsi-boot; echo *)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
truncate -s 8M "$WORK"/{other,second,third}.img
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
lun 1 2 "$WORK/other.img"
target 2 "$IQN.2" "$WORK/second.img"
lun 2 300 "$WORK/third.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN/1" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN.2/300"

want_root "$IQN" "$WORK/root.img"
want disks "sda sdb"
want_session "$IQN.2"
