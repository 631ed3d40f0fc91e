# shellcheck shell=bash
# groups: kunit-all
# random-use with the kernel that watches for data races (KCSAN), on two processors that run at the same time. First
# a module with a race is loaded, which must be reported.
# Outcome: as there; and no report has our module among the functions that raced. The kernel's own are counted.

debug 6.12-kcsan
mkdir -p "$WORK/overlay/guest"
: >"$WORK/overlay/guest/plant"
STRICT=${STRICT/ panic_on_warn=1/}

# races: prints the headline of each KCSAN report in the log, with the module that raced: that of the first three
# functions of a stack.
races() {
	console | awk '
		/BUG: KCSAN:/ { head = $0; sub(/.*BUG: KCSAN: /, "", head); module = "kernel"; frames = 9 }
		/ (to|by) 0x[0-9a-f]+ of [0-9]+ bytes|^.*(read|write)[^:]* by (task|interrupt)/ { frames = 0; next }
		frames++ < 3 && /\[iscsi_boot_/ { module = $0; sub(/.*\[/, "", module); sub(/\].*/, "", module) }
		/=================/ && head { print module, head; head = "" }'
}
# Replaces the check for any complaint: reports of KCSAN are judged below.
sound() {
	local line
	line=$(grep -a -v 'BUG: KCSAN:' "$WORK/serial.log" | complaint) && fail "kernel: $line"
	grep -q '^end$' "$WORK/verdict" || fail "the machine stopped before the end: $(last_line)"
}

# shellcheck disable=SC2034
SMALL=1
# shellcheck source=tests/boot/lib/random-use.sh
. "$BOOT/lib/random-use.sh"
races >"$WORK/races"
grep -q '^iscsi_boot_plant ' "$WORK/races" || fail "the planted race was not reported"
ours=$(grep -m 1 '^iscsi_boot_unified ' "$WORK/races") && fail "a race of our module: $ours"
note "$(cat "$WORK/note"); $(grep -c '^kernel ' "$WORK/races") reports of the kernel's own, none of ours"
