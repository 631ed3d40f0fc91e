# shellcheck shell=bash
# groups: kunit-all
# The module's files are used at random in the debug kernel, as a fuzzer of system calls would: open, read, pread,
# splice, mmap, poll, epoll, inotify, handles, passed descriptors, users and namespaces, while the module is loaded
# and unloaded, and NICs are added, removed, renamed. USE_SECONDS (60) of the machine's time; make random-use HOURS=2.
# Outcome: no file can be written or mapped, no user reads what only root may, no leak, no warning, lockdep awake.

debug 6.12
# shellcheck disable=SC2034
SMALL=1
# shellcheck source=tests/boot/lib/random-use.sh
. "$BOOT/lib/random-use.sh"
want_no_leak
