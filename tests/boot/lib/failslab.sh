# shellcheck shell=bash
# Makes memory allocations fail in the debug kernel. Sourced by a scenario that sets BELOW to the function whose
# allocations during a load may fail, or to "" for all functions.

WORDS="rd.iscsi.initiator=iqn.2026-11.org.example:host1 ip=10.0.0.7:::24::eth9:none "
WORDS+="iscsi_boot.target=iscsi://user:secretsecret@10.0.0.9/iqn.a:b?nic=eth9"
guest <<GUEST
. /guest/debug.sh
fail_below $BELOW
lifecycle fail
fail_anywhere
lifecycle fail-read
leaks
lockdep_awake
GUEST
initramfs
table ipxe-chap
# Grace periods are expedited because there are many. Informational kernel messages are not printed.
direct "loglevel=6 rcupdate.rcu_expedited=1 $WORDS"

want lifecycle-fail "0 "
want lifecycle-fail-read "0 "
want_no_leak
[ "$(verdict load-injections)" -gt 100 ] || fail "only $(verdict load-injections) injections into loads"
[ "$(verdict read-injections)" -gt 100 ] || fail "only $(verdict read-injections) injections into reads"
note "$(verdict load-injections) injections into loads, $(verdict read-injections) into reads"
