# shellcheck shell=bash
# groups: check faults
# Nobody remakes connections: the link is down for 5 s, then all is lost on the way for 5 s.
# Outcome: TCP sends again what was lost; no record, no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_machine none
fault link 5
fault silence 5
fault_end
fault_note
