# shellcheck shell=bash
# groups: check
# Compares the kernel's iscsi_ibft with our module, loaded before and after it, on a well-formed table.
# Outcome: "iscsistart -f" and /sys/firmware/ibft are the same with and without our module. Both trees agree
# except for the differences that docs/user/sysfs-abi.md lists.

stock 6.1
guest <<'END'
look() { # NAME: reports what iscsistart and iscsi_ibft show
	say "$1-status $(iscsistart -f >/tmp/out 2>&1; echo $?)"
	say "$1-output $(base64 -w 0 /tmp/out)"
	[ -d /sys/firmware/ibft ] && dump "$1-tree" /sys/firmware/ibft
}
modprobe e1000
look none
modprobe iscsi_boot_unified
look ours
rmmod iscsi_boot_unified
modprobe iscsi_ibft
look theirs
modprobe iscsi_boot_unified
look theirs-ours
dump view $VIEW
rmmod iscsi_ibft iscsi_boot_unified
modprobe iscsi_boot_unified
modprobe iscsi_ibft
look ours-theirs
END
initramfs
table two-nics
nic n0 52:54:00:aa:00:01 addr=3
nic n1 52:54:00:aa:00:02 addr=4
direct

for what in status output; do
	want "ours-$what" "$(verdict "none-$what")"
	want "theirs-ours-$what" "$(verdict "theirs-$what")"
	want "ours-theirs-$what" "$(verdict "theirs-$what")"
done
want theirs-status 0
for order in theirs-ours ours-theirs; do
	verdict theirs-tree >"$WORK/theirs.tree"
	verdict $order-tree >"$WORK/$order.tree"
	same "$WORK/theirs.tree" "$WORK/$order.tree" "/sys/firmware/ibft, loaded as $order"
done

# Prints the files of a dump as "PATH CONTENT". general(): the name of a file as the documents write it.
files() { verdict "$1" | awk -v skip=$((${#2} + 1)) '$1 != "dir" { print substr($3, skip + 1), $4 }'; }
general() { sed -E 's/^(ethernet|nic|target)[0-9]+/\1N/' <<<"$1"; }

declare -A ours=() dropped=() extra=()
while read -r path content; do ours[$path]=$content; done < <(files view /sys/firmware/iscsi_boot_unified)
while IFS='| ' read -r _ left right _; do
	[ "$left" = - ] || dropped[$left]=1
	[ "$right" = - ] || extra[$right]=1
done < <(sed -n '/differences: begin/,/differences: end/{/^| [^-t]\|^| - \|^| target/p}' "$TOP/docs/user/sysfs-abi.md")
[ ${#dropped[@]} -gt 5 ] || fail "docs/user/sysfs-abi.md: the table of differences is missing"

agreed=0
while read -r path content; do
	mapped=$(sed -E 's/^ethernet/nic/; s/^acpi_header/ibft/; s/^initiator.//' <<<"$path")
	[ -z "${dropped[$(general "$path")]-}" ] || continue
	[ "$content" = "${ours[$mapped]-}" ] ||
		fail "$path there is '$(base64 -d <<<"$content")', $mapped here '$(base64 -d <<<"${ours[$mapped]-}")'"
	unset "ours[$mapped]"
	agreed=$((agreed + 1))
done < <(files theirs-tree /sys/firmware/ibft)
for path in "${!ours[@]}"; do
	[ -n "${extra[$(general "$path")]-}" ] || fail "$path is only in our view, which docs/user/sysfs-abi.md does not list"
done
note "$agreed files agree, ${#dropped[@]} differ as documented"
