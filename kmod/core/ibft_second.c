// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settles a second iBFT: some machines have one of their UEFI firmware and one of iPXE. Its targets
 * are further ones if both have the same initiator.
 */
#include "ibft_structs.h"

static bool ibu_second_same_nic(const struct ibu_nic *a, const struct ibu_nic *b)
{
	static const u64 facts = BIT_ULL(IBU_NIC_MAC) | BIT_ULL(IBU_NIC_VLAN) |
				 BIT_ULL(IBU_NIC_IP_ADDR) | BIT_ULL(IBU_NIC_PREFIX_LEN);

	return ibu_has(&a->f, IBU_NIC_MAC) && (a->f.set & facts) == (b->f.set & facts) &&
	       !memcmp(a->mac, b->mac, 6) && a->vlan == b->vlan && !memcmp(a->ip.b, b->ip.b, 16) &&
	       a->prefix_len == b->prefix_len;
}

/* Removes NIC @n, which is the same as the earlier NIC @same, and renumbers the targets' NICs. */
static void ibu_second_drop_nic(struct ibu_ibft_table *t, u32 n, u32 same)
{
	struct ibu_params *p = t->p;
	u32 i;

	for (i = t->first_target; i < p->nr_targets; i++) {
		u32 *assoc = &p->targets[i].nic_assoc;

		if (*assoc == n)
			*assoc = same;
		else if (*assoc > n)
			--*assoc;
	}
	p->nr_nics--;
	memmove(&p->nics[n], &p->nics[n + 1], (p->nr_nics - n) * sizeof(*p->nics));
}

static void ibu_second_join_nics(struct ibu_ibft_table *t)
{
	struct ibu_params *p = t->p;
	u32 n = p->nr_nics, i;

	while (n-- > t->first_nic)
		for (i = 0; i < t->first_nic; i++)
			if (ibu_second_same_nic(&p->nics[i], &p->nics[n])) {
				ibu_second_drop_nic(t, n, i);
				break;
			}
}

/* Can any of the targets be used from number @n to before @end? */
static bool ibu_second_any_sound(const struct ibu_params *p, u32 n, u32 end)
{
	while (n < end)
		if (!p->targets[n++].unsound)
			return true;
	return false;
}

void ibu_ibft_settle_second(struct ibu_ibft_table *t, const struct ibu_root *first)
{
	struct ibu_root *root = &t->p->root;
	bool named = ibu_has(&first->f, IBU_ROOT_INITIATOR_NAME);
	bool differs = named && ibu_has(&root->f, IBU_ROOT_INITIATOR_NAME) &&
		       !ibu_text_eq(&first->initiator_name, &root->initiator_name);
	const char *what = "its targets are further ones";
	u32 i;

	if (!ibu_second_any_sound(t->p, t->first_target, t->p->nr_targets)) {
		what = "none of its targets can be used";
	} else if (differs && !ibu_second_any_sound(t->p, 0, t->first_target)) {
		what = "its initiator name is used: no target of the first table can be";
		named = false;
		differs = false;
	} else if (differs) {
		what = "it has another initiator name: its targets are not used";
	}
	ibu_diag_add(t->d, IBU_WARNING, t->name, "table", IBU_NO_OFFSET, "additional table; %s",
		     what);
	for (i = t->first_target; i < t->p->nr_targets; i++) {
		t->p->targets[i].additional = true;
		t->p->targets[i].unsound |= differs;
	}
	if (named)
		*root = *first;
	ibu_second_join_nics(t);
}
