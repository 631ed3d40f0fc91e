# shellcheck shell=bash
# groups: check net
# Nothing on the machine names a target: netroot=dhcp, and the server has a root path, with LUN 1 in hex
# and the portal by name, which its DNS knows.
# Outcome: the agent boots from it. The credentials on the command line are for others and don't go there.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h domain=lab.example \
	"dhcp-option=17,iscsi:store::3260:0001:$IQN" host-record=store.lab.example,10.7.0.1
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=dhcp rd.iscsi.username=somebody" \
	"rd.iscsi.password=notforthistarget"

want_boot
want_log 'names: store is 10\.7\.0\.1 after'
want_no_log 'CHAP secrets'
