# shellcheck shell=bash
# groups: check secrets
# CHAP secrets of the table (both ways, and of a target that is not used), the command line and a file, each
# used to log in, and one of a target whose credentials are incomplete.
# Outcome: no secret is in any file that root without CAP_SYS_ADMIN or another user can read, nor in a uevent,
# the kernel's log, the diagnostics, the agent's output and its files in /run, or the arguments or environment
# of any program. With the open-iscsi engine, iscsistart's -w and -W are excepted.

stock 6.1
mkdir -p "$WORK/overlay/etc"
SECRET=(Pq7zTable-one-2xKd Pq7zTable-rev-8mTs Pq7zTable-idle-5vRb 'Pq7z!words-3nWj' Pq7zFile-6hYc Pq7zTable-bad-9dFs)
(umask 077; echo "${SECRET[4]}" >"$WORK/overlay/etc/chap")
copy_program "$WORK/overlay" "$(command -v setpriv)"
guest <<'END'
report() { say "$1 $(base64 -w 0)"; }
uevent >/tmp/uevents 2>&1 &
strace -f -v -s 4096 -e trace=execve -o /tmp/programs "$AGENT" boot --wait-all --kmsg >/tmp/said 2>&1
say agent-status $?
report said </tmp/said
rmmod iscsi_boot_unified
modprobe iscsi_boot_unified
for words in show "show --json" plan status "status --json"; do $AGENT $words; done 2>&1 | report said
report programs </tmp/programs
report uevents </tmp/uevents
report diagnostics <$VIEW/diagnostics
ALL="$VIEW /run /dev/iscsi-boot /sys/module/iscsi_boot_unified"
/guest/walk root $ALL >&3
/usr/sbin/setpriv --bounding-set -sys_admin --inh-caps -all /guest/walk powerless $ALL >&3
/usr/sbin/setpriv --reuid 65534 --regid 65534 --clear-groups /guest/walk user $ALL >&3
dmesg | report log
END
initramfs
truncate -s 8M "$WORK"/{a,b,c}.img
target_start 127.0.0.1
target 1 "$IQN.a" "$WORK/a.img" client "${SECRET[0]}" target "${SECRET[1]}"
target 2 "$IQN.b" "$WORK/b.img" words "${SECRET[3]}"
target 3 "$IQN.c" "$WORK/c.img" filed "${SECRET[4]}"
table ipxe-chap "oem_table_id=iPXE=>oem_table_id=iPXE expansion=1" "port=3260=>port=$PORT" \
	"iqn.2024-01.example:disk=>$IQN.a" "client-secret=>${SECRET[0]}" "target-secret=>${SECRET[1]}
target index=1 flags=1 ip=10.0.2.2 port=$PORT lun=1 nic=0 chap-type=1 name=$IQN.d chap-name=idle chap-secret=${SECRET[2]}
target index=2 flags=1 ip=10.0.2.2 port=$PORT lun=1 nic=0 chap-type=2 name=$IQN.e chap-name=half chap-secret=${SECRET[5]}"
nic n0 "$MAC" addr=3
direct rd.iscsi.firmware "iscsi_boot.target=iscsi://words:${SECRET[3]/!/%21}@10.0.2.2:$PORT/$IQN.b/1" \
	"iscsi_boot.target=iscsi://filed@10.0.2.2:$PORT/$IQN.c/1?secret-file=/etc/chap"

want agent-status 0

# reported KEY: prints what the machine reported under KEY, as text.
reported() {
	local line
	verdict "$1" | while read -r line; do base64 -d <<<"$line"; echo; done
}
# secrets: prints the secrets in standard input, also in the form of the command line.
secrets() { grep -a -o -E "$(IFS='|'; echo "${SECRET[*]}")|Pq7z%21words-3nWj" | sort -u | xargs || true; }
# no_secret WHAT: checks that standard input is not empty and contains no secret.
no_secret() {
	local found
	tee "$WORK/looked-at" | secrets >"$WORK/found"
	found=$(cat "$WORK/found")
	[ -z "$found" ] || fail "$1 contains $found"
	[ -s "$WORK/looked-at" ] || fail "$1 is empty"
}

for what in said uevents diagnostics; do reported $what | no_secret "$what"; done
# Only the kernel prints its command line.
reported log | grep -a -v -i 'command line:' | no_secret "the kernel's log"
tr -d '\r' <"$WORK/serial.log" | grep -a -v -i 'command line:' | no_secret "the console"
# strace -v: arguments and environment of every program; only the values of iscsistart's -w and -W.
# grep -q would end the pipe early, which makes it fail; so everything is read.
reported programs | grep 'execve(".*iscsi-boot-agent"' >/dev/null || fail "the trace has no run of the agent"
if [ "${ENGINE-}" = open-iscsi ]; then
	reported programs | grep -c 'execve("/usr/sbin/iscsistart"' | grep -q '[3-9]' || fail "the trace has too few runs of iscsistart"
	[ "$(reported programs | secrets | wc -w)" -ge 4 ] || fail "the trace lacks iscsistart's arguments"
fi
reported programs | sed -E '/execve\("\/usr\/sbin\/iscsistart"/s/"-[wW]", "[^"]*"//g' | no_secret "programs"

# Lists the files that contain secrets, as "PATH SECRETS".
with_secrets() {
	local _kind _mode path content
	verdict "$1" | while read -r _kind _mode path content; do
		content=$(base64 -d <<<"$content" | secrets)
		[ -z "$content" ] || echo "${path#/sys/firmware/iscsi_boot_unified/} $content"
	done
}
for who in powerless user; do
	[ "$(verdict $who | grep -c '^file 444 ')" -gt 50 ] || fail "$who can read too few files"
	[ -z "$(with_secrets $who)" ] || fail "$who reads $(with_secrets $who | head -n 1)"
done
with_secrets root >"$WORK/root.files"
LC_ALL=C sort >"$WORK/root.golden" <<END
ibft/table $(printf '%s\n' "${SECRET[@]:0:3}" "${SECRET[5]}" | sort | xargs)
target0/chap-secret ${SECRET[0]}
target0/rev-chap-name-secret ${SECRET[1]}
target1/chap-secret ${SECRET[2]}
target2/chap-secret ${SECRET[5]}
target3/chap-secret ${SECRET[3]}
END
LC_ALL=C sort -o "$WORK/root.files" "$WORK/root.files"
same "$WORK/root.golden" "$WORK/root.files" "secrets that root reads in our files"
note "$(verdict root | wc -l) files, $(reported programs | grep -c execve) programs, $(reported log | wc -l) lines of the kernel's log"
