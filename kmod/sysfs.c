// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creates the files of the view in /sys/firmware/iscsi_boot_unified.
 *
 * There is no kset and no kobject_uevent(): open-iscsi's udev rule logs in to each directory
 * target* under iscsi_boot* that has a uevent. No directory is named initiator or ethernetN:
 * open-iscsi and dracut would take it for one of an offload adapter.
 */
#include <linux/atomic.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/if.h>
#include <linux/kobject.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <net/net_namespace.h>

#include "core/attrs.h"
#include "netdev.h"
#include "sysfs.h"

/* The file of one attribute of one object. */
struct ibu_file {
	union {
		struct kobj_attribute attr;
		struct bin_attribute restricted; /* if the mode is 0400: see ibu_may_read() */
	};
	const struct ibu_class *class;
	const void *obj;
	unsigned int row; /* in class->attrs */
};

struct ibu_dir {
	struct kobject *kobj;
	struct ibu_file *files;
	const struct ibu_nic *nic; /* the NIC of a nicN directory, else NULL */
	struct ibu_nic_now now; /* its device, if it has one; under ibu_now_lock */
};

/* The first one is the root directory of the view. */
static struct ibu_dir *ibu_dirs;
static unsigned int ibu_nr_dirs;

static atomic64_t ibu_generation;

/*
 * Guards the state of the devices. RTNL would guard more, but a read must not wait for a driver
 * that holds it.
 */
static DEFINE_SPINLOCK(ibu_now_lock);

/* Set on unload, so that pollers that are woken then get -ENODEV and not the old value. */
static bool ibu_going;

static ssize_t ibu_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct ibu_file *file = container_of(attr, struct ibu_file, attr);

	/* sysfs warns if a value fills the whole page. */
	return ibu_attr_emit(file->class, file->row, file->obj, buf, PAGE_SIZE - 1);
}

/*
 * May the opener of @file read a restricted file? The mode alone would not keep out root in a
 * container. The opener counts, not the reader: a program could pass an open file to a privileged
 * one, which reads its standard input for instance. Only the reading of a binary attribute gets the
 * open file, so each restricted file is one.
 */
static bool ibu_may_read(const struct file *file)
{
	return file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN);
}

static ssize_t ibu_restricted_read(struct file *file, struct kobject *kobj, ibu_bin_attribute *attr,
				   char *buf, loff_t off, size_t count)
{
	const struct ibu_file *f = container_of(attr, struct ibu_file, restricted);
	ssize_t len;
	char *text;

	if (!ibu_may_read(file))
		return -EPERM;
	text = ibu_zalloc(PAGE_SIZE);
	if (!text)
		return -ENOMEM;
	len = ibu_attr_emit(f->class, f->row, f->obj, text, PAGE_SIZE);
	len = memory_read_from_buffer(buf, count, &off, text, len);
	ibu_free(text, PAGE_SIZE);
	return len;
}

static ssize_t ibu_bin_read(struct file *file, struct kobject *kobj, ibu_bin_attribute *attr,
			    char *buf, loff_t off, size_t count)
{
	if (!ibu_may_read(file))
		return -EPERM;
	return memory_read_from_buffer(buf, count, &off, attr->private, attr->size);
}

static struct bin_attribute ibu_table = {
	.attr = { .name = "table", .mode = 0400 },
	.read = ibu_bin_read,
};

static struct bin_attribute ibu_diagnostics = {
	.attr = { .name = "diagnostics", .mode = 0400 },
	.read = ibu_bin_read,
};

static int ibu_bin_create(struct kobject *kobj, struct bin_attribute *attr, void *data, size_t size)
{
	attr->private = data;
	attr->size = size;
	return sysfs_create_bin_file(kobj, attr);
}

static ssize_t ibu_generation_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	if (READ_ONCE(ibu_going))
		return -ENODEV;
	return sysfs_emit(buf, "%lld\n", atomic64_read(&ibu_generation));
}

static struct kobj_attribute ibu_generation_attr =
	__ATTR(generation, 0444, ibu_generation_show, NULL);

/* nicN/netdev: the state of the network device now. */

struct ibu_netdev_file {
	struct kobj_attribute attr;
	int (*emit)(char *buf, const struct ibu_nic_now *now);
};

static int ibu_emit_status(char *buf, const struct ibu_nic_now *now)
{
	const char *status = "up";

	if (!now->match)
		status = "absent";
	else if (!now->running)
		status = "down";
	else if (!now->carrier)
		status = "no-carrier";
	return sysfs_emit(buf, "%s\n", status);
}

static int ibu_emit_ifname(char *buf, const struct ibu_nic_now *now)
{
	return sysfs_emit(buf, "%s\n", now->ifname);
}

static int ibu_emit_ifindex(char *buf, const struct ibu_nic_now *now)
{
	return sysfs_emit(buf, "%d\n", now->ifindex);
}

/* The same names as in /sys/class/net/IFNAME/operstate (net/core/net-sysfs.c). */
static int ibu_emit_operstate(char *buf, const struct ibu_nic_now *now)
{
	static const char *const names[] = {
		"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up",
	};
	unsigned int state = now->running ? now->operstate : IF_OPER_DOWN;

	return sysfs_emit(buf, "%s\n", names[state < ARRAY_SIZE(names) ? state : 0]);
}

static int ibu_emit_carrier(char *buf, const struct ibu_nic_now *now)
{
	return sysfs_emit(buf, "%d\n", now->running && now->carrier);
}

static int ibu_emit_mac(char *buf, const struct ibu_nic_now *now)
{
	return sysfs_emit(buf, "%pM\n", now->mac);
}

static int ibu_emit_mtu(char *buf, const struct ibu_nic_now *now)
{
	return sysfs_emit(buf, "%u\n", now->mtu);
}

static int ibu_emit_pci(char *buf, const struct ibu_nic_now *now)
{
	return now->pci[0] ? sysfs_emit(buf, "%s\n", now->pci) : -ENODATA;
}

static int ibu_emit_match(char *buf, const struct ibu_nic_now *now)
{
	return sysfs_emit(buf, "%s%s\n", ibu_match_names[now->match],
			  now->ambiguous ? " ambiguous" : "");
}

/*
 * Copies the state of the device of the directory @kobj. sysfs hands on nothing of ours but the
 * kobject, so the directory is looked for; its number is at most that of all NICs and targets.
 */
static void ibu_now_get(const struct kobject *kobj, struct ibu_nic_now *now)
{
	unsigned int i = 0;

	while (ibu_dirs[i].kobj != kobj)
		i++;
	spin_lock(&ibu_now_lock);
	*now = ibu_dirs[i].now;
	spin_unlock(&ibu_now_lock);
}

/* Returns true if the device of @dir has another state than before. The caller holds RTNL. */
static bool ibu_now_update(struct ibu_dir *dir)
{
	struct ibu_nic_now now;
	bool changed;

	ibu_nic_look(dir->nic, &now);
	/* Only this function changes it, under RTNL; the padding is zero. */
	changed = memcmp(&now, &dir->now, sizeof(now));
	if (changed) {
		spin_lock(&ibu_now_lock);
		memcpy(&dir->now, &now, sizeof(now));
		spin_unlock(&ibu_now_lock);
	}
	return changed;
}

/* Returns true if a NIC has another state than before. The caller holds RTNL. */
static bool ibu_now_update_all(const struct net_device *dev)
{
	bool changed = false;
	unsigned int i;

	for (i = 0; i < ibu_nr_dirs; i++) {
		struct ibu_dir *dir = &ibu_dirs[i];

		if (dir->nic && ibu_nic_concerns(dir->nic, &dir->now, dev))
			changed |= ibu_now_update(dir);
	}
	return changed;
}

void ibu_sysfs_update(const struct net_device *dev)
{
	if (ibu_now_update_all(dev))
		ibu_nic_notify();
}

/*
 * Does the reader see the devices of init_net in /sys/class/net? If not, as in a container, it sees
 * none here either.
 */
static bool ibu_reader_sees_netdevs(void)
{
	return net_eq(current->nsproxy->net_ns, &init_net);
}

static ssize_t ibu_netdev_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct ibu_netdev_file *file = container_of(attr, struct ibu_netdev_file, attr);
	struct ibu_nic_now now = {};

	if (READ_ONCE(ibu_going))
		return -ENODEV;
	if (ibu_reader_sees_netdevs())
		ibu_now_get(kobj, &now);
	if (!now.match && file->emit != ibu_emit_status)
		return -ENODATA;
	return file->emit(buf, &now);
}

static struct ibu_netdev_file ibu_netdev_files[] = {
	{ __ATTR(status, 0444, ibu_netdev_show, NULL), ibu_emit_status },
	{ __ATTR(ifname, 0444, ibu_netdev_show, NULL), ibu_emit_ifname },
	{ __ATTR(ifindex, 0444, ibu_netdev_show, NULL), ibu_emit_ifindex },
	{ __ATTR(operstate, 0444, ibu_netdev_show, NULL), ibu_emit_operstate },
	{ __ATTR(carrier, 0444, ibu_netdev_show, NULL), ibu_emit_carrier },
	{ __ATTR(mac, 0444, ibu_netdev_show, NULL), ibu_emit_mac },
	{ __ATTR(mtu, 0444, ibu_netdev_show, NULL), ibu_emit_mtu },
	{ __ATTR(pci, 0444, ibu_netdev_show, NULL), ibu_emit_pci },
	{ __ATTR(match, 0444, ibu_netdev_show, NULL), ibu_emit_match },
};

static struct attribute *ibu_netdev_attrs[ARRAY_SIZE(ibu_netdev_files) + 1];

static const struct attribute_group ibu_netdev_group = {
	.name = "netdev",
	.attrs = ibu_netdev_attrs,
};

/* Directories and files. */

static struct ibu_dir *ibu_dir_add(const char *name, struct kobject *parent)
{
	struct ibu_dir *dir = &ibu_dirs[ibu_nr_dirs];

	dir->kobj = kobject_create_and_add(name, parent);
	if (!dir->kobj)
		return NULL;
	ibu_nr_dirs++;
	return dir;
}

static int ibu_restricted_create(struct ibu_dir *dir, struct ibu_file *file)
{
	sysfs_bin_attr_init(&file->restricted);
	file->restricted.attr.name = file->class->attrs[file->row].name;
	file->restricted.attr.mode = 0400;
	file->restricted.read = ibu_restricted_read;
	return sysfs_create_bin_file(dir->kobj, &file->restricted);
}

static int ibu_file_create(struct ibu_dir *dir, struct ibu_file *file)
{
	const struct ibu_attr *row = &file->class->attrs[file->row];

	if (row->mode == 0400)
		return ibu_restricted_create(dir, file);
	sysfs_attr_init(&file->attr.attr);
	file->attr.attr.name = row->name;
	file->attr.attr.mode = row->mode;
	file->attr.show = ibu_show;
	return sysfs_create_file(dir->kobj, &file->attr.attr);
}

/* Creates a file for each attribute that @obj has, abi-version last: see ibu_sysfs_init(). */
static int ibu_dir_fill(struct ibu_dir *dir, const struct ibu_class *class,
			const struct ibu_fields *obj)
{
	struct ibu_file *file;
	unsigned int i;
	int err = 0;

	file = kvcalloc(hweight64(obj->set), sizeof(*file), GFP_KERNEL);
	if (!file)
		return -ENOMEM;
	dir->files = file;
	for (i = class->nr_attrs; !err && i--;) {
		if (!ibu_has(obj, i))
			continue;
		file->class = class;
		file->obj = obj;
		file->row = i;
		err = ibu_file_create(dir, file++);
	}
	return err;
}

static int ibu_ibft_create(const struct ibu_ibft *ibft, const struct ibu_source *s)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_IBFT];
	struct ibu_dir *dir = ibu_dir_add(class->dir, ibu_dirs->kobj);
	int err;

	if (!dir)
		return -ENOMEM;
	err = ibu_bin_create(dir->kobj, &ibu_table, s->table, s->table_size);
	return err ?: ibu_dir_fill(dir, class, &ibft->f);
}

static struct ibu_dir *ibu_numbered_add(const struct ibu_class *class, unsigned int n)
{
	char name[24];

	snprintf(name, sizeof(name), "%s%u", class->dir, n);
	return ibu_dir_add(name, ibu_dirs->kobj);
}

static int ibu_nic_create(const struct ibu_nic *nic, unsigned int n)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_NIC];
	struct ibu_dir *dir = ibu_numbered_add(class, n);
	int err;

	if (!dir)
		return -ENOMEM;
	dir->nic = nic;
	err = sysfs_create_group(dir->kobj, &ibu_netdev_group);
	return err ?: ibu_dir_fill(dir, class, &nic->f);
}

static int ibu_target_create(const struct ibu_target *target, unsigned int n)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_TARGET];
	struct ibu_dir *dir = ibu_numbered_add(class, n);

	return dir ? ibu_dir_fill(dir, class, &target->f) : -ENOMEM;
}

static int ibu_dirs_create(const struct ibu_params *p, const struct ibu_source *s)
{
	unsigned int i;
	int err = 0;

	if (s->table)
		err = ibu_ibft_create(&p->ibft, s);
	for (i = 0; !err && i < p->nr_nics; i++) {
		err = ibu_nic_create(&p->nics[i], i);
		cond_resched();
	}
	for (i = 0; !err && i < p->nr_targets; i++) {
		err = ibu_target_create(&p->targets[i], i);
		cond_resched();
	}
	return err;
}

static int ibu_root_create(const struct ibu_params *p, const struct ibu_source *s,
			   const struct ibu_diag *d)
{
	struct ibu_dir *root = ibu_dir_add("iscsi_boot_unified", firmware_kobj);
	int err;

	if (!root)
		return -ENOMEM;
	err = ibu_dirs_create(p, s);
	rtnl_lock();
	ibu_now_update_all(NULL);
	rtnl_unlock();
	if (!err)
		err = ibu_bin_create(root->kobj, &ibu_diagnostics, d->text, d->len);
	if (!err)
		err = sysfs_create_file(root->kobj, &ibu_generation_attr.attr);
	return err ?: ibu_dir_fill(root, &ibu_classes[IBU_CLASS_ROOT], &p->root.f);
}

int ibu_sysfs_init(const struct ibu_params *p, const struct ibu_source *s, const struct ibu_diag *d)
{
	size_t i;
	int err;

	WRITE_ONCE(ibu_going, false);
	for (i = 0; i < ARRAY_SIZE(ibu_netdev_files); i++)
		ibu_netdev_attrs[i] = &ibu_netdev_files[i].attr.attr;
	/* NICs and targets, the root directory and ibft. */
	ibu_dirs = kvcalloc(2 + (size_t)p->nr_nics + p->nr_targets, sizeof(*ibu_dirs), GFP_KERNEL);
	if (!ibu_dirs)
		return -ENOMEM;
	err = ibu_root_create(p, s, d);
	if (err)
		ibu_sysfs_exit();
	return err;
}

void ibu_sysfs_changed(void)
{
	unsigned int i;

	atomic64_inc(&ibu_generation);
	sysfs_notify(ibu_dirs->kobj, NULL, ibu_generation_attr.attr.name);
	for (i = 0; i < ibu_nr_dirs; i++) {
		if (ibu_dirs[i].nic)
			sysfs_notify(ibu_dirs[i].kobj, ibu_netdev_group.name, "status");
	}
}

void ibu_sysfs_exit(void)
{
	WRITE_ONCE(ibu_going, true);
	if (ibu_nr_dirs)
		ibu_sysfs_changed();
	while (ibu_nr_dirs) {
		struct ibu_dir *dir = &ibu_dirs[--ibu_nr_dirs];

		/*
		 * This waits for readers. kobject_put() alone would not if the release is delayed.
		 */
		kobject_del(dir->kobj);
		kobject_put(dir->kobj);
		kvfree(dir->files);
		cond_resched();
	}
	kvfree(ibu_dirs);
}
