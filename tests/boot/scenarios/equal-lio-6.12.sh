# shellcheck shell=bash
# groups: equal
# The kernel's own target (LIO, 6.12) in a second machine: CHAP one way and mutual with MD5, SHA1, SHA-256 and
# SHA3-256, digests of header and data, immediate data and R2T as told, and the root.
# Outcome: each engine logs in with each, and what it writes is read again and on the target's disk.

# shellcheck source=tests/boot/lib/equal.sh
. "$BOOT/lib/equal.sh"
lab
stock 6.12
equal_lio
