// SPDX-License-Identifier: GPL-2.0-only
/*
 * Triggers one bug of the kind that its parameter names, to check that the debug kernel reports it
 * and that the check of its log finds it: tests/boot/scenarios/debug-watches.sh.
 */
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>

static char *bug = "";
module_param(bug, charp, 0);

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spinlock);
static volatile int eight = 8; /* volatile: the compiler must not know the value */

static void leak(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
}

static void read_too_far(void)
{
	char *p = kzalloc(8, GFP_KERNEL);

	pr_info("read %d\n", ((volatile char *)p)[eight]);
	kfree(p);
}

static void read_too_far_vmalloc(void)
{
	char *p = vzalloc(4000);

	pr_info("read %d\n", ((volatile char *)p)[4000 + eight]);
	vfree(p);
}

static void use_after_free(void)
{
	char *p = kzalloc(8, GFP_KERNEL);

	kfree(p);
	pr_info("read %d\n", ((volatile char *)p)[eight - 8]);
}

static void shift_too_far(void)
{
	pr_info("shifted %d\n", 1 << (eight * 4));
}

static void sleep_in_atomic(void)
{
	spin_lock(&spinlock);
	kfree(kmalloc(100, GFP_KERNEL));
	spin_unlock(&spinlock);
}

static void expire(struct timer_list *timer)
{
}

static void forgotten_timer(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	timer_setup(timer, expire, 0);
	mod_timer(timer, jiffies + 3600 * HZ);
	kfree(timer);
}

static void warn(void)
{
	WARN_ON(eight);
}

static void forgotten_unlock(void)
{
	mutex_lock(&mutex);
}

static int racy;

static int count_up(void *arg)
{
	while (!kthread_should_stop()) {
		racy++;
		cond_resched();
	}
	return 0;
}

/* Two threads change a variable without a lock. */
static void race(void)
{
	struct task_struct *one = kthread_run(count_up, NULL, "plant1");
	struct task_struct *two = kthread_run(count_up, NULL, "plant2");

	msleep(3000);
	if (!IS_ERR(one))
		kthread_stop(one);
	if (!IS_ERR(two))
		kthread_stop(two);
}

static const struct {
	const char *name;
	void (*plant)(void);
} bugs[] = {
	{ "leak", leak },
	{ "read-too-far", read_too_far },
	{ "read-too-far-vmalloc", read_too_far_vmalloc },
	{ "use-after-free", use_after_free },
	{ "shift-too-far", shift_too_far },
	{ "sleep-in-atomic", sleep_in_atomic },
	{ "forgotten-timer", forgotten_timer },
	{ "warn", warn },
	{ "forgotten-unlock", forgotten_unlock },
	{ "race", race },
};

static int __init plant_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (!strcmp(bug, bugs[i].name)) {
			bugs[i].plant();
			return 0;
		}
	}
	return -EINVAL;
}

static void __exit plant_exit(void)
{
}

module_exit(plant_exit);
module_init(plant_init);

MODULE_DESCRIPTION("Bugs on request");
MODULE_LICENSE("GPL");
