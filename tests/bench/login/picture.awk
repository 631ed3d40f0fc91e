# Draws one boot of each way. Input: "WAY KEY MILLISECONDS", the ways in the order of the rows.
{ at[$1, $2] = $3; if (!($1 in seen)) { seen[$1]; way[++nr] = $1 } }

function bar(x, y, from, to, scale, class) {
	if (to > from)
		printf "<rect x='%.1f' y='%d' width='%.1f' height='18' class='%s'/>\n", x + from * scale, y,
			(to - from) * scale < 0.5 ? 0.5 : (to - from) * scale, class
}
function row(w, y, scale,   i, from) {
	printf "<text x='0' y='%d'>%s</text>\n", y + 14, title[w]
	from = 0
	for (i = 1; i <= nr_phases; i++) {
		bar(LEFT, y, from, at[w, until[i]], scale, class[i])
		if (at[w, until[i]] > from)
			from = at[w, until[i]]
	}
	printf "<text x='%.1f' y='%d' class='small'>%d ms</text>\n", LEFT + from * scale + 6, y + 13, at[w, "last"]
}
function grid(y, height, longest, step, scale,   t) {
	for (t = 0; t <= longest; t += step)
		printf "<path d='M%.1f %dv%d' class='grid'/><text x='%.1f' y='%d' class='small'>%s</text>\n",
			LEFT + t * scale, y, height, LEFT + t * scale - 4, y + height + 14, t
}
function phase(key, colour, words) { until[++nr_phases] = key; class[nr_phases] = colour; name[nr_phases] = words }
function legend(y,   i, x) {
	for (i = 1; i <= nr_phases; i++) {
		x = (i - 1) % 3 * 265
		printf "<rect x='%d' y='%d' width='12' height='12' class='%s'/>", x, y + int((i - 1) / 3) * 20, class[i]
		printf "<text x='%d' y='%d' class='small'>%s</text>\n", x + 18, y + 11 + int((i - 1) / 3) * 20, name[i]
	}
}
function ways(words, y, longest, step,   i, n, scale) {
	scale = (WIDTH - LEFT - 60) / longest
	printf "<text x='0' y='%d'>%s</text>\n", y - 10, words
	for (i = 1; i <= nr; i++)
		if (at[way[i], "last"] <= longest * 1.001)
			n++
	grid(y, n * 28, longest, step, scale)
	n = 0
	for (i = 1; i <= nr; i++)
		if (at[way[i], "last"] <= longest * 1.001)
			row(way[i], y + 5 + 28 * n++, scale)
}
# Chooses a step of 1, 2 or 5 times a power of ten, for at most ten steps.
function step_for(longest,   s) {
	for (s = 1; longest / s > 10; s *= s ~ /^2/ ? 2.5 : 2)
		;
	return s
}

END {
	WIDTH = 800; LEFT = 140
	title["hook"] = "hook of the Arch wiki"
	title["firmware"] = "iscsistart -N, -b"
	title["open-iscsi"] = "agent, open-iscsi"
	title["native"] = "agent, native"
	phase("at-first-frame", "program", "from the start to the NIC's first frame")
	phase("at-syn", "address", "to the first SYN")
	phase("at-login", "connect", "to the first login PDU")
	phase("at-logged-in", "login", "to the last Login Response")
	phase("at-scan", "between", "to the first SCSI command")
	phase("at-reply", "scan", "to the last SCSI reply")
	phase("last", "disk", "to the block device")
	for (i = 1; i <= nr; i++)
		if (at[way[i], "last"] > longest)
			longest = at[way[i], "last"]
	printf "<svg xmlns='http://www.w3.org/2000/svg' viewBox='-20 -10 %d 420' font-family='sans-serif' font-size='13'>\n", WIDTH + 20
	print "<style>.grid{stroke:#ddd}.small{font-size:11px}.program{fill:#999}.address{fill:#cb9}" \
		".connect{fill:#e90}.login{fill:#c33}.between{fill:#ec6}.scan{fill:#36c}.disk{fill:#393}</style>"
	printf "<rect x='-20' y='-10' width='%d' height='420' fill='#fff'/>\n", WIDTH + 20
	print "<text x='0' y='10' font-size='15'>Milliseconds from the start to the block device of the root</text>"
	legend(22)
	ways("one target, no delay", 110, longest, step_for(longest))
	if ((("native"), "last") in at) {
		for (i = 1; i <= nr; i++)
			if (way[i] != "native")
				at[way[i], "last"] = 1e9
		ways("the last one, enlarged", 290, at["native", "last"], step_for(at["native", "last"]))
	}
	print "</svg>"
}
