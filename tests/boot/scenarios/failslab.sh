# shellcheck shell=bash
# groups: kunit
# A kernel that watches: the first allocation of the module's init fails, the second, and so on until
# none is left, then those of opening and reading each file.
# Outcome: -ENOMEM with nothing left behind, or a working view, each time; no leak and no splat.

debug 6.12
# shellcheck disable=SC2034
BELOW=do_one_initcall
# shellcheck source=tests/boot/lib/failslab.sh
. "$BOOT/lib/failslab.sh"
