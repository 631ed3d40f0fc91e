# Writes the tables of all runs to the file TABLES, and prints each requirement with its figure. Needs
# figures.awk. A machine that did not come up in SECONDS is "failed SECONDS REASON..." and has no time.
$4 == "failed" {
	reason[$1, $2] = substr($0, index($0, " failed " $5 " ") + length(" failed " $5 " "))
}

function failed(c, w) { return number(c, w, "failed") }
function seconds(c, w, share) { return sprintf("%.1f", quantile(c, w, "took", share) / 1000) }
function ours_of(w) { return w ~ /^debian/ ? "debian-ours" : "dracut-ours" }
function mib(bytes) { return bytes == "" ? "" : sprintf("%.1f", bytes / 1048576) }
function each(c, w, k) { return whole(quantile(c, w, k, 0)) == whole(quantile(c, w, k, 1)) ? \
	whole(median(c, w, k)) : whole(quantile(c, w, k, 0)) " to " whole(quantile(c, w, k, 1)) }

function ratio(c, w,   ours) {
	ours = median(c, ours_of(w), "took")
	return w == ours_of(w) || ours == "" || failed(c, w) || failed(c, ours_of(w)) ? "" : \
		sprintf("%.1f", median(c, w, "took") / ours)
}
function took(c, w) {
	if (failed(c, w))
		return failed(c, w) " of " failed(c, w) + number(c, w, "took") " not up after " \
			whole(quantile(c, w, "failed", 0)) " s"
	return "**" seconds(c, w, 0.5) "** (" seconds(c, w, 0.25) " to " seconds(c, w, 0.75) ")"
}
function row(c, w) {
	printf "| %s | %d | %s | %s | %s | %s | %s |\n", title[w], failed(c, w) + number(c, w, "took"), took(c, w),
		ratio(c, w), each(c, w, "connections"), each(c, w, "recovery"), each(c, w, "timeout") >tables
}
function table(c,   i, w) {
	printf "\n%s\n\n", c == "words" ? "From the command line" : "From the firmware's table" >tables
	print "| image | boots | seconds to the root's init | relative to the agent | connections | recovery_tmo | timeout |\n" \
		"|---|---|---|---|---|---|---|" >tables
	for (i = 1; i <= nr_order; i++)
		if ((c, order[i]) in ways)
			row(c, order[i])
	for (i = 1; i <= nr_order; i++)
		if (failed(c, w = order[i]))
			printf "\n%s: the console shows `%s`.\n", title[w], reason[c, w] >tables
}

function size_row(w, base) {
	if (w in size)
		printf "| %s | %s | %s |\n", title[w], mib(size[w]), mib(size[w] - size[base]) >tables
}
function sizes(   i) {
	print "\nThe images\n\n| image | MiB | part for iSCSI and network |\n|---|---|---|" >tables
	for (i = 1; i <= nr_order; i++)
		size_row(order[i], order[i] ~ /^debian/ ? "debian-without" : "dracut-without")
}

function comes_up(c, w,   n) {
	n = failed(c, w) + number(c, w, "took")
	judge(title[w] ", " c ": each boot comes up", n ? n - failed(c, w) " of " n : "", !failed(c, w))
}
function timers(c, w,   t) {
	t = number(c, w, "took") ? each(c, w, "recovery") ", " each(c, w, "timeout") : ""
	judge(title[w] ", " c ": a command waits a day for a lost target", t, t == "86400, 90")
}
function faster(c, w,   r) {
	r = ratio(c, w)
	judge(title[ours_of(w)] ", " c ": up before " title[w], r, r > 1)
}

END {
	nr_order = split("debian debian-ours dracut dracut-mended dracut-ours", order, " ")
	title["debian"] = "initramfs-tools, Debian's script"
	title["debian-ours"] = "initramfs-tools, the agent"
	title["dracut"] = "dracut, own iscsi module"
	title["dracut-mended"] = "dracut, own iscsi module plus a missing file"
	title["dracut-ours"] = "dracut, the agent"
	for (i = 1; i <= nr_cases; i++)
		table(case_name[i])
	sizes()
	for (i = 1; i <= nr_cases; i++)
		for (j = 1; j <= nr_ways[case_name[i]]; j++) {
			w = way_name[case_name[i], j]
			if (w != ours_of(w)) {
				faster(case_name[i], w)
				continue
			}
			comes_up(case_name[i], w)
			timers(case_name[i], w)
		}
	exit missed > 0
}
