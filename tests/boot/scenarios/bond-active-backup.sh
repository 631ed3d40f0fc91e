# shellcheck shell=bash
# groups: check net
# The root is behind a bond of two NICs in mode active-backup. While the root is read and written, the active NIC
# loses its cable, and later the other one.
# Outcome: the machine boots by the bond and continues by the other NIC each time; no record is lost, no error.

# shellcheck source=tests/boot/lib/fault.sh
. "$BOOT/lib/fault.sh"
fault_lab none
lan n1 lan 52:54:00:12:34:57
initramfs
fault_root
WORDS="$(root_at 10.7.0.1) ip=10.7.0.15:::24::bond0:none"
WORDS+=" bond=bond0:eth0,52-54-00-12-34-57:mode=active-backup,miimon=100"

fault_boot
writes 300
monitor "set_link n0 off"
GONE=$EPOCHREALTIME
within 60 acknowledged "$GONE" || machine_fails "no record is acknowledged by the other NIC"
writes 300
monitor "set_link n0 on"
within 60 grep -a -q 'slave eth0): link status definitely up' "$WORK/serial.log" || machine_fails "eth0 did not come back"
monitor "set_link n1 off"
writes 300
fault_end

want_log 'net: bond0: bond, mode active-backup, MAC 52:54:00:12:34:56'
want_log 'net: bond0: member eth1, MAC 52:54:00:12:34:57'
want_wire n1 "src 10.7.0.15 and ether src 52:54:00:12:34:56 and tcp dst port 3260"
want_no_log 'detected conn error'
