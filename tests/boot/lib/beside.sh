# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2120
# Compares the kernel's own iscsi_ibft ("theirs") with our module ("ours") on all tables, in one machine.
#
# A table in ACPI cannot be changed at run time, but a table in low memory can. So the machine starts with a
# table at $LOW, where the kernel finds it. memmap= reserves 32 KiB there, so that /dev/mem can overwrite them.
# Each module reads the current table when it is loaded.

LOW=0x90000

# newest_stock: like "stock", for the newest kernel, that of Debian's sid. Builds our module for it, in $WORK.
newest_stock() {
	# shellcheck source=tests/boot/lib/real.sh
	. "$BOOT/lib/real.sh"
	local module file
	LOWER=$("$BOOT/dracut-root" sid) || fail "cannot make a Debian sid"
	KVER=$(basename "$LOWER"/lib/modules/*)
	KDIR=$WORK/kernel
	# shellcheck disable=SC2034 # of inside
	command="cp -r /src/Kbuild /src/kmod /tmp/; make -C /lib/modules/$KVER/build M=/tmp W=1 KCFLAGS=-Werror modules
		cp /tmp/iscsi_boot_unified.ko /" inside
	mv "$WORK/upper/iscsi_boot_unified.ko" "$WORK/"
	mkdir -p "$KDIR/lib/modules/$KVER"
	cp "$LOWER/boot/vmlinuz-$KVER" "$KDIR/vmlinuz"
	echo "$KVER" >"$KDIR/kver"
	cp "$LOWER/lib/modules/$KVER"/modules.{builtin,builtin.modinfo,order} "$KDIR/lib/modules/$KVER/"
	for module in "${MODULES[@]}"; do
		modprobe -S "$KVER" -d "$LOWER" --show-depends "$module" 2>/dev/null || true
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u | while read -r file; do
		install -D -m 644 "$file" "$KDIR/${file#"$LOWER/"}"
		# The machine's busybox loads no compressed modules.
		[ "${file%.xz}" = "$file" ] || unxz "$KDIR/${file#"$LOWER/"}"
	done
	depmod -b "$KDIR" "$KVER"
}

# beside [MODULE]: gives every table of tests/data to each module alone and with the other loaded before and after, on
# the selected kernel.
beside() {
	local table name dir=$WORK/overlay/tables
	mkdir "$dir"
	for table in "$TOP"/tests/data/*.{ibft,hex}; do
		name=${table##*/}
		"$TOP/build/mkibft" "$table" "$dir/${name%.*}" || fail "cannot make a table of $table"
	done
	[ -z "$(find "$dir" -size +32k)" ] || fail "a table is larger than the reserved memory at $LOW"
	find "$dir" -type f -exec truncate -s 32K {} +
	find "$dir" -type f -printf '%f\n' | LC_ALL=C sort >"$WORK/overlay/names"
	cp "$dir/$(head -n 1 "$WORK/overlay/names")" "$WORK/first.bin"
	guest <"$BOOT/guest/beside"
	initramfs "$@"
	nic n0 52:54:00:aa:00:01 addr=3
	nic n1 52:54:00:aa:00:02 addr=4
	HARDWARE+=(-device "loader,file=$WORK/first.bin,addr=$LOW,force-raw=on")
	direct "memmap=32K\$$LOW"
	want_log 'iBFT found at 0x0*90000'
	want unwritten ""
	"$BOOT/compare" "$WORK/verdict" "$TOP/docs/user/sysfs-abi.md" "$TOP/docs/results/comparison-with-iscsi_ibft.md" \
		>"$WORK/compared" || fail "$(grep -c . "$WORK/compared") faults, see" \
		"${WORK#"$TOP/"}/compared; first: $(head -n 1 "$WORK/compared")"
	note "$(cat "$WORK/compared")"
}

# beside_crash SERIES: a table whose host name lies outside the table. Reading it with iscsi_ibft crashes one
# machine; another machine reads the same table with our module.
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
		# shellcheck disable=SC2034 # direct of lib.sh uses it
		STRICT="no_timer_check console=ttyS0 panic=-1 printk.time=1"
		# shellcheck disable=SC2317
		sound() { :; }
		direct module=iscsi_ibft
	)
	want_log 'BUG: unable to handle page fault'
	want_log 'RIP: 0010:string'
	[ "$(verdict tree | grep -c ethernet0/hostname)" = 0 ] || fail "iscsi_ibft shows the host name"
	mv "$WORK/serial.log" "$WORK/theirs.log"
	direct module=iscsi_boot_unified
	grep -q '^survived' "$WORK/verdict" || fail "the machine with our module did not finish"
	[ "$(tree tree /sys/firmware/iscsi_boot_unified | grep -c '^target[01]/target-name ')" = 2 ] ||
		fail "our module does not show both targets"
	note "iscsi_ibft: $(grep -a -o -m 1 'BUG: [a-z ]*' "$WORK/theirs.log")"
}
