# shellcheck shell=bash
# groups: check boots
# The command line names only the portal, not the target; the portal answers the first two logins with "busy".
# Outcome: the agent sends SendTargets, retries after a pause, and the root is on the portal's first target.

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
want_log "login: target0: the portal 10.0.2.2 has the target $IQN, the first of several"
want_log 'login: target0 at 10.0.2.2: busy: .*service unavailable'
[ "$(grep -c '^refused$' "$WORK/portal.log")" = 2 ] || fail "the portal did not refuse exactly two logins"
want_root "$IQN" "$WORK/root.img"
