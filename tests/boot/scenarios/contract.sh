# shellcheck shell=bash
# groups: check generators
# A plain busybox image made only of the rows and the init in docs/user/generators.md; DHCP.
# Outcome: the root is mounted. The exit statuses and the plan in that document are those of the agent.

# shellcheck source=tests/boot/lib/generators.sh
. "$BOOT/lib/generators.sh"
DOC=$TOP/docs/user/generators.md
# rows LIST: prints the rows of the list: KIND and each name in backquotes, one a line.
rows() { awk -F '|' -v list="$1" '
	/<!-- / { inside = $0 ~ "<!-- " list ": begin" }
	inside && $3 ~ /`/ { n = split($3, word, "`"); gsub(/ /, "", $2); for (i = 2; i <= n; i += 2) print $2 "\t" word[i] }' "$DOC"; }

stock 6.12
installed
image=$WORK/image
mkdir -p "$image"/usr/{bin,sbin,lib,lib64}
for dir in bin sbin lib lib64; do ln -s "usr/$dir" "$image/$dir"; done
MODULES=()
while IFS=$'\t' read -r kind name; do
	case $kind in
	directory) mkdir -p "$image$name" ;;
	module) MODULES+=("$name") ;;
	file) install -D -m 644 /dev/stdin "$image$name" <<<'root:x:0:0:root:/:/bin/sh' ;;
	program)
		[ ! -e "$INSTALLED$name" ] || name=$INSTALLED$name
		[ -e "$name" ] || name=$(command -v "${name##*/}") || fail "program $name is missing"
		copy_program "$image" "$name"
		place=$image${name#"$INSTALLED"}
		mkdir -p "${place%/*}"
		[ "$place" -ef "$image/usr/sbin/${name##*/}" ] || mv "$image/usr/sbin/${name##*/}" "$place"
		;;
	*) fail "unknown kind of row: $kind" ;;
	esac
done < <(rows contract)
[ ${#MODULES[@]} -gt 3 ] || fail "generators.md has no rows"
copy_modules "$image" "$KDIR" "$(module_for "$KVER")"
for applet in $(busybox --list); do [ -e "$image/usr/bin/$applet" ] || ln -s busybox "$image/usr/bin/$applet"; done
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$DOC" >"$image/init"
chmod +x "$image/init"
pack "$image" "$WORK/initrd.cpio"
rm -rf "$image" "$INSTALLED"

rootfs "$WORK/root.img"
target_start 127.0.0.1
target 1 "$IQN" "$WORK/root.img"
nic n0 "$MAC"
direct "ip=eth0:dhcp iscsi_initiator=$INITIATOR iscsi_boot.target=iscsi://10.0.2.2:$PORT/$IQN/1"

want_root_of "$IQN" "$WORK/root.img"
note "image of $(gzip -1 <"$WORK/initrd.cpio" | wc -c | awk '{ printf "%.1f MB", $1 / 1e6 }'), gzip -1"
while IFS=$'\t' read -r status words; do
	grep -r -q -F "$words" "$TOP"/agent/*/*.c || fail "status $status: the agent has no message: $words"
done < <(rows answers)

# Each path of the parameters is planned, and the plan in the document is what the agent prints.
mkdir -p "$WORK/words/proc"
while IFS=$'\t' read -r machine words; do
	echo "root=UUID=1 ro $words" >"$WORK/words/proc/cmdline"
	"$AGENT" plan --root="$WORK/words" >"$WORK/plan-$machine" 2>"$WORK/plan.log" || fail "the agent cannot plan: $words"
	[ "$(grep -c '^path: ' "$WORK/plan-$machine")" = "$(grep -o 'iscsi_boot\.target=' <<<"$words" | wc -l)" ] ||
		fail "not all paths are planned for: $words"
done < <(rows words)
[ -e "$WORK/plan-twopaths" ] || fail "generators.md has no parameters"
sed -n -E 's/^    ((network|path): )/\1/p' "$DOC" >"$WORK/shown"
[ -s "$WORK/shown" ] || fail "generators.md shows no plan"
! grep -v -x -F -f "$WORK/plan-twopaths" "$WORK/shown" >"$WORK/other" || fail "not in the plan: $(head -n 1 "$WORK/other")"
