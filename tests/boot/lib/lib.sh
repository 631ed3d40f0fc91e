# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Functions for scenarios: images, targets, machines, checks. Each scenario sources this file in a process
# of its own, which ends with leave().

TOP=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../..")
BOOT=$TOP/tests/boot
OUT=${BOOT_OUT:-$TOP/build/boot}
IMAGES=$OUT/images
AGENT=$TOP/build/agent/iscsi-boot-agent
export PATH=$PATH:/usr/sbin:/sbin

### One scenario: its directory, its processes, its end

# begin NAME: makes a new directory for the scenario and arranges for cleanup when it ends, however it ends.
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

# Checks that a process is still our child: its ID may be reused once we have waited for it.
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

# Ends the scenario at the first error; the reason becomes its summary line.
fail() {
	echo "$*" >"$WORK/reason"
	exit 1
}

# note TEXT: text for the summary line of a scenario that passes.
note() { echo "$*" >"$WORK/note"; }

# Runs a program that is killed when we end, even if we are killed.
bound() { exec setpriv --pdeathsig KILL -- "$@"; }

### Images

# shared PATH COMMAND...: makes PATH once for all scenarios of this run, by calling "COMMAND... PATH.tmp".
shared() {
	local path=$1
	shift
	mkdir -p "${path%/*}"
	(
		flock 9
		[ -e "$path" ] || { "$@" "$path.tmp"; mv "$path.tmp" "$path"; }
	) 9>"$path.lock"
}

# Copies a program and its libraries; the libraries keep their paths.
copy_program() { # ROOT FILE
	local file
	install -D "$2" "$1/usr/sbin/${2##*/}"
	for file in $(ldd "$2" | grep -o '/[^ ]*'); do
		[ -e "$1$file" ] || install -D "$file" "$1$file"
	done
}

# Makes the tree that the initramfs and the real root have in common: busybox and our guest scripts.
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

# Copies the modules that machines need from the stock kernel in KERNEL-DIR, and our module (a file, or "none").
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

make_rootfs() { # IMAGE [MORE]: MORE is a directory that is copied over the rest
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

# stock SERIES: selects Debian's kernel for the machine; sets KDIR (its files) and KVER (its release).
stock() {
	KDIR=$("$BOOT/kernels" "$1") || fail "cannot get the $1 kernel"
	KVER=$(cat "$KDIR/kver")
}

# debug SERIES[-kcsan]: selects the debug kernel likewise; also installs the programs that "make debug-build" made
# for it. The one that watches for data races needs two processors that really run at the same time, and so the
# host's clock.
debug() {
	local file clock=(-icount "shift=2,sleep=off")
	KDIR=$("$BOOT/debug-kernel" "$1") || fail "cannot get the $1 debug kernel"
	KVER=$(cat "$KDIR/kver")
	# The machine's clock counts executed instructions and jumps ahead while all processors sleep. So a busy
	# host neither disturbs the kernel's measurements at startup nor makes its timeouts expire.
	# The limit that matters is therefore the computing time, not the elapsed time.
	LIMIT=3600 CPU_LIMIT=1200
	case $1 in
	*-kcsan) clock=() ;;
	*) STRICT=${STRICT//"$UNWATCHED"/} ;;
	esac
	# With that clock, 6.1 waits for a second processor forever.
	HARDWARE+=(-smp "$([ "$1" = 6.1 ] && echo 1 || echo 2)" -m 1024 "${clock[@]}")
	for file in "$TOP/build/kunit/$KVER"/iscsi_boot_{kunit,plant}.ko "$TOP/build/lifecycle"; do
		[ -e "$file" ] || fail "${file##*/} is missing; run: make debug-build"
		install -D "$file" "$WORK/overlay/usr/sbin/${file##*/}"
	done
	install -D "$BOOT/guest/debug.sh" "$WORK/overlay/guest/debug.sh"
}

# by_dkms RELEASE...: runs "make dkms-install" for these kernels, with separate DKMS trees and a separate key.
# The signed modules are in $WORK/dkms/modules/RELEASE/updates/dkms; the key's certificate is
# $WORK/dkms/mok.pub.
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

# The path of our module as built for kernel RELEASE.
module_for() { echo "$TOP/build/module/$1/iscsi_boot_unified.ko"; }

# program NAME...: copies programs of this host, with their libraries, to this scenario's machine. If busybox
# has an applet of the same name, its shell runs the applet unless the path (/usr/sbin/NAME) is given.
program() {
	local name
	for name; do
		copy_program "$WORK/overlay" "$(command -v "$name")" || fail "program $name is missing"
	done
}

# guest: takes from standard input the script that the machine runs in its initramfs.
guest() { cat >"$WORK/overlay/scenario"; }

# guest_boots [OPTION...]: the usual script: runs the agent's boot with these options, then enters the root.
guest_boots() {
	guest <<-END
		agent_boot $*
		say sources "\$(cat \$VIEW/sources)"
		enter_root /dev/iscsi-boot/root
	END
}

# initramfs [none|MODULE-FILE]: makes $WORK/initrd.cpio of the base image and this scenario's overlay.
initramfs() {
	local ours=${1-$(module_for "$KVER")}
	[ "$ours" = none ] || [ -e "$ours" ] || fail "$ours is missing; run: make module KVER=$KVER"
	[ -x "$AGENT" ] || fail "$AGENT is missing; run: make agent"
	BASE=$IMAGES/$KVER-$(cksum <<<"$ours ${MODULES[*]}" | cut -d ' ' -f 1).cpio
	shared "$BASE" make_initramfs "$KDIR" "$ours"
	pack "$WORK/overlay" "$WORK/overlay.cpio"
	cat "$BASE" "$WORK/overlay.cpio" >"$WORK/initrd.cpio"
}

# real: takes from standard input the script that a Debian root runs once it is up; "judge" is its systemd service.
real() { mkdir -p "$WORK/real/guest"; cat >"$WORK/real/guest/scenario"; }

# wants UNIT...: units that are started before that service.
wants() {
	mkdir -p "$WORK/real/etc/systemd/system/judge.service.d"
	printf '[Unit]\nWants=%s\nAfter=%s\n' "$*" "$*" >"$WORK/real/etc/systemd/system/judge.service.d/wants.conf"
}

# debian FILE PACKAGE...: makes a root file system of these packages, their dependencies and the files in
# $WORK/real. Its init is systemd, which starts guest/judge and the units that it wants, and nothing else.
debian() {
	local tree
	tree=$("$BOOT/debian-root" "${@:2}") || fail "cannot make a Debian root with ${*:2}"
	cp -a "$tree" "$WORK/real.d"
	debian_image "$1" 160M
}

# debian_image FILE SIZE: makes that file system of $WORK/real.d, which is removed.
debian_image() {
	local root=$WORK/real.d applet
	mkdir -p "$root/guest/bin"
	install "$BOOT"/guest/{lib.sh,root-init,judge} "$root/guest/"
	install "$(command -v busybox)" "$root/guest/bin/busybox"
	for applet in $(busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/guest/bin/$applet"
	done
	[ -e "$root/bin/sh" ] || ln -s /guest/bin/sh "$root/bin/sh"
	install -D -m 644 "$BOOT"/guest/{*.service,default.target} -t "$root/etc/systemd/system"
	[ ! -e "$WORK/real" ] || cp -a "$WORK/real/." "$root/"
	mke2fs -q -t ext4 -d "$root" "$1" "$2" >/dev/null
	rm -rf "$root"
}

# debian_newest FILE: the same of Debian sid, with the newest systemd and NetworkManager. Needs root.
debian_newest() {
	local tree
	tree=$("$BOOT/dracut-root" sid) || fail "cannot make a Debian sid"
	mkdir "$WORK/real.d"
	tar -C "$tree" -c --exclude=./boot --exclude='./usr/lib/modules/*' --exclude='./usr/lib/python*' \
		--exclude='./usr/lib/gcc' --exclude='./usr/share/locale' --exclude='./usr/share/perl*' --exclude='./usr/lib/udev/hwdb*' \
		--exclude='./var/cache/*' --exclude='./var/lib/apt' --exclude='./var/lib/dpkg' . | tar -C "$WORK/real.d" -x
	rm -f "$WORK"/real.d/etc/systemd/system/*.wants/*
	debian_image "$1" 1G
}

# Prepares $WORK/real so that open-iscsi in the Debian root adopts our sessions: installs our units.
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

# Copies multipathd of this host to ROOT, with the udev rules that it needs.
copy_multipath() { # ROOT
	local program
	for program in multipathd multipath dmsetup; do copy_program "$1" "$(command -v $program)"; done
	copy_program "$1" /lib/udev/scsi_id
	install -D -t "$1/usr/lib/x86_64-linux-gnu" /lib/x86_64-linux-gnu/libgcc_s.so.1 # for pthread_cancel()
	install -D -t "$1/usr/lib/multipath" /lib/multipath/*.so
	install -D -m 644 -t "$1/usr/lib/udev/rules.d" /lib/udev/rules.d/{55-dm,56-dm-mpath,95-dm-notify}.rules
	# shellcheck disable=SC2016 # udev's, not the shell's
	echo 'KERNEL=="sd*", IMPORT{program}="/usr/sbin/scsi_id --export --whitelisted -d $devnode"' \
		>"$1/usr/lib/udev/rules.d/60-serial.rules"
}

### Targets

# target_start ADDRESS [PORT]: starts a tgtd; without PORT it takes a free TCP port. Sets PORT.
# $TARGET_AT is the command that runs it, such as "nsenter".
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

# portal_start TARGET-PORT LOGINS CLASS DETAIL [ADDRESS]: starts a portal in front of the target that refuses
# the first logins (fake-portal.c). Sets FAKE_PORT; portal.log has a line per refused login.
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

# hostile_start TARGET-PORT: starts hostile targets (hostile-target.c) in front of a real one. Sets
# HOSTILE_PORT.
hostile_start() {
	HOSTILE_PORT=20000
	bound "$TOP/build/hostile-target" "$HOSTILE_PORT" 10.0.2.2 "$1" >"$WORK/hostile.log" 2>&1 &
	PIDS+=($!)
	FAKE_PORT=$HOSTILE_PORT await portal_answers $!
	kill -0 "${PIDS[-1]}" 2>/dev/null || fail "hostile-target does not start: $(<"$WORK/hostile.log")"
}

portal_answers() { ! kill -0 "$1" 2>/dev/null || : 3<>"/dev/tcp/127.0.0.1/$FAKE_PORT"; } 2>/dev/null

target_stop() {
	kill -KILL "${PIDS[-1]}"
	wait "${PIDS[-1]}" || true
	unset 'PIDS[-1]'
	rm -f "$TGT_IPC_SOCKET"*
}

# target_restart [ADDRESS [USER SECRET]]: kills the root's target and starts it again; for "once".
target_restart() {
	kill -KILL "$(<"$WORK/tgtd.pid")"
	rm -f "$TGT_IPC_SOCKET"*
	target_start "${1-127.0.0.1}" "$PORT"
	target 1 "$IQN" "$WORK/root.img" "${@:2}"
}

target_answers() { ! kill -0 "$1" || tgt show system; }

tgt() { tgtadm --control-port 1 --lld iscsi --op "$1" --mode "$2" "${@:3}" >/dev/null 2>&1; }

# Waits at most one minute for COMMAND to succeed.
await() {
	local end=$((SECONDS + 60))
	until "$@"; do
		[ $SECONDS -lt $end ] || return
		sleep 0.1
	done
}

# target TID IQN FILE [USER SECRET [USER SECRET]]: makes a target whose LUN 1 is FILE, with CHAP or mutual CHAP.
target() {
	tgt new target --tid "$1" -T "$2" || fail "cannot make target $2"
	lun "$1" 1 "$3"
	[ $# -lt 5 ] || account "$1" "$4" "$5"
	[ $# -lt 7 ] || account "$1" "$6" "$7" --outgoing
	tgt bind target --tid "$1" -I ALL || fail "cannot allow initiators to use target $2"
}

account() { # TID USER SECRET [--outgoing]
	tgt new account --user "$2" --password "$3" || fail "cannot make account $2"
	tgt bind account --tid "$1" --user "$2" "${@:4}" || fail "cannot bind account $2"
}

lun() { # TID LUN FILE
	tgt new logicalunit --tid "$1" --lun "$2" -b "$3" || fail "cannot make LUN $2 of $3"
}

# rootfs FILE: makes a new root file system that includes the files in $WORK/root.
rootfs() {
	if [ -e "$WORK/root/scenario" ]; then
		make_rootfs "$1" "$WORK/root"
	else
		shared "$IMAGES/rootfs.img" make_rootfs
		cp --sparse=always "$IMAGES/rootfs.img" "$1"
	fi
}

# root_does: takes from standard input the script that the machine runs in its real root after the usual checks.
root_does() {
	cat >"$WORK/root/scenario"
	copy_program "$WORK/root" "$AGENT"
}

# Copies the udev of this host to ROOT, with only our rules.
copy_udev() { # ROOT
	copy_program "$1" /lib/systemd/systemd-udevd
	copy_program "$1" "$(command -v udevadm)"
	install -D -m 644 -t "$1/usr/lib/udev/rules.d" "$TOP/agent/hooks/udev/"*.rules
}

### Machines

IQN=iqn.2026-11.org.example:root
INITIATOR=iqn.2026-11.org.example:host1

# Any kernel error ends the machine at once. On a busy host the kernel considers its emulated timer too
# slow and its processors stuck, so those checks are off.
# ENGINE=open-iscsi selects the login engine of all machines; otherwise each scenario selects it.
STRICT="${ENGINE:+iscsi_boot.engine=$ENGINE }no_timer_check console=ttyS0 panic=-1 oops=panic panic_on_warn=1 printk.time=1 printk.devkmsg=on"
UNWATCHED=" nowatchdog rcupdate.rcu_cpu_stall_suppress=1"
STRICT+=$UNWATCHED

# The processor of all machines. QEMU 7.2 computes wrong flags behind cmpxchg16b: the kernel's allocator uses it,
# and an interrupt right behind it then returns with garbage in EFLAGS (a double fault, once in some hundred boots).
# Without cx16 the kernel takes a lock instead, and QEMU refuses the instruction.
PROCESSOR=qemu64,-cx16

# qemu ARGUMENT...: runs a machine until it powers off, for at most $LIMIT seconds, of which at most $CPU_LIMIT
# may be computing time. $MONITOR holds the monitor commands to run before the start; "monitor LINE..." sends
# more while the machine runs.
LIMIT=600
CPU_LIMIT=unlimited
MONITOR=
HARDWARE=()
qemu() {
	local machine status=0
	: >"$WORK/serial.log"
	: >"$WORK/verdict"
	: >"$WORK/started" # for tests/boot/run: the scenario has started a machine
	monitor "$MONITOR" cont
	bound timeout -k 5 "$LIMIT" setpriv --pdeathsig KILL -- prlimit "--cpu=$CPU_LIMIT:" \
		qemu-system-x86_64 -accel tcg -cpu "$PROCESSOR" -m 512 -no-reboot -display none -S -monitor stdio \
		-serial "file:$WORK/serial.log" -serial "file:$WORK/verdict" "${HARDWARE[@]}" "$@" \
		>"$WORK/qemu.log" 2>&1 <&"$MONITOR_FD" &
	machine=$!
	PIDS+=("$machine")
	wait $machine || status=$?
	[ $status != 124 ] || fail "still running after $LIMIT s: $(last_line)"
	[ $status != 152 ] || fail "still running after $CPU_LIMIT s of computing time: $(last_line)"
	[ $status = 0 ] || fail "qemu exited with status $status: $(tail -n 1 "$WORK/qemu.log")"
	sound
}

monitor() { printf '%s\n' "$@" >&"$MONITOR_FD"; }

# direct PARAMETER...: runs a machine whose kernel QEMU loads, with these kernel command-line parameters.
direct() {
	qemu -kernel "$KDIR/vmlinuz" -initrd "$WORK/initrd.cpio" -append "$STRICT $*"
}

# nic ID MAC [OPTIONS]: adds a NIC of model $CARD on a separate network, in which this host is 10.0.2.2
# and fec0::2.
CARD=e1000
MAC=52:54:00:12:34:56
nic() {
	HARDWARE+=(-netdev "user,id=$1" -device "$CARD,netdev=$1,mac=$2,romfile=${3+,$3}")
}

# The kernel command-line parameter for that NIC.
# shellcheck disable=SC2034
STATIC="ip=10.0.2.15::10.0.2.2:255.255.255.0::eth0:off"

# ipxe_files [LINE...]: makes the files that iPXE fetches: kernel, initramfs and a script. The script runs the
# LINEs, hooks the SAN drive, so that a table exists, and boots the kernel.
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

# Runs a machine that boots from the NIC, whose option ROM is iPXE, both for BIOS and for UEFI.
ipxe() {
	qemu -machine graphics=off -netdev "user,id=n0,tftp=$WORK/tftp,bootfile=boot.ipxe" \
		-device "e1000,netdev=n0,mac=$MAC" -boot n
}

# Gives the machine UEFI instead of a BIOS.
OVMF=/usr/share/OVMF
uefi() {
	cp "$OVMF/OVMF_VARS_4M.fd" "$WORK/vars.fd"
	HARDWARE+=(-M q35 -m 1024 -drive "if=pflash,format=raw,readonly=on,file=$OVMF/OVMF_CODE_4M.fd"
		-drive "if=pflash,format=raw,file=$WORK/vars.fd")
}

# secure_boot PARAMETER...: gives the machine Secure Boot with Microsoft's keys, and a disk with Debian's
# loaders and a kernel that they start with these parameters. The files of that disk are in $WORK/esp.
secure_boot() {
	local loaders esp=$WORK/esp
	loaders=$("$BOOT/loaders") || fail "cannot get the boot loaders"
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

# table NAME [FROM=>TO...]: gives the machine the table tests/data/NAME.ibft in ACPI, with texts replaced.
table() {
	local text edit file=$TOP/tests/data/$1.ibft
	[ -e "$file" ] || file=${file%ibft}hex
	text=$(<"$file")
	for edit in "${@:2}"; do text=${text//"${edit%%=>*}"/"${edit#*=>}"}; done
	echo "$text" >"$WORK/table.ibft"
	"$TOP/build/mkibft" "$WORK/table.ibft" "$WORK/table.bin" || fail "cannot make a table of $1.ibft"
	cp "$WORK/table.bin" "$WORK/table${#HARDWARE[@]}.bin" # a machine may have several
	HARDWARE+=(-acpitable "file=$WORK/table${#HARDWARE[@]}.bin")
}

last_line() { tr -d '\r' <"$WORK/serial.log" | grep -a -v '^$' | tail -n 1; }

# Prints the first line of a log (standard input) that reports a kernel problem.
complaint() {
	grep -a -m 1 -E "$COMPLAINTS" | tr -d '\r'
}
COMPLAINTS='WARNING:|BUG:|Oops|Kernel panic|UBSAN|KASAN|ODEBUG|suspicious RCU|kmemleak: [1-9]'
COMPLAINTS+='|INFO: (possible|trying to register|task .* blocked)|detected stalls|leaked|waiting for .* to become free'

# Checks that the kernel reported no problem and that our init ran to its end.
sound() {
	local line
	line=$(complaint <"$WORK/serial.log") && fail "kernel: $line"
	grep -q '^end$' "$WORK/verdict" || fail "the machine stopped before the end: $(last_line)"
}

# Prints the console log line by line. The kernel may print a line, whose time has six decimals, in the middle
# of a line that a process has begun.
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

### Checks

# verdict KEY: the values that the machine reported under KEY.
verdict() { awk -v key="$1 " 'index($0, key) == 1 { print substr($0, length(key) + 1) }' "$WORK/verdict"; }

# want KEY VALUE: the machine reported exactly this value, once.
want() {
	local got
	got=$(verdict "$1")
	[ "$got" = "$2" ] || fail "$1: wanted '$2', got '$got'"
}

# want_log REGEX: the console has a matching line.
want_log() { console | grep -c -E -- "$1" >"$WORK/count" || fail "the console has no line: $1"; }
want_no_log() { ! grep -a -q -E -- "$1" "$WORK/serial.log" || fail "the console has a line: $1"; }

# Checks from outside that the file system on the LUN holds what the machine wrote.
want_written() { # FILE
	[ "$(debugfs -R 'cat /written' "$1" 2>/dev/null)" = "$(verdict written)" ] ||
		fail "/written in ${1##*/} differs from what the machine wrote"
	[ "$(debugfs -R 'cat /blob' "$1" 2>/dev/null | sha256sum)" = "$(verdict blob)  -" ] ||
		fail "/blob in ${1##*/} differs from what the machine wrote"
	e2fsck -fn "$1" >"$WORK/e2fsck.log" 2>&1 || fail "e2fsck: $(tail -n 1 "$WORK/e2fsck.log")"
}

# want_root IQN FILE [PATHS]: the machine entered its root, which is FILE on a LUN of target IQN, over that many
# paths (1), and all timers have the configured values.
want_root() {
	want agent-status 0
	want root-target "$1"
	want root-fs ext4
	want root-kernel "$KVER"
	want_session "$1" "${3-1}"
	want read-back same
	want_written "$2"
	agent_within 150
	note "agent took $SPENT s to the root"
}

# want_session IQN [PATHS]: on each path (1), the timers have the defaults of iscsi-boot-agent(8) for a root
# without multipath.
want_session() {
	want_each "session $1" "${2-1}" "state=LOGGED_IN recovery_tmo=86400"
	want_each "connection $1" "${2-1}" "ping_tmo=0 recv_tmo=0"
	want_each "disk $1" "${2-1}" "timeout=90 eh_timeout=10 max_retries=5 scheduler=none" "sd[a-z]* "
}

# want_each KEY NUMBER VALUE [PREFIX]: the machine reported VALUE that many times, after a prefix (a glob).
want_each() {
	local value number=0
	while read -r value; do
		# shellcheck disable=SC2295 # the prefix is a glob
		[ "${value#${4-}}" = "$3" ] || fail "$1: wanted '$3', got '$value'"
		number=$((number + 1))
	done < <(verdict "$1")
	[ $number = "$2" ] || fail "$1: wanted $2 lines, got $number"
}

# want_failure STATUS SECONDS: the agent exited with STATUS within SECONDS, which is its deadline and as much
# again for a busy machine. It logged an error and what to try.
want_failure() {
	want agent-status "$1"
	want_log 'iscsi-boot: [a-z]+: error: .+: .'
	want_log 'iscsi-boot: [a-z]+: try: .'
	agent_within "$2"
	note "status $1 after $SPENT s:$(said error | cut -c 1-100)"
}

said() { tr -d '\r' <"$WORK/serial.log" | sed -n "s/.*iscsi-boot: [a-z]*: $1://p" | tail -n 1; }

agent_within() {
	SPENT=$(awk -v a="$(verdict agent-start)" -v b="$(verdict agent-end)" 'BEGIN { printf "%.1f", b - a }')
	awk -v s="$SPENT" -v most="$1" 'BEGIN { exit !(s <= most) }' || fail "took $SPENT s, more than $1"
}

# tree NAME PREFIX: prints what the machine dumped as NAME, one line per file: path, mode, content. Directories
# end with a slash, unreadable files have "!", and the lines of a file are joined by \n.
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

# Prints one line without its newline; marks any other content.
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

# want_no_leak: the debug kernel found neither leaks nor locking errors, and lockdep was active until the end.
want_no_leak() {
	want kmemleak 0
	want debug-locks 1
}

# same EXPECTED FOUND WHAT: compares two files of lines.
same() {
	diff -u "$1" "$2" >"$WORK/diff" || fail "$3: $(grep -c '^[-+][^-+]' "$WORK/diff") lines differ," \
		"see ${WORK#"$TOP/"}/diff; first: $(grep -m 1 '^[-+][^-+]' "$WORK/diff")"
}
