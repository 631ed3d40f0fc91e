# shellcheck shell=bash
# groups: kunit-all
# random-use with Debian's kernel, which has inotify, file handles and user namespaces, unlike the debug kernels.
# Outcome: as there, without the checks for leaks.

stock 6.12
HARDWARE+=(-smp 2)
# shellcheck source=tests/boot/lib/random-use.sh
. "$BOOT/lib/random-use.sh"
