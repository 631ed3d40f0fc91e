// SPDX-License-Identifier: GPL-2.0-only
/* Finds or adds the NIC that a parameter is about, and sets the attributes that several have. */
#include "cmdline_nic_private.h"

static struct ibu_nic *ibu_nic_add(struct ibu_words *w)
{
	struct ibu_nic *nic = ibu_params_add_nic(w->p);

	if (nic) {
		nic->source = IBU_FROM_CMDLINE;
		nic->method = IBU_METHOD_NONE;
		nic->f.set = BIT_ULL(IBU_NIC_SOURCE) | BIT_ULL(IBU_NIC_METHOD);
	}
	return nic;
}

struct ibu_nic *ibu_named_nic(struct ibu_words *w, const struct ibu_text *name, bool fresh)
{
	struct ibu_nic *nic;
	u32 i;

	for (i = 0; i < w->p->nr_nics; i++) {
		nic = &w->p->nics[i];
		if (ibu_text_eq(&nic->ifname, name) && !(fresh && ibu_nic_is_configured(nic)))
			return nic;
	}
	nic = ibu_nic_add(w);
	if (nic) {
		nic->ifname = *name;
		nic->written = *name;
		ibu_set_nic(nic, IBU_NIC_IFNAME);
	}
	return nic;
}

int ibu_nic_mac_parse(const struct ibu_text *t, u8 mac[6])
{
	static const u8 zero[6];
	u8 read[6];

	if (ibu_mac_parse(t->s, t->len, read) || !memcmp(read, zero, 6))
		return -EINVAL;
	memcpy(mac, read, 6);
	return 0;
}

/* Returns a NIC with @mac that no ip= has configured, perhaps a new one. NULL: no memory. */
static struct ibu_nic *ibu_nic_with_mac(struct ibu_words *w, const struct ibu_text *text,
					const u8 mac[6])
{
	struct ibu_nic *nic;
	u32 i;

	for (i = 0; i < w->p->nr_nics; i++) {
		nic = &w->p->nics[i];
		/* @mac is not zero, which that of a NIC without one is. */
		if (!memcmp(nic->mac, mac, 6) && !ibu_nic_is_configured(nic))
			return nic;
	}
	nic = ibu_nic_add(w);
	if (nic) {
		nic->written = *text;
		ibu_give_mac(nic, mac);
	}
	return nic;
}

struct ibu_nic *ibu_device_nic(struct ibu_words *w, const struct ibu_text *device, bool fresh)
{
	u8 mac[6];

	if (!device->len)
		return ibu_nic_add(w);
	if (!ibu_nic_mac_parse(device, mac))
		return ibu_nic_with_mac(w, device, mac);
	return ibu_named_nic(w, device, fresh);
}

bool ibu_known_device(const struct ibu_words *w, const struct ibu_text *name)
{
	u32 i;

	for (i = 0; i < w->p->nr_nics; i++)
		if (ibu_text_eq(&w->p->nics[i].written, name))
			return true;
	return false;
}

void ibu_take_mask(struct ibu_words *w, const struct ibu_word *word, struct ibu_nic *nic,
		   struct ibu_text t)
{
	bool v4 = ibu_addr_is_v4(&nic->ip);
	struct ibu_addr mask;
	u32 prefix;

	if (!t.len)
		return;
	/* Beside an unset address, 0.0.0.0 is an unset mask. */
	if (!ibu_has(&nic->f, IBU_NIC_IP_ADDR) && !ibu_address(t, &mask) && ibu_addr_is_null(&mask))
		return;
	if ((v4 || !ibu_has(&nic->f, IBU_NIC_IP_ADDR)) && !ibu_address(t, &mask) &&
	    ibu_addr_is_v4(&mask) && ibu_mask_prefix(&mask) > 0)
		prefix = (u32)ibu_mask_prefix(&mask);
	else if (ibu_number(&t, v4 ? 32 : 128, &prefix))
		prefix = 0;
	if (!prefix) {
		ibu_word_diag(w, IBU_ERROR, word, &t, "neither a netmask nor a prefix length");
		return;
	}
	nic->prefix_len = prefix;
	ibu_set_nic(nic, IBU_NIC_PREFIX_LEN);
}

void ibu_take_hostname(struct ibu_words *w, const struct ibu_word *word, struct ibu_nic *nic,
		       struct ibu_text t)
{
	if (t.len > IBU_TEXT_MAX) {
		ibu_word_diag(w, IBU_ERROR, word, &t, "%s has %u bytes, at most %u are allowed",
			      "hostname", t.len, IBU_TEXT_MAX);
	} else if (t.len) {
		nic->hostname = t;
		ibu_set_nic(nic, IBU_NIC_HOSTNAME);
	}
}

void ibu_take_mtu(struct ibu_words *w, const struct ibu_word *word, struct ibu_nic *nic,
		  struct ibu_text t)
{
	u32 mtu;

	if (!t.len)
		return;
	if (ibu_number(&t, 65535, &mtu) || mtu < 68) {
		ibu_word_diag(w, IBU_ERROR, word, &t,
			      "neither an MTU from 68 to 65535 nor an address");
		return;
	}
	nic->mtu = mtu;
	ibu_set_nic(nic, IBU_NIC_MTU);
}
