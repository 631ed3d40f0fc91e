# shellcheck shell=bash
# groups: kunit
# The debug kernel: 100 loads while NICs are added, removed, renamed, and change MAC and namespace, with two
# readers, two pollers and open files.
# Outcome: every read is right or fails because the NIC or module is gone, pollers miss nothing, no leak, no
# warning.

debug 6.12
# shellcheck disable=SC2034
LOADS=100 ROUNDS=10
# shellcheck source=tests/boot/lib/lifecycle.sh
. "$BOOT/lib/lifecycle.sh"
