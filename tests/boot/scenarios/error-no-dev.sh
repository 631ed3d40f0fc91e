# shellcheck shell=bash
# groups: errors
# Nothing is mounted on /dev, so there is no /dev/null.
# Outcome: iscsistart still runs; status 11 at the deadline of 20 s; the message names devtmpfs.

stock 6.12
guest <<'END'
umount -l /dev
rm -f /dev/null
agent_boot
END
initramfs
truncate -s 8M "$WORK/disk.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/disk.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN iscsi_boot.deadline=20" \
	"$STATIC"

want_failure 11 26
want_log 'try: .*devtmpfs'
