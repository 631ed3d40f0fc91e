# shellcheck shell=bash
# groups: check
# Nothing to boot from: no table, no parameter on the command line.
# Outcome: the module loads with an empty view and the agent exits with status 3. A trace of the agent shows no
# socket, no write outside /run, no module but ours, no program, and no process but the one that loads the
# module, which may hang.

stock 6.12
guest <<'END'
cut -d ' ' -f 1 /proc/modules | sort >/tmp/before
strace -f -qq -s 200 -o /tmp/trace $AGENT boot
say agent-status $?
cut -d ' ' -f 1 /proc/modules | sort >/tmp/after
say new-modules "$(diff /tmp/before /tmp/after | sed -n 's/^+\([^+]\)/\1/p' | xargs)"
say sources "$(cat $VIEW/sources)"
say view "$(cd $VIEW; echo *)"
say diagnostics "$(cat $VIEW/diagnostics)"
say calls "$(wc -l </tmp/trace)"
grep -E '(socket|connect|bind)\(' /tmp/trace | while read -r line; do say socket "$line"; done
grep -E 'O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)|(mkdir|mknod|unlink|rename|link|symlink|chmod|chown|mount|truncate)(at)?\(' /tmp/trace |
	grep -v -e 'readlink' -e '"/run/' -e '"/dev/null"' | while read -r line; do say write "$line"; done
grep 'execve' /tmp/trace | grep -v "execve(\"$AGENT\"" | while read -r line; do say program "$line"; done
say processes "$(grep -c -E '(clone|clone3|fork|vfork)\(' /tmp/trace)"
say run "$(find /run -type f)"
# And again without a trace.
rmmod iscsi_boot_unified
$AGENT boot
END
initramfs
nic n0 "$MAC"
direct

want agent-status 3
want new-modules iscsi_boot_unified
want sources none
want view "abi-version diagnostics errors generation sources warnings"
want diagnostics ""
want socket ""
want write ""
want program ""
want processes 1
[ "$(verdict calls)" -gt 20 ] || fail "the trace has $(verdict calls) lines only"
want_log 'there is nothing to boot from by iSCSI, after [0-9.]* s'
note "gone $(tr -d '\r' <"$WORK/serial.log" | sed -n 's/.*nothing to boot from by iSCSI, //p' | tail -n 1)"
