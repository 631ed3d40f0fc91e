# shellcheck shell=bash
# groups: boots hostile
# A target that has each quirk of tests/quirks.h in turn: hostile-target edits the logins on their way to tgt.
# Outcome: each disk is attached and its data is the same; CRC32C is used where the target insists on it; a target
# that is ready after 6 s costs at most 2 s more.

# shellcheck source=tests/boot/lib/quirks.sh
. "$BOOT/lib/quirks.sh"
stock 6.12
guest <<'END'
read -r common </proc/cmdline
read -r portal iqn </portal
: >/tmp/cmdline
mount --bind /tmp/cmdline /proc/cmdline
while read -r name chap; do
	user=${chap:+$name:secretsecret1@}
	echo "$common iscsi_boot.deadline=30 iscsi_boot.target=iscsi://$user$portal/$iqn:$name/1" >/tmp/cmdline
	start=$(cut -d ' ' -f 1 /proc/uptime)
	device=$($AGENT boot 2>/tmp/said)
	status=$?
	cat /tmp/said >/dev/console
	read -r end _ </proc/uptime
	session=$(grep -l "$iqn:$name\$" /sys/class/iscsi_session/*/targetname)
	session=${session%/targetname}
	session=${session##*session}
	say "quirk-$name $status $start $end $(cat "/sys/class/iscsi_connection/connection$session:0/header_digest" "/sys/class/iscsi_connection/connection$session:0/data_digest" | xargs) $(dd if="$device" bs=1M count=8 iflag=direct 2>/dev/null | md5sum | cut -d ' ' -f 1)"
done </quirks
umount /proc/cmdline
END
quirk_list >"$WORK/overlay/quirks"
head -c 8M /dev/urandom >"$WORK/disk.img"
target_start 127.0.0.1
quirk_targets "$IQN"
hostile_start "$PORT"
echo "10.0.2.2:$HOSTILE_PORT $IQN" >"$WORK/overlay/portal"
mkdir -p "$WORK/overlay/etc"
echo "10.0.2.2 far.example" >"$WORK/overlay/etc/hosts"
initramfs none
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR $STATIC"

sum=$(md5sum <"$WORK/disk.img" | cut -d ' ' -f 1)
nr=0
while read -r name _; do
	read -r status start end digests < <(verdict "quirk-$name")
	[ "$status" = 0 ] || fail "$name: status $status"
	want_digests="0 0"
	[ "$name" != digests-forced ] || want_digests="1 1"
	[ "$digests" = "$want_digests $sum" ] || fail "$name: wanted digests and data '$want_digests $sum', got '$digests'"
	most=5
	case $name in late-*) most=9 ;; plain) most=15 ;; esac
	awk "BEGIN { exit !($end - $start <= $most) }" || fail "$name: took $start to $end, more than $most s"
	nr=$((nr + 1))
done <"$WORK/overlay/quirks"
note "$nr quirks"
