# shellcheck shell=bash
# groups: check boots
# Only the portal is named, not the target; the first two logins there are told that it is busy.
# Outcome: the portal is asked (SendTargets), again after a pause; the root is on its first target.

stock 6.1
guest <<'END'
agent_boot
say target "$(sed -n 's/^target=//p' /run/iscsi-boot/result)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
truncate -s 8M "$WORK/other.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
target 2 "$IQN.other" "$WORK/other.img"
portal_start "$PORT" 2 3 1
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC iscsi_boot.target=iscsi://10.0.2.2:$FAKE_PORT//1"

want target "$IQN"
want_log "login: target0: the portal 10.0.2.2 has the target $IQN, which is the first of several"
want_log 'login: target0 at 10.0.2.2: busy: .*service unavailable'
[ "$(grep -c '^refused$' "$WORK/portal.log")" = 2 ] || fail "not two logins were refused"
want_root "$IQN" "$WORK/root.img"
