# shellcheck shell=bash
# groups: kunit
# A kernel that watches: 100 loads while NICs come, go, are renamed, change MAC and namespace, with two
# readers, two pollers and open files.
# Outcome: every read is right or the error of what went, pollers miss nothing, no leak and no splat.

debug 6.12
# shellcheck disable=SC2034
LOADS=100 ROUNDS=10
# shellcheck source=tests/boot/lib/lifecycle.sh
. "$BOOT/lib/lifecycle.sh"
