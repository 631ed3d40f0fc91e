# shellcheck shell=bash
# groups: firmware
# EDK2's own initiator logs in by mutual CHAP, to the kernel's own target (LIO).
# Outcome: the firmware writes the table edk2-mutual; the agent boots with its credentials, which no log has, and the
# target proves itself to both.

# shellcheck source=tests/boot/lib/edk2.sh
. "$BOOT/lib/edk2.sh"
stock 6.12
edk2_lio mutual user=alice secret=one-way-secret rev-user=target rev-secret=both-ways-secr
