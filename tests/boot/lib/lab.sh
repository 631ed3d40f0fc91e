# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Networks for scenarios: switches, cables, routers, a DHCP server; what passed on the wire. Each
# scenario has a network namespace of its own (tests/boot/run), which ends with its last process: so
# all names and addresses are free, two scenarios never meet, and nothing is left behind.

MTU=1500

# lab: first of all; has the agent traced, too.
lab() {
	mkdir -p "$WORK/overlay/guest"
	: >"$WORK/overlay/guest/trace"
	# An address belongs to one switch alone.
	sysctl -q -w net.ipv6.conf.default.accept_dad=0 net.ipv4.conf.all.arp_ignore=1 || fail "no network namespace; use tests/boot/run"
}

# switch NAME [ADDRESS/LEN...]: an Ethernet switch, on which this side has these addresses.
switch() {
	ip link add "$1" type bridge mcast_snooping 0
	ip link set "$1" mtu "$MTU" up
	addresses "$@"
}

addresses() { # DEVICE [ADDRESS/LEN...]
	local address
	for address in "${@:2}"; do ip addr add "$address" dev "$1"; done
}

# cable ID SWITCH: a port of the switch with a cable, for the machine's "-netdev ID". All that passes is
# in ID.pcap. No offloading: what passes are frames as they are on a wire.
cable() {
	tap "$1" "$2"
	HARDWARE+=(-netdev "tap,id=$1,ifname=$1,script=no,downscript=no,vnet_hdr=off"
		-object "filter-dump,id=dump-$1,netdev=$1,file=$WORK/$1.pcap")
}

tap() { # NAME SWITCH
	ip tuntap add "$1" mode tap
	ip link set "$1" mtu "$MTU" master "$2" up
}

# card ID MAC [OPTIONS]: a NIC of model $CARD at that cable's end; lan ID SWITCH MAC: both.
card() { HARDWARE+=(-device "$(device "$@")"); }
device() { echo "$CARD,id=card-$1,netdev=$1,mac=$2,romfile=${3+,$3}"; }
lan() {
	cable "$1" "$2"
	card "$1" "$3"
}

# trunk SWITCH VLAN [ADDRESS/LEN...]: this side's end of a VLAN, whose frames are tagged on the switch.
trunk() {
	local ready
	tap "trunk$2" "$1"
	ip tuntap add "vlan$2" mode tap
	ip link set "vlan$2" mtu "$MTU" up
	addresses "vlan$2" "${@:3}"
	exec {ready}< <(bound "$TOP/build/trunk" "trunk$2" "$2" "vlan$2" 2>"$WORK/trunk.log")
	PIDS+=($!)
	read -r -u "$ready" || fail "no trunk: $(<"$WORK/trunk.log")"
}

# host NAME: another network stack beside this one; at NAME COMMAND... does something there.
declare -A HOST_PID
host() {
	local ready
	exec {ready}< <(bound unshare -n -- sh -c 'ip link set lo up; echo; exec sleep infinity')
	HOST_PID[$1]=$!
	PIDS+=($!)
	read -r -u "$ready" || fail "no namespace for $1"
}
at() { nsenter -n -t "${HOST_PID[$1]}" -- "${@:2}"; }

# wire HOST DEVICE HOST DEVICE: a cable between two hosts; HOST "" is this side.
wire() {
	ip link add "wire0" type veth peer name "wire1"
	wire_end wire0 "$1" "$2"
	wire_end wire1 "$3" "$4"
}
wire_end() { # END HOST DEVICE
	if [ -n "$2" ]; then
		ip link set "$1" netns "${HOST_PID[$2]}"
		at "$2" ip link set "$1" name "$3" mtu "$MTU" up
	else
		ip link set "$1" name "$3" mtu "$MTU" up
	fi
}

# router SWITCH ADDRESS/LEN...: with these addresses on the switch. Behind it is host "far", which is
# 10.8.0.2 and fd08::2.
router() {
	host router
	host far
	wire "" uplink router near
	wire router behind far eth0
	ip link set uplink master "$1"
	at router sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv6.conf.{near,behind}.accept_dad=0
	at far sysctl -q -w net.ipv6.conf.eth0.accept_dad=0
	local address
	for address in "${@:2}"; do at router ip addr add "$address" dev near; done
	for address in 10.8.0.1/24 fd08::1/64; do at router ip addr add "$address" dev behind; done
	for address in 10.8.0.2/24 fd08::2/64; do at far ip addr add "$address" dev eth0; done
	at far ip route add default via 10.8.0.1
	at far ip -6 route add default via fd08::1
}

# serve LINE...: a dnsmasq (DHCP, router advertisements, DNS, TFTP) with these lines of configuration.
# Its leases are in $WORK/leases, what it did in $WORK/dnsmasq.log. It stays root with root's group: a
# process that becomes another forgets that it is bound.
serve() {
	printf '%s\n' user=root group=root bind-dynamic no-resolv no-hosts no-ping dhcp-authoritative log-dhcp \
		"dhcp-leasefile=$WORK/leases" "log-facility=$WORK/dnsmasq.log" pid-file= "$@" \
		>"$WORK/dnsmasq.conf"
	bound dnsmasq -k -C "$WORK/dnsmasq.conf" 2>"$WORK/dnsmasq.err" &
	PIDS+=($!)
	await serving $! || fail "dnsmasq does not start"
	kill -0 "${PIDS[-1]}" 2>/dev/null || fail "dnsmasq: $(tail -n 1 "$WORK/dnsmasq.err")"
}
serving() { ! kill -0 "$1" 2>/dev/null || grep -q -s 'started, ' "$WORK/dnsmasq.log"; }

# san ADDRESS: the root's target at port 3260 there.
san() {
	rootfs "$WORK/root.img"
	target_start "$1" 3260
	target 1 "$IQN" "$WORK/root.img"
}

# Words of the command line for it: root_at ADDRESS.
root_at() { echo "rd.iscsi.initiator=$INITIATOR netroot=iscsi:$1::3260:1:$IQN"; }

### While the machine runs

# once REGEX COMMAND...: in the background, as soon as the console or the verdict says that. What it
# starts stays until the scenario ends.
once() {
	(
		# Each log by itself: a line of one may come in pieces, between which there is one of the other.
		for log in serial.log verdict; do
			exec {lines}< <(bound tail -q -n +1 -F "$WORK/$log" 2>/dev/null)
			tails+=($!)
			bound grep -a -q -m 1 -E -- "$1" <&"$lines" &
			greps+=($!)
		done
		wait -n "${greps[@]}"
		kill "${greps[@]}" "${tails[@]}" 2>/dev/null
		"${@:2}"
		wait
	) &
	PIDS+=($!)
}

# later SECONDS COMMAND...: for what is to come late.
later() {
	(bound sleep "$1")
	"${@:2}"
}

# plug ID MAC [OPTIONS]: a card for a running machine, at a cable that is there.
plug() { monitor "device_add $(device "$@")"; }

### Judgement

# on_wire ID FILTER: the frames that passed there (pcap-filter(7)), a line each. Where tcpdump thinks
# that it is root, it insists on becoming somebody else, which not every namespace allows.
on_wire() {
	unshare -U -- tcpdump -n -e -r "$WORK/$1.pcap" "$2" 2>"$WORK/tcpdump.log" ||
		fail "tcpdump: $(tail -n 1 "$WORK/tcpdump.log")"
}

want_wire() {
	on_wire "$1" "$2" >"$WORK/frames"
	[ -s "$WORK/frames" ] || fail "on $1 there was no: $2"
}
want_no_wire() {
	on_wire "$1" "$2" >"$WORK/frames"
	[ ! -s "$WORK/frames" ] || fail "on $1 there was: $(head -n 1 "$WORK/frames")"
}

# want_boot [PATHS]: the root came, without a wait that ended by its timeout.
want_boot() {
	want_root "$IQN" "$WORK/root.img" "${1-1}"
	want_events
}

# want_events: no wait of the agent's own processes ended by its timeout, and none slept.
want_events() {
	verdict trace | base64 -d | gunzip >"$WORK/trace" || fail "no trace of the agent"
	awk -f "$BOOT/lib/waits.awk" "$WORK/trace" >"$WORK/waits"
	grep -q '^waits [1-9]' "$WORK/waits" || fail "the trace has no wait of the agent"
	! grep -q -v '^waits ' "$WORK/waits" ||
		fail "a wait ended by its timeout: $(grep -m 1 -v '^waits ' "$WORK/waits")"
}
