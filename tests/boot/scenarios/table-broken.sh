# shellcheck shell=bash
# groups: check
# A table whose strings point outside it, hold control bytes or are missing where they must not be.
# Outcome: the module loads, shows what is sound and says what is not, as the golden text has it, each
# file can be read, nothing in the kernel complains.

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
# What only a kernel adds is table-golden's to judge. Diagnostics are below their line in the golden.
tree view /sys/firmware/iscsi_boot_unified |
	grep -v -e '/ 0755$' -e '/netdev/' -e '^generation ' -e '^ibft/table ' >"$WORK/view.tree"
sed '/^diagnostics 0400$/{:join;N;s/\n/\\n/;t join}' "$TOP/tests/data/bad-strings.tree" |
	sed 's/^diagnostics 0400\\n/diagnostics 0400 /' | LC_ALL=C sort >"$WORK/view.golden"
same "$WORK/view.golden" "$WORK/view.tree" "the view of a broken table"
want plan 4
