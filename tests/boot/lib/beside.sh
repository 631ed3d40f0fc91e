# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The kernel's own iscsi_ibft beside our module, on all tables in one machine. Sourced by scenarios.
#
# A table in ACPI is there for good, but not one in low memory: the machine starts with a table at $AT,
# where the kernel's finder takes it; memmap= keeps 32 KiB there from being the kernel's memory, so that
# /dev/mem may write them; and either module reads what is there when it is loaded.

AT=0x90000

# beside SERIES: every tests/data/*.ibft to both, alone and with the other loaded before and after it.
beside() {
	local table dir=$WORK/overlay/tables
	stock "$1"
	mkdir "$dir"
	for table in "$TOP"/tests/data/*.ibft; do
		"$TOP/build/mkibft" "$table" "$dir/$(basename "$table" .ibft)" || fail "no table of $table"
	done
	[ -z "$(find "$dir" -size +32k)" ] || fail "a table is larger than the room at $AT"
	find "$dir" -type f -exec truncate -s 32K {} +
	find "$dir" -type f -printf '%f\n' | LC_ALL=C sort >"$WORK/overlay/names"
	cp "$dir/$(head -n 1 "$WORK/overlay/names")" "$WORK/first.bin"
	guest <"$BOOT/guest/beside"
	initramfs
	nic n0 52:54:00:aa:00:01 addr=3
	nic n1 52:54:00:aa:00:02 addr=4
	HARDWARE+=(-device "loader,file=$WORK/first.bin,addr=$AT,force-raw=on")
	direct "memmap=32K\$$AT"
	want_log 'iBFT found at 0x0*90000'
	want unwritten ""
	"$BOOT/compare" "$WORK/verdict" "$TOP/docs/user/sysfs-abi.md" "$TOP/docs/results/comparison-with-iscsi_ibft.md" \
		>"$WORK/compared" || fail "$(grep -c . "$WORK/compared") faults, see" \
		"${WORK#"$TOP/"}/compared; first: $(head -n 1 "$WORK/compared")"
	note "$(cat "$WORK/compared")"
}

# beside_crash SERIES: reading theirs of a host name that lies outside the table, in a machine of its own;
# and ours of the same table, in another.
beside_crash() {
	stock "$1"
	guest <<-'END'
		modprobe $(sed 's/.*module=\([a-z_]*\).*/\1/' /proc/cmdline)
		for tree in /sys/firmware/ibft $VIEW; do
			[ ! -d $tree ] || dump tree $tree
		done
		say survived
	END
	initramfs
	table bad-strings
	(
		# shellcheck disable=SC2034 # what direct of lib.sh uses, and below
		STRICT="no_timer_check console=ttyS0 panic=-1 printk.time=1"
		# shellcheck disable=SC2317
		sound() { :; }
		direct module=iscsi_ibft
	)
	want_log 'BUG: unable to handle page fault'
	want_log 'RIP: 0010:string'
	[ "$(verdict tree | grep -c ethernet0/hostname)" = 0 ] || fail "theirs' host name can be read"
	mv "$WORK/serial.log" "$WORK/theirs.log"
	direct module=iscsi_boot_unified
	grep -q '^survived' "$WORK/verdict" || fail "ours does not come to its end"
	[ "$(tree tree /sys/firmware/iscsi_boot_unified | grep -c '^target[01]/target-name ')" = 2 ] ||
		fail "ours does not show both targets"
	note "theirs: $(grep -a -o -m 1 'BUG: [a-z ]*' "$WORK/theirs.log")"
}
