# shellcheck shell=bash
# groups: check errors
# Disks that are there, but cannot be read: one is not ready, one fails each read, one is reserved by another session
# (guest/reserve.c). Then the first one becomes ready while the agent waits for it.
# Outcome: status 14 with the reason of each; a failing or reserved disk ends boot long before its deadline. Then the
# disk boots.

stock 6.1
guest <<'END'
boot_of() { # NAME PORTAL TARGET DEADLINE
	echo "$common iscsi_boot.target=iscsi://$2/$iqn$3/1 iscsi_boot.deadline=$4" >/tmp/cmdline
	start=$(cut -d . -f 1 /proc/uptime)
	$AGENT boot >/tmp/device 2>/tmp/said
	say "$1 $?"
	say "$1-took $(($(cut -d . -f 1 /proc/uptime) - start))"
	cat /tmp/said >/dev/console
}
read -r common </proc/cmdline
read -r first second iqn </portals
: >/tmp/cmdline
mount --bind /tmp/cmdline /proc/cmdline
boot_of offline "$first" "" 10
boot_of failing "$first" .failing 100
boot_of own "$first" .reserved 100
say "reserve $(/guest/reserve "$(cat /tmp/device)" 2>&1)"
boot_of reserved "$second" .reserved 100
say online
echo "$common iscsi_boot.target=iscsi://$first/$iqn/1" >/tmp/cmdline
agent_boot
umount /proc/cmdline
enter_root /dev/iscsi-boot/root
END
install -D "$TOP/build/reserve" "$WORK/overlay/guest/reserve"
rootfs "$WORK/root.img"
truncate -s 8M "$WORK/failing.img" "$WORK/reserved.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
tgt update logicalunit --tid 1 --lun 1 --params online=0 || fail "cannot set the LUN offline"
target 2 "$IQN.failing" "$WORK/failing.img"
truncate -s 0 "$WORK/failing.img"
target 3 "$IQN.reserved" "$WORK/reserved.img"
portal_start "$PORT" 0 0 0
echo "10.0.2.2:$PORT 10.0.2.2:$FAKE_PORT $IQN" >"$WORK/overlay/portals"
initramfs none
becomes_ready() { tgt update logicalunit --tid 1 --lun 1 --params online=1; }
once '^online' later 3 becomes_ready
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC"

want offline 14
want failing 14
want own 0
want reserve ''
want reserved 14
for boot in failing reserved; do
	[ "$(verdict "$boot-took")" -le 60 ] || fail "$boot: took $(verdict "$boot-took") s"
done
want_log 'disk: target0 LUN 1: .*\(sense 02/.*\); retrying'
want_log 'disk: error: .*cannot be read: medium error \(sense 03/11/'
want_log 'disk: error: .*cannot be read: another initiator has reserved it'
want_root "$IQN" "$WORK/root.img"
