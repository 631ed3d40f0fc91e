# shellcheck shell=bash
# groups: check
# A table whose strings point outside it, contain control bytes, or are missing where they are required.
# Outcome: the module loads, shows the valid values and reports the invalid ones as in the golden text; each
# file is readable, and the kernel reports no problem.

stock 6.1
guest <<'END'
modprobe iscsi_boot_unified
say loaded $?
dump view $VIEW
$AGENT plan >/dev/null
say plan $?
END
initramfs
table bad-strings
direct

want loaded 0
# table-golden checks what only a kernel adds. Diagnostics are below their line in the golden text.
tree view /sys/firmware/iscsi_boot_unified |
	grep -v -e '/ 0755$' -e '/netdev/' -e '^generation ' -e '^ibft/table ' >"$WORK/view.tree"
sed '/^diagnostics 0400$/{:join;N;s/\n/\\n/;t join}' "$TOP/tests/data/bad-strings.tree" |
	sed 's/^diagnostics 0400\\n/diagnostics 0400 /' | LC_ALL=C sort >"$WORK/view.golden"
same "$WORK/view.golden" "$WORK/view.tree" "the view of a broken table"
want plan 4
