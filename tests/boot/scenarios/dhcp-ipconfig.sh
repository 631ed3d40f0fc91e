# shellcheck shell=bash
# groups: net
# klibc's ipconfig, as in Debian's initramfs, which sets the address itself.
# Outcome: the agent uses ipconfig's result and boots; it does not change ipconfig's host name.

lab
stock 6.12
guest <<'END'
hostname given
agent_boot
say hostname "$(hostname)"
say addresses "$(ip -4 -o addr show dev eth0 | wc -l)"
enter_root /dev/iscsi-boot/root
END
PATH=$PATH:/usr/lib/klibc/bin program ipconfig
install -D -t "$WORK/overlay/usr/lib" /lib/klibc-*.so
initramfs
switch lan 10.7.0.1/24
san 10.7.0.1
serve interface=lan dhcp-range=10.7.0.50,10.7.0.60,1h "dhcp-host=$MAC,10.7.0.55,node1"
lan n0 lan "$MAC"
direct "$(root_at 10.7.0.1) ip=dhcp iscsi_boot.dhcp-client=ipconfig"

want_boot
want hostname given
want addresses 1
want_log 'dhcp: eth0: 10\.7\.0\.55/24 for 3600 s, by ipconfig after'
want_wire n0 "src 10.7.0.55 and tcp dst port 3260"
