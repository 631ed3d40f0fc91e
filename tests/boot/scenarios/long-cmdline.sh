# shellcheck shell=bash
# groups: check
# The module is loaded with command lines of 1 MiB: many words of each kind, and a mix of all.
# Outcome: each load ends long before the kernel would report a soft lockup (20 s), and the kernel warns of nothing.
# The limit allows for a busy host; the note has the times.

stock 6.12
guest <<'END'
module=$(find /lib/modules -name iscsi_boot_unified.ko)
rmmod iscsi_boot_unified 2>/dev/null
/guest/load-long "$module" >/tmp/loads 2>/tmp/error
say loads "$? $(cat /tmp/error)"
while read -r kind load unload; do
	say "load $kind $load $unload"
	[ "$load" -lt 5000 ] || say slow "$kind"
done </tmp/loads
say kinds "$(wc -l </tmp/loads)"
END
install -D "$TOP/build/load-long" "$WORK/overlay/guest/load-long"
initramfs
direct ""

want loads "0 "
want kinds 13
want slow ""
note "ms to load and unload: $(verdict load | xargs)"
