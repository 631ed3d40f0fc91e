# shellcheck shell=bash
# groups: long
# 1, 8 and 64 targets in the firmware's table: the agent with --wait-all, and iscsistart -b, which has its
# modules loaded and its NIC up before its time starts.
# Outcome: both find all disks; with 64 targets the agent has all long before iscsistart -b, although its time
# includes modules and network.

stock 6.12
# QEMU's e1000 has its carrier after 2 s, and then delays received packets for a second.
# shellcheck disable=SC2034
CARD=virtio-net-pci
truncate -s 8M "$WORK/disk.img"
target_start 127.0.0.1
for ((i = 0; i < 64; i++)); do target $((i + 1)) "$IQN.$i" "$WORK/disk.img"; done

COMMON='
up() { cut -d " " -f 1 /proc/uptime; }
disks() { ls /sys/block | grep -c "^sd"; }
'
agent_way() {
	guest <<-END
		$COMMON
		say start "\$(up)"
		device=\$(\$AGENT boot --wait-all)
		say status \$?
		say end "\$(up)"
		say disks "\$(disks)"
		say in "\$(grep -c ' in session' /run/iscsi-boot/paths)"
		say result "\$(grep seconds_ /run/iscsi-boot/result | xargs)"
		say root "\$(sed -n 's/^\[ *\([0-9.]*\)\].*\/dev\/iscsi-boot\/root is .*/\1/p' /run/iscsi-boot/log)"
	END
}
# The last target of the table may not have been scanned yet when the disks are counted, so this waits for them.
iscsistart_way() { # TARGETS
	guest <<-END
		$COMMON
		for m in virtio_pci virtio_net iscsi_ibft iscsi_tcp sd_mod crc32c_generic crc32c_intel; do modprobe \$m; done
		ip link set lo up
		ip link set eth0 up
		until [ "\$(cat /sys/class/net/eth0/carrier)" = 1 ]; do :; done
		ip addr add 10.0.2.15/24 dev eth0
		say start "\$(up)"
		iscsistart -b >/tmp/log 2>&1
		say status \$?
		until [ "\$(disks)" -ge $1 ] || [ "\$(cut -d . -f 1 /proc/uptime)" -gt 250 ]; do sleep 0.1; done
		say end "\$(up)"
		say disks "\$(disks)"
	END
}
make_table() { # TARGETS: makes a firmware table of the first TARGETS
	local i
	{
		echo "header signature=iBFT oem_id=IBUTST oem_table_id=MANY expansion=$(($1 > 2 ? $1 - 2 : 0))"
		echo "initiator flags=3 name=$INITIATOR"
		echo "nic index=0 flags=3 ip=10.0.2.15 prefix=24 origin=1 gateway=10.0.2.2 mac=$MAC bdf=00:03.0"
		for ((i = 0; i < $1; i++)); do
			echo "target index=$i flags=3 ip=10.0.2.2 port=$PORT lun=1 nic=0 name=$IQN.$i"
		done
	} >"$WORK/table.ibft"
	"$TOP/build/mkibft" "$WORK/table.ibft" "$WORK/table.bin" || fail "cannot make the table"
}
# Runs a machine with that WAY to boot; sets TOOK to its time.
one_way() { # WAY TARGETS
	"$1_way" "$2"
	initramfs
	make_table "$2"
	# shellcheck disable=SC2034 # nic adds to it
	HARDWARE=(-acpitable "file=$WORK/table.bin")
	nic n0 "$MAC" addr=3
	rm -f "$WORK/verdict"
	direct
	cp "$WORK/verdict" "$WORK/verdict.$1.$2"
	cp "$WORK/serial.log" "$WORK/serial.$1.$2"
	want status 0
	want disks "$2"
	TOOK=$(awk -v a="$(verdict start)" -v b="$(verdict end)" 'BEGIN { printf "%.1f", b - a }')
}
text=
for n in ${TARGETS-1 8 64}; do
	one_way agent "$n"
	want in "$n"
	ours=$TOOK
	root=$(awk -v a="$(verdict start)" -v b="$(verdict root)" 'BEGIN { printf "%.1f", b - a }')
	one_way iscsistart "$n"
	ratio=$(awk -v a="$ours" -v b="$TOOK" 'BEGIN { printf "%.1f", b / a }')
	text+="${text:+; }$n: agent $ours s, its root after $root s, iscsistart -b $TOOK s, ratio $ratio"
	note "$text"
done
awk -v a="$ours" -v b="$TOOK" 'BEGIN { exit !(b >= 1.5 * a) }' || fail "the agent is not 1.5 times as fast: $text"
