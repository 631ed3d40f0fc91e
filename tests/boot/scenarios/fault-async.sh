# shellcheck shell=bash
# groups: faults
# Under load, the target asks for a logout and a negotiation, and announces that it drops the connection (RFC 7143
# 11.9). Then it wants another portal (login status 0101), and at last moves there for good (0102): the first portal
# goes away.
# Outcome: the guard logs out in the time given and logs in again, not before the time that the target names and at
# the portal that it names. No record is lost, the file system sees no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
# shellcheck source=tests/boot/lib/async.sh
. "$BOOT/lib/async.sh"
async_machine guard
for _ in 1 2; do fault logout 3; done
fault negotiate 3
fault drop 4
fault drop-all 2
fault drop 0
echo redirect >&"$ASYNC_FD"
fault logout 3
at_second=$(grep -c 'login 3261$' "$WORK/async.log")
echo move >&"$ASYNC_FD"
fault logout 3
fault drop 1
fault_unload
fault_end

[ "$(notes late) $(notes early)" = "0 0" ] || fail "$(notes late) logouts were late, $(notes early) logins early"
[ "$(notes logout)" = 5 ] || fail "$(notes logout) logouts, not 5"
[ "$at_second" = 1 ] || fail "the guard did not follow the redirection"
[ "$(tail -n 1 "$WORK/async.log" | cut -d ' ' -f 2-)" = "login 3261" ] || fail "the guard lost the portal that is left"
want_log "guard: session1: target asks for a logout within 3 s"
want_log "guard: .*the target has moved for good to $TARGET_IP:3261"
fault_note
