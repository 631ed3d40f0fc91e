# shellcheck shell=bash
# groups: boots
# The processor of the test machines, and QEMU's default one, execute cmpxchg16b.
# Outcome: ours does not have that instruction, so no kernel uses it. For the default one, the note says how often
# QEMU computes wrong flags behind it.

stock 6.12
guest <<'END'
result=$(/usr/sbin/cmpxchg16b 2>/dev/null)
say result "$result $?"
say flag "$(grep -m 1 -o -w cx16 /proc/cpuinfo)"
END
install -D "$TOP/build/cmpxchg16b" "$WORK/overlay/usr/sbin/cmpxchg16b"
initramfs none
direct
want result " 132" # SIGILL
want flag ""
# shellcheck disable=SC2034 # of lib.sh
PROCESSOR=qemu64
direct
want flag cx16
note "default processor: flags $(verdict result | sed 's/ 0$//')"
