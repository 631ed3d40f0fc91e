# shellcheck shell=bash
# groups: long
# The root by a working portal; then the same with a second path whose portal does not answer and is first in
# the firmware's table; then iscsistart -b with that table, for two minutes at most.
# Outcome: the agent mounts the root in both; the dead portal costs it no time, but iscsistart -b waits for it.

stock 6.12
rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"

# Makes a table with these portals in this order; no host has the address 10.0.2.77.
make_table() { # ADDRESS...
	local address
	{
		echo "header signature=iBFT oem_id=IBUTST oem_table_id=DEAD"
		echo "initiator flags=3 name=$INITIATOR"
		echo "nic index=0 flags=3 ip=10.0.2.15 prefix=24 origin=1 gateway=10.0.2.2 mac=$MAC bdf=00:03.0"
		for address; do
			echo "target index=0 flags=3 ip=$address port=$PORT lun=1 nic=0 name=$IQN"
		done
	} | awk '/^target/ { sub(/index=0/, "index=" n++) } 1' >"$WORK/table.ibft"
	"$TOP/build/mkibft" "$WORK/table.ibft" "$WORK/table.bin" || fail "cannot make the table"
	# shellcheck disable=SC2034 # nic adds to it
	HARDWARE=(-acpitable "file=$WORK/table.bin")
	nic n0 "$MAC" addr=3
}
once() { # WAY ADDRESS...
	initramfs
	make_table "${@:2}"
	rm -f "$WORK/verdict"
	direct
	cp "$WORK/verdict" "$WORK/verdict.$1"
	cp "$WORK/serial.log" "$WORK/serial.$1"
	agent_within 400
}
guest <<'END'
agent_boot
say total "$(sed -n 's/^seconds_total=//p' /run/iscsi-boot/result)"
say login "$(sed -n 's/^seconds_login=//p' /run/iscsi-boot/result)"
say device "$(readlink /dev/iscsi-boot/root)"
END
once good 10.0.2.2
want agent-status 0
good="$(verdict total) s, its login $(verdict login) s"
good_login=$(verdict login)
once dead 10.0.2.77 10.0.2.2
want agent-status 0
want device ../sda
dead="$(verdict total) s, its login $(verdict login) s"
login=$(verdict login)
note "alone $good; with the dead portal $dead"
guest <<'END'
for m in e1000 iscsi_ibft iscsi_tcp sd_mod crc32c_generic crc32c_intel; do modprobe $m; done
ip link set lo up
ip link set eth0 up
until [ "$(cat /sys/class/net/eth0/carrier)" = 1 ]; do :; done
ip addr add 10.0.2.15/24 dev eth0
say agent-start "$(cut -d ' ' -f 1 /proc/uptime)"
timeout 120 iscsistart -b >/tmp/log 2>&1
say status $?
say agent-end "$(cut -d ' ' -f 1 /proc/uptime)"
say disks "$(ls /sys/block | grep -c '^sd')"
END
once iscsistart 10.0.2.77 10.0.2.2
note "alone $good; with the dead portal $dead; iscsistart -b with it: $SPENT s, status $(verdict status)"
# The agent gives up no portal before 3 s; a busy machine may take twice as long the second time.
awk -v g="$good_login" -v s="$login" 'BEGIN { exit !(s > 0 && s < 2 * g + 2) }' || fail "the login waited: $(cat "$WORK/note")"
