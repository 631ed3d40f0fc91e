# SPDX-License-Identifier: GPL-2.0-only
# equal.awk -v list=NAME ENGINES.md OPEN-ISCSI NATIVE: compares two files of "FILE<tab>CONTENT". ENGINES.md
# lists the permitted differences as rows "| FILE | CONTENT | CONTENT | reason |" between the marks of that
# list. Every other file must be the same, and every listed difference must be present. A row with "varies"
# requires only that the file is present.
BEGIN { FS = "\t" }

function general(file) {
	gsub(/host[0-9]+/, "hostN", file)
	gsub(/session[0-9]+/, "sessionN", file)
	gsub(/connection[0-9]+:0/, "connectionN", file)
	gsub(/[0-9]+:0:0:1/, "LUN", file)
	return file
}
function cell(text) { return text == "" ? "-" : "`" text "`" }

FNR == 1 { part++ }
part == 1 && $0 ~ "<!-- " list ": begin" { inside = 1; next }
part == 1 && $0 ~ "<!-- " list ": end" { inside = 0 }
part == 1 && inside && /^\| `/ {
	split(substr($0, 3), col, / \| /)
	gsub(/`/, "", col[1])
	row[col[1]] = col[2] " | " col[3]
	next
}
part == 1 { next }
{ has[general($1)] = 1; value[part, general($1)] = $2 }

END {
	for (file in has) {
		open = cell(value[2, file])
		native = cell(value[3, file])
		if (!(file in row)) {
			if (open != native) {
				print "not listed: | `" file "` | " open " | " native " |"
				faults++
			} else
				same++
			continue
		}
		listed++
		if (row[file] !~ /^varies/ && (open == native || row[file] != open " | " native)) {
			print "listed is " row[file] ", seen: | `" file "` | " open " | " native " |"
			faults++
		}
		delete row[file]
	}
	for (file in row) {
		print "listed, but not present: " file
		faults++
	}
	if (!faults)
		print same " the same, " listed + 0 " as listed"
	exit faults > 0
}
