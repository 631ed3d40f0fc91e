# shellcheck shell=bash
# groups: timers
# Two paths to the root, multipathd and udev in the image.
# Outcome: the udev rule alone sets the timers: those of a single path until multipath holds the disk, then
# those of multipath. Values that multipathd sets itself win. When multipath releases the disk, those of a
# single path return.

stock 6.12
guest <<'END'
status() {
	$AGENT status >/run/status
	say "status-$1 $?"
}
# recovery_tmo, NOP-Out interval and timeout of each session, command timeout of each disk.
timers() {
	say "$1 $(cd /sys/class && cat iscsi_session/*/recovery_tmo iscsi_connection/*/recv_tmo \
		iscsi_connection/*/ping_tmo /sys/block/sd*/device/timeout | xargs)"
}
# Waits for a multipath map of $1 paths and for the timers that result from it.
await_paths() {
	for i in $(seq 200); do
		[ "$(ls /sys/block/dm-*/slaves 2>/dev/null | wc -w)" = "$1" ] && break
		sleep 0.1
	done
	udevadm settle || say "udev does not settle"
}
modprobe e1000
modprobe dm_multipath
modprobe dm_service_time
systemd-udevd --daemon
say agent-start "$(cut -d ' ' -f 1 /proc/uptime)"
$AGENT boot --wait-all
say agent-status $?
udevadm settle
timers single
status single
conf() { printf 'defaults {\nfind_multipaths no\nfast_io_fail_tmo %s\n}\n' "$1" >/etc/multipath.conf; }
conf off
multipathd -d >/run/multipathd.log 2>&1 &
await_paths 2
say uuid "$(cut -c 1-6 /sys/block/dm-0/dm/uuid)"
timers held
status held

conf 7
multipathd reconfigure
for i in $(seq 100); do grep -q 7 /sys/class/iscsi_session/session2/recovery_tmo && break; sleep 0.1; done
udevadm settle
timers multipathd
status multipathd
say shown "$(grep -c "recovery_tmo 7 (set by multipathd, otherwise 15)" /run/status)"
udevadm trigger --action=change --subsystem-match=block
udevadm settle
timers multipathd-again

multipathd del maps
await_paths 0
timers released
status released
multipathd reconfigure
await_paths 2
mp=$(echo /sys/block/dm-*)
multipathd shutdown
udevadm control --exit
enter_root "/dev/${mp##*/}"
END
MODULES+=(dm_multipath dm_service_time scsi_dh_alua)
copy_udev "$WORK/overlay"
copy_multipath "$WORK/overlay"
initramfs
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
SECOND=$((PORT + 1))
tgt new portal --param "portal=127.0.0.1:$SECOND" || fail "cannot add the second portal"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC rd.multipath" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN/1" \
	"iscsi_boot.target=iscsi://10.0.2.2:$SECOND/$IQN/1"

want agent-status 0
want single "86400 86400 5 5 10 10 90 90"
want status-single 0
want uuid mpath-
want held "15 15 5 5 10 10 30 30"
want status-held 0
want multipathd "7 7 5 5 10 10 30 30"
want status-multipathd 0
want shown 2
want multipathd-again "7 7 5 5 10 10 30 30"
want released "86400 86400 5 5 10 10 90 90"
want status-released 0
want root-fs ext4
want read-back same
want_written "$WORK/root.img"
note "single $(verdict single), held $(verdict held), with multipathd's $(verdict multipathd)"
