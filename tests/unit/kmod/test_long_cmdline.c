// SPDX-License-Identifier: GPL-2.0-only
/* Command lines of any length cost linear time. */
#include <time.h>

#include "tests/unit/parsed.h"

/* One word of a kind; %u is a number that grows. */
static const char *const kinds[] = {
	"ip=10.%u.0.2:::24::eth%u:none",
	"ip=dhcp",
	"ip=52-54-00-00-%02x-%02x:dhcp",
	"ip=eth0:maybe",
	"ip6=eth%u:dhcp",
	"ifname=e%u:52:54:00:00:00:01",
	"vlan=v%u.42:eth%u",
	"BOOTIF=01-52-54-00-aa-00-01",
	"bootdev=eth%u",
	"nameserver=10.0.0.1",
	"netroot=iscsi:10.0.0.1:::1:iqn.a:b%u",
	"netroot=iscsi:10.0.0.1::x:1:iqn.a:b",
	"iscsi_boot.target=iscsi://10.0.0.1/iqn.a:b/1?nic=eth%u",
	"iscsi_password=x%u",
	"rd.iscsi.initiator=iqn.a:b%u",
	"rd.route=10.0.0.0/8:10.0.0.1",
	"bond=x",
	"gk.net.x%u",
	"i",
	"quiet=%u",
};

#define SIZE (1U << 20)

static char *fill(const char *const *words, size_t nr, size_t size)
{
	char *text = malloc(size + 128);
	size_t len = 0;
	unsigned int i;

	for (i = 0; len < size; i++) {
		len += (size_t)snprintf(text + len, 127, words[i % nr], i % 250, i / 250);
		text[len++] = ' ';
	}
	text[size] = '\0';
	return text;
}

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Returns the least time of some runs, as other processes disturb the caches. */
static double parse_seconds(const char *text)
{
	double least = 1e9, took;
	struct parsed v;
	int i;

	for (i = 0; i < 5; i++) {
		took = -cpu_seconds();
		parsed_make(&v, NULL, 0, text);
		took += cpu_seconds();
		parsed_free(&v);
		least = took < least ? took : least;
	}
	return least;
}

static void expect_linear(const char *what, char *text, size_t size)
{
	double whole = parse_seconds(text), part;

	text[size / 8] = '\0';
	part = parse_seconds(text);
	free(text);
	/* Eight times the length takes eight times as long; quadratic time would be 64 times. */
	if (whole > 24 * part + 0.002)
		fail_msg("%s: %zu bytes take %f s, an eighth %f s", what, size, whole, part);
}

static void test_linear_time(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		expect_linear(kinds[i], fill(&kinds[i], 1, SIZE / 4), SIZE / 4);
	expect_linear("a mix of all", fill(kinds, ARRAY_SIZE(kinds), SIZE), SIZE);
}

/* One word as long as the command line. */
static void test_linear_word(void **state)
{
	static const char *const words[][2] = {
		{ "ip=", ":" },
		{ "ip=", "dhcp," },
		{ "ip=[", "fd00:" },
		{ "netroot=iscsi:", ":iqn." },
		{ "netroot=iscsi:", "@" },
		{ "iscsi_boot.target=iscsi://10.0.0.1/iqn.a?", "x," },
		{ "iscsi_boot.target=iscsi://", "%41" },
		{ "vlan=v", "1" },
		{ "x", "x" },
		{ "\"iscsi_initiator=", " a" },
	};
	size_t i, len, step;
	char *text;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		text = malloc(SIZE + 16);
		len = strlen(strcpy(text, words[i][0]));
		step = strlen(words[i][1]);
		for (; len < SIZE; len += step)
			memcpy(text + len, words[i][1], step);
		text[SIZE] = '\0';
		expect_linear(words[i][0], text, SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear_time),
		cmocka_unit_test(test_linear_word),
	};

	return cmocka_run_group_tests_name("long_cmdline", tests, NULL, NULL);
}
