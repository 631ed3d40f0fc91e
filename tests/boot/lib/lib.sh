# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What scenarios are made of: images, targets, machines, judgement. Sourced in a process of its own
# for each scenario, which ends with leave().

TOP=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../..")
BOOT=$TOP/tests/boot
OUT=${BOOT_OUT:-$TOP/build/boot}
IMAGES=$OUT/images
AGENT=$TOP/build/agent/iscsi-boot-agent
export PATH=$PATH:/usr/sbin:/sbin

### One scenario: its directory, its processes, its end

# begin NAME: a fresh directory, and cleaning up however it ends.
begin() {
	local dir
	NAME=$1
	WORK=$OUT/$NAME
	PIDS=()
	rm -rf "$WORK"
	mkdir -p "$WORK"/{overlay,root,lio}/usr/{bin,sbin,lib,lib64} "$WORK/tftp"
	for dir in {overlay,root,lio}/{bin,sbin,lib,lib64}; do ln -s "usr/${dir#*/}" "$WORK/$dir"; done
	SOCKETS=$(mktemp -d)
	export TGT_IPC_SOCKET=$SOCKETS/tgt
	mkfifo "$SOCKETS/monitor"
	exec {MONITOR_FD}<>"$SOCKETS/monitor"
	trap leave EXIT
	trap 'exit 130' INT TERM HUP
}

# Whether that is a process of ours still: an id is given away again once its process was awaited.
is_child() { local stat && read -r stat <"/proc/$1/stat" && [[ ${stat##*) } == ?" $BASHPID "* ]]; } 2>/dev/null

leave() {
	local pid
	for pid in "${PIDS[@]}"; do
		is_child "$pid" || continue
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	rm -rf "$SOCKETS"
	[ -n "${BOOT_KEEP-}" ] ||
		rm -rf "$WORK"/{overlay,root,lio,tftp,dkms,esp} "$WORK"/*.img "$WORK"/*.fd "$WORK"/*.cpio*
}

# The first thing wrong ends the scenario; the reason becomes its summary line.
fail() {
	echo "$*" >"$WORK/reason"
	exit 1
}

# What it shows beside having passed, for the summary line.
note() { echo "$*" >"$WORK/note"; }

# In the background: a program that never outlives us, even if we are killed.
bound() { exec setpriv --pdeathsig KILL -- "$@"; }

### Images

# shared PATH COMMAND...: makes PATH once for all scenarios of this run, by COMMAND... PATH.tmp
shared() {
	local path=$1
	shift
	mkdir -p "${path%/*}"
	(
		flock 9
		[ -e "$path" ] || { "$@" "$path.tmp"; mv "$path.tmp" "$path"; }
	) 9>"$path.lock"
}

# A program with its libraries, which keep their paths.
copy_program() { # ROOT FILE
	local file
	install -D "$2" "$1/usr/sbin/${2##*/}"
	for file in $(ldd "$2" | grep -o '/[^ ]*'); do
		[ -e "$1$file" ] || install -D "$file" "$1$file"
	done
}

# The skeleton that initramfs and real root share: busybox and our guest scripts.
userland() { # ROOT
	local applet
	mkdir -p "$1"/{usr/{bin,sbin,lib,lib64},dev,proc,sys,run,tmp,etc,newroot,guest}
	for applet in bin sbin lib lib64; do ln -s "usr/$applet" "$1/$applet"; done
	echo 'root:x:0:0:root:/:/bin/sh' >"$1/etc/passwd"
	install "$(command -v busybox)" "$1/usr/bin/busybox"
	for applet in $(busybox --list); do
		[ "$applet" = busybox ] || ln -s ../bin/busybox "$1/usr/sbin/$applet"
	done
	ln -s ../sbin/sh "$1/usr/bin/sh"
	install "$BOOT"/guest/lib.sh "$TOP/build/walk" "$1/guest/"
}

MODULES=(e1000 virtio_net virtio_pci iscsi_tcp iscsi_ibft sd_mod crc32c_generic crc32c_intel
	crct10dif_generic crc64-rocksoft-generic ext4 8021q bonding veth xhci_pci cdc_ether rndis_host)

# The modules that machines need, from stock kernel DIR, and ours (a file, or "none").
copy_modules() { # ROOT KERNEL-DIR OURS
	local kver module
	kver=$(cat "$2/kver")
	for module in "${MODULES[@]}"; do
		modprobe -S "$kver" -d "$2" --show-depends "$module" 2>/dev/null || true
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u | while read -r module; do
		install -D -m 644 "$module" "$1/usr/${module#"$2/"}"
	done
	cp "$2/lib/modules/$kver"/modules.{builtin,builtin.modinfo,order} "$1/usr/lib/modules/$kver/"
	[ "$3" = none ] || install -D -m 644 "$3" "$1/usr/lib/modules/$kver/updates/${3##*/}"
	depmod -b "$1" "$kver"
}

pack() { (cd "$1" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) >"$2"; }

make_initramfs() { # KERNEL-DIR OURS CPIO
	local root=$3.d program
	rm -rf "$root"
	userland "$root"
	install "$BOOT/guest/init" "$root/init"
	copy_modules "$root" "$1" "$2"
	for program in iscsistart strace; do copy_program "$root" "$(command -v $program)"; done
	copy_program "$root" "$AGENT"
	pack "$root" "$3"
	rm -rf "$root"
}

make_rootfs() { # IMAGE [MORE]: a directory that is put over the rest
	local root=$1.d
	rm -rf "$root"
	userland "$root"
	rm "$root/usr/sbin/init"
	install "$BOOT/guest/root-init" "$root/usr/sbin/init"
	[ $# = 1 ] || cp -a "$2/." "$root"
	rm -f "$1"
	mke2fs -q -t ext4 -d "$root" "$1" $(($(du -sm "$root" | cut -f 1) * 3 / 2 + 24))M >/dev/null
	rm -rf "$root"
}

# stock SERIES: the kernel that the machine runs, in KDIR (files) and KVER (release).
stock() {
	KDIR=$("$BOOT/kernels" "$1") || fail "no $1 kernel"
	KVER=$(cat "$KDIR/kver")
}

# debug SERIES: the same with the kernel that watches, and what is built for it (make debug-build).
debug() {
	local file
	KDIR=$("$BOOT/debug-kernel" "$1") || fail "no $1 debug kernel"
	KVER=$(cat "$KDIR/kver")
	# The clock is that of instructions executed, and jumps where all sleep: a busy machine neither
	# spoils what the kernel measures at its start nor lets its timeouts pass.
	# So it is not how long it takes that is limited, but how much it computes.
	LIMIT=3600 CPU_LIMIT=1200
	STRICT=${STRICT//"$UNWATCHED"/}
	# With that clock 6.1 waits for a second processor for ever.
	HARDWARE+=(-smp "$([ "$1" = 6.1 ] && echo 1 || echo 2)" -m 1024 -icount "shift=2,sleep=off")
	for file in "$TOP/build/kunit/$KVER"/iscsi_boot_{kunit,plant}.ko "$TOP/build/lifecycle"; do
		[ -e "$file" ] || fail "no ${file##*/}; make debug-build"
		install -D "$file" "$WORK/overlay/usr/sbin/${file##*/}"
	done
	install -D "$BOOT/guest/debug.sh" "$WORK/overlay/guest/debug.sh"
}

# by_dkms RELEASE...: "make dkms-install" for these kernels, with trees and key of its own: signed modules
# in $WORK/dkms/modules/RELEASE/updates/dkms, by the key whose certificate is $WORK/dkms/mok.pub.
by_dkms() {
	local release
	mkdir -p "$WORK/dkms/bin" "$WORK/dkms/tree"
	for release; do
		mkdir -p "$WORK/dkms/modules/$release"
		ln -s "/lib/modules/$release/build" "$WORK/dkms/modules/$release/build"
	done
	cat >"$WORK/dkms/bin/dkms" <<-END
		#!/bin/sh
		exec $(command -v dkms) "\$@" --dkmstree "$WORK/dkms/tree" --sourcetree "$WORK/dkms/usr/src" \\
			--installtree "$WORK/dkms/modules" --no-depmod
	END
	chmod +x "$WORK/dkms/bin/dkms"
	MAKEFLAGS="" PATH=$WORK/dkms/bin:$PATH mok_signing_key=$WORK/dkms/mok.key mok_certificate=$WORK/dkms/mok.pub \
		make -C "$TOP" dkms-install DESTDIR="$WORK/dkms" DKMS_KERNELS="$*" >"$WORK/dkms.log" 2>&1 ||
		fail "make dkms-install: $(grep -E -m 1 'rror' "$WORK/dkms.log")"
}

# Our module: built here, by DKMS (a file), or none.
module_for() { echo "$TOP/build/module/$1/iscsi_boot_unified.ko"; }

# program NAME...: programs of this host, with their libraries, for this scenario's machine. Where busybox
# has the same name, its shell takes that one unless the path (/usr/sbin/NAME) is given.
program() {
	local name
	for name; do
		copy_program "$WORK/overlay" "$(command -v "$name")" || fail "no program $name"
	done
}

# What the machine does in its initramfs, from standard input.
guest() { cat >"$WORK/overlay/scenario"; }

# Most often: boot, with these options of the agent, and go to the root.
guest_boots() {
	guest <<-END
		agent_boot $*
		say sources "\$(cat \$VIEW/sources)"
		enter_root /dev/iscsi-boot/root
	END
}

# initramfs [none|MODULE-FILE]: base image and this scenario's overlay, in $WORK/initrd.cpio.
initramfs() {
	local ours=${1-$(module_for "$KVER")}
	[ "$ours" = none ] || [ -e "$ours" ] || fail "no module; make module KVER=$KVER"
	[ -x "$AGENT" ] || fail "no agent; make agent"
	BASE=$IMAGES/$KVER-$(cksum <<<"$ours ${MODULES[*]}" | cut -d ' ' -f 1).cpio
	shared "$BASE" make_initramfs "$KDIR" "$ours"
	pack "$WORK/overlay" "$WORK/overlay.cpio"
	cat "$BASE" "$WORK/overlay.cpio" >"$WORK/initrd.cpio"
}

# What a Debian root does once it is up, from standard input; "judge" is its systemd service.
real() { mkdir -p "$WORK/real/guest"; cat >"$WORK/real/guest/scenario"; }

# wants UNIT...: what is started there before.
wants() {
	mkdir -p "$WORK/real/etc/systemd/system/judge.service.d"
	printf '[Unit]\nWants=%s\nAfter=%s\n' "$*" "$*" >"$WORK/real/etc/systemd/system/judge.service.d/wants.conf"
}

# debian FILE PACKAGE...: a root file system with these and what they depend on, and with what is in
# $WORK/real. Its init is systemd, which starts guest/judge and what that wants, and nothing else.
debian() {
	local tree root=$WORK/real.d applet
	tree=$("$BOOT/debian-root" "${@:2}") || fail "no Debian root with ${*:2}"
	cp -a "$tree" "$root"
	mkdir -p "$root/guest/bin"
	install "$BOOT"/guest/{lib.sh,root-init,judge} "$root/guest/"
	install "$(command -v busybox)" "$root/guest/bin/busybox"
	for applet in $(busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/guest/bin/$applet"
	done
	[ -e "$root/bin/sh" ] || ln -s /guest/bin/sh "$root/bin/sh"
	install -D -m 644 "$BOOT"/guest/{*.service,default.target} -t "$root/etc/systemd/system"
	[ ! -e "$WORK/real" ] || cp -a "$WORK/real/." "$root/"
	mke2fs -q -t ext4 -d "$root" "$1" 160M >/dev/null
	rm -rf "$root"
}

# What such a root has for its open-iscsi to take our sessions: our units as installed, in $WORK/real.
iscsid_root() {
	local unit
	make -s -C "$TOP" install DESTDIR="$WORK/real" >/dev/null || fail "make install"
	install -D -m 644 -t "$WORK/real/guest" "$BOOT/guest/iscsid"
	for unit in handoff paths; do
		mkdir -p "$WORK/real/etc/systemd/system/iscsi-boot-$unit.service.d"
		printf '[Service]\nStandardError=journal+console\n' \
			>"$WORK/real/etc/systemd/system/iscsi-boot-$unit.service.d/console.conf"
	done
}

# multipathd of this machine in ROOT, with what it asks udev for.
copy_multipath() { # ROOT
	local program
	for program in multipathd multipath dmsetup; do copy_program "$1" "$(command -v $program)"; done
	copy_program "$1" /lib/udev/scsi_id
	install -D -t "$1/usr/lib/x86_64-linux-gnu" /lib/x86_64-linux-gnu/libgcc_s.so.1 # to end a thread
	install -D -t "$1/usr/lib/multipath" /lib/multipath/*.so
	install -D -m 644 -t "$1/usr/lib/udev/rules.d" /lib/udev/rules.d/{55-dm,56-dm-mpath,95-dm-notify}.rules
	# shellcheck disable=SC2016 # udev's, not the shell's
	echo 'KERNEL=="sd*", IMPORT{program}="/usr/sbin/scsi_id --export --whitelisted -d $devnode"' \
		>"$1/usr/lib/udev/rules.d/60-serial.rules"
}

### Targets

# target_start ADDRESS [PORT]: a tgtd of its own, on a free TCP port if none is named, in PORT. It runs
# where $TARGET_AT says, a command like "nsenter".
TARGET_AT=()
target_start() {
	local tries
	for ((tries = 0; tries < 20; tries++)); do
		PORT=${2-$((10000 + SRANDOM % 10000))}
		bound "${TARGET_AT[@]}" tgtd -f --iscsi "portal=$1:$PORT" --control-port 1 >"$WORK/tgtd.log" 2>&1 &
		PIDS+=($!)
		echo $! >"$WORK/tgtd.pid"
		await target_answers $! || fail "tgtd does not start: $(tail -n 1 "$WORK/tgtd.log")"
		grep -q 'failed to create/bind' "$WORK/tgtd.log" || return 0
		target_stop
	done
	fail "no free port for tgtd"
}

# portal_start TARGET-PORT LOGINS CLASS DETAIL [ADDRESS]: before it a portal that refuses the first logins
# (fake-portal.c), on FAKE_PORT; it says in portal.log how many.
portal_start() {
	local tries
	for ((tries = 0; tries < 20; tries++)); do
		FAKE_PORT=$((20000 + SRANDOM % 10000))
		bound "$TOP/build/fake-portal" "$FAKE_PORT" "$@" >"$WORK/portal.log" 2>&1 &
		PIDS+=($!)
		await portal_answers $!
		kill -0 "${PIDS[-1]}" 2>/dev/null && return
		unset 'PIDS[-1]'
	done
	fail "no free port for fake-portal"
}

# hostile_start TARGET-PORT: targets that are none, on HOSTILE_PORT (hostile-target.c); before a real one.
hostile_start() {
	HOSTILE_PORT=20000
	bound "$TOP/build/hostile-target" "$HOSTILE_PORT" 10.0.2.2 "$1" >"$WORK/hostile.log" 2>&1 &
	PIDS+=($!)
	FAKE_PORT=$HOSTILE_PORT await portal_answers $!
	kill -0 "${PIDS[-1]}" 2>/dev/null || fail "no hostile target: $(<"$WORK/hostile.log")"
}

portal_answers() { ! kill -0 "$1" 2>/dev/null || : 3<>"/dev/tcp/127.0.0.1/$FAKE_PORT"; } 2>/dev/null

target_stop() {
	kill -KILL "${PIDS[-1]}"
	wait "${PIDS[-1]}" || true
	unset 'PIDS[-1]'
	rm -f "$TGT_IPC_SOCKET"*
}

# target_restart [ADDRESS [USER SECRET]]: the root's is killed and comes back, for "once".
target_restart() {
	kill -KILL "$(<"$WORK/tgtd.pid")"
	rm -f "$TGT_IPC_SOCKET"*
	target_start "${1-127.0.0.1}" "$PORT"
	target 1 "$IQN" "$WORK/root.img" "${@:2}"
}

target_answers() { ! kill -0 "$1" || tgt show system; }

tgt() { tgtadm --control-port 1 --lld iscsi --op "$1" --mode "$2" "${@:3}" >/dev/null 2>&1; }

# Waits at most a minute for COMMAND to succeed.
await() {
	local end=$((SECONDS + 60))
	until "$@"; do
		[ $SECONDS -lt $end ] || return
		sleep 0.1
	done
}

# target TID IQN FILE [USER SECRET [USER SECRET]]: a target whose LUN 1 is FILE; CHAP, or CHAP both ways.
target() {
	tgt new target --tid "$1" -T "$2" || fail "cannot make target $2"
	lun "$1" 1 "$3"
	[ $# -lt 5 ] || account "$1" "$4" "$5"
	[ $# -lt 7 ] || account "$1" "$6" "$7" --outgoing
	tgt bind target --tid "$1" -I ALL || fail "cannot open target $2"
}

account() { # TID USER SECRET [--outgoing]
	tgt new account --user "$2" --password "$3" || fail "cannot make account $2"
	tgt bind account --tid "$1" --user "$2" "${@:4}" || fail "cannot bind account $2"
}

lun() { # TID LUN FILE
	tgt new logicalunit --tid "$1" --lun "$2" -b "$3" || fail "cannot make LUN $2 of $3"
}

# rootfs FILE: a fresh root file system, with what the scenario has put into $WORK/root.
rootfs() {
	if [ -e "$WORK/root/scenario" ]; then
		make_rootfs "$1" "$WORK/root"
	else
		shared "$IMAGES/rootfs.img" make_rootfs
		cp --sparse=always "$IMAGES/rootfs.img" "$1"
	fi
}

# What the machine does in its real root after the usual, from standard input.
root_does() {
	cat >"$WORK/root/scenario"
	copy_program "$WORK/root" "$AGENT"
}

# The udev of this machine in ROOT, with our rule alone.
copy_udev() { # ROOT
	copy_program "$1" /lib/systemd/systemd-udevd
	copy_program "$1" "$(command -v udevadm)"
	install -D -m 644 -t "$1/usr/lib/udev/rules.d" "$TOP/agent/hooks/udev/"*.rules
}

### Machines

IQN=iqn.2026-11.org.example:root
INITIATOR=iqn.2026-11.org.example:host1

# Everything that goes wrong in the kernel ends the machine at once. On a busy host the kernel finds
# its emulated timer too slow to be true, and its processors stuck, unless it is told not to look.
# ENGINE=open-iscsi: who logs in, in all machines; else as they say themselves.
STRICT="${ENGINE:+iscsi_boot.engine=$ENGINE }no_timer_check console=ttyS0 panic=-1 oops=panic panic_on_warn=1 printk.time=1 printk.devkmsg=on"
UNWATCHED=" nowatchdog rcupdate.rcu_cpu_stall_suppress=1"
STRICT+=$UNWATCHED

# qemu ARGUMENT...: runs a machine until it powers off, at most $LIMIT seconds, of which $CPU_LIMIT are
# spent computing. $MONITOR is what the monitor is told before it starts; monitor LINE... tells it more
# meanwhile.
LIMIT=600
CPU_LIMIT=unlimited
MONITOR=
HARDWARE=()
qemu() {
	local machine status=0
	: >"$WORK/serial.log"
	: >"$WORK/verdict"
	monitor "$MONITOR" cont
	bound timeout -k 5 "$LIMIT" setpriv --pdeathsig KILL -- prlimit "--cpu=$CPU_LIMIT:" \
		qemu-system-x86_64 -accel tcg -m 512 -no-reboot -display none -S -monitor stdio \
		-serial "file:$WORK/serial.log" -serial "file:$WORK/verdict" "${HARDWARE[@]}" "$@" \
		>"$WORK/qemu.log" 2>&1 <&"$MONITOR_FD" &
	machine=$!
	PIDS+=("$machine")
	wait $machine || status=$?
	[ $status != 124 ] || fail "still running after $LIMIT s: $(last_line)"
	[ $status != 152 ] || fail "still running after $CPU_LIMIT s of computing: $(last_line)"
	[ $status = 0 ] || fail "qemu ended with status $status: $(tail -n 1 "$WORK/qemu.log")"
	sound
}

monitor() { printf '%s\n' "$@" >&"$MONITOR_FD"; }

# A machine whose kernel QEMU starts itself, with these words on its command line.
direct() {
	qemu -kernel "$KDIR/vmlinuz" -initrd "$WORK/initrd.cpio" -append "$STRICT $*"
}

# A NIC of model $CARD on a network of its own, in which this machine is 10.0.2.2 and fec0::2: nic ID MAC
# [OPTIONS]
CARD=e1000
MAC=52:54:00:12:34:56
nic() {
	HARDWARE+=(-netdev "user,id=$1" -device "$CARD,netdev=$1,mac=$2,romfile=${3+,$3}")
}

# Words of the command line for it.
# shellcheck disable=SC2034
STATIC="ip=10.0.2.15::10.0.2.2:255.255.255.0::eth0:off"

# What iPXE fetches: kernel, initramfs and the script that hooks the SAN drive, so that there is a
# table, and boots them. ipxe_files [LINE...]: more lines for the script, before that.
ipxe_files() {
	cp "$KDIR/vmlinuz" "$WORK/tftp/vmlinuz"
	gzip -1 <"$WORK/initrd.cpio" >"$WORK/tftp/initrd.gz"
	cat >"$WORK/tftp/boot.ipxe" <<-END
		#!ipxe
		set initiator-iqn $INITIATOR
		set keep-san 1
		$(printf '%s\n' "$@")
		sanhook --drive 0x80 iscsi:10.0.2.2::$PORT:1:$IQN || reboot
		kernel tftp://10.0.2.2/vmlinuz initrd=initrd.gz $STRICT || reboot
		initrd tftp://10.0.2.2/initrd.gz || reboot
		boot || reboot
	END
}

# A machine that starts from the NIC: its option ROM is iPXE, for BIOS and UEFI alike.
ipxe() {
	qemu -machine graphics=off -netdev "user,id=n0,tftp=$WORK/tftp,bootfile=boot.ipxe" \
		-device "e1000,netdev=n0,mac=$MAC" -boot n
}

# The machine has UEFI instead of a BIOS.
OVMF=/usr/share/OVMF
uefi() {
	cp "$OVMF/OVMF_VARS_4M.fd" "$WORK/vars.fd"
	HARDWARE+=(-M q35 -m 1024 -drive "if=pflash,format=raw,readonly=on,file=$OVMF/OVMF_CODE_4M.fd"
		-drive "if=pflash,format=raw,file=$WORK/vars.fd")
}

# It has Secure Boot, with Microsoft's keys, and on a disk Debian's loaders and a kernel that they start
# with these words: secure_boot WORD... The disk's files are in $WORK/esp.
secure_boot() {
	local loaders esp=$WORK/esp
	loaders=$("$BOOT/loaders") || fail "no boot loaders"
	mkdir -p "$esp"/EFI/{BOOT,debian}
	cp "$loaders"/{mm,grub}x64.efi "$KDIR/vmlinuz" "$esp/EFI/BOOT/"
	cp "$loaders/shimx64.efi" "$esp/EFI/BOOT/BOOTX64.EFI"
	gzip -1 <"$WORK/initrd.cpio" >"$esp/EFI/BOOT/initrd.gz"
	printf '%s\n' "linux /EFI/BOOT/vmlinuz $STRICT $*" 'initrd /EFI/BOOT/initrd.gz' boot >"$esp/EFI/debian/grub.cfg"
	cp "$OVMF/OVMF_VARS_4M.ms.fd" "$WORK/vars.fd"
	HARDWARE+=(-M "q35,smm=on" -m 1024 -global "driver=cfi.pflash01,property=secure,value=on"
		-global ICH9-LPC.disable_s3=1
		-drive "if=pflash,format=raw,readonly=on,file=$OVMF/OVMF_CODE_4M.secboot.fd"
		-drive "if=pflash,format=raw,file=$WORK/vars.fd"
		-drive "if=virtio,format=raw,readonly=on,file=fat:$esp")
}

# The machine has the table tests/data/NAME.ibft in ACPI: table NAME [FROM=>TO...], texts replaced.
table() {
	local text edit
	text=$(<"$TOP/tests/data/$1.ibft")
	for edit in "${@:2}"; do text=${text//"${edit%%=>*}"/"${edit#*=>}"}; done
	echo "$text" >"$WORK/table.ibft"
	"$TOP/build/mkibft" "$WORK/table.ibft" "$WORK/table.bin" || fail "no table of $1.ibft"
	HARDWARE+=(-acpitable "file=$WORK/table.bin")
}

last_line() { tr -d '\r' <"$WORK/serial.log" | grep -a -v '^$' | tail -n 1; }

# The first line of a log in which the kernel complains.
complaint() {
	grep -a -m 1 -E "$COMPLAINTS" | tr -d '\r'
}
COMPLAINTS='WARNING:|BUG:|Oops|Kernel panic|UBSAN|KASAN|ODEBUG|suspicious RCU|kmemleak: [1-9]'
COMPLAINTS+='|INFO: (possible|trying to register|task .* blocked)|detected stalls|leaked|waiting for .* to become free'

# The kernel complained of nothing, and our init came to its end.
sound() {
	local line
	line=$(complaint <"$WORK/serial.log") && fail "kernel: $line"
	grep -q '^end$' "$WORK/verdict" || fail "the machine stopped early: $(last_line)"
}

# What was said there by line: the kernel writes its own, with six decimals, into one that a process begun.
console() {
	tr -d '\r\0' <"$WORK/serial.log" | awk '
		match($0, /\[ *[0-9]+\.[0-9][0-9][0-9][0-9][0-9][0-9]\] /) {
			begun = begun substr($0, 1, RSTART - 1)
			print substr($0, RSTART)
			next
		}
		{ print begun $0; begun = "" }
		END { print begun }'
}

### Judgement

# verdict KEY: the values that the machine reported under KEY.
verdict() { awk -v key="$1 " 'index($0, key) == 1 { print substr($0, length(key) + 1) }' "$WORK/verdict"; }

# want KEY VALUE: exactly that, once.
want() {
	local got
	got=$(verdict "$1")
	[ "$got" = "$2" ] || fail "$1: wanted '$2', got '$got'"
}

# want_log REGEX: the console says so.
want_log() { console | grep -c -E -- "$1" >"$WORK/count" || fail "the console doesn't say: $1"; }
want_no_log() { ! grep -a -q -E -- "$1" "$WORK/serial.log" || fail "the console says: $1"; }

# The file system on the LUN, looked at from outside, holds what the machine wrote.
want_written() { # FILE
	[ "$(debugfs -R 'cat /written' "$1" 2>/dev/null)" = "$(verdict written)" ] ||
		fail "what was written isn't in ${1##*/}"
	[ "$(debugfs -R 'cat /blob' "$1" 2>/dev/null | sha256sum)" = "$(verdict blob)  -" ] ||
		fail "the block of data differs in ${1##*/}"
	e2fsck -fn "$1" >"$WORK/e2fsck.log" 2>&1 || fail "e2fsck: $(tail -n 1 "$WORK/e2fsck.log")"
}

# The machine came into its root on LUN $2 (the file) of target $1, which it has by $3 paths (1), and
# all timers are as wanted.
want_root() {
	want agent-status 0
	want root-target "$1"
	want root-fs ext4
	want root-kernel "$KVER"
	want_session "$1" "${3-1}"
	want read-back same
	want_written "$2"
	agent_within 150
	note "root after $SPENT s of the agent"
}

# The timers of a root without multipath, as iscsi-boot-agent(8) has them by default, on each of $2
# paths (1).
want_session() {
	want_each "session $1" "${2-1}" "state=LOGGED_IN recovery_tmo=86400"
	want_each "connection $1" "${2-1}" "ping_tmo=0 recv_tmo=0"
	want_each "disk $1" "${2-1}" "timeout=90 eh_timeout=10 max_retries=5 scheduler=none" "sd[a-z]* "
}

# want_each KEY NUMBER VALUE [PREFIX]: that number of times that value, below a prefix (a glob).
want_each() {
	local value number=0
	while read -r value; do
		# shellcheck disable=SC2295 # a glob
		[ "${value#${4-}}" = "$3" ] || fail "$1: wanted '$3', got '$value'"
		number=$((number + 1))
	done < <(verdict "$1")
	[ $number = "$2" ] || fail "$1: wanted $2 of it, got $number"
}

# The agent ended with status $1 within $2 s, its deadline and as much again for a busy machine, and said
# what it tried, what came back, what to check.
want_failure() {
	want agent-status "$1"
	want_log 'iscsi-boot: [a-z]+: FAILED: to .'
	want_log 'iscsi-boot: [a-z]+:   answer: .'
	want_log 'iscsi-boot: [a-z]+:   check: .'
	agent_within "$2"
	note "status $1 after $SPENT s:$(said answer | cut -c 1-100)"
}

said() { tr -d '\r' <"$WORK/serial.log" | sed -n "s/.*iscsi-boot: [a-z]*:   $1://p" | tail -n 1; }

agent_within() {
	SPENT=$(awk -v a="$(verdict agent-start)" -v b="$(verdict agent-end)" 'BEGIN { printf "%.1f", b - a }')
	awk -v s="$SPENT" -v most="$1" 'BEGIN { exit !(s <= most) }' || fail "took $SPENT s, more than $1"
}

# tree NAME PREFIX: what the machine dumped as NAME, a line each: path, mode, content. Directories end
# with a slash, what cannot be read has "!", lines are joined by \n.
tree() {
	local kind mode path content
	verdict "$1" | while read -r kind mode path content; do
		path=${path#"$2"}
		case $kind in
		dir) echo "${path:-.}/ $(printf %04d "$mode")" ;;
		link) echo "$path -> $(base64 -d <<<"$content")" ;;
		unreadable) echo "$path $(printf %04d "$mode") !" ;;
		file) printf '%s %04d %s\n' "$path" "$mode" "$(base64 -d <<<"$content" | as_text)" ;;
		esac
	done | sed 's|^/||; s/ $//' | LC_ALL=C sort
}

# One line without its newline; anything else is marked.
as_text() {
	local text
	text=$(tr '\0' '\1'; echo .) # the dot keeps a newline before it
	text=${text%.}
	case $text in
	*$'\1'*) text="(bytes)" ;;
	"") ;;
	*$'\n') text=${text%$'\n'} ;;
	*) text+="<no newline>" ;;
	esac
	echo "${text//$'\n'/\\n}"
}

# want_no_leak: nor did the debug kernel, and it watched until the end.
want_no_leak() {
	want kmemleak 0
	want debug-locks 1
}

# same EXPECTED FOUND WHAT: two files of lines.
same() {
	diff -u "$1" "$2" >"$WORK/diff" || fail "$3: $(grep -c '^[-+][^-+]' "$WORK/diff") lines differ," \
		"see ${WORK#"$TOP/"}/diff; first: $(grep -m 1 '^[-+][^-+]' "$WORK/diff")"
}
