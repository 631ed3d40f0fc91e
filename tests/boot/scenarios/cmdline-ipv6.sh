# shellcheck shell=bash
# groups: check boots
# No table: a static IPv6 address and a target with an IPv6 address, on the command line.
# Outcome: the agent boots over IPv6, the root on the LUN can be written and read.

grep -q '^0*1 .* lo$' /proc/net/if_inet6 || fail "this host has no address ::1 for the target"
stock 6.12
guest_boots
initramfs
rootfs "$WORK/root.img"
target_start '[::1]'
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:[fec0::2]::$PORT:1:$IQN" \
	"ip=[fec0::15]::[fec0::2]:64::eth0:none"

want sources cmdline
want_root "$IQN" "$WORK/root.img"
want_log 'at \[fec0::2\]:.* session'
