# shellcheck shell=bash
# groups: check secrets
# CHAP secrets of the table (both ways, and of a target that is not used), the command line and a file; two NUMA
# nodes, iscsistart (open-iscsi engine) on its own node. All paths are logged in, the agent has exited, our
# module is unloaded.
# Outcome: in a dump of the machine's memory each secret is only at its source, in the kernel's session, and in
# the memory that iscsistart left, which accepts a secret only as an argument.

stock 6.12
mkdir -p "$WORK/overlay/etc" "$WORK/overlay/usr/sbin"
SECRET=(Pq7zTable-one-2xKd Pq7zTable-rev-8mTs Pq7zTable-idle-5vRb 'Pq7z!words-3nWj' Pq7zFile-6hYc)
(umask 077; echo "${SECRET[4]}" >"$WORK/overlay/etc/chap")
install "$TOP/build/where" "$WORK/overlay/usr/sbin/"
install "$TOP/build/iscsistart-apart" "$WORK/overlay/usr/sbin/iscsistart"
install "$(command -v iscsistart)" "$WORK/overlay/usr/sbin/iscsistart.real"
guest <<'END'
agent_boot --wait-all
tries=0
while [ -n "$(pidof iscsi-boot-agent iscsistart.real)" ] && [ $tries -lt 600 ]; do usleep 100000; tries=$((tries + 1)); done
say left "$(pidof iscsi-boot-agent iscsistart.real)"
say sessions "$(ls /sys/class/iscsi_session | wc -l)"
rmmod iscsi_boot_unified
say rmmod $?
say file "$(where /etc/chap)"
say table "$(dmesg | sed -n 's/.*ACPI: iBFT 0x\([0-9A-F]*\) \([0-9A-F]*\) .*/\1 \2/p')"
say node "$(dmesg | sed -n 's/.*NUMA: Node 1 .*mem 0x\([0-9a-f]*\)-0x\([0-9a-f]*\).*/\1 \2/p;s/.*node   1: \[mem 0x\([0-9a-f]*\)-0x\([0-9a-f]*\).*/\1 \2/p' | tail -n 1)"
say end
while :; do sleep 1000; done
END
initramfs
truncate -s 8M "$WORK"/{a,b,c}.img
target_start 127.0.0.1
target 1 "$IQN.a" "$WORK/a.img" client "${SECRET[0]}" target "${SECRET[1]}"
target 2 "$IQN.b" "$WORK/b.img" words "${SECRET[3]}"
target 3 "$IQN.c" "$WORK/c.img" filed "${SECRET[4]}"
table ipxe-chap "port=3260=>port=$PORT" "iqn.2024-01.example:disk=>$IQN.a" "client-secret=>${SECRET[0]}" \
	"target-secret=>${SECRET[1]}
target index=1 flags=1 ip=10.0.2.2 port=$PORT lun=1 nic=0 chap-type=1 name=$IQN.d chap-name=idle chap-secret=${SECRET[2]}"
nic n0 "$MAC" addr=3
HARDWARE+=(-object "memory-backend-ram,id=m0,size=384M" -numa "node,nodeid=0,cpus=0,memdev=m0"
	-object "memory-backend-ram,id=m1,size=128M" -numa "node,nodeid=1,memdev=m1")

# Once the machine is idle.
dump_memory() {
	while ! grep -q '^end$' "$WORK/verdict"; do sleep 0.2; done
	monitor stop "pmemsave 0 0x20000000 \"$WORK/memory.img\"" quit
}
dump_memory &
PIDS+=($!)
direct nokaslr init_on_free=0 rd.iscsi.firmware \
	"iscsi_boot.target=iscsi://words:${SECRET[3]/!/%21}@10.0.2.2:$PORT/$IQN.b/1" \
	"iscsi_boot.target=iscsi://filed@10.0.2.2:$PORT/$IQN.c/1?secret-file=/etc/chap"

want agent-status 0
want sessions 3
want left ""
want rmmod 0
LEFT=
[ "${ENGINE-}" != open-iscsi ] || LEFT=" iscsistart?"
cat >"$WORK/secrets" <<END
table client ${SECRET[0]} table session$LEFT
table-reverse target ${SECRET[1]} table session$LEFT
table-unused idle ${SECRET[2]} table
words words ${SECRET[3]} session$LEFT
file filed ${SECRET[4]} file session$LEFT
END
read -r first length <<<"$(verdict table)"
cat >"$WORK/places" <<END
table $first $(printf %x $((0x$first + 0x$length - 1)))
file $(verdict file) $(printf %x $((0x$(verdict file) + 4095)))
iscsistart $(verdict node)
END
"$BOOT/explain" "$WORK/memory.img" "$WORK/secrets" "$WORK/places" >"$WORK/explained" ||
	fail "$(grep -m 1 must "$WORK/explained"); see ${WORK#"$TOP/"}/explained"
note "$(tail -n 1 "$WORK/explained") of ${#SECRET[@]} secrets, all explained"
