// SPDX-License-Identifier: GPL-2.0-only
/* dumptree ROOT: prints the view below ROOT, as the agent reads it, in the format of dumpview. */
#include "agent/tree.h"
#include "tests/data/dump.h"

int main(int argc, char **argv)
{
	struct tree tree;

	if (argc != 2)
		errx(2, "usage: dumptree ROOT");
	if (tree_read(argv[1], &tree) || tree.fallback)
		errx(1, "no view below %s", argv[1]);
	dump(&tree.params, &tree.diag);
	tree_free(&tree);
	return 0;
}
