# shellcheck shell=bash
# groups: kunit-all
# failslab for every allocation of a load, the kernel's module loader included.
# Outcome: the same as failslab.

debug 6.12
# shellcheck disable=SC2034
BELOW=
# shellcheck source=tests/boot/lib/failslab.sh
. "$BOOT/lib/failslab.sh"
