# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Both engines for one and the same boot, and the kernel's own target (LIO) in a machine beside. Sourced
# by scenarios.

ENGINES=(open-iscsi native)

# by_engines COMMAND...: for each engine, with $ENGINE set; what the machine said is kept under its name.
by_engines() {
	for ENGINE in "${ENGINES[@]}"; do
		"$@"
		cp "$WORK/verdict" "$WORK/verdict-$ENGINE"
		cp "$WORK/serial.log" "$WORK/serial-$ENGINE.log"
	done
}

# shown LIST: what the machine said of its sessions as LIST, a line each: file (or line of
# "iscsiadm -m session -P 3"), a tab, its content.
shown() {
	tree "$1" /sys/class/ | awk '$1 !~ /\/$/ && $2 != "->" {
		at = $1; $1 = $2 = ""; sub(/^ */, ""); print at "\t" $0 }'
	verdict "P3-$1" | base64 -d | awk '{ gsub(/\t/, " "); gsub(/^[ *]+|[ *]+$/, "") }
		/:/ { i = index($0 " ", ": "); print "-P 3 " substr($0, 1, i ? i : length()) "\t" substr($0, i + 2) }'
}

# equal LIST: what both engines' sessions showed as LIST is the same but for what the list of that name in
# docs/engines.md has, and that differs.
equal() {
	local engine
	for engine in "${ENGINES[@]}"; do
		cp "$WORK/verdict-$engine" "$WORK/verdict"
		shown "$1" >"$WORK/$1-$engine"
		[ -s "$WORK/$1-$engine" ] || fail "$engine shows nothing of $1"
	done
	awk -f "$BOOT/equal.awk" -v list="$1" "$TOP/docs/engines.md" "${ENGINES[@]/#/"$WORK/$1-"}" \
		>"$WORK/compared" || fail "$(grep -c . "$WORK/compared") faults, see" \
		"${WORK#"$TOP/"}/compared; first: $(head -n 1 "$WORK/compared")"
	EQUAL="${EQUAL-}${EQUAL:+; }$1: $(cat "$WORK/compared")"
}

# What machines do beside: "tell LIST" says all of the first session that equal compares, "write_verify
# DISK" fills a disk of 8 MiB as root file systems and databases do, and reads it back.
equal_guest() {
	cat <<-'END'
		tell() {
			for class in iscsi_session iscsi_connection iscsi_host scsi_host; do
				dump "$1" "$(echo /sys/class/$class/*)/"
			done
			dump "$1" "$(echo /sys/class/scsi_device/*:1/device)/"
			say "P3-$1 $(iscsiadm -m session -P 3 | base64 -w 0)"
		}
		# part AT BLOCK [FLAG]: 1 MiB of the pattern at AT MiB, in blocks of BLOCK KiB, the last ones first.
		part() {
			n=$((1024 / $2))
			while [ $((n -= 1)) -ge 0 ]; do
				dd if=/tmp/pattern of="$disk" bs="$2k" count=1 skip=$(($1 * 1024 / $2 + n)) \
					seek=$(($1 * 1024 / $2 + n)) conv=notrunc $3 2>/dev/null || say "write failed"
			done
		}
		write_verify() {
			disk=$1
			dd if=/dev/urandom of=/tmp/pattern bs=1M count=8 2>/dev/null
			part 0 1024 oflag=direct & part 1 64 oflag=direct & part 2 16 oflag=direct & part 3 64 &
			dd if=/tmp/pattern of="$disk" bs=4M skip=1 seek=1 conv=notrunc 2>/dev/null || say "write failed"
			wait
			sync
			echo 3 >/proc/sys/vm/drop_caches
			say "pattern $(sha256sum </tmp/pattern)"
			say "read $(sha256sum <"$disk")"
			say "read $(dd if="$disk" bs=256k iflag=direct 2>/dev/null | sha256sum)"
		}
	END
}

# want_verified FILE: what was written is what was read, by the cache and past it, and what FILE has.
want_verified() {
	local sum
	sum=$(verdict pattern)
	[ -n "$sum" ] || fail "$ENGINE: nothing was written"
	want read "$sum"$'\n'"$sum"
	[ "$(sha256sum <"$1")" = "$sum" ] || fail "$ENGINE: ${1##*/} holds something else"
	want write ""
}

# equal_sessions: mutual CHAP at tgt; all of its session compared, and data on the raw LUN.
equal_sessions() {
	guest <<-END
		$(equal_guest)
		agent_boot
		tell sessions
		write_verify /dev/sda
	END
	program iscsiadm
	initramfs
	switch lan 10.7.0.1/24
	truncate -s 8M "$WORK/disk.img"
	target_start 10.7.0.1 3260
	target 1 "$IQN" "$WORK/disk.img" client client-secret target target-secret
	lan n0 lan "$MAC"
	by_engines one_session
	equal sessions
	note "$EQUAL"
}

one_session() {
	direct "rd.iscsi.initiator=$INITIATOR ip=10.7.0.15:::24::eth0:none iscsi_boot.engine=$ENGINE" \
		"iscsi_boot.target=iscsi://client:client-secret@10.7.0.1/$IQN/1?rev-user=target,rev-secret=target-secret"
	want agent-status 0
	want_verified "$WORK/disk.img"
}
