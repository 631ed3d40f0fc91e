# shellcheck shell=bash
# groups: check boots
# Three targets, and a root= by label: the root may be on any disk, or on several. The portal of the second one
# is busy twice; the third one does not exist, which is retried until the deadline.
# Outcome: boot waits for the second disk, and reports the third as missing, but ends with the root disk: status 0.

stock 6.12
guest <<'END'
agent_boot
say paths "$(cut -d ' ' -f 3 /run/iscsi-boot/paths | xargs)"
say missing "$(sed -n 's/^missing=//p' /run/iscsi-boot/result)"
say disks "$(cd /sys/block; echo sd*)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
truncate -s 8M "$WORK/other.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
target 2 "$IQN.2" "$WORK/other.img"
portal_start "$PORT" 2 3 1
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC root=LABEL=any iscsi_boot.deadline=60" \
	"netroot=iscsi:10.0.2.2::$PORT:1:$IQN" \
	"netroot=iscsi:10.0.2.2::$FAKE_PORT:1:$IQN.2" \
	"netroot=iscsi:10.0.2.2::$PORT:1:$IQN.3"

want paths "in in failed"
want missing 1
want disks "sda sdb"
want_root "$IQN" "$WORK/root.img"
want_session "$IQN.2"
want_log 'boot: error: cannot attach the disk of target2 .*: unknown target'
