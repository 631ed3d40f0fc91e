# shellcheck shell=bash
# groups: disks
# A target with 256 LUNs, of which one is named, in flat addressing; another target with a single LUN.
# Outcome: exactly the named LUNs appear, and one LUN of 256 takes as long as the only one.

stock 6.12
guest <<'END'
agent_boot
say scsi-devices "$(cd /sys/class/scsi_device; echo *)"
say disks "$(cd /sys/block; echo sd*)"
say links "$(cd /dev/iscsi-boot; echo *)"
for n in 0 1; do
	say "after-$n $(sed -n "s/.*disk: target$n LUN .* after \(.*\) s/\1/p" /run/iscsi-boot/log)"
done
say status "$($AGENT status >/dev/null; echo $?)"
END
initramfs
truncate -s 8M "$WORK/disk.img"
# With a partition table: one partition of 2048 sectors from sector 2048, type 0x83.
printf '\0\0\0\0\203\0\0\0\0\10\0\0\0\10\0\0%48s\125\252' "" | tr ' ' '\0' |
	dd of="$WORK/disk.img" bs=1 seek=446 conv=notrunc status=none
truncate -s 8M "$WORK/other.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/disk.img"
target 2 "$IQN.many" "$WORK/disk.img"
for ((n = 2; n <= 255; n++)); do lun 2 $n "$WORK/other.img"; done
lun 2 300 "$WORK/disk.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN/1" \
	"iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN.many/300"

want agent-status 0
want disks "sda sdb"
[ "$(verdict scsi-devices | wc -w)" = 2 ] || fail "SCSI devices: $(verdict scsi-devices)"
note "disk of 1 LUN after $(verdict after-0) s, of 256 $(verdict after-1) s; links $(verdict links)"
case " $(verdict links) " in
*" root root-part1 "*" target-1-lun-300 target-1-lun-300-part1 "*) ;;
*) fail "links: $(verdict links)" ;;
esac
want status 0
