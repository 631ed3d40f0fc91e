# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Machines whose firmware writes a table, and comparison with those that tests/data keeps. Sourced by scenarios.

# table_guest: the usual script of the initramfs; it also reports the table.
table_guest() {
	guest <<-'END'
		agent_boot
		say location "$(cat $VIEW/ibft/location)"
		say sources "$(cat $VIEW/sources)"
		say table "$(base64 -w 0 $VIEW/ibft/table)"
		enter_root /dev/iscsi-boot/root
	END
}

# want_table NAME [LOCATION]: the firmware wrote, in ACPI or LOCATION, the table that tests/data/NAME.hex keeps, without
# its secrets. "make corpus" renews that file from $WORK/NAME.bin and NAME.origin. $ORIGIN names the firmware.
want_table() {
	echo "Written by $ORIGIN, scenario $NAME." >"$WORK/$1.origin"
	verdict table | base64 -d >"$WORK/$1.bin"
	[ -s "$WORK/$1.bin" ] || fail "the machine reported no table"
	want location "${2-acpi}"
	[ -z "${CORPUS-}" ] || return 0
	"$TOP/build/blanktable" "$WORK/$1.bin" >"$WORK/table.hex" || fail "blanktable cannot read the table"
	same <(grep -v '^#' "$TOP/tests/data/$1.hex") "$WORK/table.hex" "the firmware's table is not $1.hex (make corpus)"
}

# ipxe_lab: a network with DHCP, TFTP and the root's target, by IPv4 and IPv6, for machines that iPXE starts. VLAN 42
# and the second switch have the target too. ROM=,romfile= leaves out the option ROM with iPXE. Call it after
# "initramfs".
ROM=
ipxe_lab() {
	switch lan 10.0.2.2/24 fec0::2/64
	switch lan1 10.0.3.2/24
	trunk lan 42 10.0.4.2/24
	rootfs "$WORK/root.img"
	target_start '0.0.0.0:3260,portal=[::]' 3260
	target 1 "$IQN" "$WORK/root.img"
	cp "$KDIR/vmlinuz" "$WORK/tftp/vmlinuz"
	gzip -1 <"$WORK/initrd.cpio" >"$WORK/tftp/initrd.gz"
	serve interface=lan enable-tftp "tftp-root=$WORK/tftp" dhcp-range=10.0.2.0,static dhcp-boot=boot.ipxe \
		"dhcp-host=$MAC,10.0.2.15,host1" dhcp-option=option:router,10.0.2.2 \
		dhcp-option=option:dns-server,10.0.2.3,10.0.2.4 dhcp-range=fec0::,ra-only
	cable n0 lan
	cable n1 lan1
	HARDWARE+=(-machine graphics=off -boot n -device "e1000,netdev=n0,mac=$MAC,addr=4$ROM"
		-device "e1000,netdev=n1,mac=${MAC%6}7,addr=5,romfile=")
}

# ipxe_boots NAME LINE...: boots such a machine. iPXE's script runs the LINEs, which configure NICs and hook SAN
# drives, and starts the kernel. The table is ipxe-NAME; $LOCATION says where the firmware puts it.
ipxe_boots() {
	rm -f "$WORK/verdict" "$WORK/serial.log"
	cat >"$WORK/tftp/boot.ipxe" <<-END
		#!ipxe
		set initiator-iqn $INITIATOR
		set keep-san 1
		$(printf '%s || reboot\n' "${@:2}")
		kernel tftp://10.0.2.2/vmlinuz initrd=initrd.gz $STRICT || reboot
		initrd tftp://10.0.2.2/initrd.gz || reboot
		boot || reboot
	END
	qemu
	cp "$WORK/serial.log" "$WORK/serial-$1.log"
	ORIGIN="$(grep -a -o -m 1 'iPXE [0-9][-+.0-9a-z]*' "$WORK/serial.log")"
	want_table "ipxe-$1" "$LOCATION"
}
