# shellcheck shell=bash
# groups: boots
# The portal redirects the first login temporarily (RFC 7143 11.13.5, status 0101) to the portal with the
# target.
# Outcome: the agent boots from there.

stock 6.12
guest_boots
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
portal_start "$PORT" 1 1 1 "10.0.2.2:$PORT,1"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$FAKE_PORT:1:$IQN"

[ "$(grep -c '^refused$' "$WORK/portal.log")" = 1 ] || fail "the portal did not redirect exactly one login"
want_root "$IQN" "$WORK/root.img"
