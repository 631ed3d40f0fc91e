// SPDX-License-Identifier: GPL-2.0-only
/* Finds the network device of a configured NIC, and watches for changes of it. */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>

#include "netdev.h"

static void (*ibu_update)(const struct net_device *dev);
static void (*ibu_changed)(void);

/*
 * Under RTNL. (Un)registering the notifier replays events for each device, which would look at all
 * devices for each of them.
 */
static bool ibu_watching;

/*
 * Returns the PCI function that @dev belongs to, or NULL. For virtio-net and USB there is another
 * device between them.
 */
static const struct pci_dev *ibu_pci_dev(const struct net_device *dev)
{
	struct device *d = dev->dev.parent;

	while (d && !dev_is_pci(d))
		d = d->parent;
	return d ? to_pci_dev(d) : NULL;
}

/* The table has no field for a PCI segment, so only segment 0 counts. */
static u32 ibu_pci_bdf(const struct net_device *dev)
{
	const struct pci_dev *pci = ibu_pci_dev(dev);

	if (!pci || pci_domain_nr(pci->bus))
		return 0;
	return PCI_DEVID(pci->bus->number, pci->devfn);
}

/*
 * Is @dev only a layer on other devices, such as a VLAN or a bond? A device with a parent is not: a
 * DSA port, or the Hyper-V NIC that is master of its VF. That VF has the same MAC and must not be
 * configured.
 */
static bool ibu_is_stacked(const struct net_device *dev)
{
	return !dev->dev.parent && (!list_empty(&dev->adj_list.lower) ||
				    netif_is_bridge_master(dev) || netif_is_bond_master(dev));
}

/* Stores the facts about @dev that the match needs in @facts. The caller holds RTNL. */
static void ibu_netdev_describe(const struct net_device *dev, struct ibu_netdev *facts)
{
	*facts = (struct ibu_netdev){
		.ifname = dev->name,
		.pci_bdf = ibu_pci_bdf(dev),
		.has_parent = dev->dev.parent,
		.stacked = ibu_is_stacked(dev),
	};
	if (dev->addr_len == ETH_ALEN) {
		ether_addr_copy(facts->mac, dev->dev_addr);
		ether_addr_copy(facts->perm_addr, dev->perm_addr);
	}
}

static void ibu_netdev_copy(const struct net_device *dev, struct ibu_nic_now *now)
{
	const struct pci_dev *pci = ibu_pci_dev(dev);

	strscpy(now->ifname, dev->name, sizeof(now->ifname));
	if (pci)
		strscpy(now->pci, pci_name(pci), sizeof(now->pci));
	now->ifindex = dev->ifindex;
	now->mtu = dev->mtu;
	now->operstate = READ_ONCE(dev->operstate); /* linkwatch needs no RTNL to set it */
	now->running = dev->flags & IFF_UP;
	now->carrier = netif_carrier_ok(dev);
	if (dev->addr_len == ETH_ALEN)
		ether_addr_copy(now->mac, dev->dev_addr);
}

void ibu_nic_look(const struct ibu_nic *nic, struct ibu_nic_now *now)
{
	const struct net_device *best = NULL;
	struct net_device *dev;
	struct ibu_netdev facts;
	enum ibu_match match;

	ASSERT_RTNL();
	memset(now, 0, sizeof(*now));
	for_each_netdev(&init_net, dev) {
		ibu_netdev_describe(dev, &facts);
		match = ibu_match(nic, &facts);
		if (match == IBU_MATCH_NONE || match < now->match)
			continue;
		now->ambiguous = match == now->match;
		if (!now->ambiguous)
			best = dev;
		now->match = match;
	}
	if (best)
		ibu_netdev_copy(best, now);
}

bool ibu_nic_concerns(const struct ibu_nic *nic, const struct ibu_nic_now *now,
		      const struct net_device *dev)
{
	struct ibu_netdev facts;

	if (!dev || now->ambiguous || now->ifindex == dev->ifindex)
		return true;
	ibu_netdev_describe(dev, &facts);
	return ibu_match(nic, &facts) != IBU_MATCH_NONE;
}

static void ibu_nic_work_fn(struct work_struct *work)
{
	ibu_changed();
}

static DECLARE_WORK(ibu_nic_work, ibu_nic_work_fn);

void ibu_nic_notify(void)
{
	schedule_work(&ibu_nic_work);
}

/*
 * Runs under RTNL, since Linux 6.15 also under the device's lock. Upper devices change without an
 * event of their own, so NETDEV_CHANGEUPPER of the lower one may concern every NIC.
 */
static int ibu_nic_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	switch (event) {
	case NETDEV_CHANGEUPPER:
		dev = NULL;
		fallthrough;
	case NETDEV_REGISTER:
	case NETDEV_UNREGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGE:
	case NETDEV_UP:
	case NETDEV_DOWN:
		if (ibu_watching)
			ibu_update(dev);
	}
	return NOTIFY_DONE;
}

static struct notifier_block ibu_nic_notifier = {
	.notifier_call = ibu_nic_event,
};

int ibu_nic_watch(void (*update)(const struct net_device *dev), void (*changed)(void))
{
	int err;

	ibu_update = update;
	ibu_changed = changed;
	err = register_netdevice_notifier_net(&init_net, &ibu_nic_notifier);
	if (err)
		return err;
	rtnl_lock();
	ibu_watching = true;
	ibu_update(NULL);
	rtnl_unlock();
	return 0;
}

void ibu_nic_unwatch(void)
{
	rtnl_lock();
	ibu_watching = false;
	rtnl_unlock();
	unregister_netdevice_notifier_net(&init_net, &ibu_nic_notifier);
	cancel_work_sync(&ibu_nic_work);
}
