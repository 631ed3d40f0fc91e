// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the sysfs tree: creation, reading, polling, removal; permissions; open files after removal.
 */
#include <linux/cred.h>
#include <linux/poll.h>
#include <linux/rtnetlink.h>

#include "view.h"

static const char rich[] =
	"rd.iscsi.initiator=iqn.2026-11.org.example:host1 "
	"ip=10.0.0.7::10.0.0.1:255.255.255.0:host:eth0:none:9000 ifname=eth0:52:54:00:aa:00:01 "
	"ip=dhcp ip=eth9:dchp "
	"iscsi_boot.target=iscsi://user:secretsecret@10.0.0.9:3261/iqn.a:b/300?tpgt=7 "
	"iscsi_boot.target=iscsi://some.host/iqn.a:c";

static const u8 MAC1[6] = { 0x52, 0x54, 0, 0xaa, 0, 1 };

static void create(struct kunit *test, const char *cmdline)
{
	view_read(test, NULL, 0, cmdline, strlen(cmdline));
	view_create(test);
}

static void made_and_gone(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 10; i++) {
		if (i)
			view_create(test);
		else
			create(test, rich);
		view_expect(test, "abi-version", "1");
		view_expect(test, "target0/port", "3261");
		view_expect(test, "target0/chap-secret", "secretsecret");
		view_destroy(test);
		view_expect_error(test, "abi-version", -ENOENT);
		KUNIT_EXPECT_EQ(test, view_count(""), -ENOENT);
	}
}

static void nothing_to_show(struct kunit *test)
{
	create(test, "");
	view_expect(test, "sources", "none");
	view_expect(test, "errors", "0");
	/* abi-version sources errors warnings, diagnostics, generation */
	KUNIT_EXPECT_EQ(test, view_count(""), 6);
	view_expect_error(test, "ibft/table", -ENOENT);
}

/* Texts with each byte escaped, as long as possible; and very many entries. */
static void longest_text(struct kunit *test)
{
	char *line = kunit_kzalloc(test, 512, GFP_KERNEL);
	size_t len;

	KUNIT_ASSERT_NOT_NULL(test, line);
	strcpy(line, "iscsi_initiator=");
	memset(line + strlen(line), 0xff, IBU_ISCSI_NAME_MAX);
	create(test, line);
	KUNIT_EXPECT_FALSE(test, IS_ERR(view_content(test, "initiator-name", &len)));
	KUNIT_EXPECT_EQ(test, len, (size_t)4 * IBU_ISCSI_NAME_MAX + 1);
}

static void many_entries(struct kunit *test)
{
	const unsigned int count = 200, nics = IBU_NICS_MAX;
	size_t size = count * 64, len = 0;
	char *line = kunit_kzalloc(test, size, GFP_KERNEL);
	char name[32];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, line);
	for (i = 0; i < count; i++)
		len += scnprintf(line + len, size - len,
				 "iscsi_boot.target=iscsi://10.0.0.1/iqn.a:%u?nic=e%u ", i, i % nics);
	KUNIT_ASSERT_LT(test, len, size - 1);
	create(test, line);
	KUNIT_EXPECT_EQ(test, view_count(""), 6 + (int)(count + nics));
	snprintf(name, sizeof(name), "target%u/target-name", count - 1);
	view_expect(test, name, "iqn.a:199");
	snprintf(name, sizeof(name), "nic%u/netdev/status", nics - 1);
	view_expect(test, name, "absent");
}

static const char *const restricted[] = { "diagnostics", "initiator-name", "target0/chap-name",
					  "target0/chap-secret" };

/* Reads @file, which another process opened and passed on. Returns what the read returns. */
static ssize_t read_passed(struct kunit *test, struct file *file)
{
	char *content;
	size_t len;

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	content = view_slurp(test, file, &len);
	filp_close(file, NULL);
	return IS_ERR(content) ? PTR_ERR(content) : (ssize_t)len;
}

/*
 * Root without CAP_SYS_ADMIN, as in a container, may open but not read secrets, nor may a
 * privileged process read the file that it opened.
 */
static void capability(struct kunit *test)
{
	struct cred *cred = prepare_creds();
	const struct cred *saved;
	struct file *opened, *ours;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, cred);
	create(test, rich);
	cap_lower(cred->cap_effective, CAP_SYS_ADMIN);
	for (i = 0; i < ARRAY_SIZE(restricted); i++) {
		ours = view_open(restricted[i]);
		saved = override_creds(cred);
		opened = view_open(restricted[i]);
		view_expect_error(test, restricted[i], -EPERM);
		KUNIT_EXPECT_GT(test, read_passed(test, ours), (ssize_t)0);
		revert_creds(saved);
		KUNIT_EXPECT_EQ(test, read_passed(test, opened), (ssize_t)-EPERM);
	}
	saved = override_creds(cred);
	view_expect(test, "target0/port", "3261");
	revert_creds(saved);
	put_cred(cred);
	for (i = 0; i < ARRAY_SIZE(restricted); i++) {
		struct file *file = view_open(restricted[i]);

		KUNIT_ASSERT_FALSE(test, IS_ERR(file));
		KUNIT_EXPECT_EQ(test, file_inode(file)->i_mode, (umode_t)(S_IFREG | 0400));
		filp_close(file, NULL);
	}
}

static void written_by_nobody(struct kunit *test)
{
	static const char *const names[] = { "generation", "diagnostics", "nic0/netdev/status",
					     "target0/port" };
	struct file *file;
	char path[128];
	unsigned int i;

	create(test, rich);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), TEST_VIEW "/%s", names[i]);
		file = filp_open(path, O_WRONLY, 0);
		KUNIT_EXPECT_TRUE_MSG(test, IS_ERR(file), "%s", path);
		if (!IS_ERR(file))
			filp_close(file, NULL);
	}
}

static void no_device(struct kunit *test)
{
	static const char *const names[] = { "ifname", "ifindex", "operstate", "carrier",
					     "mac", "mtu", "match", "pci" };
	char name[64];
	unsigned int i;

	create(test, rich);
	view_expect(test, "nic0/netdev/status", "absent");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(name, sizeof(name), "nic0/netdev/%s", names[i]);
		view_expect_error(test, name, -ENODATA);
	}
	KUNIT_EXPECT_EQ(test, view_count("nic0/netdev"), 9);
}

static void device(struct kunit *test)
{
	struct net_device *dev = view_netdev(test, "kunit0", MAC1, true);
	struct test_view *v = test->priv;

	create(test, rich);
	KUNIT_ASSERT_EQ(test, ibu_nic_watch(ibu_sysfs_update, ibu_sysfs_changed), 0);
	v->watched = true;
	view_expect(test, "nic0/netdev/status", "down");
	view_expect(test, "nic0/netdev/ifname", "kunit0");
	view_expect(test, "nic0/netdev/mac", "52:54:00:aa:00:01");
	view_expect(test, "nic0/netdev/mtu", "1500");
	view_expect(test, "nic0/netdev/operstate", "down");
	view_expect(test, "nic0/netdev/match", "perm-addr");
	rtnl_lock();
	netif_carrier_off(dev);
	KUNIT_EXPECT_EQ(test, dev_open(dev, NULL), 0);
	rtnl_unlock();
	view_expect(test, "nic0/netdev/status", "no-carrier");
	view_expect(test, "nic0/netdev/carrier", "0");
	netif_carrier_on(dev);
	rtnl_lock();
	netdev_state_change(dev); /* linkwatch would be later */
	rtnl_unlock();
	view_expect(test, "nic0/netdev/status", "up");
	view_expect(test, "nic0/netdev/carrier", "1");
	view_netdev_remove(test, dev);
	view_expect(test, "nic0/netdev/status", "absent");
}

static const char *const pollable[] = { "generation", "nic0/netdev/status", "nic1/netdev/status" };

static bool woken(struct file *file)
{
	return vfs_poll(file, NULL) & EPOLLPRI;
}

static void poll(struct kunit *test)
{
	struct file *files[ARRAY_SIZE(pollable)];
	unsigned int i;
	size_t len;

	create(test, rich);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		files[i] = view_open(pollable[i]);
		KUNIT_ASSERT_FALSE(test, IS_ERR(files[i]));
		view_slurp(test, files[i], &len);
		KUNIT_EXPECT_FALSE(test, woken(files[i]));
	}
	ibu_sysfs_changed();
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		KUNIT_EXPECT_TRUE(test, woken(files[i]));
		view_slurp(test, files[i], &len);
		KUNIT_EXPECT_FALSE(test, woken(files[i]));
	}
	view_destroy(test);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		KUNIT_EXPECT_TRUE(test, woken(files[i]));
		filp_close(files[i], NULL);
	}
}

static void generation(struct kunit *test)
{
	char *before, *after;
	size_t len;
	u64 a, b;

	create(test, rich);
	before = view_content(test, "generation", &len);
	ibu_sysfs_changed();
	after = view_content(test, "generation", &len);
	KUNIT_ASSERT_FALSE(test, IS_ERR(before) || IS_ERR(after));
	KUNIT_ASSERT_EQ(test, kstrtou64(before, 10, &a), 0);
	KUNIT_ASSERT_EQ(test, kstrtou64(after, 10, &b), 0);
	KUNIT_EXPECT_EQ(test, b, a + 1);
}

static void held_open(struct kunit *test)
{
	static const char *const names[] = { "abi-version", "diagnostics", "generation",
					     "nic0/netdev/status", "target0/chap-secret" };
	struct file *files[ARRAY_SIZE(names)];
	unsigned int i;
	size_t len;

	create(test, rich);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		files[i] = view_open(names[i]);
		KUNIT_ASSERT_FALSE(test, IS_ERR(files[i]));
	}
	view_destroy(test);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		KUNIT_EXPECT_TRUE(test, view_slurp(test, files[i], &len) == ERR_PTR(-ENODEV));
		filp_close(files[i], NULL);
	}
}

static struct kunit_case sysfs_cases[] = {
	KUNIT_CASE(made_and_gone),
	KUNIT_CASE(nothing_to_show),
	KUNIT_CASE(longest_text),
	KUNIT_CASE(many_entries),
	KUNIT_CASE(capability),
	KUNIT_CASE(written_by_nobody),
	KUNIT_CASE(no_device),
	KUNIT_CASE(device),
	KUNIT_CASE(poll),
	KUNIT_CASE(generation),
	KUNIT_CASE(held_open),
	{}
};

static struct kunit_suite sysfs_suite = {
	.name = "iscsi-boot-sysfs",
	.init = view_init,
	.exit = view_exit,
	.test_cases = sysfs_cases,
};

kunit_test_suite(sysfs_suite);
