# shellcheck shell=bash
# groups: check net
# The NIC is on USB: the drivers of the controller, of the device and of the NIC must be loaded in that order.
# Outcome: the agent loads them as the devices are found, and boots.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
HARDWARE+=(-device qemu-xhci)
# shellcheck disable=SC2034
CARD=usb-net
cable n0 lan
HARDWARE+=(-device "usb-net,netdev=n0,mac=$MAC")
direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24:::none::$MAC"

want_boot
want_log 'modules: xhci_pci is loaded, for pci:'
want_wire n0 "src 10.7.0.15 and tcp dst port 3260"
