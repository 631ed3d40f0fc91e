# SPDX-License-Identifier: GPL-2.0-only
# Makes the table of docs/results/quirks.md of lines "ran QUIRK ENGINE START END MD5"; sum is the right MD5.
function median(list,   v, n, i, j, t) {
	n = split(list, v, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j] + 0 < v[j - 1] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
	return v[int((n + 1) / 2)]
}
$1 == "ran" {
	if (!($2 in seen)) {
		seen[$2]
		name[++nr] = $2
	}
	took[$2, $3] = took[$2, $3] " " $5 - $4
	if ($6 != sum)
		lost[$2, $3] = 1
}
END {
	print "| quirk | native | iscsistart | time of native relative to iscsistart |\n|---|---|---|---|"
	for (i = 1; i <= nr; i++) {
		q = name[i]
		native = lost[q, "native"] ? "no" : "yes"
		peer = lost[q, "iscsistart"] ? "no" : "yes"
		ratio = native peer == "yesyes" && median(took[q, "iscsistart"]) > 0 ? \
			sprintf("%.2f", median(took[q, "native"]) / median(took[q, "iscsistart"])) : ""
		printf "| %s | %s | %s | %s |\n", q, native, peer, ratio
	}
}
