# shellcheck shell=bash
# groups: check boots
# Two paths to one LUN; the first portal does not answer.
# Outcome: the root is reached by the second path, whose disk is printed, logged and in the result file.

stock 6.12
guest <<'END'
say agent-start "$(cut -d ' ' -f 1 /proc/uptime)"
device=$($AGENT boot)
say agent-status $?
say agent-end "$(cut -d ' ' -f 1 /proc/uptime)"
say device "$device"
say result "$(sed -n -E 's/^session=.*/session/p;/^(status|portal|disk)=/p' /run/iscsi-boot/result | xargs)"
grep -q "^port=9$" /run/iscsi-boot/result && say port "of the dead one"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC" \
	"iscsi_boot.target=iscsi://10.0.2.2:9/$IQN/1" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN/1"

want device /dev/sda
want result "status=0 portal=10.0.2.2 session disk=sda"
want port ""
want_log 'iscsi-boot: boot: root disk is /dev/sda after'
want_root "$IQN" "$WORK/root.img"
