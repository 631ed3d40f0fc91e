# shellcheck shell=bash
# groups: check net
# MTU 9000 from the machine to the target.
# Outcome: the agent boots; both sides offer segments of 8960 bytes, and such segments pass both ways.

lab
stock 6.12
guest_boots
initramfs
# shellcheck disable=SC2034
MTU=9000
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none:9000"

want_boot
# 14 bytes of Ethernet, 20 of IP, 32 of TCP with its timestamps.
want_wire n0 "src 10.7.0.15 and tcp dst port 3260 and greater 9014"
want_wire n0 "dst 10.7.0.15 and tcp src port 3260 and greater 9014"
# The first option of a SYN is the segment size.
want_no_wire n0 "tcp[tcpflags] & tcp-syn != 0 and tcp[20:4] != 0x02042300"
