// SPDX-License-Identifier: GPL-2.0-only
/* Reads the response to SendTargets: TargetName=NAME and TargetAddress=HOST[:PORT],TPGT. */
#include "iscsi/sendtargets.h"

#include <stdlib.h>

#include "iscsi/iscsi_name.h"

static bool is_key(const char *line, size_t len, const char *key, struct ibu_text *value)
{
	size_t k = strlen(key);

	if (len < k || memcmp(line, key, k))
		return false;
	*value = (struct ibu_text){ line + k, (u32)(len - k) };
	return true;
}

/* Returns the portal group of @address if that is @portal and @port; else -1. */
static long portal_group(const struct ibu_text *address, const char *portal, unsigned int port)
{
	char text[IBU_ADDR_STRLEN + 32], *comma, *colon, *bracket, *host = text;
	struct ibu_addr a, b;

	if (address->len >= sizeof(text))
		return -1;
	memcpy(text, address->s, address->len);
	text[address->len] = '\0';
	comma = strchr(text, ',');
	if (!comma)
		return -1;
	*comma = '\0';
	colon = strrchr(text, ':');
	bracket = text[0] == '[' ? strchr(text, ']') : NULL;
	if (bracket) {
		*bracket = '\0';
		colon = bracket[1] == ':' ? bracket + 1 : NULL;
		host = text + 1;
	}
	if (colon)
		*colon = '\0';
	if ((colon ? strtoul(colon + 1, NULL, 10) : 3260) != port ||
	    ibu_addr_parse(host, strlen(host), &a) || ibu_addr_parse(portal, strlen(portal), &b) ||
	    memcmp(&a, &b, sizeof(a)) != 0)
		return -1;
	return strtol(comma + 1, NULL, 10);
}

static bool set_target_name(struct discovered *found, const struct ibu_text *name)
{
	if (!iscsi_name_is_valid(name))
		return false;
	memcpy(found->name, name->s, name->len);
	found->name[name->len] = '\0';
	return true;
}

bool discovery_choose(const char *text, size_t len, const char *portal, unsigned int port,
		      struct discovered *found)
{
	const char *end = text + len, *line, *eol;
	struct ibu_text value, name = { NULL, 0 };
	unsigned int nr = 0;
	long group;

	*found = (struct discovered){ .tpgt = -1 };
	for (line = text; line < end; line = eol + 1) {
		eol = memchr(line, '\0', (size_t)(end - line));
		if (!eol)
			break; /* a line without a NUL may be cut off */
		if (is_key(line, (size_t)(eol - line), "TargetName=", &value)) {
			name = value;
			nr++;
			if (!found->name[0])
				set_target_name(found, &name);
		} else if (name.s && found->tpgt < 0 &&
			   is_key(line, (size_t)(eol - line), "TargetAddress=", &value)) {
			group = portal_group(&value, portal, port);
			if (group >= 0 && group <= 65535 && set_target_name(found, &name))
				found->tpgt = group;
		}
	}
	found->others = nr ? nr - 1 : 0;
	return found->name[0];
}
