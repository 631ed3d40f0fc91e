# shellcheck shell=bash
# groups: check
# The NIC's state in the view: hot-plug, link up and down, rename, new MAC, unplug; pollers sleep in poll() and
# never read without a wake-up. Then the module is unloaded while one of its files is open and polled.
# A reader in another network namespace looks too.
# Outcome: each change wakes the poller, which reads the new state; generation grows; no uevent is sent; the
# other namespace sees no device.

stock 6.12
guest <<'END'
uevent sh -c 'echo "$ACTION $DEVPATH"' >/tmp/uevents &
listener=$!
# heard DEVICE: waits until the listener has received an event that we caused for the device.
heard() {
	until grep -s -q "/$1$" /tmp/uevents; do
		echo change >"/sys/class/mem/$1/uevent"
		usleep 50000
	done
}
heard null
modprobe iscsi_boot_unified
grow() { [ "$(cat $VIEW/generation)" -gt "$generation" ]; }
generation=$(cat $VIEW/generation)
say plug "$(wait-change $VIEW/nic0/netdev/status down 60 modprobe e1000) $?"
say up "$(wait-change $VIEW/nic0/netdev/status up 60 ip link set eth0 up | sed 's/.* \(up \)$/... \1/') $?"
say container "$(unshare --net cat $VIEW/nic0/netdev/status) $(unshare --net cat $VIEW/nic0/netdev/ifname 2>&1 | sed 's/.*: //')"
say ifname "$(cat $VIEW/nic0/netdev/ifname) $(cat $VIEW/nic0/netdev/match)"
say down "$(wait-change $VIEW/nic0/netdev/status down 60 ip link set eth0 down) $?"
ip link set eth0 name lan0
say renamed "$(cat $VIEW/nic0/netdev/ifname)"
ip link set lan0 address 52:54:00:aa:00:99
say mac "$(cat $VIEW/nic0/netdev/mac) $(cat $VIEW/nic0/netdev/match)"
modprobe 8021q
ip link add link lan0 name lan0.5 type vlan id 5
say with-vlan "$(ls /sys/class/net | xargs): $(cat $VIEW/nic0/netdev/ifname) $(cat $VIEW/nic0/netdev/match)"
grow && say generation grew
say unplug "$(wait-change $VIEW/nic0/netdev/status absent 60 rmmod e1000) $?"
cat $VIEW/nic0/netdev/ifname 2>/dev/null || say absent-ifname "cannot be read"
exec 5<$VIEW/nic0/netdev/status
say unloaded "$(wait-change $VIEW/nic0/netdev/status gone 60 rmmod iscsi_boot_unified) $?"
cat <&5 2>/dev/null || say held-file "is dead"
heard zero
kill $listener
say uevents "$(grep -c /net/eth0 /tmp/uevents) $(grep boot_unified /tmp/uevents | xargs)"
END
copy_program "$WORK/overlay" "$(command -v unshare)"
install -D "$TOP/build/wait-change" "$WORK/overlay/usr/sbin/wait-change"
initramfs
table ipxe-bios "52:54:00:12:34:56=>52:54:00:aa:00:01"
nic n0 52:54:00:aa:00:01 addr=3
direct

want plug "absent down  0"
want up "... up  0"
want container "absent No data available"
want ifname "eth0 perm-addr"
want down "up down  0"
want renamed lan0
want mac "52:54:00:aa:00:99 perm-addr"
want with-vlan "lan0 lan0.5 lo: lan0 perm-addr"
want generation grew
want unplug "down absent  0"
want absent-ifname "cannot be read"
want unloaded "absent gone  0"
want held-file "is dead"
# The listener received events of eth0, and of our module only those that the kernel sends for every module.
case $(verdict uevents) in
[1-9]*" add /module/iscsi_boot_unified remove /module/iscsi_boot_unified") ;;
*) fail "uevents: $(verdict uevents)" ;;
esac
