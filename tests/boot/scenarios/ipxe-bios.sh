# shellcheck shell=bash
# groups: firmware
# BIOS with iPXE: static address, mutual CHAP, one drive by two NICs, an IPv6 target.
# Outcome: each table is the one that tests/data keeps. The agent boots from it; but for the last one, whose portal iPXE
# cut to four bytes.

# shellcheck source=tests/boot/lib/tables.sh
. "$BOOT/lib/tables.sh"
lab
stock 6.12
table_guest
initramfs
ipxe_lab
LOCATION=memory
drive="sanhook --drive 0x80"

ipxe_boots bios-static 'set net0/ip 10.0.2.16' 'set net0/netmask 255.255.255.0' 'set net0/gateway 10.0.2.2' \
	"$drive iscsi:10.0.2.2:::1:$IQN"
want_boot
ipxe_boots bios-two-nics 'set net1/ip 10.0.3.15' 'set net1/netmask 255.255.255.0' 'ifopen net1' \
	"$drive iscsi:10.0.2.2:::1:$IQN iscsi:10.0.3.2:::1:$IQN"
want agent-status 0
ipxe_boots bios-ipv6 "$drive iscsi:[fec0::2]:::1:$IQN"
want agent-status 4
account 1 alice one-way-secret
account 1 target both-ways-secret --outgoing
ipxe_boots bios-mutual 'set username alice' 'set password one-way-secret' 'set reverse-username target' \
	'set reverse-password both-ways-secret' "$drive iscsi:10.0.2.2:::1:$IQN"
want_boot
want_no_log '(one-way|both-ways)-secret'
