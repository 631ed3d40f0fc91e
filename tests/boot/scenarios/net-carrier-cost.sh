# shellcheck shell=bash
# groups: net
# The same machine twice: with its cable, and with a cable that is plugged in after the agent has waited 10 s
# for it.
# Outcome: both boot; the second takes 10 s more and little else: at most half of the time of the first.

lab
stock 6.12
guest_boots
initramfs
# shellcheck disable=SC2034
CARD=virtio-net-pci # reports its carrier at once, not at the next run of a watchdog
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
machine() { direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none"; }
machine
want_boot
prompt=$SPENT

# shellcheck disable=SC2034
MONITOR="set_link n0 off"
rootfs "$WORK/root.img"
once 'net: eth0: waiting for its carrier' later 10 monitor "set_link n0 on"
machine
want_boot
more=$(awk -v a="$prompt" -v b="$SPENT" 'BEGIN { printf "%.1f", b - a }')
note "root after $prompt s; with its carrier 10 s late after $SPENT s, $more s more"
awk -v more="$more" -v prompt="$prompt" 'BEGIN { exit !(more <= 10 + prompt / 2) }' ||
	fail "10 s of late carrier cost $more s, and all else took $prompt s"
