// SPDX-License-Identifier: GPL-2.0-only
/* Tests that a table is read from each form of dump, as the programs themselves write it. */
#include "tests/unit/root.h"

#include <stdio.h>

#include "view/hex_dump.h"

static unsigned char table[200];

/* A table with repeated lines, with bytes that look as hex text, and a last line that is short. */
static int make(void **state)
{
	size_t i;

	root_make(state);
	memset(table, 0, sizeof(table));
	memcpy(table,
	       "iBFT\xc8\0\0\0\1\0"
	       "FENSYSiPXE",
	       20);
	memcpy(table + 120, "abcdef 0123 4567", 16);
	for (i = 140; i < sizeof(table); i++)
		table[i] = (unsigned char)(i * 7);
	memcpy(table + 192, "00 11 de", 8);
	root_put_bytes("/table", table, sizeof(table), 0600);
	return 0;
}

/* Returns the output of a shell command, in which $T is the file of the table. */
static size_t output(const char *command, char *text, size_t size)
{
	FILE *pipe;
	size_t len;

	setenv("T", root_path("/table"), 1);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	len = fread(text, 1, size, pipe);
	assert_int_equal(pclose(pipe), 0);
	return len;
}

static const char *const commands[] = {
	"xxd $T",
	"xxd -g1 $T",
	"xxd -e $T",
	"xxd -u $T",
	"xxd -c 8 $T",
	"xxd -c 32 $T",
	"xxd -p $T",
	"hexdump -C $T",
	"hexdump $T",
	"hexdump -C -v $T",
	"od -t x1 $T",
	"od -A x -t x1z $T",
	"od -A d -t x1 $T",
	"od -v -A n -t x1 $T",
	"od -x $T",
	"od -b $T",
	"od $T",
	"od -A x -t x4 $T",
	"od -t x8 $T",
	"xxd $T | sed 's/^/> /; s/$/\\r/'",
	"xxd -g1 $T | sed 's/^/[    0.012345] iBFT: /'",
	"hexdump -vC $T | sed 's/^/[    0.012345] /'",
	"xxd -g1 $T | sed 's/^.\\{9\\}/[    0.012345] iBFT:/'",
	"hexdump -C $T | sed 's/^/Nov 30 13:49:10 host kernel: /'",
	"printf '\\357\\273\\277'; hexdump -C $T",
	"hexdump -x $T",
	"xxd -p $T | tr -d '\\n'",
	"od -v -A n -t x1 $T | tr -d '\\n'",
	"xxd -i $T",
	"xxd -g1 -o 0x7ffe0010 $T", /* as of physical memory */
	"xxd -g1 $T | sed 's/^/0x/'",
	/* the shell of EFI */
	"xxd -g1 $T | sed 's/^\\(.\\{33\\}\\) \\(.*\\)  \\(.*\\)/  \\1-\\2  *\\3*/'",
	/* acpiview and certutil, iPXE, and dumps without offsets behind the prefixes of logs */
	"xxd -g1 $T | sed 's/:/ :/; s/^\\(.\\{34\\}\\) /\\1 - /'",
	"xxd -g1 $T | sed 's/^0000\\(....\\):/\\1\\t/; s/^\\(.\\{29\\}\\)/\\1 /'",
	"xxd -g1 $T | sed 's/:/ :/; s/  \\([^ ]\\)/ : \\1/'",
	"od -v -A n -t x1 $T | sed 's/^/[   10.012345][    T1]/'",
	"od -v -A n -t x1 $T | sed 's/^/kern  :info  : [    0.012345] iscsi_ibft:/'",
	"od -v -A n -t x1 $T | sed 's/^/Nov 30 13:49:10 host kernel:/'",
	"od -v -A n -t x1z $T | sed 's/^/2026-11-30T13:49:10.12+01:00 host kernel:/'",
	"xxd -p -c 1 $T | tr '\\n' ':'",
	"echo 'Here is the table:'; echo '```'; hexdump -C $T; echo '```'; echo 'Thanks, dead beef'",
	/* acpidump of this table, and of all */
	"echo 'iBFT @ 0x0000000000000000'; xxd -u -g1 $T | sed 's/^0000/    /'",
	"echo 'FACP @ 0x0000000000000000'; echo '    0000: 46 41 43 50 14 01 00 00  FACP....'; echo;"
	"echo 'iBFT @ 0x0000000000000000'; xxd -u -g1 $T | sed 's/^0000/    /'; echo;"
	"echo 'SSDT @ 0x0000000000000000'; echo '    0000: 53 53 44 54 14 01 00 00  SSDT....'",
};

static void all_forms(void **state)
{
	unsigned char read[1024];
	char text[8192];
	ssize_t len;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		len = hex_dump_read(text, output(commands[i], text, sizeof(text)), read,
				    sizeof(read));
		if (len != sizeof(table) || memcmp(read, table, sizeof(table)))
			fail_msg("%s: %zd bytes\n%s", commands[i], len, text);
	}
}

/* The last word of a line is not whole. */
static void odd_lengths(void **state)
{
	static const char *const odd[] = { "xxd -e $T", "xxd -g4 $T", "hexdump $T", "od -t x4 $T",
					   "od -t x8 $T" };
	unsigned char read[1024];
	char text[8192];
	size_t i, size;

	for (size = sizeof(table) - 9; size < sizeof(table); size++) {
		root_put_bytes("/table", table, size, 0600);
		for (i = 0; i < ARRAY_SIZE(odd); i++) {
			ssize_t len = hex_dump_read(text, output(odd[i], text, sizeof(text)), read,
						    sizeof(read));

			if (len != (ssize_t)size || memcmp(read, table, size))
				fail_msg("%s: %zd of %zu bytes\n%s", odd[i], len, size, text);
		}
	}
}

static void faults(void **state)
{
	static const char *const dumps[] = { "no dump at all\n", "", "00000000: 4641 4350 0000\n",
					     "6942\n" };
	unsigned char read[128];
	char text[8192];
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(dumps); i++)
		assert_int_equal(hex_dump_read(dumps[i], strlen(dumps[i]), read, sizeof(read)),
				 -ENOENT);
	len = output("xxd $T | sed 3d", text, sizeof(text));
	assert_int_equal(hex_dump_read(text, len, read, sizeof(read)), -EBADMSG);
	len = output("od -A n -t x1 $T", text, sizeof(text));
	assert_int_equal(hex_dump_read(text, len, read, sizeof(read)), -EBADMSG);
	len = output("xxd $T", text, sizeof(text));
	assert_int_equal(hex_dump_read(text, len, read, sizeof(read)), sizeof(read));
	len = (size_t)snprintf(text, sizeof(text),
			       "00000000  69 42 46 54\n00000004  31\n00000005\n*\n08\n00000010\n");
	assert_int_equal(hex_dump_read(text, len, read, sizeof(read)), 16);
	assert_memory_equal(read, "iBFT111111111111", 16);
	/* A "*" that would repeat for ever ends at the room. */
	len = (size_t)snprintf(text, sizeof(text), "00000000  69 42 46 54\n*\nffffffff\n");
	assert_int_equal(hex_dump_read(text, len, read, sizeof(read)), sizeof(read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_forms, make, root_remove),
		cmocka_unit_test_setup_teardown(odd_lengths, make, root_remove),
		cmocka_unit_test_setup_teardown(faults, make, root_remove),
	};

	return cmocka_run_group_tests_name("hex_dump", tests, NULL, NULL);
}
