// SPDX-License-Identifier: GPL-2.0-only
/* Tests the text for people that is made from diagnostics of the module. */
#include "tests/unit/parsed.h"

#include "base/cleanup.h"
#include "base/diag_text.h"

static void positions(void **state)
{
	static const struct {
		const char *line, *text;
		bool error;
	} cases[] = {
		{ "warning cmdline guard 235: must be yes or no",
		  "command line, byte 235: guard=: must be yes or no", false },
		{ "error cmdline netroot -: no root path", "command line: netroot=: no root path", true },
		{ "warning cmdline key 7: \"x\" is not a policy key",
		  "command line, byte 7: \"x\" is not a policy key", false },
		{ "warning /etc/iscsi-boot-agent.conf:3 guard -: must be yes or no",
		  "file /etc/iscsi-boot-agent.conf, line 3: guard=: must be yes or no", false },
		{ "warning /etc/iscsi-boot-agent.conf file -: cannot be read: a: b",
		  "file /etc/iscsi-boot-agent.conf: cannot be read: a: b", false },
		{ "error /etc/cmdline.d/95iscsi.conf ip 12: odd",
		  "/etc/cmdline.d/95iscsi.conf, byte 12: ip=: odd", true },
		{ "error ibft.target0 ip-addr 420: cut", "iBFT target0 byte 0x1a4: ip-addr: cut", true },
		{ "error ibft.control version -: 2", "iBFT control: version: 2", true },
		{ "error ibft checksum 9: wrong", "iBFT byte 0x9: checksum: wrong", true },
		{ "warning cmdline.target0 target -: odd", "command line target0: target: odd", false },
		{ "warning cmdline.target0 target 12: odd", "command line target0, byte 12: target: odd", false },
		{ "error dhcp root-path 6: odd", "dhcp, byte 6: root-path: odd", true },
		{ "warning agent fallback -: no module", "fallback: no module", false },
		{ "warning nic0 ip-addr -: odd", "nic0: ip-addr: odd", false },
		/* Lines of another form stay unchanged. */
		{ "", "", false },
		{ "warning cmdline", "warning cmdline", false },
		{ "warning cmdline ip 3", "warning cmdline ip 3", false },
		{ "warning cmdline ip 3:", "warning cmdline ip 3:", false },
	};
	unsigned int i;
	bool error;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		AUTO_ARENA arena = NULL;
		size_t len = strlen(cases[i].line);
		char *copy = malloc(len + !len); /* exact size, for the sanitizer */

		memcpy(copy, cases[i].line, len);
		assert_string_equal(diag_text(&arena, copy, len, &error), cases[i].text);
		assert_int_equal(error, cases[i].error);
		free(copy);
	}
}

static void printed(void **state)
{
	static const char text[] = "warning nic0 mtu -: odd\nerror cmdline ip 3: bad\n";
	char *out;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	diag_print(NULL, 0, "  ", f);
	diag_print(text, strlen(text), "  ", f);
	fclose(f);
	assert_string_equal(out, "  warning: nic0: mtu: odd\n"
				 "  error: command line, byte 3: ip=: bad\n");
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(positions),
		cmocka_unit_test(printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
