# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Networks for scenarios: switches, cables, routers, a DHCP server, and checks of captured packets. Each
# scenario has its own network namespace (tests/boot/run), which ends with its last process. So all names and
# addresses are free, two scenarios cannot disturb each other, and nothing remains afterwards.

MTU=1500

# lab: must be called first; also makes the agent run under strace.
lab() {
	mkdir -p "$WORK/overlay/guest"
	: >"$WORK/overlay/guest/trace"
	# Each address answers ARP on its own switch only.
	sysctl -q -w net.ipv6.conf.default.accept_dad=0 net.ipv4.conf.all.arp_ignore=1 ||
		fail "not in a network namespace; use tests/boot/run"
}

# switch NAME [ADDRESS/LEN...]: makes an Ethernet switch on which this host has these addresses.
switch() {
	ip link add "$1" type bridge mcast_snooping 0
	ip link set "$1" mtu "$MTU" up
	addresses "$@"
}

addresses() { # DEVICE [ADDRESS/LEN...]
	local address
	for address in "${@:2}"; do ip addr add "$address" dev "$1"; done
}

# cable ID SWITCH: connects the machine's "-netdev ID" to a port of the switch and captures all packets in
# ID.pcap. Offloading is off, so that the frames are those of a real wire.
cable() {
	tap "$1" "$2"
	HARDWARE+=(-netdev "tap,id=$1,ifname=$1,script=no,downscript=no,vnet_hdr=off"
		-object "filter-dump,id=dump-$1,netdev=$1,file=$WORK/$1.pcap")
}

tap() { # NAME SWITCH
	ip tuntap add "$1" mode tap
	ip link set "$1" mtu "$MTU" master "$2" up
}

# card ID MAC [OPTIONS]: a NIC of model $CARD at the end of that cable. lan ID SWITCH MAC: cable and card.
card() { HARDWARE+=(-device "$(device "$@")"); }
device() { echo "$CARD,id=card-$1,netdev=$1,mac=$2,romfile=${3+,$3}"; }
lan() {
	cable "$1" "$2"
	card "$1" "$3"
}

# trunk SWITCH VLAN [ADDRESS/LEN...]: this host's end of a VLAN, whose frames are tagged on the switch.
trunk() {
	local ready
	tap "trunk$2" "$1"
	ip tuntap add "vlan$2" mode tap
	ip link set "vlan$2" mtu "$MTU" up
	addresses "vlan$2" "${@:3}"
	exec {ready}< <(bound "$TOP/build/trunk" "trunk$2" "$2" "vlan$2" 2>"$WORK/trunk.log")
	PIDS+=($!)
	read -r -u "$ready" || fail "trunk does not start: $(<"$WORK/trunk.log")"
}

# channel SWITCH ID...: this host's end of an LACP channel (IEEE 802.1AX) of the machine's "-netdev ID"s, as a port
# of the switch. Each port passes frames only once the machine uses it; $WORK/lacp.log says when.
channel() {
	local id ready
	tap "lacp$1" "$1"
	for id in "${@:2}"; do
		cable "$id" "$1"
		ip link set "$id" nomaster
		sysctl -q -w "net.ipv6.conf.$id.disable_ipv6=1"
	done
	bound "$TOP/build/lacp" "lacp$1" "${@:2}" >"$WORK/lacp.log" 2>&1 &
	PIDS+=($!)
	await grep -q '^ready' "$WORK/lacp.log" || fail "lacp does not start: $(<"$WORK/lacp.log")"
}

# host NAME: makes another network namespace. at NAME COMMAND...: runs a command in it.
declare -A HOST_PID
host() {
	local ready
	exec {ready}< <(bound unshare -n -- sh -c 'ip link set lo up; echo; exec sleep infinity')
	HOST_PID[$1]=$!
	PIDS+=($!)
	read -r -u "$ready" || fail "cannot make a network namespace for $1"
}
at() { nsenter -n -t "${HOST_PID[$1]}" -- "${@:2}"; }

# wire HOST DEVICE HOST DEVICE: a cable between two hosts; HOST "" is this host.
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

# router SWITCH ADDRESS/LEN...: a router with these addresses on the switch. Behind it is host "far", with the
# addresses 10.8.0.2 and fd08::2.
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

# serve LINE...: starts dnsmasq (DHCP, router advertisements, DNS, TFTP) with these lines of configuration.
# Its leases are in $WORK/leases, its log is $WORK/dnsmasq.log. It keeps running as root: a process that
# changes its user loses the signal that ends it with its parent (PR_SET_PDEATHSIG).
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

# san ADDRESS: starts the root's target at port 3260 of ADDRESS.
san() {
	rootfs "$WORK/root.img"
	target_start "$1" 3260
	target 1 "$IQN" "$WORK/root.img"
}

# root_at ADDRESS: prints the kernel command-line parameters for it.
root_at() { echo "rd.iscsi.initiator=$INITIATOR netroot=iscsi:$1::3260:1:$IQN"; }

### While the machine runs

# once REGEX COMMAND...: in the background, runs COMMAND as soon as the console or the verdict has a matching
# line. Processes that COMMAND starts run until the scenario ends.
once() {
	(
		# The logs are followed separately: if they were merged, a line of one could interrupt a line of
		# the other.
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

# later SECONDS COMMAND...: runs COMMAND after a delay.
later() {
	(bound sleep "$1")
	"${@:2}"
}

# plug ID MAC [OPTIONS]: plugs a card into a running machine, at an existing cable.
plug() { monitor "device_add $(device "$@")"; }

### Checks

# on_wire ID FILTER: prints the captured frames that match (pcap-filter(7)), one line each. As root, tcpdump
# insists on changing its user, which not every namespace allows; hence the user namespace.
on_wire() {
	unshare -U -- tcpdump -n -e -r "$WORK/$1.pcap" "$2" 2>"$WORK/tcpdump.log" ||
		fail "tcpdump: $(tail -n 1 "$WORK/tcpdump.log")"
}

want_wire() {
	on_wire "$1" "$2" >"$WORK/frames"
	[ -s "$WORK/frames" ] || fail "no frame on $1 matches: $2"
}
want_no_wire() {
	on_wire "$1" "$2" >"$WORK/frames"
	[ ! -s "$WORK/frames" ] || fail "unexpected frame on $1: $(head -n 1 "$WORK/frames")"
}

# want_boot [PATHS]: the machine entered its root, and no wait of the agent timed out.
want_boot() {
	want_root "$IQN" "$WORK/root.img" "${1-1}"
	want_events
}

# want_events: no wait of the agent's own processes timed out, and none of them slept.
want_events() {
	verdict trace | base64 -d | gunzip >"$WORK/trace" || fail "the trace of the agent is missing"
	awk -f "$BOOT/lib/waits.awk" "$WORK/trace" >"$WORK/waits"
	grep -q '^waits [1-9]' "$WORK/waits" || fail "the trace contains no wait of the agent"
	! grep -q -v '^waits ' "$WORK/waits" ||
		fail "a wait timed out: $(grep -m 1 -v '^waits ' "$WORK/waits")"
}
