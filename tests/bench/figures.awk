# Reads the figures of a bench, "CASE WAY NUMBER KEY VALUE" or "size WHAT BYTES", and computes quantiles.
$1 == "size" { size[$2] = $3; next }
{
	key = $1 SUBSEP $2 SUBSEP $4
	all[key] = all[key] " " $5
	if (!($1 in cases)) { cases[$1]; case_name[++nr_cases] = $1 }
	if (!(($1, $2) in ways)) { ways[$1, $2]; way_name[$1, ++nr_ways[$1]] = $2 }
}

# The value below which a share of all values lies, interpolated between two values.
function quantile(c, w, k, share,   v, n, i, j, t, at) {
	n = split(all[c, w, k], v, " ")
	if (!n)
		return ""
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j] + 0 < v[j - 1] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
	at = 1 + (n - 1) * share
	i = int(at)
	return i >= n ? v[n] : v[i] + (v[i + 1] - v[i]) * (at - i)
}
function median(c, w, k) { return quantile(c, w, k, 0.5) }
function number(c, w, k,   v) { return split(all[c, w, k], v, " ") }
function whole(x) { return x == "" ? "" : sprintf("%.0f", x) }

# Prints a figure and whether it meets its requirement; an empty figure means that it was not measured.
function judge(what, figure, ok) {
	if (figure == "")
		printf "not run  %s\n", what
	else
		printf "%-7s  %s: %s\n", ok ? "ok" : "MISSED", what, figure
	if (figure != "" && !ok)
		missed++
}
