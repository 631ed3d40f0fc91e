# shellcheck shell=bash
# groups: equal
# The kernel's own target (LIO, 6.1) in a second machine: one-way and mutual CHAP with MD5, SHA1, SHA-256 and
# SHA3-256, digests of header and data, configured immediate data and R2T, and the root.
# Outcome: each engine logs in with each, and what it writes is read back and is on the target's disk.

# shellcheck source=tests/boot/lib/equal.sh
. "$BOOT/lib/equal.sh"
lab
stock 6.1
equal_lio
