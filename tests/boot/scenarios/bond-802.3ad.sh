# shellcheck shell=bash
# groups: check net
# A bond in mode 802.3ad to a switch that passes frames only by ports that joined its LACP channel; the lease comes
# by DHCP.
# Outcome: both NICs join the channel, the agent waits for that by events, and boots.

lab
stock 6.12
guest <<'END'
agent_boot
say mode "$(cat /sys/class/net/bond0/bonding/mode)"
say rate "$(cat /sys/class/net/bond0/bonding/lacp_rate)"
say hash "$(cat /sys/class/net/bond0/bonding/xmit_hash_policy)"
say partner "$(cat /sys/class/net/bond0/bonding/ad_partner_mac)"
say members "$(cat /sys/class/net/bond0/bonding/slaves)"
say masters "$(cat /sys/class/net/bonding_masters)"
enter_root /dev/iscsi-boot/root
END
initramfs
switch lan 10.7.0.1/24
serve interface=lan dhcp-range=10.7.0.70,10.7.0.90,1h
san 10.7.0.1
channel lan n0 n1
card n0 "$MAC"
card n1 52:54:00:12:34:57
direct "$(root_at 10.7.0.1) ip=bond0:dhcp iscsi_boot.dhcp-client=udhcpc" \
	"bond=bond0:eth0,eth1:mode=802.3ad,miimon=100,lacp_rate=fast,xmit_hash_policy=layer3+4"

want mode "802.3ad 4"
want rate "fast 1"
want hash "layer3+4 1"
want partner 02:00:00:00:00:01
want members "eth0 eth1"
want masters bond0
want_boot
for port in 0 1; do
	grep -q "port $port joined" "$WORK/lacp.log" ||
		fail "not both NICs joined the channel: $(<"$WORK/lacp.log")"
done
want_no_log 'no LACP partner'
