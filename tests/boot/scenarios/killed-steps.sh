# shellcheck shell=bash
# groups: boots faults
# boot and all its processes are killed by SIGKILL at each of its steps, as soon as the step logs its first
# message. Then boot runs again with what is left.
# Outcome: each time no process of boot is left; the last one boots, with one session.

stock 6.12
# The last message is logged before the timers, whose first message is its last.
STEPS="modules: view: plan: net: handoff: login: disk: /dev/iscsi-boot/root"
guest <<END
steps="$STEPS"
END
cat >>"$WORK/overlay/scenario" <<'END'
left() {
	for p in /proc/[0-9]*; do
		case $(tr '\0' ' ' <"$p/cmdline" 2>/dev/null) in
		*iscsi-boot-agent*|iscsistart*) echo "${p#/proc/}" ;;
		esac
	done
}
# Waits at most 20 s.
none_left() {
	end=$(($(cut -d . -f 1 /proc/uptime) + 20))
	while [ -n "$(left)" ]; do [ "$(cut -d . -f 1 /proc/uptime)" -lt $end ] || return; done
}
mkfifo /tmp/said
for step in $steps; do
	$AGENT boot >/dev/null 2>/tmp/said &
	caller=$!
	while read -r line; do
		# Starts no program here: boot continues meanwhile.
		case $line in *"$step "*)
			read -r children </proc/$caller/task/$caller/children
			kill -9 $caller $children
			break ;;
		esac
	done </tmp/said
	wait $caller
	status=$?
	none_left
	say "kill-$step status $status left '$(left)'"
done
agent_boot
say sessions "$(ls /sys/class/iscsi_session | wc -l)"
enter_root /dev/iscsi-boot/root
END
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC netroot=iscsi:10.0.2.2::$PORT:1:$IQN"

for step in $STEPS; do want "kill-$step" "status 137 left ''"; done
want sessions 1
want_root "$IQN" "$WORK/root.img"
