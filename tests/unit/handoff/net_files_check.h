/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks the files for the real root line by line, as the programs that read them do: for any
 * input, only the expected keys and characters are allowed. The unit test and the fuzzer use it.
 */
#ifndef TESTS_HANDOFF_CHECK_H
#define TESTS_HANDOFF_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handoff/net_files_private.h"

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define COMMENT "# By iscsi-boot-agent: the root file system comes over this device."

struct handoff_file {
	const char *name;
	void (*write)(FILE *out, const struct handoff_dev *dev);
	/* "[section]" and the keys allowed in it, without '='; ends with NULL. */
	const char *const *words;
	const char *chars; /* allowed in a value */
};

static const char *const networkd_words[] = {
	"[Match]", "Name", "Type", "MACAddress", "PermanentMACAddress", "[Link]",
	"RequiredForOnline", "Unmanaged",
	"[Network]", "KeepConfiguration", "IgnoreCarrierLoss", "DHCP", "IPv6AcceptRA", "VLAN", "DNS",
	"Domains", "[DHCPv4]", "SendRelease", "RouteMetric", "ClientIdentifier", "IAID", "DUIDType", "DUIDRawData",
	"[DHCPv6]", "SendRelease", "IAID", "DUIDType", "DUIDRawData", NULL
};
static const char *const conf_words[] = { "[Network]", "ManageForeignRoutingPolicyRules", NULL };
static const char *const netdev_words[] = { "[NetDev]", "Name", "Kind", "[VLAN]", "Id", NULL };
static const char *const link_words[] = {
	"[Match]", "Type", "MACAddress", "PermanentMACAddress", "Name", "[Link]", "Name",
	"AlternativeNamesPolicy", NULL
};
static const char *const nm_words[] = { "[device-iscsi-boot-", "match-device", "managed", NULL };
static const char *const klibc_words[] = {
	"", "DEVICE", "PROTO", "IPV4ADDR", "IPV4BROADCAST", "IPV4NETMASK", "IPV4GATEWAY", "IPV4DNS0",
	"IPV4DNS1", "HOSTNAME", "DNSDOMAIN", "ROOTSERVER", NULL
};
static const char *const klibc6_words[] = {
	"", "DEVICE6", "IPV6PROTO", "IPV6ADDR", "IPV6NETMASK", "IPV6GATEWAY", "IPV6DNS0", "IPV6DNS1",
	"HOSTNAME", "DNSDOMAIN", NULL
};

static const struct handoff_file handoff_files[] = {
	{ "networkd", handoff_networkd, networkd_words, ALNUM ".:-_" },
	{ "networkd.conf", handoff_networkd_conf, conf_words, ALNUM },
	{ "netdev", handoff_netdev, netdev_words, ALNUM ".-_" },
	{ "link", handoff_link, link_words, ALNUM ".:-_ " },
	{ "udev", handoff_udev, NULL, NULL },
	{ "nm", handoff_nm, nm_words, ALNUM ".:-_=" },
	{ "ifupdown", handoff_ifupdown, NULL, NULL },
	{ "klibc", handoff_klibc, klibc_words, ALNUM ".:-_" },
	{ "klibc6", handoff_klibc6, klibc6_words, ALNUM ".:-_" },
	{ "debian", handoff_debian, NULL, NULL },
	{ "lease", handoff_lease, NULL, NULL },
	{ "lease6", handoff_lease6, NULL, NULL },
};
#define NR_HANDOFF_FILES (sizeof(handoff_files) / sizeof(handoff_files[0]))

/* True if @s consists of @chars; it may be empty only if @empty. */
static inline bool all_of(const char *s, const char *chars, bool empty)
{
	size_t n = strspn(s, chars);

	return !s[n] && (empty || n);
}

/* Checks a section or a key. @section: the keys of the current section. */
static inline bool check_key(const struct handoff_file *file, const char *const **section, char *line)
{
	const bool shell = !file->words[0][0];
	char *value = strchr(line, '='), *end;
	const char *const *word;

	if (line[0] == '[') {
		for (word = file->words; *word; word++)
			if (!strncmp(*word, line, strlen(*word)) && (*word)[0] == '[') {
				*section = word + 1;
				line += strlen(*word);
				if (word[0][strlen(*word) - 1] == ']')
					return !*line;
				end = strchr(line, ']');
				return end && !end[1] && (*end = '\0', handoff_is_ifname(line));
			}
		return false;
	}
	if (!value || (!shell && !*section))
		return false;
	*value++ = '\0';
	if (shell) {
		end = strrchr(value, '\'');
		if (value[0] != '\'' || end == value || !end || end[1])
			return false;
		*end = '\0';
		value++;
	}
	for (word = shell ? file->words + 1 : *section; *word && (*word)[0] != '['; word++)
		if (!strcmp(*word, line))
			return all_of(value, file->chars, shell);
	return false;
}

static inline bool check_udev(const char *line)
{
#define UDEV "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", "
	static const char *const by_mac[] = { UDEV "ATTR{address}==\"",
					      "\", ATTR{type}==\"1\", NAME:=\"", "\"" };
	static const char *const by_name[] = { UDEV "KERNEL==\"", "\", ATTR{type}==\"1\", NAME:=\"",
					       "\"" };
	const bool named = !strncmp(line, by_name[0], strlen(by_name[0]));
	const char *const *parts = named ? by_name : by_mac;
	size_t i, n;

	for (i = 0; i < 3; i++) {
		n = strlen(parts[i]);
		if (strncmp(line, parts[i], n))
			return false;
		line += n;
		line += i == 2 ? 0 : strspn(line, i || named ? ALNUM "._-" : "0123456789abcdef:");
	}
	return !*line;
}

static inline bool check_line(const struct handoff_file *file, const char *const **section, char *line)
{
	if (!strcmp(line, COMMENT))
		return file->words ? file->words[0][0] : file->write == handoff_udev;
	if (file->write == handoff_udev)
		return check_udev(line);
	if (file->write == handoff_ifupdown)
		return !strcmp(line, "iscsi-boot");
	if (file->write == handoff_debian)
		return handoff_is_ifname(line);
	if (file->write == handoff_lease || file->write == handoff_lease6)
		return !strncmp(line, "ifname=", strlen("ifname=")) &&
		       all_of(line, ALNUM ".:-_= ", false);
	return check_key(file, section, line);
}

/*
 * Returns the first line of @text that is not as expected, or NULL. The last line must end with a
 * newline. Cuts @text.
 */
static inline const char *check_handoff(const struct handoff_file *file, char *text, size_t len)
{
	const char *const *section = NULL;
	char *line = text, *eol;
	static char bad[4096];

	while (line < text + len) {
		eol = memchr(line, '\n', (size_t)(text + len - line));
		if (!eol)
			return "no newline at the end";
		if (memchr(line, '\0', (size_t)(eol - line)))
			return "a NUL";
		*eol = '\0';
		snprintf(bad, sizeof(bad), "%s", line);
		if (!check_line(file, &section, line))
			return bad;
		line = eol + 1;
	}
	return NULL;
}

#endif
