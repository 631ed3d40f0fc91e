# shellcheck shell=bash
# groups: shutdown
# kexec with the target reachable, lost before and lost during it, by a killed target or a silent network.
# Outcome: the kernel does it within shutdown-timeout (20 s) and 10 s, in each of five machines.

stock 6.12
VERB=kexec
LAST_WORDS="Starting new kernel"
# shellcheck source=tests/boot/lib/shutdown.sh
. "$BOOT/lib/shutdown.sh"
kexec_files
shutdown_cases
