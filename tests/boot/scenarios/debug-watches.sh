# shellcheck shell=bash
# groups: kunit
# Triggers one bug of each kind in the debug kernel: a leak, a read out of bounds, use after free, a shift that
# is too far, a sleep in atomic context, a freed timer, a warning, a lock that is not released.
# Outcome: complaint() finds each of them in the log, between its own marks.

# Lockdep turns itself off after its first report, and other reports turn it off too.
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
# Replaces sound(), which treats every one of these bugs as an error.
sound() { grep -q '^end$' "$WORK/verdict" || fail "the machine stopped before the end: $(last_line)"; }
direct

! complaint < <(sed '/planted/,$d' "$WORK/serial.log") || fail "the kernel reported a problem before the first bug"
for bug in "${bugs[@]}"; do
	complaint < <(sed -n "/planted $bug\r*\$/,/planted/p" "$WORK/serial.log") >>"$WORK/complaints" ||
		fail "complaint() did not find $bug"
done
note "$(wc -l <"$WORK/complaints") kinds of bugs found"
