// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refuses portals of an iBFT that cannot be portals, and says what the firmware probably meant.
 * What is certain is kept apart from what is only suspected.
 */
#include "ibft_structs.h"
#include "portal.h"

#define IBU_ADVICE "name the target by iscsi_boot.target="

#define IBU_TARGET_IP 6 /* offset of the address in a target, 3.7 */

static void ibu_portal_diag(struct ibu_ibft_table *t, u32 n, enum ibu_severity severity,
			    const char *what, const char *why)
{
	const struct ibu_target *tgt = &t->p->targets[n];
	char addr[IBU_ADDR_STRLEN], place[32];

	ibu_addr_print(&tgt->ip, addr);
	snprintf(place, sizeof(place), "%s.target%u", t->name, n);
	ibu_diag_add(t->d, severity, place, "ip-addr", tgt->table_offset + IBU_TARGET_IP,
		     "%s %s; %s; " IBU_ADVICE, addr, what, why);
}

static void ibu_portal_refuse(struct ibu_ibft_table *t, u32 n, const char *what, const char *why)
{
	ibu_portal_diag(t, n, IBU_ERROR, what, why);
	t->p->targets[n].unsound = true;
}

/* Writes how the IPv6 address began whose first four bytes are @a. */
static const char *ibu_portal_cut_text(const struct ibu_addr *a, bool sure, char *buf, size_t size)
{
	snprintf(buf, size, "the firmware %s an IPv6 address, %x:%x:..., to four bytes",
		 sure ? "cut" : "may have cut", ibu_be16(a->b + 12), ibu_be16(a->b + 14));
	return buf;
}

static bool ibu_ibft_is_ipxe(const struct ibu_ibft_table *t)
{
	return !memcmp(t->table + 10, "FENSYS", 6) || !memcmp(t->table + 16, "iPXE", 4);
}

/* Firmware that is known to cut addresses. */
static bool ibu_ibft_may_cut(const struct ibu_ibft_table *t)
{
	return ibu_ibft_is_ipxe(t) || t->size == IBU_EDK2_LENGTH;
}

static bool ibu_portal_in_subnet(const struct ibu_ibft_table *t, const struct ibu_addr *a)
{
	u32 i;

	for (i = t->first_nic; i < t->p->nr_nics; i++)
		if (ibu_nic_has(&t->p->nics[i], a))
			return true;
	return false;
}

/*
 * Does the NIC of the target show that an IPv4 portal was an IPv6 address? iPXE and EDK2 write the
 * IPv4 address of their NIC if there is one; without it, the NIC cannot have reached an IPv4
 * portal.
 */
static bool ibu_portal_nic_lacks_v4(const struct ibu_ibft_table *t, const struct ibu_target *tgt)
{
	const struct ibu_nic *nic;

	if (!ibu_addr_is_v4(&tgt->ip) || !ibu_has(&tgt->f, IBU_TARGET_NIC_ASSOC))
		return false;
	nic = &t->p->nics[tgt->nic_assoc];
	return ibu_has(&nic->f, IBU_NIC_IP_ADDR) ? !ibu_addr_is_v4(&nic->ip) : ibu_ibft_may_cut(t);
}

/* All global unicast IPv6 addresses begin so (RFC 4291 2.4). */
static bool ibu_portal_begins_global(const struct ibu_addr *a)
{
	return a->b[12] >> 5 == 1;
}

/* Refuses an address that is one of this machine or of its subnets. Returns true if it did. */
static bool ibu_portal_check_clash(struct ibu_ibft_table *t, u32 n, const char *cause)
{
	const struct ibu_target *tgt = &t->p->targets[n];
	const char *clash;
	char what[64];
	u32 i;

	for (i = t->first_nic; i < t->p->nr_nics; i++) {
		clash = ibu_portal_clash(&tgt->ip, &t->p->nics[i]);
		if (!clash)
			continue;
		snprintf(what, sizeof(what), "%s nic%u", clash, i);
		ibu_portal_refuse(t, n, what, cause);
		return true;
	}
	return false;
}

static void ibu_portal_check(struct ibu_ibft_table *t, u32 n)
{
	const struct ibu_target *tgt = &t->p->targets[n];
	const char *fault = ibu_portal_fault(&tgt->ip);
	enum ibu_cut cut = ibu_addr_is_cut(&tgt->ip);
	const char *cause = "check the target's address in the firmware's setup";
	char why[96];

	if (cut != IBU_CUT_NO)
		cause = ibu_portal_cut_text(&tgt->ip, cut == IBU_CUT_YES, why, sizeof(why));
	if (fault)
		ibu_portal_refuse(t, n, fault, cause);
	else if (ibu_portal_check_clash(t, n, cause) || ibu_portal_in_subnet(t, &tgt->ip))
		return;
	else if (ibu_portal_nic_lacks_v4(t, tgt) &&
		 (cut != IBU_CUT_NO || (ibu_ibft_may_cut(t) && ibu_portal_begins_global(&tgt->ip))))
		ibu_portal_refuse(t, n, "is IPv4, but its NIC has no IPv4 address",
				  ibu_portal_cut_text(&tgt->ip, true, why, sizeof(why)));
	else if (ibu_portal_nic_lacks_v4(t, tgt))
		ibu_portal_diag(t, n, IBU_WARNING, "is used, but its NIC has no IPv4 address",
				cause);
	else if (cut == IBU_CUT_MAYBE && ibu_ibft_may_cut(t))
		ibu_portal_diag(t, n, IBU_WARNING, "is used, but in no subnet of a NIC", cause);
}

void ibu_ibft_check_portals(struct ibu_ibft_table *t)
{
	u32 i;

	for (i = t->first_target; i < t->p->nr_targets; i++)
		if (ibu_has(&t->p->targets[i].f, IBU_TARGET_IP_ADDR) &&
		    !(t->overlap_at && t->p->targets[i].unsound)) /* its address may be damaged */
			ibu_portal_check(t, i);
}
