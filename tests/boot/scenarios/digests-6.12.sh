# shellcheck shell=bash
# groups: boots
# Kernel 6.12, header and data digests, three programs that write and read the disk, and a wire that changes one bit
# in each of the first four connections, in turn of the target's data and of the machine's.
# Outcome: the guard restores the connection each time, with both digests again; no data differs. Without digests,
# data differs.

# shellcheck source=tests/boot/lib/digests.sh
. "$BOOT/lib/digests.sh"
stock 6.12
digests
