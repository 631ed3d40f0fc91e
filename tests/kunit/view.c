// SPDX-License-Identifier: GPL-2.0-only
#include <linux/device.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "kmod/core/cmdline.h"
#include "kmod/core/ibft.h"
#include "kmod/core/merge.h"
#include "view.h"

int view_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct test_view), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

void view_destroy(struct kunit *test)
{
	struct test_view *v = test->priv;

	if (v->files)
		ibu_sysfs_exit();
	v->files = false;
}

void view_exit(struct kunit *test)
{
	struct test_view *v = test->priv;
	unsigned int i;

	if (v->watched)
		ibu_nic_unwatch();
	view_destroy(test);
	for (i = 0; i < ARRAY_SIZE(v->devs); i++)
		if (v->devs[i])
			view_netdev_remove(test, v->devs[i]);
	if (v->parent)
		root_device_unregister(v->parent);
	ibu_params_free(&v->p);
	ibu_diag_free(&v->d);
	ibu_source_free(&v->source);
}

/* Defined in source.c, which only the module has. */
void ibu_source_free(struct ibu_source *s)
{
	kfree(s->table);
	kfree(s->cmdline);
}

void view_read(struct kunit *test, const void *table, size_t size, const void *cmdline, size_t len)
{
	struct test_view *v = test->priv;
	struct ibu_params cl = {};

	if (table) {
		v->source.table = kmemdup(table, size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, v->source.table);
		v->source.table_size = size;
		KUNIT_ASSERT_EQ(test, ibu_ibft_parse(v->source.table, size, "acpi", &v->p, &v->d), 0);
	}
	if (cmdline) {
		v->source.cmdline = kmemdup(cmdline, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, v->source.cmdline);
		KUNIT_ASSERT_EQ(test, ibu_cmdline_parse(v->source.cmdline, len, &cl, &v->d), 0);
	}
	KUNIT_ASSERT_EQ(test, ibu_merge(&v->p, &cl, &v->d), 0);
	KUNIT_ASSERT_FALSE(test, v->d.lost);
}

void view_create(struct kunit *test)
{
	struct test_view *v = test->priv;

	KUNIT_ASSERT_EQ(test, ibu_sysfs_init(&v->p, &v->source, &v->d), 0);
	v->files = true;
}

struct file *view_open(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), TEST_VIEW "/%s", name);
	return filp_open(path, O_RDONLY, 0);
}

char *view_slurp(struct kunit *test, struct file *file, size_t *len)
{
	const size_t size = 64 * 1024; /* far more than any golden text */
	char *buf = kunit_kzalloc(test, size, GFP_KERNEL);
	loff_t pos = 0;
	ssize_t got;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	do {
		got = kernel_read(file, buf + pos, size - 1 - pos, &pos);
	} while (got > 0);
	KUNIT_ASSERT_LT(test, pos, (loff_t)size - 1);
	*len = pos;
	return got < 0 ? ERR_PTR(got) : buf;
}

char *view_content(struct kunit *test, const char *name, size_t *len)
{
	struct file *file = view_open(name);
	char *content;

	if (IS_ERR(file))
		return ERR_CAST(file);
	content = view_slurp(test, file, len);
	filp_close(file, NULL);
	return content;
}

void view_expect(struct kunit *test, const char *name, const char *text)
{
	size_t len;
	char *content = view_content(test, name, &len);

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(content), "%s: error %ld", name, PTR_ERR(content));
	KUNIT_ASSERT_GT(test, len, (size_t)0);
	KUNIT_EXPECT_EQ(test, content[len - 1], '\n');
	content[len - 1] = '\0';
	KUNIT_EXPECT_STREQ_MSG(test, (const char *)content, text, "%s", name);
	kunit_kfree(test, content);
}

void view_expect_error(struct kunit *test, const char *name, int err)
{
	size_t len;
	char *content = view_content(test, name, &len);

	KUNIT_EXPECT_TRUE_MSG(test, content == ERR_PTR(err), "%s: %ld, not %d", name,
			      IS_ERR(content) ? PTR_ERR(content) : 0, err);
}

struct count {
	struct dir_context ctx;
	int entries;
};

static bool count_entry(struct dir_context *ctx, const char *name, int len, loff_t pos, u64 ino,
			unsigned int type)
{
	if (name[0] != '.')
		container_of(ctx, struct count, ctx)->entries++;
	return true;
}

int view_count(const char *name)
{
	struct count count = { .ctx.actor = count_entry };
	struct file *dir = view_open(name);
	int err;

	if (IS_ERR(dir))
		return PTR_ERR(dir);
	err = iterate_dir(dir, &count.ctx);
	filp_close(dir, NULL);
	return err ?: count.entries;
}

/* Drops the packets that IPv6 sends as soon as a device is up. */
static netdev_tx_t drop(struct sk_buff *skb, struct net_device *dev)
{
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops view_netdev_ops = {
	.ndo_start_xmit = drop,
	.ndo_set_mac_address = eth_mac_addr,
};

static struct net_device **slot_of(struct kunit *test, const struct net_device *dev)
{
	struct test_view *v = test->priv;
	unsigned int i = 0;

	while (i < ARRAY_SIZE(v->devs) - 1 && v->devs[i] != dev)
		i++;
	KUNIT_ASSERT_PTR_EQ(test, (const struct net_device *)v->devs[i], dev);
	return &v->devs[i];
}

struct net_device *view_netdev(struct kunit *test, const char *name, const u8 mac[6], bool parent)
{
	struct net_device **slot = slot_of(test, NULL);
	struct test_view *v = test->priv;
	struct net_device *dev;

	dev = alloc_netdev(0, name, NET_NAME_USER, ether_setup);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	dev->netdev_ops = &view_netdev_ops;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	eth_hw_addr_set(dev, mac);
	if (parent && !v->parent) {
		/*
		 * No owner: in 6.1 this module's own sysfs directory does not exist yet when the
		 * suites run.
		 */
		v->parent = __root_device_register("iscsi_boot_kunit", NULL);
		if (IS_ERR(v->parent)) {
			v->parent = NULL;
			free_netdev(dev);
			KUNIT_ASSERT_TRUE(test, false);
		}
	}
	if (parent)
		SET_NETDEV_DEV(dev, v->parent);
	if (register_netdev(dev)) {
		free_netdev(dev);
		KUNIT_ASSERT_TRUE(test, false);
	}
	*slot = dev;
	return dev;
}

void view_netdev_remove(struct kunit *test, struct net_device *dev)
{
	*slot_of(test, dev) = NULL;
	unregister_netdev(dev);
	free_netdev(dev);
}

MODULE_DESCRIPTION("KUnit tests of iscsi_boot_unified");
MODULE_LICENSE("GPL");
