// SPDX-License-Identifier: GPL-2.0-only
/* Describes NICs and paths of the plan for the log. */
#include "plan/describe.h"

#include <string.h>

#include "base/arena.h"
#include "base/ip_addr.h"
#include "iscsi/portal_addr.h"
#include "plan/nic_entry.h"
#include "kmod/core/attrs.h"

char *describe_text(void **arena, const struct ibu_text *text)
{
	size_t size = ibu_escape(text, NULL, 0) + 1;
	char *buf = arena_alloc(arena, size);

	if (buf)
		ibu_escape(text, buf, size);
	return buf;
}

static const char *mac_part(void **arena, const struct ibu_nic *nic)
{
	if (!ibu_has(&nic->f, IBU_NIC_MAC))
		return "";
	return arena_printf(arena, "MAC %s ", mac_text(nic->mac).s);
}

static const char *pci_part(void **arena, const struct ibu_nic *nic)
{
	u32 bdf = nic->pci_bdf;

	if (!ibu_has(&nic->f, IBU_NIC_PCI_BDF))
		return "";
	return arena_printf(arena, "PCI %02x:%02x.%x ", bdf >> 8, bdf >> 3 & 0x1f, bdf & 7);
}

char *describe_nic(void **arena, unsigned int number, const struct ibu_nic *nic)
{
	const char *mac = mac_part(arena, nic), *pci = pci_part(arena, nic);
	const char *name = "";
	char *text;

	if (ibu_has(&nic->f, IBU_NIC_IFNAME))
		name = describe_text(arena, &nic->ifname);
	if (!mac || !pci || !name)
		return NULL;
	text = arena_printf(arena, "nic%u (%s%s%s", number, mac, pci, name);
	if (!text)
		return NULL;
	if (text[strlen(text) - 1] == ' ')
		text[strlen(text) - 1] = '\0';
	if (!*mac && !*pci && !*name)
		return arena_printf(arena, "nic%u (%s with a carrier)", number,
				    nic_is_pool(nic) ? "every NIC" : "the first NIC");
	return arena_printf(arena, "%s)", text);
}

char *describe_path(void **arena, const struct plan_path *path, const struct endpoint *to)
{
	const char *name = describe_text(arena, &to->target->name), *portal = to->portal;

	if (path->by_root_path && !to->target->name.len)
		return arena_printf(arena, "target%u (named by the DHCP lease of nic%u)",
				    path->number, path->nic->number);
	if (!*portal)
		portal = describe_text(arena, &to->target->host);
	if (name && !*name)
		name = "(name by discovery)";
	portal = portal_text(arena, portal ? portal : "?", to->port);
	return arena_printf(arena, "target%u %s at %s", path->number, name ? name : "?",
			    portal ? portal : "?");
}
