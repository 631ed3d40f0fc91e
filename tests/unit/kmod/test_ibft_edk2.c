// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests tables as EDK2's IScsiIbft.c lays them out: structures upwards, strings downwards from byte
 * 2048, in turn for each attempt. It does not notice if they meet.
 */
#include "tests/unit/parsed.h"

#include <stdlib.h>

#define SIZE 2048

enum { NAME = 34, CHAP = 38 };

struct layout {
	u8 b[SIZE];
	unsigned int end; /* of the structures */
	unsigned int heap; /* the lowest string */
};

static void put16(struct layout *t, unsigned int at, unsigned int v)
{
	t->b[at] = (u8)v;
	t->b[at + 1] = (u8)(v >> 8);
}

/* Begins a structure; like EDK2, leaves bytes that nothing is written to as they were. */
static unsigned int begin(struct layout *t, unsigned int pointer, u8 id, unsigned int size,
			  u8 index)
{
	unsigned int at = (t->end + 7) & ~7U;

	put16(t, pointer, at);
	memcpy(t->b + at, (const u8[]){ id, 1, (u8)size, 0, index, index ? 1 : 3 }, 6);
	t->end = at + size;
	return at;
}

static void text(struct layout *t, unsigned int at, const char *s)
{
	const unsigned int len = (unsigned int)strlen(s);

	t->heap -= len + 1;
	memcpy(t->b + t->heap, s, len + 1);
	put16(t, at, len);
	put16(t, at + 2, t->heap);
}

static void address(struct layout *t, unsigned int at, u8 net, u8 host)
{
	const u8 a[16] = { [10] = 0xff, 0xff, 10, 0, net, host };

	memcpy(t->b + at, a, sizeof(a));
}

static void target_name(char *name, size_t len, unsigned int n)
{
	snprintf(name, 40, "iqn.2024-01.example:%u.", n);
	memset(name + strlen(name), 'x', len - strlen(name));
	name[len] = '\0';
}

static void attempt(struct layout *t, unsigned int n, unsigned int len, unsigned int nr_chap)
{
	static const char *const chap[] = { "a-user-name-of-some-length", "secretsecret1234",
					    "another-name", "reversesecret123" };
	const unsigned int pointer = n < 2 ? 58 + 4 * n : 66 + 4 * (n - 2);
	unsigned int at = begin(t, pointer, 3, 102, (u8)n), i;
	char name[256] = "";

	address(t, at + 6, (u8)n, 10);
	t->b[at + 22] = 24;
	t->b[at + 23] = 1;
	address(t, at + 24, (u8)n, 1);
	memcpy(t->b + at + 90, (const u8[]){ 0x52, 0x54, 0, 0xaa, 0, (u8)n }, 6);
	put16(t, at + 96, (3 + n) << 3);
	at = begin(t, pointer + 2, 4, 54, (u8)n);
	address(t, at + 6, (u8)n, 50);
	put16(t, at + 22, 3260);
	memset(t->b + at + 24, 0, 8);
	t->b[at + 32] = (u8)(nr_chap / 2);
	t->b[at + 33] = (u8)n;
	target_name(name, len, n);
	text(t, at + NAME, name);
	for (i = 0; i < nr_chap; i++)
		text(t, at + CHAP + 4 * i, chap[i]);
}

static void lay_out(struct layout *t, unsigned int nr, unsigned int len, unsigned int nr_chap)
{
	const unsigned int control = 18 + (nr > 2 ? 4 * (nr - 2) : 0);
	u8 sum = 0;
	unsigned int i;

	memset(t, 0, sizeof(*t));
	t->end = 48 + control;
	t->heap = SIZE;
	memcpy(t->b, "iBFT\0\10\0\0\1", 9);
	t->b[48] = t->b[49] = 1;
	put16(t, 50, control);
	i = begin(t, 56, 2, 74, 0);
	text(t, i + 70, "iqn.2024-01.example:client");
	for (i = 0; i < nr; i++)
		attempt(t, i, len, nr_chap);
	for (i = 0; i < SIZE; i++)
		sum = (u8)(sum + t->b[i]);
	t->b[9] = (u8)-sum;
}

/* What is used is as it was written. Returns the number of targets that can be used. */
static unsigned int check_used(const struct parsed *v, unsigned int len)
{
	unsigned int i, used = 0;
	char name[256] = "";

	for (i = 0; i < v->p.nr_targets; i++) {
		const struct ibu_target *t = &v->p.targets[i];

		if (!t->usable)
			continue;
		target_name(name, len, t->firmware_index);
		assert_true(ibu_is(&t->name, name));
		assert_int_equal(t->ip.b[14], t->firmware_index);
		used++;
	}
	for (i = 0; i < v->p.nr_nics; i++) {
		assert_false(ibu_has(&v->p.nics[i].f, IBU_NIC_VLAN));
		assert_false(ibu_has(&v->p.nics[i].f, IBU_NIC_HOSTNAME));
		assert_false(ibu_has(&v->p.nics[i].f, IBU_NIC_SECONDARY_DNS));
	}
	return used;
}

/*
 * One line tells that structures and strings have met, all targets are used if they have not, and
 * the first ones are used if only the last ones are damaged.
 */
static void test_attempts(void **state)
{
	static const unsigned int nr_chaps[] = { 0, 2, 4 };
	unsigned int nr, len, i, met = 0;
	struct layout t;
	struct parsed v;

	for (nr = 2; nr <= 8; nr++) {
		for (len = 24; len < 224; len += 5) {
			for (i = 0; i < ARRAY_SIZE(nr_chaps); i++) {
				if (SIZE - 27 < nr * (len + 1 + nr_chaps[i] * 20) + 200)
					continue;
				lay_out(&t, nr, len, nr_chaps[i]);
				parsed_make(&v, t.b, SIZE, NULL);
				if (t.heap >= t.end) {
					assert_int_equal(v.d.len, 0);
					assert_int_equal(check_used(&v, len), nr);
				} else {
					assert_diag(&v, "firmware ran out of its 2048 bytes");
					assert_ptr_equal(strchr(v.d.text, '\n'),
							 v.d.text + v.d.len - 1);
					assert_true(check_used(&v, len) < nr);
					met++;
				}
				parsed_free(&v);
			}
		}
	}
	assert_true(met > 50);
}

/* Of five targets with long names, three are whole. */
static void test_first_are_used(void **state)
{
	struct layout t;
	struct parsed v;

	lay_out(&t, 5, 180, 4);
	parsed_make(&v, t.b, SIZE, NULL);
	assert_diag(&v, "firmware ran out of its 2048 bytes");
	assert_int_equal(check_used(&v, 180), 3);
	parsed_free(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attempts),
		cmocka_unit_test(test_first_are_used),
	};

	return cmocka_run_group_tests_name("ibft_edk2", tests, NULL, NULL);
}
