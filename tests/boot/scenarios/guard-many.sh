# shellcheck shell=bash
# groups: guard
# Eight targets at one portal, all lost at the same time for two seconds.
# Outcome: the guard restores all eight connections in parallel.

stock 6.12
guest_boots --wait-all
# shellcheck source=tests/boot/lib/guard.sh
. "$BOOT/lib/guard.sh"
guard_root <<'END'
all_are() { [ "$(cat /sys/class/iscsi_session/*/state | grep -c "$1")" = 8 ]; }
await 20 all_are LOGGED_IN && say all before
fault first
await 20 all_are FAILED
come_back first 20
await 20 all_are LOGGED_IN && say all after
END
initramfs
rootfs "$WORK/root.img"
switch lan 10.7.0.1/24
OTHERS=7
guard_target 10.7.0.1
on_fault first target_away 2 10.7.0.1
lan n0 lan "$MAC"
words=
for ((i = 2; i < 9; i++)); do words+=" iscsi_boot.target=iscsi://10.7.0.1/$IQN.$i/1"; done
direct "rd.iscsi.initiator=$INITIATOR ip=10.7.0.15::10.7.0.1:24::eth0:none" \
	"iscsi_boot.target=iscsi://10.7.0.1/$IQN/1$words"

want agent-status 0
want all $'before\nafter'
want_records "$(verdict acknowledged)"
note "back after $(tr -d '\r' <"$WORK/serial.log" | sed -n 's/.*guard: session[0-9]: reconnected after \([0-9.]*\) s.*/\1/p' | sort -n | xargs) s"
