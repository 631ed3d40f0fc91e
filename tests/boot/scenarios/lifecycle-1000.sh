# shellcheck shell=bash
# groups: kunit-all
# lifecycle with 1000 loads and 100 rounds of changes that pollers must see.
# Outcome: the same as lifecycle.

debug 6.12
# shellcheck disable=SC2034
LOADS=1000 ROUNDS=100
# shellcheck source=tests/boot/lib/lifecycle.sh
. "$BOOT/lib/lifecycle.sh"
