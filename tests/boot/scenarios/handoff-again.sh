# shellcheck shell=bash
# groups: handoff
# The root's second portal is missing at boot and starts once the real root's iscsid runs. Its CHAP secret
# contains characters that are special to a shell.
# Outcome: iscsid logs in to that portal through our unit, with the configured disk and timers. "status" shows
# the missing path until then, and afterwards that nothing is missing. The target restarts, and iscsid recovers
# both.

stock 6.12
guest_boots
real <<'END'
. /guest/iscsid
adopted 1
agent_status before
grep 'last attempt' /run/status >/dev/console
say open
until ! systemctl -q is-active iscsi-boot-paths.service; do usleep 100000; done
agent_status after
say paths "$(cut -d ' ' -f 3- /run/iscsi-boot/paths | sed 's/session[0-9]*/session/' | xargs)"
say sessions "$(iscsiadm -m session | sed 's/.*tcp: //; s/ .flash.*//' | wc -l)"
say result "$(systemctl show -P Result iscsi-boot-paths)"
say restart
adopted 3
agent_status restarted
END
wants iscsi-boot-handoff.service iscsid.service open-iscsi.service iscsi-boot-paths.service
iscsid_root
initramfs
debian "$WORK/root.img" systemd-sysv udev open-iscsi libkmod2 libmnl0 libssl3 grep coreutils dash sed
target_start 127.0.0.1
# shellcheck disable=SC2016 # no shell's
USER="us er" SECRET='se"c#r=et $x'
second() { tgt new portal --param "portal=127.0.0.1:$((PORT + 1))" || fail "cannot add the second portal"; }
restart() {
	target_restart 127.0.0.1 "$USER" "$SECRET"
	second
}
target 1 "$IQN" "$WORK/root.img" "$USER" "$SECRET"
once '^open$' second
once '^restart$' restart
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC iscsi_boot.other-paths=150" \
	"iscsi_boot.target=iscsi://us%20er:se%22c%23r%3Det%20%24x@10.0.2.2:$PORT/$IQN/1" \
	"iscsi_boot.target=iscsi://us%20er:se%22c%23r%3Det%20%24x@10.0.2.2:$((PORT + 1))/$IQN/1"

want before 7
want after 0
want paths "in session sda in session sdb"
want sessions 2
want result success
want restarted 0
want_root "$IQN" "$WORK/root.img" 2
