# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Header and data digests under load, on a wire that changes bits (mode "flips" of hostile-target).

# digests: a machine logs in with both digests, writes and reads a disk, and the guard makes the connection again
# after each changed bit. A second machine has no digests, and must see changed data.
digests() {
	local digest tid value errors
	guest <<-'END'
		# part AT: writes 4 MiB of the pattern there and reads it back, six times.
		part() {
			for round in 1 2 3 4 5 6; do
				dd if=/tmp/pattern of="$disk" bs=128k count=32 seek=$(($1 * 8)) oflag=direct conv=notrunc 2>/dev/null ||
					say "failed write $1 $round"
				sum=$(dd if="$disk" bs=128k count=32 skip=$(($1 * 8)) iflag=direct 2>/dev/null | md5sum)
				[ "$sum" = "$(md5sum </tmp/pattern)" ] || say "differs $1 $round"
			done
		}
		values() { cat /sys/class/iscsi_connection/*/header_digest /sys/class/iscsi_connection/*/data_digest | xargs; }
		dd if=/dev/urandom of=/tmp/pattern bs=1M count=4 2>/dev/null
		agent_boot
		disk=$(readlink -f /dev/iscsi-boot/root)
		say before "$(values)"
		part 0 & part 4 & part 8 &
		wait
		say after "$(values) $(cat /sys/class/iscsi_session/session1/state)"
	END
	install -D "$TOP/build/agent/iscsi-boot-guard" "$WORK/overlay/usr/lib/iscsi-boot/iscsi-boot-guard"
	initramfs none
	truncate -s 16M "$WORK/disk.img"
	target_start 127.0.0.1
	for tid in 1 2; do target $tid "$IQN:flips-$tid" "$WORK/disk.img"; done
	for digest in HeaderDigest DataDigest; do
		tgt update target --tid 1 --name $digest --value CRC32C || fail "cannot set $digest"
	done
	hostile_start "$PORT"
	nic n0 "$MAC"
	digests_machine 1 CRC32C
	value=$(console | grep -c 'guard: session1: reconnected after') || true
	errors=$(console | sed -n 's/.*detected conn error (\(101[45]\)).*/\1/p' | xargs)
	want before "1 1"
	want after "1 1 LOGGED_IN"
	want differs ""
	want failed ""
	[ "$value" = 4 ] || fail "the guard made the connection again $value times, not 4"
	[ -n "$errors" ] || fail "the kernel reports no digest error"
	digests_machine 2 None
	want before "0 0"
	[ -n "$(verdict differs)" ] || fail "no data was changed without digests"
	note "errors $errors, reconnected $value times with both digests; without, changed: $(verdict differs | wc -l)"
}

digests_machine() { # NUMBER DIGEST
	direct "rd.iscsi.initiator=$INITIATOR $STATIC" \
		"iscsi_boot.target=iscsi://10.0.2.2:$HOSTILE_PORT/$IQN:flips-$1/1" \
		"iscsi_boot.param.node.conn[0].iscsi.HeaderDigest=$2 iscsi_boot.param.node.conn[0].iscsi.DataDigest=$2"
	want agent-status 0
	cp "$WORK/serial.log" "$WORK/serial-$1.log"
}
