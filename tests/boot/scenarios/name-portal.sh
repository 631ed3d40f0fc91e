# shellcheck shell=bash
# groups: check net
# The portal is a name with three addresses in DNS, of which only the last one that is tried has a target. The
# DNS server is asked over IPv6 too.
# Outcome: the agent tries all addresses and boots.

lab
stock 6.12
guest_boots
initramfs
switch lan 10.7.0.1/24 10.7.0.2/24 10.7.0.3/24 fd07::1/64
san 10.7.0.3
serve interface=lan port=53 host-record=store.lab.example,10.7.0.1 host-record=store.lab.example,10.7.0.2 \
	host-record=store.lab.example,10.7.0.3
lan n0 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR iscsi_boot.target=iscsi://store.lab.example/$IQN/1" \
	"ip=10.7.0.15:::24::eth0:none nameserver=10.7.0.1"

want_boot
want_log 'dns: store\.lab\.example resolved to 10\.7\.0\.. and others after'
