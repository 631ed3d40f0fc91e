# shellcheck shell=bash
# groups: net
# The driver of another device of the machine never finishes loading (its file is a FIFO).
# Outcome: that blocks nothing; the agent loads the NIC's driver and boots.

lab
stock 6.12
guest <<'END'
hang=$(find /usr/lib/modules -name 'xhci-pci.ko*')
rm "$hang"
mkfifo "$hang"
agent_boot
say hanging "$(grep -l iscsi-boot /proc/[0-9]*/comm | wc -l)"
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
HARDWARE+=(-device qemu-xhci)
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24:::none::$MAC"

want_boot
want hanging 1
want_no_log 'modules: xhci_pci is loaded'
want_wire n0 "src 10.7.0.15 and tcp dst port 3260"
