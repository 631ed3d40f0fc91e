# shellcheck shell=bash
# groups: check errors
# Another device has the usual name of the configured VLAN; then another device has the alternative name, too.
# Before that, a device for the same VLAN exists under a name of its own.
# Outcome: the agent uses that device; then makes the VLAN under the alternative name and uses it; then exits
# with status 1 at once and logs why.

stock 6.12
guest <<'END'
modprobe e1000
modprobe 8021q
ip link add link eth0 name eth0.5 type vlan id 6
ip link add link eth0 name storage type vlan id 5
$AGENT boot >/dev/null 2>/tmp/zeroth.log
say storage "$(grep -c 'net: storage: 10.0.2.15/24' /tmp/zeroth.log)"
ip link del storage
$AGENT boot >/dev/null 2>/tmp/first.log
say first $?
say made "$(ls /sys/class/net | xargs)"
say used "$(grep -c 'net: vlan5: 10.0.2.15/24' /tmp/first.log)"
ip link del vlan5
ip link add link eth0 name vlan5 type vlan id 7
agent_boot
END
initramfs
nic n0 "$MAC"
direct "rd.iscsi.initiator=$INITIATOR netroot=iscsi:10.0.2.2::3260:1:$IQN iscsi_boot.deadline=30" \
	"vlan=eth0.5:eth0 ip=10.0.2.15::10.0.2.2:255.255.255.0::eth0.5:none"

want storage 1
want first 7
want made "eth0 eth0.5 lo vlan5"
want used 1
want_failure 1 25
want_log 'error: .*cannot create its VLAN: other devices have the names'
