// SPDX-License-Identifier: GPL-2.0-only
/* Reads the response to SendTargets: TargetName=NAME and TargetAddress=HOST[:PORT],TPGT. */
#include "iscsi/sendtargets.h"

#include <stdlib.h>

#include "iscsi/iscsi_name.h"
#include "iscsi/target_address.h"

/* State while the targets are read. */
struct choice {
	struct discovered *found;
	struct ibu_addr portal;
	unsigned int port;
	struct ibu_text name; /* of the current target */
	bool first; /* the current target is the first one */
	bool bare; /* it has no address so far */
	bool done; /* a target of the portal was found */
};

static bool is_key(const char *line, size_t len, const char *key, struct ibu_text *value)
{
	size_t k = strlen(key);

	if (len < k || memcmp(line, key, k))
		return false;
	*value = (struct ibu_text){ line + k, (u32)(len - k) };
	return true;
}

static bool set_target_name(struct discovered *found, const struct ibu_text *name)
{
	if (!iscsi_name_is_valid(name))
		return false;
	memcpy(found->name, name->s, name->len);
	found->name[name->len] = '\0';
	return true;
}

/* A target without an address is one of the portal (RFC 7143 appendix C). */
static void end_target(struct choice *c)
{
	if (c->bare && !c->done)
		c->done = set_target_name(c->found, &c->name);
	c->bare = false;
}

static void take_target(struct choice *c, const struct ibu_text *name)
{
	end_target(c);
	c->name = *name;
	c->bare = true;
	c->first = !c->found->name[0] && set_target_name(c->found, name);
}

/* Some targets omit the portal group, or send the address that they listen to: any. */
static void take_address(struct choice *c, const struct ibu_text *address)
{
	char text[IBU_ADDR_STRLEN + 32];
	struct login_redirect to;
	struct ibu_addr addr;
	const char *comma;
	long group;

	c->bare = false;
	if (c->done || address->len >= sizeof(text))
		return;
	memcpy(text, address->s, address->len);
	text[address->len] = '\0';
	if (!target_address_read(&to, text) || to.port != c->port ||
	    ibu_addr_parse(to.host, strlen(to.host), &addr))
		return;
	if (ibu_addr_is_null(&addr) || !memcmp(&addr, &c->portal, sizeof(addr))) {
		c->done = set_target_name(c->found, &c->name);
		comma = strchr(text, ',');
		group = comma ? strtol(comma + 1, NULL, 10) : -1;
		if (c->done && group >= 0 && group <= 65535)
			c->found->tpgt = group;
	} else if (c->first && c->found->nr_elsewhere < ARRAY_SIZE(c->found->elsewhere)) {
		c->found->elsewhere[c->found->nr_elsewhere++] = addr;
	}
}

bool discovery_choose(const char *text, size_t len, const char *portal, unsigned int port,
		      struct discovered *found)
{
	const char *end = text + len, *line, *eol;
	struct choice c = { .found = found, .port = port };
	struct ibu_text value;
	unsigned int nr = 0;

	*found = (struct discovered){ .tpgt = -1 };
	(void)ibu_addr_parse(portal, strlen(portal), &c.portal);
	for (line = text; line < end; line = eol + 1) {
		eol = memchr(line, '\0', (size_t)(end - line));
		if (!eol)
			break; /* a line without a NUL may be cut off */
		if (is_key(line, (size_t)(eol - line), "TargetName=", &value)) {
			take_target(&c, &value);
			nr++;
		} else if (nr && is_key(line, (size_t)(eol - line), "TargetAddress=", &value)) {
			take_address(&c, &value);
		}
	}
	end_target(&c);
	if (c.done)
		found->nr_elsewhere = 0;
	found->others = nr ? nr - 1 : 0;
	return found->name[0];
}
