// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests on real network devices which device is matched with a NIC, and who is notified of changes.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/wait.h>

#include "view.h"

static const u8 MAC1[6] = { 0x52, 0x54, 0, 0xaa, 0, 1 };
static const u8 MAC2[6] = { 0x52, 0x54, 0, 0xaa, 0, 2 };

static struct ibu_nic by_mac(void)
{
	struct ibu_nic nic = {};

	memcpy(nic.mac, MAC1, 6);
	ibu_set(&nic.f, IBU_NIC_MAC);
	return nic;
}

static struct ibu_nic_now look(const struct ibu_nic *nic)
{
	struct ibu_nic_now now;

	rtnl_lock();
	ibu_nic_look(nic, &now);
	rtnl_unlock();
	return now;
}

static void absent(struct kunit *test)
{
	const struct ibu_nic nic = by_mac();
	const struct ibu_nic_now now = look(&nic);

	view_netdev(test, "kunit0", MAC2, true);
	KUNIT_EXPECT_EQ(test, now.match, IBU_MATCH_NONE);
	KUNIT_EXPECT_EQ(test, now.ifindex, 0);
	KUNIT_EXPECT_FALSE(test, now.ambiguous);
}

static void permanent_address(struct kunit *test)
{
	const struct ibu_nic nic = by_mac();
	struct net_device *dev = view_netdev(test, "kunit0", MAC1, true);
	struct sockaddr addr = { .sa_family = ARPHRD_ETHER };
	struct ibu_nic_now now;

	memcpy(addr.sa_data, MAC2, 6);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mac_address(dev, &addr, NULL), 0);
	rtnl_unlock();
	now = look(&nic);
	KUNIT_EXPECT_EQ(test, now.match, IBU_MATCH_PERM_ADDR);
	KUNIT_EXPECT_STREQ(test, (const char *)now.ifname, "kunit0");
	KUNIT_EXPECT_EQ(test, now.ifindex, dev->ifindex);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(now.mac, MAC2));
}

/* The permanent address has priority over the current one, whichever device came first. */
static void better_match(struct kunit *test)
{
	const struct ibu_nic nic = by_mac();
	struct ibu_nic_now now;

	view_netdev(test, "kunit0", MAC1, false);
	now = look(&nic);
	KUNIT_EXPECT_EQ(test, now.match, IBU_MATCH_MAC);
	view_netdev(test, "kunit1", MAC1, true);
	view_netdev(test, "kunit2", MAC1, false);
	now = look(&nic);
	KUNIT_EXPECT_EQ(test, now.match, IBU_MATCH_PERM_ADDR);
	KUNIT_EXPECT_STREQ(test, (const char *)now.ifname, "kunit1");
	KUNIT_EXPECT_FALSE(test, now.ambiguous);
}

static void ambiguous(struct kunit *test)
{
	const struct ibu_nic nic = by_mac();
	struct ibu_nic_now now;

	view_netdev(test, "kunit0", MAC1, true);
	view_netdev(test, "kunit1", MAC1, true);
	now = look(&nic);
	KUNIT_EXPECT_TRUE(test, now.ambiguous);
	KUNIT_EXPECT_STREQ(test, (const char *)now.ifname, "kunit0");
}

static void stacked(struct kunit *test)
{
	const struct ibu_nic nic = by_mac();
	struct net_device *upper = view_netdev(test, "kunit0", MAC1, false);
	struct net_device *lower = view_netdev(test, "kunit1", MAC1, true);
	struct ibu_nic_now now;
	int err;

	rtnl_lock();
	err = netdev_upper_dev_link(lower, upper, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
	now = look(&nic);
	rtnl_lock();
	netdev_upper_dev_unlink(lower, upper);
	rtnl_unlock();
	KUNIT_EXPECT_STREQ(test, (const char *)now.ifname, "kunit1");
	KUNIT_EXPECT_FALSE(test, now.ambiguous);
}

static void name_alone(struct kunit *test)
{
	struct ibu_nic nic = { .ifname = { "kunit1", 6 } };
	struct ibu_nic_now now;

	ibu_set(&nic.f, IBU_NIC_IFNAME);
	view_netdev(test, "kunit0", MAC1, false);
	view_netdev(test, "kunit1", MAC2, false);
	now = look(&nic);
	KUNIT_EXPECT_EQ(test, now.match, IBU_MATCH_NAME);
	KUNIT_EXPECT_STREQ(test, (const char *)now.ifname, "kunit1");
}

static void state(struct kunit *test)
{
	const struct ibu_nic nic = by_mac();
	struct net_device *dev = view_netdev(test, "kunit0", MAC1, true);
	struct ibu_nic_now now;

	KUNIT_EXPECT_FALSE(test, look(&nic).running);
	rtnl_lock();
	netif_carrier_off(dev);
	KUNIT_EXPECT_EQ(test, dev_open(dev, NULL), 0);
	KUNIT_EXPECT_EQ(test, dev_set_mtu(dev, 1400), 0);
	rtnl_unlock();
	now = look(&nic);
	KUNIT_EXPECT_TRUE(test, now.running);
	KUNIT_EXPECT_FALSE(test, now.carrier);
	KUNIT_EXPECT_EQ(test, now.mtu, 1400U);
	netif_carrier_on(dev);
	KUNIT_EXPECT_TRUE(test, look(&nic).carrier);
	view_netdev_remove(test, dev);
	KUNIT_EXPECT_EQ(test, look(&nic).match, IBU_MATCH_NONE);
}

/* Only events of devices that are, or could be, the NIC's need a new look at all devices. */
static void concerns(struct kunit *test)
{
	const struct ibu_nic nic = by_mac();
	struct net_device *own = view_netdev(test, "kunit0", MAC1, true);
	struct net_device *other = view_netdev(test, "kunit1", MAC2, true);
	const struct ibu_nic_now none = {}, now = look(&nic);
	struct ibu_nic_now two;

	KUNIT_EXPECT_TRUE(test, ibu_nic_concerns(&nic, &none, own));
	KUNIT_EXPECT_TRUE(test, ibu_nic_concerns(&nic, &now, own));
	KUNIT_EXPECT_FALSE(test, ibu_nic_concerns(&nic, &now, other));
	KUNIT_EXPECT_TRUE(test, ibu_nic_concerns(&nic, &now, NULL));
	view_netdev(test, "kunit2", MAC1, true);
	two = look(&nic);
	KUNIT_EXPECT_TRUE(test, ibu_nic_concerns(&nic, &two, other));
}

/* The state that a callback sees: a callback before the change would see the old state. */
static struct ibu_nic watched;
static struct ibu_nic_now found;
static atomic_t times_notified;
static DECLARE_WAIT_QUEUE_HEAD(notified);

static void look_again(const struct net_device *dev)
{
	ibu_nic_look(&watched, &found);
	ibu_nic_notify();
}

static void note_change(void)
{
	atomic_inc(&times_notified);
	wake_up(&notified);
}

#define EXPECT_FOUND(condition) \
	KUNIT_EXPECT_TRUE(test, wait_event_timeout(notified, condition, 30 * HZ) > 0)

static void watch(struct kunit *test)
{
	struct test_view *v = test->priv;

	watched = by_mac();
	memset(&found, 0, sizeof(found));
	KUNIT_ASSERT_EQ(test, ibu_nic_watch(look_again, note_change), 0);
	v->watched = true;
}

static void notified_of_existing(struct kunit *test)
{
	view_netdev(test, "kunit0", MAC1, true);
	watch(test);
	EXPECT_FOUND(found.match == IBU_MATCH_PERM_ADDR);
}

static void notified_of_changes(struct kunit *test)
{
	struct sockaddr addr = { .sa_family = ARPHRD_ETHER };
	struct net_device *dev;

	watch(test);
	dev = view_netdev(test, "kunit0", MAC1, true);
	EXPECT_FOUND(found.match == IBU_MATCH_PERM_ADDR);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_open(dev, NULL), 0);
	rtnl_unlock();
	EXPECT_FOUND(found.running);
	memcpy(addr.sa_data, MAC2, 6);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mac_address(dev, &addr, NULL), 0);
	rtnl_unlock();
	EXPECT_FOUND(ether_addr_equal(found.mac, MAC2));
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mtu(dev, 1400), 0);
	rtnl_unlock();
	EXPECT_FOUND(found.mtu == 1400);
	netif_carrier_off(dev);
	EXPECT_FOUND(!found.carrier);
	netif_carrier_on(dev);
	EXPECT_FOUND(found.carrier);
	rtnl_lock();
	dev_close(dev);
	rtnl_unlock();
	EXPECT_FOUND(!found.running);
	view_netdev_remove(test, dev);
	EXPECT_FOUND(found.match == IBU_MATCH_NONE);
}

static void not_notified_any_more(struct kunit *test)
{
	struct test_view *v = test->priv;
	int times;

	watch(test);
	ibu_nic_unwatch();
	v->watched = false;
	times = atomic_read(&times_notified);
	view_netdev_remove(test, view_netdev(test, "kunit0", MAC1, true));
	KUNIT_EXPECT_EQ(test, atomic_read(&times_notified), times);
}

static struct kunit_case nic_cases[] = { KUNIT_CASE(absent),
					 KUNIT_CASE(permanent_address),
					 KUNIT_CASE(better_match),
					 KUNIT_CASE(ambiguous),
					 KUNIT_CASE(stacked),
					 KUNIT_CASE(name_alone),
					 KUNIT_CASE(state),
					 KUNIT_CASE(concerns),
					 KUNIT_CASE(notified_of_existing),
					 KUNIT_CASE(notified_of_changes),
					 KUNIT_CASE(not_notified_any_more),
					 {} };

static struct kunit_suite nic_suite = {
	.name = "iscsi-boot-nic",
	.init = view_init,
	.exit = view_exit,
	.test_cases = nic_cases,
};

kunit_test_suite(nic_suite);
