# shellcheck shell=bash
# groups: boots
# The same LUN by two portals, without multipath; the first portal answers "busy" twice and accepts the third
# login.
# Outcome: the root is reached by the second path at once; the first path logs in later, and both sessions have
# the timers of a root on one path.

stock 6.12
guest <<'END'
agent_boot
say root-portal "$(sed -n 's/^port=//p' /run/iscsi-boot/result)"
$AGENT boot --wait-all >/tmp/device
say all-status $?
say in-the-end "$(cut -d ' ' -f 2,3 /run/iscsi-boot/paths | xargs)"
say disks "$(cd /sys/block; echo sd*)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
portal_start "$PORT" 2 3 1
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC" \
	"iscsi_boot.target=iscsi://10.0.2.2:$FAKE_PORT/$IQN/1" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN/1"

want root-portal "$PORT"
want all-status 0
want in-the-end "10.0.2.2:$FAKE_PORT in 10.0.2.2:$PORT in"
want disks "sda sdb"
want agent-status 0
want "connection $IQN" "$(printf 'ping_tmo=0 recv_tmo=0\nping_tmo=0 recv_tmo=0')"
want "session $IQN" "$(printf 'state=LOGGED_IN recovery_tmo=86400\nstate=LOGGED_IN recovery_tmo=86400')"
want root-fs ext4
want read-back same
want_written "$WORK/root.img"
