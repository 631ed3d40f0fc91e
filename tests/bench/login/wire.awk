# Computes the times of a login from a capture, as "KEY MILLISECONDS". Input columns: time, source, stream, SYN,
# ACK, opcodes, data, ARP, source MAC. "at-..." are times since the way was started, by the clock that the
# machine sent.
BEGIN { FS = "\t" }

function ms(t) { return sprintf("%.3f", t * 1000) }
function has(ops, code) { return ("," ops ",") ~ ("," code ",") }
function hex(s,   i, r) {
	for (i = 1; i < length(s); i += 2)
		r = r sprintf("%c", (index("0123456789abcdef", substr(s, i, 1)) - 1) * 16 + \
			index("0123456789abcdef", substr(s, i + 1, 1)) - 1)
	return r
}

{ time = $1 }
$7 ~ /^636c6f636b20/ { split(hex($7), word, " "); clock = time - delay / 1000 - word[2]; next }
# Ignores the packets that QEMU itself sends when it resumes a machine.
$9 == mac && $8 != 3 && frame == "" { frame = time }
$3 == "" { next }
$4 ~ /1|True/ && $5 !~ /1|True/ { if (syn == "") syn = time; us = $2; next }
$4 ~ /1|True/ { answered[$3] = time; next }
# The initiator's first packet after SYN and ACK ends the handshake.
$2 == us && !($3 in shaken) { shaken[$3] = time }
$2 == us && has($6, "0x03") && !($3 in login) {
	login[$3] = time
	if (first_login == "") first_login = time
	if (time - shaken[$3] > slowest) slowest = time - shaken[$3]
}
has($6, "0x23") { logged_in = time; if (first_in == "") first_in = time }
has($6, "0x01") { scanning[$3]; if (scan == "") scan = time }
has($6, "0x21") || has($6, "0x25") { reply = time }
# Until the first SCSI command of a connection, the time after a response of the target is the initiator's.
syn != "" && $6 != "" {
	if ($2 == us && theirs[$3] && time - theirs[$3] > longest) { longest = time - theirs[$3]; longest_at = theirs[$3] }
	theirs[$3] = $2 == us || ($3 in scanning) ? 0 : time
}
END {
	if (syn == "" || reply == "")
		exit 1
	print "wire", ms(reply - syn)
	print "to-login", ms(slowest)
	print "silence", ms(longest)
	print "silence-at", ms(longest_at - clock)
	print "at-first-frame", ms(frame - clock)
	print "at-syn", ms(syn - clock)
	print "at-login", ms(first_login - clock)
	print "at-logged-in", ms(logged_in - clock)
	print "at-scan", ms(scan - clock)
	print "at-reply", ms(reply - clock)
}
