// SPDX-License-Identifier: GPL-2.0-only
/* The work of planning grows with the length of the command line, not with its square. */
#include "tests/unit/plan/planned.h"

#include "kmod/core/cmdline.h"
#include "kmod/core/text.h"
#include "plan/policy_private.h"

/* Counts what is done for each word, for each field of one, and for each key of the policy. */
static unsigned long work;

bool __real_ibu_next_word(const char **s, const char *end, struct ibu_text *name,
			  struct ibu_text *value);
bool __wrap_ibu_next_word(const char **s, const char *end, struct ibu_text *name,
			  struct ibu_text *value);
bool __wrap_ibu_next_word(const char **s, const char *end, struct ibu_text *name,
			  struct ibu_text *value)
{
	work++;
	return __real_ibu_next_word(s, end, name, value);
}

struct ibu_text __real_ibu_cut(struct ibu_text *rest, char sep);
struct ibu_text __wrap_ibu_cut(struct ibu_text *rest, char sep);
struct ibu_text __wrap_ibu_cut(struct ibu_text *rest, char sep)
{
	work++;
	return __real_ibu_cut(rest, sep);
}

void __real_policy_set_key(struct policy_source *src, enum policy_level level, bool session_too,
			   const struct ibu_text *key, const struct ibu_text *value);
void __wrap_policy_set_key(struct policy_source *src, enum policy_level level, bool session_too,
			   const struct ibu_text *key, const struct ibu_text *value);
void __wrap_policy_set_key(struct policy_source *src, enum policy_level level, bool session_too,
			   const struct ibu_text *key, const struct ibu_text *value)
{
	work++;
	__real_policy_set_key(src, level, session_too, key, value);
}

/* One word of a kind; %u is a number that grows. */
static const char *const kinds[] = {
	"ip=10.%u.0.2:::24::eth%u:none",
	"ip=dhcp",
	"ip=eth%u:maybe",
	"ifname=e%u:52:54:00:00:00:01",
	"vlan=v%u.42:eth%u",
	"vlan=v%u.4095:eth%u",
	"rd.route=10.%u.0.0/16:10.0.0.1",
	"gk.net.routes=10.%u.0.0/16,10.8.0.0/16",
	"bond=b%u:eth%u",
	"team=t%u:eth0",
	"bridge=b%u:eth0",
	"iscsi_boot.recovery-tmo=%u",
	"iscsi_boot.target%u.recovery-tmo=5",
	"iscsi_boot.target7.max-retries=%u",
	"iscsi_boot.nonsense=%u",
	"rd.iscsi.param=node.x=%u",
	"root=LABEL=%u",
	"netroot=dhcp%u",
	"iscsi_noibft%u",
	"quiet=%u",
};

#define SIZE 160000
/* A target, and the VLAN of a NIC that it needs, in so many bytes. */
#define TARGET_EVERY 1000

static void add_word(char *text, size_t *len, const char *format, unsigned int i)
{
	*len += (size_t)sprintf(text + *len, format, i % 250, i % 250);
	text[(*len)++] = ' ';
}

static char *fill(const char *const *words, size_t nr, size_t size)
{
	char *text = malloc(size + 1024);
	unsigned int i = 0, n = 0;
	size_t len = 0;

	add_word(text, &len, INIT, 0);
	while (len < size) {
		if (len >= (size_t)n * TARGET_EVERY) {
			add_word(text, &len, "netroot=iscsi:10.%u.0.1:::1:iqn.a:b%u", n);
			add_word(text, &len, "vlan=n%u.7:eth%u", n);
			add_word(text, &len, "ip=10.%u.0.5:::16::n%u.7:none", n++);
		}
		add_word(text, &len, words[i % nr], i);
		i++;
	}
	text[len] = '\0';
	return text;
}

static unsigned long work_of(char *text)
{
	enum status status;

	free_all();
	root_put("/proc/cmdline", text);
	free(text);
	assert_int_equal(view_read(root, &view), 0);
	work = 0;
	status = make_quietly();
	assert_true(status == STATUS_OK || status == STATUS_CONFIG);
	return work;
}

static void expect_linear(const char *what, const char *const *words, size_t nr)
{
	unsigned long part = work_of(fill(words, nr, SIZE / 8));
	unsigned long whole = work_of(fill(words, nr, SIZE));

	/* Eight times the length is eight times the work; the square would be 64 times. */
	assert_true(part > 100);
	if (whole > 12 * part)
		fail_msg("%s: work %lu, of an eighth %lu", what, whole, part);
}

static void linear(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		expect_linear(kinds[i], &kinds[i], 1);
	expect_linear("a mix of all", kinds, ARRAY_SIZE(kinds));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(linear),
	};

	return cmocka_run_group_tests_name("long_plan", tests, NULL, NULL);
}
