# shellcheck shell=bash
# groups: disks
# netroot= without a LUN, as Anaconda writes it: LUN 0 is a controller, the root is on LUN 2, named by UUID;
# another target without a LUN has 256 LUNs.
# Outcome: all disks of both are attached with their timers, each target by one scan; the root on LUN 2 holds.
# One scan for 255 disks is far from 255 times the time of one disk.

stock 6.12
rootfs "$WORK/root.img"
uuid=$(blkid -o value -s UUID "$WORK/root.img")
guest <<END
agent_boot --wait-all
say disks "\$(cd /sys/block; echo sd* | wc -w)"
say links "\$(cd /dev/iscsi-boot; ls | grep -c '^target-1-lun-')"
say links-0 "\$(cd /dev/iscsi-boot; echo target-0-*)"
say timeouts "\$(cat /sys/block/sd*/device/timeout | sort | uniq -c | xargs)"
say recorded "\$(sed -n 's/.* \(lun=.*\) scheduler.*/\1/p' /run/iscsi-boot/wanted | xargs)"
for n in 0 1; do
	say "after-\$n \$(sed -n "s/.*disk: target\$n has .* after \(.*\) s: .*/\1/p" /run/iscsi-boot/log)"
done
say status "\$(\$AGENT status >/dev/null; echo \$?)"
enter_root "\$(findfs UUID=$uuid)"
END
initramfs
truncate -s 8M "$WORK/other.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/other.img"
lun 1 2 "$WORK/root.img"
lun 1 3 "$WORK/other.img"
target 2 "$IQN.many" "$WORK/other.img"
for ((n = 2; n <= 255; n++)); do lun 2 $n "$WORK/other.img"; done
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC root=UUID=$uuid" \
	"netroot=iscsi:10.0.2.2::$PORT::$IQN netroot=iscsi:10.0.2.2::$PORT::$IQN.many"

want disks 258
want links-0 "target-0-lun-1 target-0-lun-2 target-0-lun-3"
want links 255
want timeouts "258 90"
want recorded "lun=-1 root=1 lun=-1 root=0"
want status 0
note "3 disks after $(verdict after-0) s, 255 after $(verdict after-1) s"
awk -v few="$(verdict after-0)" -v many="$(verdict after-1)" 'BEGIN { exit many > 20 * (few + 0.3) }' ||
	fail "255 disks took $(verdict after-1) s, 3 disks $(verdict after-0) s"
want agent-status 0
want root-target "$IQN"
want read-back same
want_written "$WORK/root.img"
