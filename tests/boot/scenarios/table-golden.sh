# shellcheck shell=bash
# groups: check
# A table of our own in ACPI: two NICs, two targets, mutual CHAP, VLAN, IPv6, server addresses.
# Outcome: each file of the view has the path, mode and content of the golden texts: those that the parsers give
# on any machine, and those that the kernel adds here, without NICs and with both.

stock 6.12
guest <<'END'
status() { cat $VIEW/nic*/netdev/status | xargs; }
# Waits until the two files are consistent.
states() { cat $VIEW/nic*/netdev/status $VIEW/nic*/netdev/operstate | xargs; }
modprobe iscsi_boot_unified
dump bare $VIEW
dump acpi /sys/firmware/acpi/tables/iBFT
before=$(cat $VIEW/generation)
modprobe e1000
say down "$(status)"
ip link set eth0 up
ip link set eth1 up
# The carrier comes up after one or two seconds, later on a busy machine.
tries=0
while [ "$(states)" != "up up up up" ] && [ $tries -lt 600 ]; do usleep 100000; tries=$((tries + 1)); done
dump up $VIEW
[ "$(cat $VIEW/generation)" -gt "$before" ] && say generation grew
rmmod iscsi_boot_unified
[ -e $VIEW ] || say unloaded "without a trace"
END
initramfs
table two-nics
nic n0 52:54:00:aa:00:01 addr=3
nic n1 52:54:00:aa:00:02 addr=4
direct

view() { tree "$1" /sys/firmware/iscsi_boot_unified | sed -E 's/^(generation 0444) [0-9]+$/\1 N/'; }

view bare >"$WORK/bare.tree"
LC_ALL=C sort "$TOP/tests/data/two-nics.tree" "$BOOT/golden/two-nics.absent" >"$WORK/bare.golden"
same "$WORK/bare.golden" "$WORK/bare.tree" "the view without NICs"
[ "$(verdict bare | awk '$3 ~ /ibft\/table$/ { print $4 }')" = "$(verdict acpi | cut -d ' ' -f 4)" ] ||
	fail "ibft/table differs from the table in ACPI"
want down "down down"
view up >"$WORK/up.tree"
LC_ALL=C sort "$TOP/tests/data/two-nics.tree" "$BOOT/golden/two-nics.up" >"$WORK/up.golden"
same "$WORK/up.golden" "$WORK/up.tree" "the view with both NICs up"
want generation grew
want unloaded "without a trace"
