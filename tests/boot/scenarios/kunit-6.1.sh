# shellcheck shell=bash
# groups: kunit-all
# kunit-6.12 with kernel 6.1.
# Outcome: every case of every suite passes, and the kernel reports no problem.

debug 6.1
# shellcheck source=tests/boot/lib/kunit.sh
. "$BOOT/lib/kunit.sh"
