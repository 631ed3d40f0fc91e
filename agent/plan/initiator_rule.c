// SPDX-License-Identifier: GPL-2.0-only
/* Makes the initiator name from properties of the machine: by a rule, or where none is known. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/hostname.h"
#include "base/ip_addr.h"
#include "plan/planner.h"
#include "kmod/core/text.h"

#define NET "/sys/class/net"
/*
 * Prefix of the names that are made where none is known. The domain must belong to the naming
 * authority in that month (RFC 7143 4.2.7.4). No organisation can own a name below .invalid, which
 * RFC 2606 reserved in June 1999, so the names collide with those of no other authority.
 */
#define OWN_PREFIX "iqn.1999-06.invalid.iscsi-boot:"

/*
 * Makes @text legal in an iSCSI name: lower case, '-' for each other byte (RFC 7143 4.2.7.1). "-"
 * is removed from both ends. Returns @text.
 */
static char *rule_sanitise(char *text)
{
	size_t i, len;

	for (i = 0; text[i]; i++) {
		const char c = text[i];

		if (c >= 'A' && c <= 'Z')
			text[i] = (char)(c | 0x20);
		else if (!hostname_is_alnum(c) && c != '.' && c != ':')
			text[i] = '-';
	}
	while (*text == '-')
		text++;
	for (len = strlen(text); len && text[len - 1] == '-'; len--)
		text[len - 1] = '\0';
	return text;
}

/* True if vendors write @text where a machine has no serial number. */
static bool is_filler(const char *text)
{
	static const char *const fillers[] = {
		"",
		"0",
		"none",
		"to-be-filled-by-o.e.m.",
		"oem",
		"default-string",
		"n-a",
		"system-serial-number",
		"invalid",
		"123456789",
		"unknown",
		"not-specified",
		"not-applicable",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fillers); i++)
		if (!strcmp(text, fillers[i]))
			return true;
	return false;
}

/*
 * Reads a file of the machine, made legal. Returns 0; -ENOENT: it does not exist or says nothing;
 * -EACCES or -ENOMEM.
 */
static int read_fact(struct planner *p, const char *file, char **text)
{
	ssize_t len = file_read(&p->plan->arena, text, "%s%s", p->root, file);

	if (len < 0)
		return len == -ENOMEM || len == -EACCES ? (int)len : -ENOENT;
	while (len && isspace((unsigned char)(*text)[len - 1]))
		(*text)[--len] = '\0';
	*text = rule_sanitise(*text);
	return is_filler(*text) ? -ENOENT : 0;
}

static int find_serial(struct planner *p, char **text)
{
	int err = read_fact(p, "/sys/class/dmi/id/product_serial", text);

	return err != -ENOENT ? err :
				read_fact(p, "/sys/firmware/devicetree/base/serial-number", text);
}

/* True if a vendor left the UUID unset (SMBIOS 7.2.1) or gives the same one to many machines. */
static bool is_common_uuid(const char *uuid)
{
	static const char *const common[] = {
		"03000200-0400-0500-0006-000700080009",
		"00020003-0004-0005-0006-000700080009",
		"12345678-1234-5678-90ab-cddeefaabbcc",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(common); i++)
		if (!strcmp(uuid, common[i]))
			return true;
	return strlen(uuid) != 36 || strspn(uuid, "0-") == 36 || strspn(uuid, "f-") == 36;
}

static int find_uuid(struct planner *p, char **text)
{
	int err = read_fact(p, "/sys/class/dmi/id/product_uuid", text);

	return err ? err : is_common_uuid(*text) ? -ENOENT : 0;
}

/*
 * Finds the host name that boot knows: of the boot NIC's ip=, then the kernel's, then the image's.
 */
static int find_hostname(struct planner *p, char **text)
{
	const struct plan_nic *nic = p->plan->paths[0].nic;
	int err;

	if (nic && ibu_has(&nic->nic->f, IBU_NIC_HOSTNAME)) {
		*text = arena_text(&p->plan->arena, nic->nic->hostname.s, nic->nic->hostname.len);
		if (*text)
			*text = rule_sanitise(*text);
		return *text ? 0 : -ENOMEM;
	}
	err = read_fact(p, "/proc/sys/kernel/hostname", text);
	/* The kernel's default is "(none)", that of many images "localhost". */
	if (!err && (!strcmp(*text, "none") || !strncmp(*text, "localhost", 9)))
		err = -ENOENT;
	return err == -ENOENT ? read_fact(p, "/etc/hostname", text) : err;
}

static int read_nic_mac(struct planner *p, const char *device, u8 mac[6])
{
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *text;

	len = file_read(&arena, &text, "%s" NET "/%s/address", p->root, device);
	if (len < 0)
		return len == -ENOMEM ? -ENOMEM : -ENOENT;
	return ibu_mac_parse(text, strcspn(text, "\n"), mac) ? -ENOENT : 0;
}

/* Finds the lowest MAC of the devices with hardware. Returns 0, -ENOENT or -ENOMEM. */
static int lowest_mac(struct planner *p, u8 mac[6])
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "%s" NET, p->root);
	AUTO_DIR dir = path ? opendir(path) : NULL;
	struct dirent *entry;
	int err = -ENOENT;
	u8 one[6];

	if (!path)
		return -ENOMEM;
	while (dir && (entry = readdir(dir))) {
		char *device = arena_printf(&arena, "%s/%s/device", path, entry->d_name);

		if (entry->d_name[0] == '.' || !device || access(device, F_OK) ||
		    read_nic_mac(p, entry->d_name, one))
			continue;
		if (err || memcmp(one, mac, 6) < 0)
			memcpy(mac, one, 6);
		err = 0;
	}
	return err;
}

/*
 * Finds the MAC of the NIC that the first path uses, also one that it will get; if it is not known
 * which NIC that is, the lowest MAC. So a later plan of the same boot makes the same name.
 */
static int find_mac(struct planner *p, char **text)
{
	const struct plan_nic *nic = p->plan->paths[0].nic;
	int err = -ENOENT;
	u8 mac[6];

	if (nic && ibu_has(&nic->nic->f, IBU_NIC_SET_MAC)) {
		memcpy(mac, nic->nic->set_mac, 6);
		err = 0;
	} else if (nic && nic->bond) {
		err = planner_bond_mac(p, nic->bond, mac);
	} else if (nic && ibu_has(&nic->nic->f, IBU_NIC_MAC)) {
		memcpy(mac, nic->nic->mac, 6);
		err = 0;
	} else if (nic && ibu_valid_ifname(&nic->nic->ifname)) {
		char *name = arena_text(&p->plan->arena, nic->nic->ifname.s, nic->nic->ifname.len);

		err = name ? read_nic_mac(p, name, mac) : -ENOMEM;
	}
	if (err == -ENOENT) {
		p->plan->unsettled = true; /* other devices may exist once all drivers are loaded */
		err = lowest_mac(p, mac);
	}
	if (err)
		return err == -ENOENT ? -ENODEV : err;
	*text = arena_printf(&p->plan->arena, "%s", mac_text(mac).s);
	return *text ? 0 : -ENOMEM;
}

static const struct {
	const char *name;
	int (*find)(struct planner *p, char **text);
	const char *missing;
} variables[] = {
	{ "${mac}", find_mac, "no network device" },
	{ "${serial}", find_serial, "the firmware has no serial number" },
	{ "${uuid}", find_uuid, "the firmware has no UUID, or one of many machines" },
	{ "${hostname}", find_hostname, "no host name is known" },
};

/* Notes that the rule cannot be used. */
static int refuse_rule(struct planner *p, const char *variable, int err, const char *why)
{
	if (err != -ENOMEM && err != -ENODEV)
		ibu_diag_add(&p->diag, IBU_ERROR, "initiator", "initiator-name", IBU_NO_OFFSET,
			     "the rule is not used: %s: %s", variable,
			     err == -EACCES ? "only root can read it" : why);
	return err;
}

/* Replaces the variable at the start of @rest, and moves @rest behind it. */
static int rule_expand_one(struct planner *p, struct ibu_text *rest, char **value)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(variables); i++) {
		const u32 len = (u32)strlen(variables[i].name);

		if (!ibu_starts(rest, variables[i].name))
			continue;
		*rest = (struct ibu_text){ rest->s + len, rest->len - len };
		err = variables[i].find(p, value);
		return err ? refuse_rule(p, variables[i].name, err, variables[i].missing) : 0;
	}
	return refuse_rule(p, "$", -ENOENT, "known are ${mac} ${serial} ${uuid} ${hostname}");
}

int planner_expand_initiator(struct planner *p, const struct ibu_text *rule, const char **name)
{
	struct ibu_text rest = *rule;
	char *value = NULL;
	int err;

	*name = "";
	while (rest.len && *name) {
		const char *dollar = memchr(rest.s, '$', rest.len);
		u32 plain = dollar ? (u32)(dollar - rest.s) : rest.len;

		*name = arena_printf(&p->plan->arena, "%s%.*s", *name, (int)plain, rest.s);
		rest = (struct ibu_text){ rest.s + plain, rest.len - plain };
		if (!rest.len || !*name)
			continue;
		err = rule_expand_one(p, &rest, &value);
		if (err)
			return err;
		*name = arena_printf(&p->plan->arena, "%s%s", *name, value);
	}
	return *name ? 0 : -ENOMEM;
}

int planner_make_initiator(struct planner *p, const char **name)
{
	char *fact;
	int err = find_uuid(p, &fact);

	p->plan->initiator_from = "the DMI UUID, as none is configured";
	if (!err) {
		*name = arena_printf(&p->plan->arena, OWN_PREFIX "%s", fact);
		return *name ? 0 : -ENOMEM;
	}
	if (err != -ENOENT)
		return err;
	p->plan->initiator_from = "a MAC address, as none is configured";
	err = find_mac(p, &fact);
	if (!err)
		*name = arena_printf(&p->plan->arena, OWN_PREFIX "%s", fact);
	return err ? err : *name ? 0 : -ENOMEM;
}
