/* SPDX-License-Identifier: GPL-2.0-only */
/* What the readers of network parameters, cmdline_ip.c and cmdline_net.c, have in common. */
#ifndef IBU_CMDLINE_NIC_PRIVATE_H
#define IBU_CMDLINE_NIC_PRIVATE_H

#include "cmdline_private.h"

/* Marks an attribute present, and as supplied by the command line. */
static inline void ibu_set_nic(struct ibu_nic *nic, unsigned int field)
{
	ibu_set(&nic->f, field);
	nic->f.from_cmdline |= BIT_ULL(field);
}

/* Has an ip= configured the NIC? */
static inline bool ibu_nic_is_configured(const struct ibu_nic *nic)
{
	return nic->f.from_cmdline & BIT_ULL(IBU_NIC_METHOD);
}

static inline void ibu_give_mac(struct ibu_nic *nic, const u8 mac[6])
{
	memcpy(nic->mac, mac, 6);
	ibu_set_nic(nic, IBU_NIC_MAC);
}

/*
 * Reads a MAC address. Returns -EINVAL, with @mac unchanged, also for the zero address, which the
 * loopback device and devices without an address have.
 */
int ibu_nic_mac_parse(const struct ibu_text *t, u8 mac[6]);

/*
 * Returns the NIC named @name, which is added if it does not exist, or NULL if there is no memory.
 * With @fresh, NICs that an ip= has already configured do not count.
 */
struct ibu_nic *ibu_named_nic(struct ibu_words *w, const struct ibu_text *name, bool fresh);

/*
 * The same for @device, a name or a MAC address. Without @device it is a new NIC, for any device
 * that fits. By a MAC address it finds only NICs that no ip= has configured.
 */
struct ibu_nic *ibu_device_nic(struct ibu_words *w, const struct ibu_text *device, bool fresh);

/* Has a parameter before this one named a device @name? */
bool ibu_known_device(const struct ibu_words *w, const struct ibu_text *name);

/*
 * Set one attribute of @nic from @t, which is in the value of @word; an empty @t sets nothing. An
 * invalid one adds a diagnostic and sets nothing either. The mask, an IPv4 netmask or a prefix
 * length, must fit the address that the NIC has.
 */
void ibu_take_mask(struct ibu_words *w, const struct ibu_word *word, struct ibu_nic *nic,
		   struct ibu_text t);
void ibu_take_hostname(struct ibu_words *w, const struct ibu_word *word, struct ibu_nic *nic,
		       struct ibu_text t);
void ibu_take_mtu(struct ibu_words *w, const struct ibu_word *word, struct ibu_nic *nic,
		  struct ibu_text t);

#endif
