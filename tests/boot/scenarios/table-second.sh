# shellcheck shell=bash
# groups: check
# Two tables in ACPI, of UEFI firmware and of iPXE, for one initiator; and a third one.
# Outcome: module and agent show the same: the targets of both, those of the second as further ones, and a line
# about the third.

stock 6.12
guest <<'END'
modprobe iscsi_boot_unified
$AGENT show --json >/module
rmmod iscsi_boot_unified
$AGENT show --json >/agent
say module "$(base64 -w0 /module)"
say agent "$(base64 -w0 /agent)"
END
initramfs
table intel-x540
table ipxe-bios "iqn.2010-04.org.ipxe:client=>iqn.1987-05.com.intel:client"
table two-nics
nic n0 "$MAC" addr=4
direct

# Without what must differ: who made the view, the state of the devices, and the line that the module is missing.
shown() {
	verdict "$1" | base64 -d | tr , '\n' |
		grep -v -E '^ *$|"(made-by|warnings|status|netdev)"|^      \}$|warning agent'
}
shown module >"$WORK/module"
shown agent >"$WORK/agent"
same "$WORK/module" "$WORK/agent" "the view of the agent"
[ "$(grep -c '"target-name"' "$WORK/module")" = 3 ] || fail "not three targets"
grep -q 'warning ibft2 table -: additional table; its targets are further ones' "$WORK/module" || fail "no word of the second"
grep -q 'more than two tables; ignored' "$WORK/module" || fail "no word of the third"
