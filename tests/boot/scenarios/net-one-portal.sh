# shellcheck shell=bash
# groups: check net
# Two NICs in one subnet, each with a path to the same portal; they are renamed by ifname=, and once more after
# the login.
# Outcome: two sessions, each bound to its NIC by MAC. Each path's frames leave by its own NIC with that NIC's
# address and are answered there, also after the rename.

lab
stock 6.12
guest <<'END'
agent_boot --wait-all
for s in /sys/class/iscsi_session/session*; do
	echo "$(cat $s/ifacename) $(cat $s/device/iscsi_host/host*/hwaddress 2>/dev/null ||
		cat "/sys/class/iscsi_host/host$(readlink -f $s/device | sed 's|.*/host\([0-9]*\)/.*|\1|')/hwaddress")"
done | sort | while read -r bound; do say bound "$bound"; done # the order of the logins does not matter
# Connections from outside to closed ports, one by each NIC, make the other side send a new ARP request.
refused() { awk '/^Tcp: [0-9]/ { print $15 }' /proc/net/snmp; }
end=$(($(cut -d . -f 1 /proc/uptime) + 60)) before=$(refused)
say names "$(cd /sys/class/net && echo san*)"
until [ "$(refused)" -ge $((before + 2)) ] || [ "$(cut -d . -f 1 /proc/uptime)" -ge $end ]; do usleep 20000; done
[ "$(refused)" -ge $((before + 2)) ] && say asked again
say rules "$(/usr/sbin/ip rule | grep -c 'lookup 326[01]')"
ip link set san0 name other0
ip link set san1 name other1
for d in /dev/sd?; do dd if=$d of=/dev/null bs=64k count=4 iflag=direct 2>/dev/null && say read $d; done
$AGENT boot --wait-all >/dev/null
say again "$? $(ls /sys/class/iscsi_session | wc -l)"
enter_root /dev/iscsi-boot/root
END
program ip
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
lan n0 lan 52:54:00:aa:00:01
lan n1 lan 52:54:00:aa:00:02
# This side sends new ARP requests for the addresses to the whole network.
ask_again() {
	local host
	ip neigh flush dev lan
	for host in 15 16; do (: >/dev/tcp/10.7.0.$host/9) 2>/dev/null || true; done
}
once '^names ' ask_again
direct "rd.iscsi.initiator=$INITIATOR" \
	"ifname=san0:52:54:00:aa:00:01 ifname=san1:52:54:00:aa:00:02" \
	"ip=10.7.0.15:::24::san0:none ip=10.7.0.16:::24::san1:none" \
	"iscsi_boot.target=iscsi://10.7.0.1/$IQN/1?nic=san0" \
	"iscsi_boot.target=iscsi://10.7.0.1/$IQN/1?nic=san1"

want names "san0 san1"
want bound "iscsi-boot-nic0 52:54:00:aa:00:01
iscsi-boot-nic1 52:54:00:aa:00:02"
want rules 2
want asked again
want read "/dev/sda
/dev/sdb"
want again "0 2"
want_root "$IQN" "$WORK/root.img" 2
want_wire n0 "arp[6:2] == 1 and arp dst host 10.7.0.16 and src host 10.7.0.1"
for n in 0 1; do
	want_wire n$n "ether src 52:54:00:aa:00:0$((n + 1)) and src 10.7.0.1$((n + 5)) and tcp dst port 3260"
	want_wire n$n "ether dst 52:54:00:aa:00:0$((n + 1)) and dst 10.7.0.1$((n + 5)) and tcp src port 3260"
	want_no_wire n$n "ether src 52:54:00:aa:00:0$((n + 1)) and tcp and not src 10.7.0.1$((n + 5))"
	want_no_wire n$n "arp[6:2] == 2 and ether src 52:54:00:aa:00:0$((n + 1)) and not arp src host 10.7.0.1$((n + 5))"
done
