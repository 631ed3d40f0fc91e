# shellcheck shell=bash
# groups: check boots
# No table: our own iscsi_boot.target= with CHAP, its secret percent-encoded.
# Outcome: the agent boots from it, the root on the LUN can be written and read, the secret is in no log.

stock 6.1
guest <<'END'
agent_boot
grep -q 'p@ss:word/12' /run/iscsi-boot/* && say secret "in /run/iscsi-boot"
say secret-mode "$(stat -c %a $VIEW/target0/chap-secret)"
say username "$(cat /sys/class/iscsi_session/session*/username)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img" alice p@ss:word/12
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC" \
	"iscsi_boot.target=iscsi://alice:p%40ss%3aword%2f12@10.0.2.2:$PORT/$IQN/1"

want_root "$IQN" "$WORK/root.img"
want username alice
want secret-mode 400
want secret ""
want_no_log 'p@ss:word/12'
