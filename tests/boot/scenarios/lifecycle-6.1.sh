# shellcheck shell=bash
# groups: kunit-all
# lifecycle with kernel 6.1.
# Outcome: as there.

debug 6.1
# shellcheck disable=SC2034
LOADS=100 ROUNDS=10
# shellcheck source=tests/boot/lib/lifecycle.sh
. "$BOOT/lib/lifecycle.sh"
