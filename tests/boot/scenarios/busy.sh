# shellcheck shell=bash
# groups: check boots
# The target answers the first three logins with "out of resources".
# Outcome: the agent retries after a pause until the login succeeds, and boots.

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

[ "$(grep -c '^refused$' "$WORK/portal.log")" = 3 ] || fail "the portal did not refuse exactly three logins"
want_log 'login: target0 at 10.0.2.2: busy: .*\(03/02\)'
want_root "$IQN" "$WORK/root.img"
