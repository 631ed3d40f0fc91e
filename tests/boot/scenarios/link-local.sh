# shellcheck shell=bash
# groups: check net
# A link-local portal, and the NIC that leads to it; no ip=. The other NIC is up too, so that the kernel's routes
# name the wrong one.
# Outcome: the agent brings the NIC up, waits for its link-local address, and logs in over it without DHCP.

lab
stock 6.12
guest <<'END'
modprobe e1000
ip link set eth0 up
agent_boot
enter_root /dev/iscsi-boot/root
END
initramfs
switch dark
switch lan fe80::1/64
san '[::]'
lan n0 dark 52:54:00:aa:00:01
lan n1 lan "$MAC"
direct "rd.iscsi.initiator=$INITIATOR iscsi_boot.target=iscsi://[fe80::1]/$IQN/1?nic=eth1"

want_boot
agent_within 30
want_wire n1 "dst fe80::1 and tcp dst port 3260"
want_no_wire n0 "dst fe80::1"
want_no_wire n1 "udp dst port 67 or udp dst port 547"
