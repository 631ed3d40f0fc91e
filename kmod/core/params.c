// SPDX-License-Identifier: GPL-2.0-only
/* Helpers of the parsers: growing arrays, diagnostics, and text of addresses, MACs and LUNs. */
#include "params.h"

const char *const ibu_method_names[IBU_NR_METHODS] = {
	[IBU_METHOD_NONE] = "none",   [IBU_METHOD_STATIC] = "static",
	[IBU_METHOD_DHCP] = "dhcp",   [IBU_METHOD_DHCP6] = "dhcp6",
	[IBU_METHOD_AUTO6] = "auto6", [IBU_METHOD_EITHER6] = "either6",
	[IBU_METHOD_LINK6] = "link6", [IBU_METHOD_ANY] = "any",
};

/*
 * Returns an array with room for at least one more entry of @size bytes, or NULL if there is no
 * memory. Old memory is wiped, as it may hold secrets.
 */
static void *ibu_params_grow(void *old, u32 nr, u32 *max, size_t size)
{
	u32 want = *max ? *max * 2 : 4;
	void *new;

	if (nr < *max)
		return old;
	new = ibu_zalloc(want * size);
	if (!new)
		return NULL;
	if (nr)
		memcpy(new, old, nr * size);
	ibu_free(old, *max * size);
	*max = want;
	return new;
}

struct ibu_nic *ibu_params_add_nic(struct ibu_params *p)
{
	struct ibu_nic *nics = ibu_params_grow(p->nics, p->nr_nics, &p->max_nics, sizeof(*nics));

	if (!nics)
		return NULL;
	p->nics = nics;
	return &p->nics[p->nr_nics++];
}

struct ibu_target *ibu_params_add_target(struct ibu_params *p)
{
	struct ibu_target *targets =
		ibu_params_grow(p->targets, p->nr_targets, &p->max_targets, sizeof(*targets));

	if (!targets)
		return NULL;
	p->targets = targets;
	return &p->targets[p->nr_targets++];
}

void ibu_params_free(struct ibu_params *p)
{
	ibu_free(p->nics, p->max_nics * sizeof(*p->nics));
	ibu_free(p->targets, p->max_targets * sizeof(*p->targets));
	memset(p, 0, sizeof(*p));
}

/* Makes room for @more bytes and a NUL; false if there is no memory. */
static bool ibu_diag_reserve(struct ibu_diag *d, size_t more)
{
	size_t size = d->size ? d->size : 512;
	char *text;

	while (size < d->len + more + 1)
		size *= 2;
	if (size == d->size)
		return true;
	text = ibu_zalloc(size);
	if (!text)
		return false;
	if (d->len)
		memcpy(text, d->text, d->len);
	ibu_free(d->text, d->size);
	d->text = text;
	d->size = size;
	return true;
}

__printf(2, 0) static void ibu_diag_append(struct ibu_diag *d, const char *fmt, va_list args)
{
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0 || !ibu_diag_reserve(d, (size_t)len)) {
		d->lost = true;
		return;
	}
	vsnprintf(d->text + d->len, (size_t)len + 1, fmt, args);
	d->len += (size_t)len;
}

__printf(2, 3) static void ibu_diag_print(struct ibu_diag *d, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ibu_diag_append(d, fmt, args);
	va_end(args);
}

__printf(6, 0) static void ibu_diag_line(struct ibu_diag *d, enum ibu_severity severity,
					 const char *place, const char *field, size_t offset,
					 const char *fmt, va_list args)
{
	if (severity == IBU_ERROR)
		d->errors++;
	else
		d->warnings++;
	ibu_diag_print(d, "%s %s %s ", severity == IBU_ERROR ? "error" : "warning", place, field);
	if (offset == IBU_NO_OFFSET)
		ibu_diag_print(d, "-: ");
	else
		ibu_diag_print(d, "%zu: ", offset);
	ibu_diag_append(d, fmt, args);
	ibu_diag_print(d, "\n");
}

void ibu_diag_vadd(struct ibu_diag *d, enum ibu_severity severity, const char *place,
		   const char *field, size_t offset, const char *fmt, va_list args)
{
	if (d->lines++ < IBU_DIAG_LINES_MAX)
		ibu_diag_line(d, severity, place, field, offset, fmt, args);
	else
		d->left_out++;
}

void ibu_diag_close(struct ibu_diag *d, const char *place)
{
	if (!d->left_out)
		return;
	ibu_diag_print(d, "error %s diagnostics -: %u further lines are left out\n", place,
		       d->left_out);
	d->errors++;
	d->left_out = 0;
}

void ibu_diag_add(struct ibu_diag *d, enum ibu_severity severity, const char *place,
		  const char *field, size_t offset, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ibu_diag_vadd(d, severity, place, field, offset, fmt, args);
	va_end(args);
}

void ibu_diag_free(struct ibu_diag *d)
{
	ibu_free(d->text, d->size);
	memset(d, 0, sizeof(*d));
}

static const u8 ibu_v4_prefix[12] = { [10] = 0xff, [11] = 0xff };

bool ibu_addr_is_link_local(const struct ibu_addr *a)
{
	return a->b[0] == 0xfe && a->b[1] >> 6 == 2;
}

bool ibu_addr_is_v4(const struct ibu_addr *a)
{
	return !memcmp(a->b, ibu_v4_prefix, sizeof(ibu_v4_prefix));
}

int ibu_mask_prefix(const struct ibu_addr *mask)
{
	u32 m = (u32)ibu_be16(mask->b + 12) << 16 | ibu_be16(mask->b + 14);
	int prefix = 0;

	while (m & 0x80000000) {
		m <<= 1;
		prefix++;
	}
	return m ? -1 : prefix;
}

bool ibu_addr_is_null(const struct ibu_addr *a)
{
	static const u8 zero[16];

	return !memcmp(a->b, zero, 16) || (ibu_addr_is_v4(a) && !memcmp(a->b + 12, zero, 4));
}

int ibu_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Reads up to @max_digits digits and moves *@s behind them. Returns the number or -EINVAL. */
static int ibu_addr_parse_number(const char **s, const char *end, int base, int max_digits)
{
	int value = 0, digits = 0, d;

	while (*s < end && digits < max_digits) {
		d = ibu_hex_digit(**s);
		if (d < 0 || d >= base)
			break;
		value = value * base + d;
		digits++;
		(*s)++;
	}
	return digits ? value : -EINVAL;
}

/* Reads a dotted quad without leading zeros, which some programs read as octal. */
static int ibu_addr_parse_quad(const char *s, const char *end, u8 out[4])
{
	int i, n;

	for (i = 0; i < 4; i++) {
		if (i && (s == end || *s++ != '.'))
			return -EINVAL;
		if (end - s > 1 && s[0] == '0' && ibu_hex_digit(s[1]) >= 0 &&
		    ibu_hex_digit(s[1]) < 10)
			return -EINVAL;
		n = ibu_addr_parse_number(&s, end, 10, 3);
		if (n < 0 || n > 255)
			return -EINVAL;
		out[i] = (u8)n;
	}
	return s == end ? 0 : -EINVAL;
}

/*
 * Reads the groups on one side of "::", or all groups without it; the last may be a dotted quad.
 * Returns the number of bytes or -EINVAL.
 */
static int ibu_addr_parse_groups(const char *s, const char *end, u8 *out, int room)
{
	int len = 0, n;

	while (s < end) {
		if (len && *s++ != ':')
			return -EINVAL;
		if (room - len >= 4 && !ibu_addr_parse_quad(s, end, out + len))
			return len + 4;
		n = ibu_addr_parse_number(&s, end, 16, 4);
		if (n < 0 || room - len < 2)
			return -EINVAL;
		out[len++] = (u8)(n >> 8);
		out[len++] = (u8)n;
	}
	return len;
}

static const char *ibu_addr_find_gap(const char *s, const char *end)
{
	for (; end - s >= 2; s++)
		if (s[0] == ':' && s[1] == ':')
			return s;
	return NULL;
}

/* Reads RFC 4291 2.2, where one "::" replaces at least one group of zeros. */
static int ibu_addr_parse_v6(const char *s, const char *end, u8 out[16])
{
	const char *gap = ibu_addr_find_gap(s, end);
	u8 tail[16];
	int head, rest;

	if (!gap)
		return ibu_addr_parse_groups(s, end, out, 16) == 16 ? 0 : -EINVAL;
	head = ibu_addr_parse_groups(s, gap, out, 14);
	rest = ibu_addr_parse_groups(gap + 2, end, tail, 14);
	if (head < 0 || rest < 0 || head + rest > 14)
		return -EINVAL;
	memcpy(out + 16 - rest, tail, (size_t)rest);
	return 0;
}

int ibu_addr_parse(const char *s, size_t len, struct ibu_addr *a)
{
	struct ibu_addr v4 = { { 0 } }, v6 = { { 0 } };

	if (!len) /* @s may be NULL */
		return -EINVAL;
	memcpy(v4.b, ibu_v4_prefix, sizeof(ibu_v4_prefix));
	if (!ibu_addr_parse_quad(s, s + len, v4.b + 12))
		*a = v4;
	else if (!ibu_addr_parse_v6(s, s + len, v6.b))
		*a = v6;
	else
		return -EINVAL;
	return 0;
}

/* Returns the groups that "::" replaces: the longest run of two or more zeros (RFC 5952 4.2). */
static int ibu_addr_longest_gap(const struct ibu_addr *a, int *gap_len)
{
	int i, run = 0, best = -1;

	*gap_len = 1;
	for (i = 0; i < 8; i++) {
		run = ibu_be16(a->b + 2 * i) ? 0 : run + 1;
		if (run > *gap_len) {
			*gap_len = run;
			best = i - run + 1;
		}
	}
	return best;
}

void ibu_addr_print(const struct ibu_addr *a, char buf[IBU_ADDR_STRLEN])
{
	int gap, gap_len, i, len = 0;

	if (ibu_addr_is_v4(a)) {
		snprintf(buf, IBU_ADDR_STRLEN, "%u.%u.%u.%u", a->b[12], a->b[13], a->b[14],
			 a->b[15]);
		return;
	}
	gap = ibu_addr_longest_gap(a, &gap_len);
	for (i = 0; i < 8; i++) {
		if (i == gap) {
			len += snprintf(buf + len, (size_t)(IBU_ADDR_STRLEN - len), "::");
			i += gap_len - 1;
			continue;
		}
		len += snprintf(buf + len, (size_t)(IBU_ADDR_STRLEN - len), "%s%x",
				i && i != gap + gap_len ? ":" : "", ibu_be16(a->b + 2 * i));
	}
}

int ibu_mac_parse(const char *s, size_t len, u8 mac[6])
{
	u8 out[6];
	int i, high, low;

	if (len != 17)
		return -EINVAL;
	for (i = 0; i < 6; i++, s += 3) {
		high = ibu_hex_digit(s[0]);
		low = ibu_hex_digit(s[1]);
		if (high < 0 || low < 0 || (i < 5 && s[2] != ':' && s[2] != '-'))
			return -EINVAL;
		out[i] = (u8)(high << 4 | low);
	}
	memcpy(mac, out, 6);
	return 0;
}

long ibu_lun_number(const u8 lun[8])
{
	unsigned int first = ibu_be16(lun);

	if (ibu_be16(lun + 4) || ibu_be16(lun + 6))
		return -1;
	if (lun[0] == 0xd2) /* extended flat space, three bytes of number */
		return (long)lun[1] << 16 | ibu_be16(lun + 2);
	if (ibu_be16(lun + 2))
		return -1;
	if (first < 256) /* peripheral, bus 0 */
		return first;
	if (first >> 14 == 1) /* flat space */
		return first & 0x3fff;
	return -1;
}

int ibu_lun_from_number(unsigned long number, u8 lun[8])
{
	if (number >= 1UL << 14)
		return -EINVAL;
	memset(lun, 0, 8);
	if (number >= 256)
		number |= 1UL << 14;
	lun[0] = (u8)(number >> 8);
	lun[1] = (u8)number;
	return 0;
}

u64 ibu_lun_linux(const u8 lun[8])
{
	return (u64)ibu_be16(lun) | (u64)ibu_be16(lun + 2) << 16 | (u64)ibu_be16(lun + 4) << 32 |
	       (u64)ibu_be16(lun + 6) << 48;
}
