// SPDX-License-Identifier: GPL-2.0-only
/* Helpers that the steps of one NIC (nic_address.c, nic_device.c, nic_route.c) share. */
#include "net/nic_private.h"

#include "base/ip_addr.h"

enum nic_state nic_refused(struct nic_context *n, const char *doing, int error)
{
	n->setup->doing = doing;
	n->setup->error = error;
	return NIC_ERROR;
}

unsigned int nic_prefix(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_PREFIX_LEN) ? nic->prefix_len : addr_usual_prefix(&nic->ip);
}
