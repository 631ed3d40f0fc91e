# shellcheck shell=bash
# groups: kunit-all
# failslab-all in a kernel 6.1, whose failslab has no filter.
# Outcome: as there.

debug 6.1
# shellcheck disable=SC2034
BELOW=
# shellcheck source=tests/boot/lib/failslab.sh
. "$BOOT/lib/failslab.sh"
