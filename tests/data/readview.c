// SPDX-License-Identifier: GPL-2.0-only
/* readview ROOT: prints the view below ROOT, as the agent reads it, in the format of dumpview. */
#include "view/view.h"
#include "tests/data/dump.h"

int main(int argc, char **argv)
{
	struct view view;

	if (argc != 2)
		errx(2, "usage: readview ROOT");
	if (view_read(argv[1], &view) || view.fallback)
		errx(1, "no view below %s", argv[1]);
	dump(&view.params, &view.diag);
	view_free(&view);
	return 0;
}
