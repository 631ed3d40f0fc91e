# shellcheck shell=bash
# groups: kunit
# KUnit in the debug kernel: the parsers' unit tests, the NIC matcher on real devices, the sysfs tree, and all
# tables and command lines through the files of the view.
# Outcome: every case of every suite passes, and the kernel reports no problem.

debug 6.12
# shellcheck source=tests/boot/lib/kunit.sh
. "$BOOT/lib/kunit.sh"
