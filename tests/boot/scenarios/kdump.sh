# shellcheck shell=bash disable=SC2317,SC2034
# groups: boots
# A kernel with a session crashes, and another one starts in the memory that crashkernel= reserved, with one processor:
# with iPXE's table in low memory (BIOS), with that in ACPI (UEFI), with parameters on the command line.
# Outcome: in each of the three the second kernel finds the same target, logs in beside the session that the first one
# has left, and saves the dump on the LUN.

stock 6.12
guest <<'END'
agent_boot
if [ -e /proc/vmcore ]; then
	say sources "$(cat $VIEW/sources)"
	say cpus "$(grep -c ^processor /proc/cpuinfo)"
	modprobe ext4
	mount -t ext4 /dev/iscsi-boot/root /newroot || say mount failed
	head -c 1048576 /proc/vmcore >/newroot/vmcore
	umount /newroot
	finish
fi
kexec -p /vmlinuz --initrd=/kdump.cpio --append="$(sed 's/crashkernel=[^ ]*//' /proc/cmdline) irqpoll nr_cpus=1 reset_devices" ||
	say kexec failed
say crash
echo c >/proc/sysrq-trigger
END
initramfs
mv "$WORK/initrd.cpio" "$WORK/overlay/kdump.cpio"
cp "$KDIR/vmlinuz" "$WORK/overlay/vmlinuz"
program kexec
initramfs
rootfs "$WORK/clean.img"
STRICT+=" crashkernel=224M"
# The first kernel crashes, as it should.
sound() {
	local line
	line=$(sed '1,/sysrq: Trigger a crash/d; 1,/Linux version/d' "$WORK/serial.log" | complaint) && fail "second kernel: $line"
	grep -q '^end$' "$WORK/verdict" || fail "the machine stopped before the end: $(last_line)"
}
crashes() { # NAME SOURCES COMMAND...: the machine that COMMAND runs saves its dump
	(
		cp --sparse=always "$WORK/clean.img" "$WORK/root.img"
		target_start 127.0.0.1
		target 1 "$IQN" "$WORK/root.img"
		HARDWARE=(-smp 2 -m 1024)
		"${@:3}"
		want sources "$2"
		want cpus 1
		want agent-status $'0\n0'
		want_saved
		target_stop
	) && echo "PASS $1" >>"$WORK/cases" || echo "FAIL $1: $(cat "$WORK/reason")" >>"$WORK/cases"
	mv "$WORK/serial.log" "$WORK/serial-$1.log"
	mv "$WORK/verdict" "$WORK/verdict-$1"
}
# The file is an ELF core (4) of x86-64.
want_saved() {
	e2fsck -fn "$WORK/root.img" >"$WORK/e2fsck.log" 2>&1 || fail "e2fsck: $(tail -n 1 "$WORK/e2fsck.log")"
	debugfs -R "dump /vmcore $WORK/vmcore" "$WORK/root.img" 2>/dev/null
	[ "$(od -A n -t x1 -N 20 "$WORK/vmcore" | xargs)" = \
		"7f 45 4c 46 02 01 01 00 00 00 00 00 00 00 00 00 04 00 3e 00" ] || fail "no dump on the LUN"
}

by_bios() { ipxe_files; ipxe; }
by_uefi() { ipxe_files; uefi; ipxe; }
by_words() {
	nic n0 "$MAC"
	direct "$STATIC rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::$PORT:1:$IQN"
}
crashes bios ibft by_bios
crashes uefi ibft by_uefi
crashes words cmdline by_words
! grep -q ^FAIL "$WORK/cases" || fail "$(grep -c ^FAIL "$WORK/cases") of 3 failed"
