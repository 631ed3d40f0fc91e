# shellcheck shell=bash
# groups: shutdown
# A root with systemd and our installed units reboots: with the target reachable, after the link was cut, and
# with a link that is cut once the sessions have short timers.
# Outcome: down within shutdown-timeout (20 s) and 10 s; with the target reachable, systemd itself does it.

stock 6.12
guest_boots
# A signal tells systemd to reboot: systemctl cannot be started once the root is lost.
real <<'END'
say armed "$(readlink /run/iscsi-boot/shutdown)"
say end
carrier() { read -r on </sys/class/net/eth0/carrier; [ "$on" = 1 ]; }
read -r words </proc/cmdline
case $words in *lose-before*)
	sync
	say lose
	while carrier; do :; done ;;
esac
read -r up _ </proc/uptime
say "down $up"
kill -39 1 # SIGRTMIN+5: reboot
while :; do sleep 1; done
END
wants iscsi-boot-arm.service
initramfs
make -s -C "$TOP" install DESTDIR="$WORK/real" >/dev/null || fail "make install"
debian "$WORK/fresh.img" systemd-sysv udev libkmod2 libmnl0 libssl3
nic n0 "$MAC"

machine() { # there|before|middle
	local to took
	cp --sparse=always "$WORK/fresh.img" "$WORK/root.img"
	target_start 127.0.0.1
	target 1 "$IQN" "$WORK/root.img"
	rm -f "$WORK/verdict" "$WORK/serial.log"
	case $1 in
	before) once '^lose' monitor "set_link n0 off" ;;
	middle) once 'shutdown: session1: recovery_tmo' monitor "set_link n0 off" ;;
	esac
	direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN $STATIC" \
		"scenario=lose-$1"
	unset 'PIDS[-1]'
	[ "$1" = there ] || unset 'PIDS[-1]'
	target_stop
	cp "$WORK/serial.log" "$WORK/serial-$1.log"
	want agent-status 0
	want armed /run/iscsi-boot/.shutdown
	to=$(tr -d '\r' <"$WORK/serial.log" | sed -n 's/^\[ *\([0-9.]*\)\] .*Restarting system.*/\1/p')
	[ -n "$to" ] || fail "$1: the kernel did not restart: $(last_line)"
	took=$(awk -v a="$(verdict down)" -v b="$to" 'BEGIN { printf "%.1f", b - a }')
	awk -v s="$took" 'BEGIN { exit !(s <= 30) }' || fail "$1: down after $took s"
	TOOK="${TOOK-}${TOOK:+, }$1: $took s"
}
machine there
want_log 'shutdown: session1: recovery_tmo 20, timeout 5 of its disks'
want_no_log 'root disk lost'
machine before
want_log 'root disk lost: forcing reboot'
machine middle
note "$TOOK"
