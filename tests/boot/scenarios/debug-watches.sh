# shellcheck shell=bash
# groups: kunit
# One bug of each kind in the kernel that watches: a leak, reads too far, use after free, a shift too
# far, a sleep in atomic context, a freed timer, a warning, a forgotten unlock.
# Outcome: the judge of the log (complaint) hears of each, between its own marks.

# After the first one lockdep sleeps; others put it to sleep as well.
bugs=(forgotten-unlock sleep-in-atomic read-too-far read-too-far-vmalloc use-after-free shift-too-far
	forgotten-timer warn leak)
debug 6.12
guest <<GUEST
. /guest/debug.sh
for bug in ${bugs[*]}; do
	echo "planted \$bug" >/dev/kmsg
	insmod /usr/sbin/iscsi_boot_plant.ko bug=\$bug
	[ \$bug != leak ] || leaks
	rmmod iscsi_boot_plant
done
echo "planted end" >/dev/kmsg
GUEST
initramfs none
# shellcheck disable=SC2034 # direct() uses it
STRICT="console=ttyS0 panic=-1 kasan_multi_shot"
# Without sound(), to which all this is an error.
sound() { grep -q '^end$' "$WORK/verdict" || fail "the machine stopped early: $(last_line)"; }
direct

! complaint < <(sed '/planted/,$d' "$WORK/serial.log") || fail "a complaint before the first bug"
for bug in "${bugs[@]}"; do
	complaint < <(sed -n "/planted $bug\r*\$/,/planted/p" "$WORK/serial.log") >>"$WORK/complaints" ||
		fail "nobody heard of $bug"
done
note "$(wc -l <"$WORK/complaints") kinds of bugs heard"
