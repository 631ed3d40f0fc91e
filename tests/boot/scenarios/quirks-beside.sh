# shellcheck shell=bash
# groups: hostile
# Each quirk of tests/quirks.h, logged in to by the native engine and by iscsistart in turn, three times each (a
# target that is late once), in one machine.
# Outcome: native has the disk with its data each time, and where iscsistart has it, the median time of native is
# not longer. docs/results/quirks.md lists for each quirk which has the disk; a difference is a failure.

# shellcheck source=tests/boot/lib/quirks.sh
. "$BOOT/lib/quirks.sh"
# shellcheck disable=SC2034 # of lib.sh
LIMIT=1800
stock 6.12
guest <<'END'
now() { read -r up _ </proc/uptime; echo "$up"; }
# disk_of TARGET: prints the disk of its session.
disk_of() {
	for s in $(grep -l -x "$1" /sys/class/iscsi_session/*/targetname); do
		echo "${s%/targetname}"/device/target*/*/block/* | sed -n 's,.*/block/\([a-z]*\)$,/dev/\1,p'
	done
}
by_native() { # TARGET USER
	echo "$common iscsi_boot.deadline=30 iscsi_boot.target=iscsi://${2:+$2:secretsecret1@}$portal/$1/1" >/tmp/cmdline
	device=$($AGENT boot 2>/tmp/said) || device=
}
# iscsistart exits before the kernel has found the disk.
by_iscsistart() {
	device=
	timeout 40 iscsistart -i iqn.2026-11.org.example:host1 -t "$1" -g 1 -a "${portal%:*}" -p "${portal#*:}" \
		${2:+-u "$2" -w secretsecret1} >/tmp/said 2>&1 || return 0
	tries=0
	while device=$(disk_of "$1"); [ -z "$device" ] && [ $((tries += 1)) -lt 500 ]; do usleep 10000; done
}
# one ENGINE NAME [chap]: logs in, reads a block of the disk, and ends the session.
one() {
	target=$base.$1:$2 start=$(now)
	"by_$1" "$target" "${3:+$2.$1}"
	[ -z "$device" ] || dd if="$device" of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null
	say "ran $2 $1 $start $(now) $([ -z "$device" ] || dd if="$device" bs=1M iflag=direct 2>/dev/null |
		md5sum | cut -d ' ' -f 1)"
	cat /tmp/said >/dev/console
	for s in /sys/class/iscsi_session/session*; do
		[ ! -e "$s" ] || end-session "${s##*session}" || say "not ended: $2 $1"
	done
}
read -r common </proc/cmdline
read -r portal base </portal
: >/tmp/cmdline
mount --bind /tmp/cmdline /proc/cmdline
# The first login also loads the modules and configures the NIC, for both.
one native plain
say measured
while read -r name chap; do
	rounds=3
	case $name in late-*) rounds=1 ;; esac
	while [ $((rounds -= 1)) -ge 0 ]; do
		one native "$name" "$chap"
		one iscsistart "$name" "$chap"
	done
done </quirks
umount /proc/cmdline
END
quirk_list >"$WORK/overlay/quirks"
install -D "$TOP/build/end-session" "$WORK/overlay/usr/sbin/end-session"
head -c 1M /dev/urandom >"$WORK/disk.img"
target_start 127.0.0.1
for engine in native iscsistart; do quirk_targets "$IQN.$engine" ".$engine"; done
hostile_start "$PORT"
echo "10.0.2.2:$HOSTILE_PORT $IQN" >"$WORK/overlay/portal"
mkdir -p "$WORK/overlay/etc"
echo "10.0.2.2 far.example" >"$WORK/overlay/etc/hosts"
initramfs none
nic n0 "$MAC"
# The processor executes one instruction in a nanosecond of its own clock, so that a busy host disturbs no time.
HARDWARE+=(-icount "shift=0,sleep=on")
direct "rd.iscsi.initiator=$INITIATOR $STATIC"

want not ""
sed '1,/^measured$/d' "$WORK/verdict" >"$WORK/runs"
awk -f "$BOOT/lib/quirks.awk" -v sum="$(md5sum <"$WORK/disk.img" | cut -d ' ' -f 1)" "$WORK/runs" >"$WORK/quirks.md"
rows() { sed -n 's/^| [a-z0-9-]* | \(yes\|no\) .*/&/p' "$1"; }
nr=$(grep -c . "$WORK/overlay/quirks")
[ "$(rows "$WORK/quirks.md" | wc -l)" = "$nr" ] || fail "not all of $nr quirks were run"
behind=$(rows "$WORK/quirks.md" | awk -F ' *[|] *' '$3 == "no" || $5 > 1 { print $2 }' | xargs)
[ -z "$behind" ] || fail "native fails, or is slower than iscsistart: $behind"
rows "$TOP/docs/results/quirks.md" | cut -d '|' -f 1-4 >"$WORK/documented"
rows "$WORK/quirks.md" | cut -d '|' -f 1-4 >"$WORK/measured"
same "$WORK/documented" "$WORK/measured" docs/results/quirks.md
note "$nr quirks: native has the disk of each, iscsistart of $(rows "$WORK/quirks.md" | grep -c '| yes | yes'), native in at most" \
	"$(rows "$WORK/quirks.md" | cut -d '|' -f 5 | sort -n | tail -n 1 | xargs) of its time"
