# shellcheck shell=bash
# groups: equal
# A session with tgt that needs mutual CHAP, by each engine, kernel 6.1; data on its raw LUN.
# Outcome: "iscsiadm -m session -P 3" and all files of session, connection, host and disk are the same except
# for the differences that docs/user/engines.md lists. The written data is read back and is in the target's file.

# shellcheck source=tests/boot/lib/equal.sh
. "$BOOT/lib/equal.sh"
lab
stock 6.1
equal_sessions
