# shellcheck shell=bash
# Runs the KUnit tests in the debug kernel that the sourcing scenario has selected.

guest <<'GUEST'
. /guest/debug.sh
insmod /usr/sbin/iscsi_boot_kunit.ko
say loaded $?
rmmod iscsi_boot_kunit
leaks
lockdep_awake
GUEST
initramfs
# A bond0 of the kernel's own would be that of a command line.
direct "bonding.max_bonds=0"

# The suites of tests/kunit, and the unit tests that Kbuild makes suites of.
suites=$(($(grep -l '^kunit_test_suite(' "$TOP"/tests/kunit/*.c | wc -l) +
	$(sed -n 's/^unit-tests := //p' "$TOP/tests/kunit/Kbuild" | wc -w)))
"$TOP/tests/kunit/ktap" SUITES=$suites "$WORK/serial.log" >"$WORK/cases" || fail "$(grep -m 1 ^FAIL "$WORK/cases")"
want loaded 0
want_no_leak
note "$(grep -c . "$WORK/cases") cases, $(grep -c 'golden ' "$WORK/cases") tables and command lines"
