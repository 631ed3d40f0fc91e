# shellcheck shell=bash
# groups: check timers
# A real root with udev and a second disk of ours, a LUN, a SCSI disk and a virtio disk that are not ours.
# Outcome: a disk of ours that changes or returns under another name gets its timers again by the rule alone;
# "status" reports differences by its exit status, and no timer of another disk is ever changed.

stock 6.12
guest <<'END'
for module in virtio_scsi virtio_blk virtio_pci; do
	modprobe $module || say "no-module $module"
done
agent_boot
enter_root /dev/iscsi-boot/root
END
root_does <<'END'
# The timers of the disks that are not ours.
timers_of() {
	for disk; do
		echo "$disk $(cd "/sys/block/$disk" && cat queue/scheduler device/timeout \
			device/eh_timeout device/scsi_disk/*/max_retries 2>/dev/null | xargs)"
	done
}
status() {
	$AGENT status >/tmp/status
	echo $?
}
settle() { udevadm settle || say "udev does not settle"; }
# A disk is probed in parallel to the scan that found it.
appears() {
	until [ -d "$(echo "/sys/class/scsi_device/$host:0:0:$1/device/block"/sd*)" ]; do sleep 0.1; done
	udevadm wait --timeout=60 "/sys/class/block/$(disk_at "$1")" || say "udev misses LUN $1"
	settle
}
disk_at() { ls "/sys/class/scsi_device/$host:0:0:$1/device/block"; }

mount -t tmpfs tmpfs /tmp
echo plain:x:99:99::/:/bin/sh >>/etc/passwd
ours=$(basename "$(readlink /dev/iscsi-boot/target-1-lun-2)")
host=$(basename "$(readlink "/sys/block/$ours/device")" | cut -d : -f 1)
others="vda $(basename "$(dirname "$(ls -d /sys/devices/pci*/*/virtio*/host*/target*/*/block/sd*/queue)")")"
say "others $(timers_of $others | tee /tmp/before | grep -c '^[sv]d[a-z] ..* ')"
systemd-udevd --daemon --debug 2>/tmp/udev.log
udevadm trigger --action=add
settle
say "status-trigger $(status)"
say "status-user $(su -s /bin/sh -c "$AGENT status >/dev/null; echo \$?" plain)"

echo 7 >"/sys/block/$ours/device/timeout"
echo 77 >/sys/class/iscsi_session/session1/recovery_tmo
echo mq-deadline >"/sys/block/$ours/queue/scheduler"
say "status-spoilt $(status)"
say "differs $(grep -c '^  differs .* is ' /tmp/status)"
udevadm trigger --action=change "/sys/block/$ours"
settle
say "status-change $(status)"

# Meanwhile a LUN that is not ours takes its name.
echo 1 >"/sys/block/$ours/device/delete"
settle
say "status-gone $(status)"
echo "0 0 3" >"/sys/class/scsi_host/host$host/scan"
appears 3
say "not-ours $(disk_at 3) $(cat "/sys/class/scsi_device/$host:0:0:3/device/timeout")"
echo "0 0 2" >"/sys/class/scsi_host/host$host/scan"
appears 2
say "name $ours"
say "new-name $(disk_at 2)"
say "status-back $(status)"
timers_of $others >/tmp/after
cmp /tmp/before /tmp/after && say "untouched yes"
say "ran-for $(sed -n 's/.*Running command .*iscsi-boot-agent tune \([a-z]*\).*/\1/p' /tmp/udev.log |
	sort -u | xargs)"
udevadm control --exit
END
MODULES+=(virtio_scsi virtio_blk)
initramfs
copy_udev "$WORK/root"
rootfs "$WORK/root.img"
truncate -s 8M "$WORK"/{second,third,scsi,virtio}.img
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
lun 1 2 "$WORK/second.img"
lun 1 3 "$WORK/third.img"
nic n0 "$MAC"
HARDWARE+=(-device virtio-scsi-pci -device "scsi-hd,drive=scsi"
	-drive "if=none,id=scsi,format=raw,file=$WORK/scsi.img"
	-drive "if=virtio,format=raw,file=$WORK/virtio.img")
direct "rd.iscsi.initiator=$INITIATOR $STATIC" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN/1" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN/2"

want agent-status 0
want others 2
want status-trigger 0
want status-user 0
want status-spoilt 12
want differs 4 # recovery_tmo, reported for both disks of the session, timeout and scheduler
want status-change 0
want status-gone 11
want status-back 0
want untouched yes
[ "$(verdict name)" != "$(verdict new-name)" ] || fail "it came back as $(verdict name), the same name, which proves less"
want not-ours "$(verdict name) 30"
note "$(verdict name) came back as $(verdict new-name); the rule ran for $(verdict ran-for)"
