// SPDX-License-Identifier: GPL-2.0-only
/* all NAME [ARGUMENT...]: the parsers' unit tests and dumpview in one program. */
#include <string.h>

int dumpview_main(int argc, char **argv);
int test_text_main(void);
int test_portal_main(void);
int test_ibft_main(void);
int test_cmdline_main(void);
int test_bond_main(void);
int test_merge_main(void);
int test_attrs_main(void);
int test_oom_main(void);

static const struct {
	const char *name;
	int (*main)(void);
} tests[] = {
	{ "text", test_text_main },   { "portal", test_portal_main },
	{ "ibft", test_ibft_main },   { "cmdline", test_cmdline_main },
	{ "bond", test_bond_main },   { "merge", test_merge_main },
	{ "attrs", test_attrs_main }, { "oom", test_oom_main },
};

int main(int argc, char **argv)
{
	unsigned int i;

	for (i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		if (argc > 1 && !strcmp(argv[1], tests[i].name))
			return tests[i].main();
	return dumpview_main(argc - 1, argv + 1);
}
