# shellcheck shell=bash
# groups: kunit-all
# failslab-all with kernel 6.1, whose failslab has no filter.
# Outcome: the same as failslab.

debug 6.1
# shellcheck disable=SC2034
BELOW=
# shellcheck source=tests/boot/lib/failslab.sh
. "$BOOT/lib/failslab.sh"
