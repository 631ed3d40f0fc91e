# shellcheck shell=bash
# groups: kunit
# long-cmdline in the debug kernel, which reports a soft lockup, a sleep in atomic context and a leak.
# Outcome: the module loads with each command line of 1 MiB, and the kernel reports no problem.

debug 6.12
guest <<'END'
. /guest/debug.sh
rmmod iscsi_boot_unified 2>/dev/null
/guest/load-long "$MODULE" >/tmp/loads 2>/tmp/error
say loads "$? $(cat /tmp/error)"
say kinds "$(wc -l </tmp/loads)"
while read -r kind load unload; do
	say "load $kind $load $unload"
done </tmp/loads
leaks
lockdep_awake
END
install -D "$TOP/build/load-long" "$WORK/overlay/guest/load-long"
initramfs
direct ""

want loads "0 "
want kinds 13
want_no_leak
note "ms of the machine's clock to load and unload: $(verdict load | xargs)"
