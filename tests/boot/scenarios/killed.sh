# shellcheck shell=bash
# groups: check boots
# The parent process of boot, its worker, or all its processes are killed by SIGKILL, at the start and while
# iscsistart logs in to a target that is silent.
# Outcome: each time no process is left; then the next boot logs in at once, with one session.

stock 6.12
guest <<'END'
left() {
	for p in /proc/[0-9]*; do
		case $(tr '\0' ' ' <"$p/cmdline" 2>/dev/null) in
		*iscsi-boot-agent*|iscsistart*) echo "${p#/proc/}" ;;
		esac
	done
}
# Waits until COMMAND succeeds, at most one minute.
await() {
	end=$(($(cut -d . -f 1 /proc/uptime) + 60))
	until "$@"; do [ "$(cut -d . -f 1 /proc/uptime)" -lt $end ] || return 1; done
}
none_left() { [ -z "$(left)" ]; }
works() { worker=$(cat "/proc/$caller/task/$caller/children") && [ -n "$worker" ]; }
# A live session has a target device.
logs_in() {
	works || return
	for s in /sys/class/iscsi_session/*; do
		[ -d "/proc/$(cat "$s/creator" 2>/dev/null)/fd" ] && grep -q -s . "$s/targetname" && return
	done
	false
}
kill_when() { # CONDITION PROCESS
	$AGENT boot >/tmp/device 2>/dev/console &
	caller=$!
	await "$1" || say "kill-$1-$2 it never came so far"
	case $2 in
	caller) kill -9 $caller ;;
	worker) kill -9 $worker ;;
	all) kill -9 $(left) ;;
	esac
	wait $caller
	status=$?
	await none_left
	say "kill-$1-$2 status $status device '$(cat /tmp/device)' left '$(left)'"
}
kill_when works caller
kill_when logs_in caller
kill_when logs_in worker
kill_when logs_in all
say thaw
agent_boot
say sessions "$(ls /sys/class/iscsi_session | wc -l)"
say tries "$(grep -c '; retrying' /run/iscsi-boot/log)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
TGTD=${PIDS[-1]}
kill -STOP "$TGTD"
(until grep -s -q '^thaw$' "$WORK/verdict"; do sleep 0.1; done; kill -CONT "$TGTD") &
PIDS+=($!)
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$PORT:1:$IQN"

want kill-works-caller "status 137 device '' left ''"
want kill-logs_in-caller "status 137 device '' left ''"
want kill-logs_in-worker "status 1 device '' left ''"
want kill-logs_in-all "status 137 device '' left ''"
want sessions 1
want tries 0
want_log 'removed session of a killed login'
want_root "$IQN" "$WORK/root.img"
