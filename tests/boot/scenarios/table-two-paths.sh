# shellcheck shell=bash
# groups: check boots
# The table has two paths to the root's LUN, marked boot-selected and not, as EDK2's multipath mode and Intel's cards
# write them; no host has the address of the first portal.
# Outcome: the root is there by the second path, and nothing waits for the first. The kernel's
# iscsi_ibft is loaded too, for programs that read /sys/firmware/ibft.

lab
stock 6.12
guest <<'END'
agent_boot
[ -e /sys/firmware/ibft/target1/ip-addr ] && say in-tree "loaded for others"
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan0 10.7.0.1/24
switch lan1 10.7.1.1/24
san 10.7.1.1
table intel-x540 "192.168.1.10=>10.7.0.9" "192.168.2.10=>10.7.1.1" "192.168.1.20=>10.7.0.15" \
	"192.168.2.20=>10.7.1.15" "lun=0=>lun=1" "a0:36:9f:00:00:=>52:54:00:aa:00:" "bdf=03:00.0=>bdf=00:03.0" \
	"bdf=03:00.1=>bdf=00:04.0" "iqn.2024-01.example:disk=>$IQN"
cable n0 lan0
card n0 52:54:00:aa:00:01 addr=3
cable n1 lan1
card n1 52:54:00:aa:00:02 addr=4
direct

want_boot
want in-tree "loaded for others"
want_wire n1 "src 10.7.1.15 and dst 10.7.1.1 and tcp dst port 3260"
# Nothing waited for the dead portal, which is still being probed.
want_log 'net: waiting until 10.7.0.9 answers'
want_no_log 'error: .*10.7.0.9'
