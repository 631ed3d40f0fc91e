# shellcheck shell=bash
# groups: kunit
# KUnit in a kernel that watches: the parsers' unit tests, the NIC matcher on real devices, the tree,
# and all tables and command lines by way of its files.
# Outcome: every case of every suite passes, and the kernel has nothing to say.

debug 6.12
# shellcheck source=tests/boot/lib/kunit.sh
. "$BOOT/lib/kunit.sh"
