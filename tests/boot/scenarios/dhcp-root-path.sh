# shellcheck shell=bash
# groups: check net
# The machine itself names no target: netroot=dhcp, and the server sends a root path, with LUN 1 in hex and the
# portal as a name that its DNS knows.
# Outcome: the agent boots from it. It does not send the credentials on the command line, which are for others.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h domain=lab.example \
	"dhcp-option=17,iscsi:store::3260:0001:$IQN" host-record=store.lab.example,10.7.0.1
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=dhcp rd.iscsi.username=alice" \
	"rd.iscsi.password=notforthistarget"

want_boot
want_log 'dns: store resolved to 10\.7\.0\.1 after'
want_no_log 'CHAP secrets'
