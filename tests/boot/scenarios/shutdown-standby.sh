# shellcheck shell=bash
# groups: shutdown guard
# iscsid has the session and the guard stands by. Reboot and kexec with the target reachable, lost before and lost
# during it, by a killed target or a silent network.
# Outcome: the kernel does it within shutdown-timeout (20 s) and 10 s, in each of ten machines.

stock 6.12
# shellcheck source=tests/boot/lib/shutdown.sh
. "$BOOT/lib/shutdown.sh"
kexec_files
shutdown_standby
shutdown_guest
initramfs
nic n0 "$MAC"
VERB=reboot LAST_WORDS="Restarting system"
shutdown_all
want_log 'the guard stands by'
VERB=kexec LAST_WORDS="Starting new kernel"
TOOK+="; kexec:"
shutdown_all
note "reboot: $TOOK"
