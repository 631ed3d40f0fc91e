# shellcheck shell=bash
# groups: check boots
# The root, a path to a portal at which nothing listens, and a path to a target that starts later. The machine
# switches root while both are tried. Then the same with --wait-all.
# Outcome: the root is printed at once. The worker exits when the machine switches root, and leaves the state of
# each path in /run/iscsi-boot/paths. --wait-all waits for the target and until the deadline.

stock 6.12
guest <<'END'
up() { cut -d ' ' -f 1 /proc/uptime; }
# Waits until the file has such a line, at most 60 s.
await_path() {
	end=$(($(cut -d . -f 1 /proc/uptime) + 60))
	until grep -q "$1" /run/iscsi-boot/paths; do
		[ "$(cut -d . -f 1 /proc/uptime)" -lt $end ] || return
		usleep 20000
	done
}
agent_boot
await_path '[.]dead .* login'
say paths-before "$(head -n 2 /run/iscsi-boot/paths | cut -d ' ' -f 1-3 | xargs)"
say worker-before "$(pidof iscsi-boot-agent | wc -w)"
say make
say all-start "$(up)"
device=$($AGENT boot --wait-all)
say all-status $?
say all-end "$(up)"
say all-device "$device"
say all-paths "$(cut -d ' ' -f 3- /run/iscsi-boot/paths | sed 's/session[0-9]*/session/; s/: Conn.*//' | xargs)"
$AGENT boot >/dev/null
# The dead path delays the timers of the others, which the worker sets before it exits.
await_path '[.]2 .* \(timers\|in\)'
await_path '[.]dead .* login'
say worker-last "$(pidof iscsi-boot-agent | wc -w)"
cat >/tmp/after <<'EOF'
. /guest/lib.sh
end=$(($(cut -d . -f 1 /proc/uptime) + 60))
while pidof iscsi-boot-agent >/dev/null && [ "$(cut -d . -f 1 /proc/uptime)" -lt $end ]; do :; done
say worker-after "$(pidof iscsi-boot-agent | wc -w)"
say log-after "$(grep -c 'has switched root' /run/iscsi-boot/log)"
say paths-after "$(cut -d ' ' -f 1-3 /run/iscsi-boot/paths | xargs)"
exec /sbin/init
EOF
modprobe ext4
mount -t ext4 /dev/iscsi-boot/root /newroot
cp /tmp/after /run/after
for dir in dev proc sys run; do mount --move /$dir /newroot/$dir; done
exec switch_root /newroot /bin/sh /run/after
END
initramfs
rootfs "$WORK/root.img"
truncate -s 8M "$WORK/other.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
(until grep -s -q '^make$' "$WORK/verdict"; do sleep 0.1; done; target 2 "$IQN.2" "$WORK/other.img") &
PIDS+=($!)
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC iscsi_boot.deadline=60 iscsi_boot.on-failure=retry iscsi_boot.other-paths=150" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN/1" \
	"iscsi_boot.target=iscsi://10.0.2.2:9/$IQN.dead/1" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN.2/1"

want paths-before "$IQN 10.0.2.2:$PORT in $IQN.dead 10.0.2.2:9 login"
want worker-before 1
want all-status 0
want all-device /dev/sda
want all-paths "in session sda failed portal refuses: no TCP connection to port 9 in session sdb"
want worker-last 1
want worker-after 0
want log-after 1
want paths-after "$IQN 10.0.2.2:$PORT in $IQN.dead 10.0.2.2:9 login $IQN.2 10.0.2.2:$PORT in"
want_session "$IQN.2"
want_root "$IQN" "$WORK/root.img"
