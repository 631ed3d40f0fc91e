# shellcheck shell=bash
# groups: guard handoff
# Debian's root with systemd and our units, but without open-iscsi. The target is restarted.
# Outcome: the guard alone reconnects, no unit fails, status is 0 before and after, the guard has locked at most 4 MiB,
# and the system calls of all its processes are filtered.

stock 6.12
guest_boots
# shellcheck source=tests/boot/lib/guard.sh
. "$BOOT/lib/guard.sh"
install -D "$GUARD" "$WORK/overlay/usr/lib/iscsi-boot/iscsi-boot-guard"
real <<'END'
. /guest/iscsid
is() { while read -r state </sys/class/iscsi_session/session1/state; [ "$state" != "$1" ]; do :; done; }
fields() { grep -E '^  (state|remade) ' /run/status | xargs; }
agent_status first
say guard "$(fields)"
sync
say fault first
is FAILED
is LOGGED_IN
agent_status second
say guard-after "$(fields)"
say units "$(systemctl show -P Result iscsi-boot-handoff iscsi-boot-paths | xargs) $(systemctl --failed --no-legend | grep iscsi)"
locked=0 open=0
for status in $(grep -l '^Name:.iscsi-boot-guar' /proc/[0-9]*/status); do
	locked=$((locked + $(sed -n 's/^VmLck:[^0-9]*\([0-9]*\) kB/\1/p' "$status")))
	grep -q '^Seccomp:.2' "$status" || open=$((open + 1))
done
say unfiltered $open
say locked "$locked $(sed -n 's/^locked=//p' /run/iscsi-boot/guard)"
END
iscsid_root
wants iscsi-boot-handoff.service iscsi-boot-paths.service
initramfs
debian "$WORK/root.img" systemd-sysv udev libkmod2 libmnl0 libssl3 grep coreutils dash sed
switch lan 10.7.0.1/24
lan n0 lan "$MAC"
guard_target 10.7.0.1
on_fault first target_away 2 10.7.0.1
direct "$(root_at 10.7.0.1) ip=10.7.0.15::10.7.0.1:24::eth0:none"

want first 0
want guard "state running remade 0"
want second 0
want guard-after "state running remade 1"
want units "success success "
want unfiltered 0
read -r seen printed < <(verdict locked)
[ "$seen" = "$printed" ] || fail "the guard locks $seen KiB, but prints $printed"
[ "$seen" -le 4096 ] || fail "the guard locks $seen KiB, more than 4 MiB"
want_root "$IQN" "$WORK/root.img"
note "$seen KiB locked"
