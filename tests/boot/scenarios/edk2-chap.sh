# shellcheck shell=bash
# groups: firmware
# EDK2's own initiator logs in by CHAP, to the kernel's own target (LIO): it offers SHA-256 by a number that tgt takes
# for SHA1.
# Outcome: the firmware writes the table edk2-chap; the agent boots with its credentials, which no log has.

# shellcheck source=tests/boot/lib/edk2.sh
. "$BOOT/lib/edk2.sh"
stock 6.12
edk2_lio chap user=alice secret=one-way-secret
