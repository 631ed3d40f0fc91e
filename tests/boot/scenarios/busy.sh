# shellcheck shell=bash
# groups: check boots
# The target says to the first three logins that it is out of resources.
# Outcome: the agent tries again after a pause until it is let in, and boots.

stock 6.1
guest <<'END'
agent_boot
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
portal_start "$PORT" 3 3 2
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$FAKE_PORT:1:$IQN"

[ "$(grep -c '^refused$' "$WORK/portal.log")" = 3 ] || fail "not three logins were refused"
want_log 'login: target0 at 10.0.2.2: busy: .*\(03/02\)'
want_root "$IQN" "$WORK/root.img"
