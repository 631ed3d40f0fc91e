# shellcheck shell=bash
# groups: kunit
# The debug kernel lets one allocation of the module's init fail: the first, then the second, and so on to the
# last. Then the same for the allocations of opening and reading each file.
# Outcome: each time -ENOMEM and nothing is left behind, or a working view; no leak and no kernel warning.

debug 6.12
# shellcheck disable=SC2034
BELOW=do_one_initcall
# shellcheck source=tests/boot/lib/failslab.sh
. "$BOOT/lib/failslab.sh"
