# shellcheck shell=bash
# groups: check faults
# No program restores connections. The link is down for 5 s, then the network drops everything for 5 s.
# Outcome: TCP retransmits the lost data; no record is lost, and there is no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_machine none
fault link 5
fault silence 5
fault_end
fault_note
