# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Runs the same boot with both login engines, and runs the kernel's own target (LIO) in a second machine.
# Sourced by scenarios.

ENGINES=(open-iscsi native)

# by_engines COMMAND...: runs COMMAND for each engine, with $ENGINE set, and keeps the logs under its name.
by_engines() {
	for ENGINE in "${ENGINES[@]}"; do
		"$@"
		want_log "iscsi-boot: plan: engine: $ENGINE"
		cp "$WORK/verdict" "$WORK/verdict-$ENGINE"
		cp "$WORK/serial.log" "$WORK/serial-$ENGINE.log"
	done
}

# shown LIST: prints what the machine reported about its sessions as LIST, one line each: file (or line of
# "iscsiadm -m session -P 3"), a tab, its content.
shown() {
	tree "$1" /sys/class/ | awk '$1 !~ /\/$/ && $2 != "->" {
		at = $1; $1 = $2 = ""; sub(/^ */, ""); print at "\t" $0 }'
	verdict "P3-$1" | base64 -d | awk '{ gsub(/\t/, " "); gsub(/^[ *]+|[ *]+$/, "") }
		/:/ { i = index($0 " ", ": "); print "-P 3 " substr($0, 1, i ? i : length()) "\t" substr($0, i + 2) }'
}

# equal LIST: both engines' sessions show the same LIST, except for the rows of that list in docs/user/engines.md.
# Those rows must differ.
equal() {
	local engine
	for engine in "${ENGINES[@]}"; do
		cp "$WORK/verdict-$engine" "$WORK/verdict"
		shown "$1" >"$WORK/$1-$engine"
		[ -s "$WORK/$1-$engine" ] || fail "$engine: the machine reported no $1"
	done
	awk -f "$BOOT/lib/equal.awk" -v list="$1" "$TOP/docs/user/engines.md" "${ENGINES[@]/#/"$WORK/$1-"}" \
		>"$WORK/compared" || fail "$(grep -c . "$WORK/compared") faults, see" \
		"${WORK#"$TOP/"}/compared; first: $(head -n 1 "$WORK/compared")"
	EQUAL="${EQUAL-}${EQUAL:+; }$1: $(cat "$WORK/compared")"
}

# equal_guest: prints functions for the machine. "report LIST" reports everything about the first session that
# equal compares. "write_verify DISK" fills a disk of 8 MiB as file systems and databases do and reads it back.
equal_guest() {
	cat <<-'END'
		report() {
			for class in iscsi_session iscsi_connection iscsi_host scsi_host; do
				dump "$1" "$(echo /sys/class/$class/*)/"
			done
			dump "$1" "$(echo /sys/class/scsi_device/*:1/device)/"
			say "P3-$1 $(iscsiadm -m session -P 3 | base64 -w 0)"
		}
		# part AT BLOCK [FLAG]: writes 1 MiB of the pattern at AT MiB, in blocks of BLOCK KiB, from the
		# last to the first.
		part() {
			n=$((1024 / $2))
			while [ $((n -= 1)) -ge 0 ]; do
				dd if=/tmp/pattern of="$disk" bs="$2k" count=1 skip=$(($1 * 1024 / $2 + n)) \
					seek=$(($1 * 1024 / $2 + n)) conv=notrunc $3 2>/dev/null || say "write failed"
			done
		}
		write_verify() {
			disk=$1
			dd if=/dev/urandom of=/tmp/pattern bs=1M count=8 2>/dev/null
			part 0 1024 oflag=direct & part 1 64 oflag=direct & part 2 16 oflag=direct & part 3 64 &
			dd if=/tmp/pattern of="$disk" bs=4M skip=1 seek=1 conv=notrunc 2>/dev/null || say "write failed"
			wait
			sync
			echo 3 >/proc/sys/vm/drop_caches
			say "pattern $(sha256sum </tmp/pattern)"
			say "read $(sha256sum <"$disk")"
			say "read $(dd if="$disk" bs=256k iflag=direct 2>/dev/null | sha256sum)"
		}
	END
}

# want_verified FILE: both reads, through the page cache and direct, and FILE have the data that was written.
want_verified() {
	local sum
	sum=$(verdict pattern)
	[ -n "$sum" ] || fail "$ENGINE: nothing was written"
	want read "$sum"$'\n'"$sum"
	[ "$(sha256sum <"$1")" = "$sum" ] || fail "$ENGINE: ${1##*/} differs from the data that was written"
	want write ""
}

# equal_sessions: mutual CHAP with tgt; compares all of the session, and data on the raw LUN.
equal_sessions() {
	guest <<-END
		$(equal_guest)
		agent_boot
		report sessions
		write_verify /dev/sda
	END
	program iscsiadm
	initramfs
	switch lan 10.7.0.1/24
	truncate -s 8M "$WORK/disk.img"
	target_start 10.7.0.1 3260
	target 1 "$IQN" "$WORK/disk.img" client client-secret target target-secret
	lan n0 lan "$MAC"
	by_engines one_session
	equal sessions
	note "$EQUAL"
}

one_session() {
	direct "rd.iscsi.initiator=$INITIATOR ip=10.7.0.15:::24::eth0:none iscsi_boot.engine=$ENGINE" \
		"iscsi_boot.target=iscsi://client:client-secret@10.7.0.1/$IQN/1?rev-user=target,rev-secret=target-secret"
	want agent-status 0
	want_verified "$WORK/disk.img"
}

# lio FILE...: starts a machine with the address 10.7.0.2 on switch lan, whose kernel is the target and whose
# disks are FILEs. Standard input is the script that makes the targets. Must be called after "initramfs".
lio() {
	local file disks=()
	{ cat "$BOOT/guest/lio" -; echo "say ready; sleep 100000"; } >"$WORK/lio/scenario"
	pack "$WORK/lio" "$WORK/lio.cpio"
	cat "$BASE" "$WORK/lio.cpio" >"$WORK/lio-initrd.cpio"
	tap lio lan
	for file; do disks+=(-drive "file=$file,format=raw,if=virtio,cache=writethrough"); done
	: >"$WORK/lio-verdict"
	bound qemu-system-x86_64 -accel tcg -cpu "$PROCESSOR" -m 512 -no-reboot -display none -monitor none \
		-kernel "$KDIR/vmlinuz" -initrd "$WORK/lio-initrd.cpio" -append "$STRICT" \
		-serial "file:$WORK/lio.log" -serial "file:$WORK/lio-verdict" "${disks[@]}" \
		-netdev tap,id=lio,ifname=lio,script=no,downscript=no,vnet_hdr=off \
		-device e1000,netdev=lio,mac=52:54:00:12:34:99,romfile= >"$WORK/lio-qemu.log" 2>&1 &
	PIDS+=($!)
	timeout 300 grep -q -m 1 '^ready' < <(bound tail -n +1 -F "$WORK/lio-verdict" 2>/dev/null) ||
		fail "LIO does not start: $(tail -n 1 "$WORK/lio.log")"
	! grep '^not set' "$WORK/lio-verdict" || fail "LIO: $(grep -m 1 '^not set' "$WORK/lio-verdict")"
}

# want_lio: the kernel of LIO's machine reported no problem.
want_lio() { ! complaint <"$WORK/lio.log" || fail "LIO: $(complaint <"$WORK/lio.log")"; }

# One row for each login that equal_lio tries: name; authentication (-, one, mutual); parameters; then the
# expected values of the session: header digest, data digest, immediate data, initial R2T.
lio_logins() {
	cat <<-END
		plain - - 0 0 1 0
		$(for algorithm in MD5 SHA1 SHA256 SHA3-256; do
			for way in one mutual; do
				echo "${algorithm,,}-$way $way node.session.auth.chap_algs=$algorithm 0 0 1 0"
			done
		done)
		header - node.conn[0].iscsi.HeaderDigest=CRC32C 1 0 1 0
		data - node.conn[0].iscsi.DataDigest=CRC32C 0 1 1 0
		both mutual node.conn[0].iscsi.HeaderDigest=CRC32C,node.conn[0].iscsi.DataDigest=CRC32C 1 1 1 0
		r2t - node.session.iscsi.InitialR2T=Yes 0 0 1 1
		solicited - node.session.iscsi.InitialR2T=Yes,node.session.iscsi.ImmediateData=No 0 0 0 1
		unsolicited - node.session.iscsi.ImmediateData=No,node.session.iscsi.FirstBurstLength=8192 0 0 0 0
	END
}

# equal_lio: runs every login of lio_logins against LIO, one after another in one machine and with each engine.
# Each login writes and reads 1 MiB. The last login is that of the root disk.
equal_lio() {
	# shellcheck disable=SC2034 # of lib.sh
	LIMIT=900
	local name who
	MODULES+=(iscsi_target_mod target_core_file virtio_blk sha3_generic)
	lio_logins >"$WORK/overlay/logins"
	guest <<-'END'
		words() {
			case $who in
			-) user= ;;
			one) user=client:client-secret@ ;;
			mutual) user=client:client-secret@ query='?rev-user=target,rev-secret=target-secret' ;;
			esac
			echo "$common iscsi_boot.target=iscsi://${user}10.7.0.2/$iqn:$name/1${query-}" \
				"$(echo "$params" | sed -e 's/^-$//' -e 's/,/ /g' -e 's/node\./iscsi_boot.param.&/g')"
			query=
		}
		boot_by() {
			: >/tmp/cmdline
			words >/tmp/cmdline
			disk=$($AGENT boot)
		}
		read -r common </proc/cmdline
		iqn=iqn.2026-11.org.example
		: >/tmp/cmdline
		mount --bind /tmp/cmdline /proc/cmdline
		dd if=/dev/urandom of=/tmp/pattern bs=1M count=1 2>/dev/null
		while read -r name who params hdr data imm r2t; do
			boot_by || { say "seen $name status $?"; finish; }
			s=$(grep -l ":$name$" /sys/class/iscsi_session/*/targetname)
			s=${s%/targetname}
			c=$(echo $s/device/connection*/iscsi_connection/*)
			say "seen $name $(cat $c/header_digest $c/data_digest $s/immediate_data $s/initial_r2t | xargs)"
			say "burst $name $(cat $s/first_burst_len)"
			dd if=/tmp/pattern of="$disk" bs=512k oflag=direct 2>/dev/null
			[ "$(dd if="$disk" bs=64k count=16 iflag=direct 2>/dev/null | sha256sum)" = "$(sha256sum </tmp/pattern)" ] ||
				say "read back $name differs"
		done </logins
		say "pattern $(sha256sum </tmp/pattern)"
		name=root who=- params=-
		words >/tmp/cmdline
		agent_boot
		umount /proc/cmdline
		enter_root /dev/iscsi-boot/root
	END
	initramfs none
	switch lan 10.7.0.1/24
	rootfs "$WORK/root.img"
	LIO_DISKS=("$WORK/root.img")
	while read -r name who _; do
		truncate -s 1M "$WORK/$name.img"
		LIO_DISKS+=("$WORK/$name.img")
	done <"$WORK/overlay/logins"
	lio "${LIO_DISKS[@]}" < <(lio_script)
	lan n0 lan "$MAC"
	by_engines lio_machine
	want_lio
	note "$(wc -l <"$WORK/overlay/logins") logins by ${ENGINES[*]}"
}

lio_script() {
	local name who letters=({b..z}) i=0 auth
	echo "lio_target $IQN /dev/vda attrib/authentication=0"
	while read -r name who _; do
		auth=attrib/authentication=0
		[ "$who" = - ] || auth="attrib/authentication=1 auth/userid=client auth/password=client-secret"
		[ "$who" != mutual ] || auth+=" auth/userid_mutual=target auth/password_mutual=target-secret"
		echo "lio_target iqn.2026-11.org.example:$name /dev/vd${letters[i++]} $auth"
	done <"$WORK/overlay/logins"
}

# Prints the CHAP algorithms that the target chose, in order; equal ones in a row are printed once.
chosen() { grep -a -o 'CHAP_A=[5-8].CHAP_I' "$WORK/n0.pcap" | sed 's/CHAP_A=\(.\).*/\1/' | uniq | xargs; }

lio_machine() {
	local name hdr data imm r2t got last
	direct "rd.iscsi.initiator=$INITIATOR ip=10.7.0.15:::24::eth0:none iscsi_boot.engine=$ENGINE" \
		iscsi_boot.deadline=120
	while read -r name _ _ hdr data imm r2t; do
		got=$(sed -n "s/^seen $name //p" "$WORK/verdict")
		[ "$got" = "$hdr $data $imm $r2t" ] ||
			fail "$ENGINE: $name has '$got', not '$hdr $data $imm $r2t' (digests, immediate data, initial R2T)"
		[ "$(sha256sum <"$WORK/$name.img")" = "$(verdict pattern)" ] || fail "$ENGINE: $name: the disk differs from the data that was written"
	done <"$WORK/overlay/logins"
	want read ""
	[ "$(sed -n 's/^burst unsolicited //p' "$WORK/verdict")" = 8192 ] || fail "$ENGINE: FirstBurstLength is not 8192"
	# The last login does not set the algorithms: open-iscsi then offers MD5 alone, native all, the best
	# first.
	[ "$ENGINE" = native ] && last= || last=" 5"
	got=$(chosen)
	[ "$got" = "5 6 7 8$last" ] || fail "$ENGINE: the target chose the algorithms $got, not 5 6 7 8$last"
	want_root "$IQN" "$WORK/root.img"
	mv "$WORK/n0.pcap" "$WORK/$ENGINE.pcap"
}

# A root with Debian's systemd and open-iscsi, whose iscsid adopts the session. Then the target stops and
# restarts while the disk is written. Call iscsid_root, then debian FILE, then equal_iscsid FILE.
iscsid_root() {
	mkdir -p "$WORK/real/etc/iscsi" "$WORK/real/guest"
	cp "$TOP/build/walk" "$WORK/real/guest/"
	echo "InitiatorName=$INITIATOR" >"$WORK/real/etc/iscsi/initiatorname.iscsi"
	{ equal_guest; cat; } <<-'END' | real
		state() { cat /sys/class/iscsi_session/session1/state; }
		# until_so COMMAND...: waits at most 60 s until COMMAND succeeds
		until_so() {
			tries=0
			while ! "$@" && [ $((tries += 1)) -lt 600 ]; do usleep 100000; done
		}
		recoveries() { journalctl -o cat -u iscsid | grep -c 'connection.* is operational after recovery'; }
		recovered() { [ "$(recoveries)" -ge "$1" ] && [ "$(state)" = LOGGED_IN ]; }
		failed() { [ "$(state)" != LOGGED_IN ]; }
		say session-before "$(cat /sys/class/iscsi_session/session*/targetname)"
		systemctl start iscsid.service
		until_so recovered 1
		say taken-over "$(recoveries) $(state)"
		report adopted
		while [ ! -e /run/stop ]; do dd if=/dev/urandom of=/load bs=64k count=16 conv=fsync || say load failed; done 2>/dev/null &
		say restart
		until_so failed
		until_so recovered 2
		touch /run/stop
		wait
		say came-again "$(recoveries) $(state)"
		say sessions "$(echo /sys/class/iscsi_session/*)"
		say errors "$(dmesg | grep -c -E 'I/O error|EXT4-fs (error|warning)')"
	END
}

equal_iscsid() {
	guest_boots
	initramfs
	switch lan 10.7.0.1/24
	lan n0 lan "$MAC"
	by_engines iscsid_machine "$1"
	equal adopted
	note "$EQUAL"
}

restart_target() {
	kill -KILL "$1"
	rm -f "$TGT_IPC_SOCKET"*
	target_start 10.7.0.1 3260
	target 1 "$IQN" "$WORK/root.img"
}

iscsid_machine() {
	local restarter
	cp --sparse=always "$1" "$WORK/root.img"
	target_start 10.7.0.1 3260
	target 1 "$IQN" "$WORK/root.img"
	rm -f "$WORK/verdict" "$WORK/serial.log"
	once '^restart$' restart_target "${PIDS[-1]}"
	restarter=${PIDS[-1]}
	direct "$(root_at 10.7.0.1) ip=10.7.0.15:::24::eth0:none iscsi_boot.engine=$ENGINE"
	kill -KILL "$restarter" # and with it the target
	wait "$restarter" || true
	rm -f "$TGT_IPC_SOCKET"*
	want session-before "$IQN"
	want taken-over "1 LOGGED_IN"
	want came-again "2 LOGGED_IN"
	want sessions /sys/class/iscsi_session/session1
	want errors 0
	want load ""
	want root-target "$IQN"
	want_each "session $IQN" 1 "state=LOGGED_IN recovery_tmo=86400"
	want_each "disk $IQN" 1 "timeout=90 eh_timeout=10 max_retries=5 scheduler=none" "sd[a-z]* "
	want read-back same
	want_written "$WORK/root.img"
	want_events
}
