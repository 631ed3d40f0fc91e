// SPDX-License-Identifier: GPL-2.0-only
#include "view/view.h"

#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/preopened.h"
#include "view/view_fallback.h"
#include "kmod/core/cmdline_private.h"

#define VIEW "/sys/firmware/iscsi_boot_unified"

/*
 * One attribute from its file; an absent file is an absent attribute. Nobody logs in with less than
 * was configured, so a target of which something cannot be read is not used. 0 or -ENOMEM.
 */
static int read_attr(struct tree *tree, const char *dir, const char *place,
		     const struct ibu_class *class, unsigned int i, void *obj)
{
	const char *name = class->attrs[i].name;
	char *text;
	ssize_t len;

	len = file_read(&tree->arena, &text, "%s/%s", dir, name);
	if (len == -ENOENT || len == -ENOMEM)
		return len == -ENOMEM ? -ENOMEM : 0;
	if (len >= 0 && !ibu_attr_scan(class, i, obj, text, (size_t)len))
		return 0;
	ibu_diag_add(&tree->diag, len < 0 ? IBU_WARNING : IBU_ERROR, place, name, IBU_NO_OFFSET,
		     len < 0 ? "cannot be read: %s" : "has a value that the agent doesn't know%s",
		     len < 0 ? strerror((int)-len) : "");
	if (class == &ibu_classes[IBU_CLASS_TARGET])
		((struct ibu_target *)obj)->unsound = true;
	return 0;
}

/*
 * The attributes that have a file, a bit for each: most have none, and to look for each of 64
 * targets takes longer than to read what is there. Where that cannot be told, all are looked for.
 */
static u64 list_attrs(const char *path, const struct ibu_class *class)
{
	AUTO_DIR dir = keep_opendir(path);
	const struct dirent *entry;
	unsigned int i;
	u64 there = 0;

	if (!dir)
		return errno == ENOENT ? 0 : ~0ULL;
	errno = 0;
	while ((entry = readdir(dir)))
		for (i = 0; i < class->nr_attrs; i++)
			if (!strcmp(entry->d_name, class->attrs[i].name))
				there |= BIT_ULL(i);
	return errno ? ~0ULL : there;
}

static int read_object(struct tree *tree, const char *dir, const char *place,
		       const struct ibu_class *class, void *obj)
{
	u64 there = list_attrs(dir, class);
	unsigned int i;
	int err = 0;

	for (i = 0; i < class->nr_attrs && !err; i++)
		if (there & BIT_ULL(i))
			err = read_attr(tree, dir, place, class, i, obj);
	return err;
}

/* A new entry of the class with the number that follows. */
static void *add_entry(struct ibu_params *p, enum ibu_class_id id)
{
	if (id == IBU_CLASS_NIC)
		return ibu_params_add_nic(p);
	return ibu_params_add_target(p);
}

/* nic0, nic1, ... or target0, ...: numbered without gaps. */
static int read_entries(struct tree *tree, const char *view, enum ibu_class_id id)
{
	const struct ibu_class *class = &ibu_classes[id];
	char *dir, *place;
	unsigned int n;
	void *obj;
	int err = 0;

	for (n = 0; !err; n++) {
		place = arena_printf(&tree->arena, "%s%u", class->dir, n);
		dir = arena_printf(&tree->arena, "%s/%s%u", view, class->dir, n);
		if (!dir || !place)
			return -ENOMEM;
		if (access(dir, F_OK))
			break;
		obj = add_entry(&tree->params, id);
		err = obj ? read_object(tree, dir, place, class, obj) : -ENOMEM;
	}
	return err;
}

/* What the module had to say, before what there is to say about reading it. */
static int read_diagnostics(struct tree *tree, const char *view)
{
	struct ibu_diag *d = &tree->diag;
	char *text;
	ssize_t len;

	len = file_read(&tree->arena, &text, "%s/diagnostics", view);
	if (len <= 0)
		return len == -ENOMEM ? -ENOMEM : 0;
	d->text = ibu_zalloc((size_t)len + 1);
	if (!d->text)
		return -ENOMEM;
	memcpy(d->text, text, (size_t)len);
	d->len = (size_t)len;
	d->size = d->len + 1;
	return 0;
}

static int read_view(struct tree *tree, const char *view)
{
	struct ibu_params *p = &tree->params;
	char *ibft = arena_printf(&tree->arena, "%s/ibft", view);
	int err;

	err = ibft ? read_diagnostics(tree, view) : -ENOMEM;
	if (!err)
		err = read_object(tree, view, "view", &ibu_classes[IBU_CLASS_ROOT], &p->root);
	tree->diag.errors += p->root.errors;
	tree->diag.warnings += p->root.warnings;
	if (!err)
		err = read_object(tree, ibft, "ibft", &ibu_classes[IBU_CLASS_IBFT], &p->ibft);
	if (!err)
		err = read_entries(tree, view, IBU_CLASS_NIC);
	if (!err)
		err = read_entries(tree, view, IBU_CLASS_TARGET);
	return err;
}

/* 0, or -errno with an empty command line in place. */
static int read_cmdline(struct tree *tree, const char *root)
{
	ssize_t len;

	len = file_read(&tree->arena, &tree->cmdline, "%s/proc/cmdline", root);
	if (len < 0) {
		tree->cmdline = arena_text(&tree->arena, "", 0);
		return (int)len;
	}
	if (len && tree->cmdline[len - 1] == '\n')
		tree->cmdline[len - 1] = '\0';
	return 0;
}

/*
 * The module makes abi-version last: before that, targets may be missing. Of another version, files
 * may mean something else.
 */
static bool is_usable(struct tree *tree, const char *view)
{
	struct ibu_text version = { "", 0 };
	ssize_t len;
	char *text;
	u32 number;

	len = file_read(&tree->arena, &text, "%s/abi-version", view);
	if (len > 0)
		version = (struct ibu_text){ text, (u32)strcspn(text, "\n") };
	if (!ibu_number(&version, UINT32_MAX, &number) && number == IBU_ABI_VERSION)
		return true;
	if (len >= 0)
		ibu_diag_add(&tree->diag, IBU_WARNING, "view", "abi-version", IBU_NO_OFFSET,
			     "not %u, which the agent knows: the view is not used",
			     IBU_ABI_VERSION);
	else if (!access(view, F_OK))
		ibu_diag_add(&tree->diag, IBU_WARNING, "view", "abi-version", IBU_NO_OFFSET,
			     "not there: a view that is not whole is not used");
	return false;
}

static int read_either(const char *root, struct tree *tree)
{
	char *view = arena_printf(&tree->arena, "%s" VIEW, root);
	int err = read_cmdline(tree, root);

	if (!view || !tree->cmdline)
		return -ENOMEM;
	if (err)
		ibu_diag_add(&tree->diag, IBU_WARNING, "agent", "/proc/cmdline", IBU_NO_OFFSET,
			     "cannot be read: %s", strerror(-err));
	if (is_usable(tree, view))
		return read_view(tree, view);
	tree->fallback = true;
	if (err)
		return err;
	return fallback_read(root, tree);
}

/* Of all targets, in either direction; several may share a secret's bytes. */
static struct ibu_text *secret_of(struct tree *tree, u32 n)
{
	struct ibu_target *t = &tree->params.targets[n / 2];

	return n % 2 ? &t->rev_chap_secret : &t->chap_secret;
}

/* Moves secrets to where no child gets them. 0 or -ENOMEM. */
static int hide_secrets(struct tree *tree)
{
	u32 n, nr = 2 * tree->params.nr_targets;
	struct ibu_text *was = arena_alloc(&tree->arena, nr * sizeof(*was)), *secret;

	for (n = 0; was && n < nr; n++) {
		secret = secret_of(tree, n);
		was[n] = *secret;
		if (!secret->len)
			continue;
		secret->s = arena_secret(&tree->arena, secret->s, secret->len);
		if (!secret->s)
			return -ENOMEM;
	}
	for (n = 0; was && n < nr; n++)
		if (was[n].len)
			explicit_bzero((char *)(uintptr_t)was[n].s, was[n].len);
	return was ? 0 : -ENOMEM;
}

int tree_read(const char *root, struct tree *tree)
{
	int err;

	*tree = (struct tree){ 0 };
	err = read_either(root, tree);
	if (!err)
		err = tree->diag.lost ? -ENOMEM : hide_secrets(tree);
	if (err)
		tree_free(tree);
	return err;
}

void tree_free(struct tree *tree)
{
	ibu_params_free(&tree->params);
	ibu_diag_free(&tree->diag);
	arena_free(&tree->arena);
	*tree = (struct tree){ 0 };
}

char *tree_attr(void **arena, enum ibu_class_id id, unsigned int i, const void *obj)
{
	const struct ibu_class *class = &ibu_classes[id];
	const struct ibu_fields *f = obj;
	ssize_t len;
	char *text;

	if (!ibu_has(f, i))
		return NULL;
	text = arena_alloc(arena, IBU_ATTR_SIZE);
	if (!text)
		return NULL;
	len = ibu_attr_emit(class, i, obj, text, IBU_ATTR_SIZE);
	if (len <= 0)
		return NULL;
	text[len - 1] = '\0';
	return text;
}
