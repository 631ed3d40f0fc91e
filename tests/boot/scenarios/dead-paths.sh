# shellcheck shell=bash
# groups: long
# Tables with two paths to the root disk, one of which is dead, in both orders: a portal that no host has, refuses,
# drops packets or stays silent; a gateway that no host has; a NIC without carrier, without a DHCP server, or missing.
# The machine boots by each, and by the sound path alone next to it.
# Outcome: with the dead path the root disk is there at most 1 s later.

# shellcheck disable=SC2034 # of lab.sh
CARD=virtio-net-pci
lab
rm "$WORK/overlay/guest/trace" # strace would cost time with each path
stock 6.12

# dead NAME NIC TARGET: adds two tables, in which the sound path comes last or first.
sound_nic="flags=3 ip=10.0.2.15 prefix=24 origin=1 mac=$MAC bdf=00:03.0"
sound_target="flags=3 ip=10.0.2.2 port=3260 lun=1 name=$IQN"
declare -A PATHS_OF=([one]="$sound_nic;$sound_target")
dead() {
	PATHS_OF[$1-first]="$2;flags=3 lun=1 name=$IQN $3|$sound_nic;$sound_target"
	PATHS_OF[$1-last]="$sound_nic;$sound_target|$2;flags=3 lun=1 name=$IQN $3"
}
second="flags=3 prefix=24 mac=52:54:00:12:34:57 bdf=00:04.0"
static="$second origin=1 ip=10.0.3.15"
dead portal "$static" "ip=10.0.3.77 port=3260"
dead portal-same-nic "$sound_nic" "ip=10.0.2.77 port=3260"
dead refuses "$static" "ip=10.0.3.2 port=3261"
dead drops "$static" "ip=10.0.3.2 port=3262"
dead silent "$static" "ip=10.0.3.2 port=3263"
dead gateway "$static gateway=10.0.3.99" "ip=10.9.0.2 port=3260"
dead no-dhcp "$second origin=3" "ip=10.0.3.2 port=3260"
dead no-carrier "flags=3 ip=10.0.4.15 prefix=24 origin=1 mac=52:54:00:12:34:58 bdf=00:05.0" "ip=10.0.4.2 port=3260"
dead no-nic "flags=3 ip=10.0.4.15 prefix=24 origin=1 mac=52:54:00:12:34:99 bdf=00:09.0" "ip=10.0.4.2 port=3260"
mapfile -t names < <(printf '%s\n' "${!PATHS_OF[@]}" | grep -v '^one$' | LC_ALL=C sort)

mkdir -p "$WORK/overlay/tables"
for name in "${!PATHS_OF[@]}"; do
	{
		echo "header signature=iBFT oem_id=IBUTST oem_table_id=DEAD"
		echo "initiator flags=3 name=$INITIATOR"
		tr '|' '\n' <<<"${PATHS_OF[$name]}" | awk -F ';' '{ print "nic index=" NR - 1, $1
			print "target index=" NR - 1, "nic=" NR - 1, $2 }'
	} >"$WORK/$name.ibft"
	"$TOP/build/mkibft" "$WORK/$name.ibft" "$WORK/overlay/tables/$name" || fail "cannot make the table $name"
done
printf '%s\n' "${names[@]}" >"$WORK/overlay/tables/.names"

guest <<'END'
# boot_by TABLE: sets $seconds to the time until the root disk is there; then undoes all that boot did.
boot_by() {
	modprobe virtio_net
	rm -rf /run/iscsi-boot
	mount --bind "/tables/$1" /sys/firmware/acpi/tables/iBFT
	echo "table $1" >/dev/console
	$AGENT boot >/tmp/device || say "failed $1: status $?"
	seconds=$(sed -n 's/^seconds_total=//p' /run/iscsi-boot/result)
	[ "$(readlink /dev/iscsi-boot/root)" = ../sda ] || say "failed $1: no root disk"
	[ "$(cut -d ' ' -f 3 /run/iscsi-boot/paths | grep -c '^in$')" = 1 ] || say "failed $1: no dead path"
	killall -KILL iscsi-boot-agent udhcpc 2>/dev/null
	while killall -0 iscsi-boot-agent 2>/dev/null; do :; done
	umount /sys/firmware/acpi/tables/iBFT
	for session in /sys/class/iscsi_session/session*; do end-session "${session##*session}"; done
	modprobe -r virtio_net
	rm -rf /dev/iscsi-boot
}
# differs: $2 is more than 1 s longer than $1.
differs() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(b > a + 1) }'; }

boot_by one # loads the modules
for name in $(cat /tables/.names); do
	# A busy host may slow a boot down, but hardly the later one of three pairs.
	for try in 1 2 3; do
		boot_by one
		one=$seconds
		boot_by "$name"
		say "pair $name $one $seconds"
		differs "$one" "$seconds" || break
	done
	! differs "$one" "$seconds" || say "late $name"
done
END
install -D "$TOP/build/end-session" "$WORK/overlay/usr/sbin/end-session"
initramfs none

switch lan0 10.0.2.2/24
switch lan1 10.0.3.2/24
rootfs "$WORK/root.img"
target_start 0.0.0.0 3260
target 1 "$IQN" "$WORK/root.img"
nft -f - <<'END' || fail "cannot drop packets"
table inet filter {
	chain input {
		type filter hook input priority filter
		tcp dport 3262 drop
	}
}
END
bound busybox nc -ll -p 3263 -e sleep infinity 2>"$WORK/nc.log" &
PIDS+=($!)
lan n0 lan0 "$MAC"
lan n1 lan1 52:54:00:12:34:57
lan n2 lan1 52:54:00:12:34:58
HARDWARE+=(-acpitable "file=$WORK/overlay/tables/one")
# shellcheck disable=SC2034 # of lib.sh
MONITOR="set_link n2 off" LIMIT=1500
direct "iscsi_boot.iscsi-ibft=no"

[ -z "$(verdict failed)" ] || fail "$(verdict failed | head -n 1)"
[ "$(verdict pair | cut -d ' ' -f 1 | sort -u | wc -l)" = ${#names[@]} ] || fail "not all tables were tried"
verdict pair | awk '{ d = $3 - $2; if (!($1 in best) || d < best[$1]) best[$1] = d }
	END { for (name in best) print name, best[name] }' | LC_ALL=C sort >"$WORK/pairs"
note "with a dead path:$(awk '{ printf " %s %+.2f s", $1, $2 }' "$WORK/pairs")"
[ -z "$(verdict late)" ] || fail "more than 1 s later: $(verdict late | xargs); see pairs"
