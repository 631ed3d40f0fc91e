# shellcheck shell=bash
# groups: errors
# The target falls silent with its connection open: when the timers are set, then when a disk is opened.
# Outcome: boot ends in time, and so does a caller that waits for its output: with status 12 and the device,
# then with status 11 and no device. Once the target answers again, boot succeeds.

stock 6.12
guest <<'END'
# Checks that COMMAND does not end by itself.
hangs() {
	"$@" >/dev/null 2>&1 &
	sleep 2
	kill -0 $! 2>/dev/null
}
boot_again() {
	say "start-$1 $(cut -d ' ' -f 1 /proc/uptime)"
	device=$($AGENT boot)
	say "status-$1 $?"
	say "end-$1 $(cut -d ' ' -f 1 /proc/uptime)"
	say "device-$1 $device"
}
agent_boot
echo mq-deadline >/sys/block/sda/queue/scheduler
say freeze
while ! hangs dd if=/dev/sda of=/dev/null iflag=direct count=1; do :; done
boot_again timers
hangs blockdev --rereadpt /dev/sda
boot_again open
say thaw
wait
boot_again thawed
END
initramfs
truncate -s 8M "$WORK/disk.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/disk.img"
TGTD=${PIDS[-1]}
said_so() { grep -s -q "^$1\$" "$WORK/verdict"; }
(until said_so freeze; do sleep 0.2; done; kill -STOP "$TGTD"
until said_so thaw; do sleep 0.2; done; kill -CONT "$TGTD") &
PIDS+=($!)
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN iscsi_boot.deadline=20" \
	"$STATIC"

took() { awk -v a="$(verdict "start-$1")" -v b="$(verdict "end-$1")" 'BEGIN { printf "%d", b - a }'; }
want agent-status 0
want status-timers 12
want device-timers /dev/sda
want_log 'timers: .*the next one timed out'
want status-open 11
want device-open ""
want_log 'disk: error: .*opening /dev/sda did not end'
want status-thawed 0
want device-thawed /dev/sda
[ "$(took timers)" -le 16 ] || fail "timers took $(took timers) s"
[ "$(took open)" -le 26 ] || fail "open took $(took open) s"
note "timers given up after $(took timers) s, a disk after $(took open) s"
