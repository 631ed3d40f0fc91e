# Writes the tables of all runs to the file TABLES, and prints each requirement with its figure. Needs
# figures.awk.
function row(c, w) {
	printf "| %s | %d | **%s** (%s to %s) | %s | %s | %s | %s | %s + %s | %s | %.1f |\n", title[w], number(c, w, "last"),
		whole(median(c, w, "last")), whole(quantile(c, w, "last", 0.25)),
		whole(quantile(c, w, "last", 0.75)), whole(median(c, w, "wire")),
		whole(median(c, w, "to-login")), whole(median(c, w, "silence")), whole(median(c, w, "idle")),
		whole(median(c, w, "user")), whole(median(c, w, "system")), whole(median(c, w, "processes")),
		median(c, w, "peak") / 1024 >tables
}
function table(c,   i, part) {
	split(c, part, "-")
	printf "\n%s, %s delay\n\n", part[1] == "lun256" ? "One of 256 LUNs of a target" : part[1] == 1 ? \
		"One target" : part[1] " targets", part[2] ? part[2] " ms of" : "without" >tables
	print "| way | boots | total | on the wire | handshake to login | longest pause | idle |",
		"user + system | processes | MiB |\n|---|---|---|---|---|---|---|---|---|---|" >tables
	for (i = 1; i <= nr_ways[c]; i++)
		row(c, way_name[c, i])
}

function have(c, w) { return ((c, w) in ways) }
function faster(c, slow, least,   r) {
	if (have(c, slow) && have(c, "native"))
		r = median(c, slow, "last") / median(c, "native", "last")
	judge(sprintf("%s: at least %d times faster than %s", named(c), least, title[slow]),
		r ? sprintf("%.1f", r) : "", r >= least)
}
function named(c,   part) {
	split(c, part, "-")
	return (part[1] == 1 ? "one target" : part[1] " targets") (part[2] ? ", " part[2] " ms of delay" : "")
}
function within(c, factor, plus,   took, wire) {
	took = median(c, "native", "last")
	wire = median(c, "native", "wire")
	judge(sprintf("%s: at most %.1f times the wire's share%s", named(c), factor, plus ? " and " plus " ms" : ""),
		have(c, "native") ? sprintf("%d ms, the wire %d, so at most %d", took, wire, factor * wire + plus) : "",
		took <= factor * wire + plus)
}
# The quartiles of both must overlap, or the medians be within 5 %.
function as_fast_as_other(c,   own, other) {
	own = median(c, "native", "last")
	other = median(c, "other", "last")
	judge(named(c) ": not slower than the other build", have(c, "other") && have(c, "native") ? \
		sprintf("%.1f ms, other %.1f ms", own, other) : "", own <= 1.05 * other || \
		quantile(c, "native", "last", 0.25) <= quantile(c, "other", "last", 0.75))
}
function cost(c,   part) {
	split(c, part, "-")
	return (median(c, "native", "user") + median(c, "native", "system")) / part[1]
}

END {
	title["hook"] = "hook of the Arch wiki"
	title["firmware"] = "iscsistart -N, -b"
	title["open-iscsi"] = "agent, open-iscsi"
	title["native"] = "agent, native"
	title["other"] = "other build of the agent"
	title["cold"] = "agent, native, loading modules"
	for (i = 1; i <= nr_cases; i++)
		table(case_name[i])
	printf "\nBytes added to an image with busybox and libc: %d by the agent (%d alone), the guard and " \
		"their libraries; %d\nby iscsistart and its libraries.\n", size["agent"], size["own"], size["iscsistart"] >tables
	within("1-0", 1.5, 100)
	faster("1-0", "firmware", 6)
	faster("1-0", "hook", 10)
	t = median("1-0", "native", "to-login")
	judge("one target: from handshake to login at most 10 ms", t == "" ? "" : t " ms", t <= 10)
	t = median("1-0", "native", "silence")
	judge("one target: the target waits for us at most 10 ms, until the scan", t == "" ? "" : t " ms", t <= 10)
	faster("64-0", "firmware", 10)
	if (have("1-0", "other"))
		as_fast_as_other("1-0")
	if (have("64-0", "other"))
		as_fast_as_other("64-0")
	t = cost("64-0"); u = cost("8-0")
	judge("processor time for one of 64 is at most that for one of 8", have("64-0", "native") && \
		have("8-0", "native") ? sprintf("%.0f ms, %.0f ms", t, u) : "", t <= u)
	within("1-20", 1.3, 0)
	t = median("64-20", "native", "last"); u = median("1-20", "native", "last")
	judge("20 ms of delay: 64 targets at most 4 times one", t && u ? sprintf("%.1f", t / u) : "", t <= 4 * u)
	faster("16-20", "firmware", 20)
	judge("the agent at most 288 KiB", size["own"] " bytes", size["own"] <= 294912)
	judge("bytes added to an image less than by iscsistart", size["agent"] ", " size["iscsistart"],
		size["agent"] < size["iscsistart"])
	exit missed > 0
}
