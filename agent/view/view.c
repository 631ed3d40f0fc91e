// SPDX-License-Identifier: GPL-2.0-only
/* Reads the module's view back into parameters, or builds them without the module. */
#include "view/view.h"

#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/preopened.h"
#include "view/cmdline_files.h"
#include "view/view_fallback.h"
#include "kmod/core/cmdline.h"
#include "kmod/core/text.h"

#define VIEW "/sys/firmware/iscsi_boot_unified"

/*
 * Reads one attribute from its file; an absent file is an absent attribute. A target with an
 * unreadable attribute is not used: the agent never logs in with less than was configured. Returns
 * 0 or -ENOMEM.
 */
static int view_read_attr(struct view *view, const char *dir, const char *place,
			  const struct ibu_class *class, unsigned int i, void *obj)
{
	const char *name = class->attrs[i].name;
	char *text;
	ssize_t len;

	len = file_read(&view->arena, &text, "%s/%s", dir, name);
	if (len == -ENOENT || len == -ENOMEM)
		return len == -ENOMEM ? -ENOMEM : 0;
	if (len >= 0 && !ibu_attr_scan(class, i, obj, text, (size_t)len))
		return 0;
	ibu_diag_add(&view->diag, len < 0 ? IBU_WARNING : IBU_ERROR, place, name, IBU_NO_OFFSET,
		     len < 0 ? "cannot be read: %s" : "unknown value%s",
		     len < 0 ? strerror((int)-len) : "");
	if (class == &ibu_classes[IBU_CLASS_TARGET])
		((struct ibu_target *)obj)->unsound = true;
	return 0;
}

/*
 * Returns a bit for each attribute that has a file, or all bits if the directory cannot be read.
 * Most attributes have no file: trying to open all files of 64 targets would take longer than
 * reading those that exist.
 */
static u64 list_attrs(const char *path, const struct ibu_class *class)
{
	AUTO_DIR dir = preopened_opendir(path);
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

static int read_object(struct view *view, const char *dir, const char *place,
		       const struct ibu_class *class, void *obj)
{
	u64 there = list_attrs(dir, class);
	unsigned int i;
	int err = 0;

	for (i = 0; i < class->nr_attrs && !err; i++)
		if (there & BIT_ULL(i))
			err = view_read_attr(view, dir, place, class, i, obj);
	return err;
}

/* Returns a new entry of the class, with the next number. */
static void *add_entry(struct ibu_params *p, enum ibu_class_id id)
{
	if (id == IBU_CLASS_NIC)
		return ibu_params_add_nic(p);
	return ibu_params_add_target(p);
}

/* Reads the directories nic0, nic1, ... or target0, ..., which are numbered without gaps. */
static int read_entries(struct view *view, const char *viewdir, enum ibu_class_id id)
{
	const struct ibu_class *class = &ibu_classes[id];
	char *dir, *place;
	unsigned int n;
	void *obj;
	int err = 0;

	for (n = 0; !err; n++) {
		place = arena_printf(&view->arena, "%s%u", class->dir, n);
		dir = arena_printf(&view->arena, "%s/%s%u", viewdir, class->dir, n);
		if (!dir || !place)
			return -ENOMEM;
		if (access(dir, F_OK))
			break;
		obj = add_entry(&view->params, id);
		err = obj ? read_object(view, dir, place, class, obj) : -ENOMEM;
	}
	return err;
}

/* Reads the module's diagnostics; later ones about the view are appended. */
static int read_diagnostics(struct view *view, const char *viewdir)
{
	struct ibu_diag *d = &view->diag;
	char *text;
	ssize_t len;

	len = file_read(&view->arena, &text, "%s/diagnostics", viewdir);
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

static int read_view(struct view *view, const char *viewdir)
{
	struct ibu_params *p = &view->params;
	char *ibft = arena_printf(&view->arena, "%s/ibft", viewdir);
	int err;

	err = ibft ? read_diagnostics(view, viewdir) : -ENOMEM;
	if (!err)
		err = read_object(view, viewdir, "view", &ibu_classes[IBU_CLASS_ROOT], &p->root);
	view->diag.errors += p->root.errors;
	view->diag.warnings += p->root.warnings;
	if (!err)
		err = read_object(view, ibft, "ibft", &ibu_classes[IBU_CLASS_IBFT], &p->ibft);
	if (!err)
		err = read_entries(view, viewdir, IBU_CLASS_NIC);
	if (!err)
		err = read_entries(view, viewdir, IBU_CLASS_TARGET);
	return err;
}

/* Returns 0, or -errno with an empty command line in @view. */
static int read_cmdline(struct view *view, const char *root)
{
	ssize_t len;

	len = file_read(&view->arena, &view->cmdline, "%s/proc/cmdline", root);
	if (len < 0) {
		view->cmdline = arena_text(&view->arena, "", 0);
		return (int)len;
	}
	if (len && view->cmdline[len - 1] == '\n')
		view->cmdline[len - 1] = '\0';
	return 0;
}

/*
 * True if the view is complete and of the known version. The module creates abi-version last:
 * before that, targets may be missing. In another version, files may have another meaning.
 */
static bool is_usable(struct view *view, const char *viewdir)
{
	struct ibu_text version = { "", 0 };
	ssize_t len;
	char *text;
	u32 number;

	len = file_read(&view->arena, &text, "%s/abi-version", viewdir);
	if (len > 0)
		version = (struct ibu_text){ text, (u32)strcspn(text, "\n") };
	if (!ibu_number(&version, UINT32_MAX, &number) && number == IBU_ABI_VERSION)
		return true;
	if (len >= 0)
		ibu_diag_add(&view->diag, IBU_WARNING, "view", "abi-version", IBU_NO_OFFSET,
			     "view not used: the agent supports only version %u", IBU_ABI_VERSION);
	else if (!access(viewdir, F_OK))
		ibu_diag_add(&view->diag, IBU_WARNING, "view", "abi-version", IBU_NO_OFFSET,
			     "missing: an incomplete view is not used");
	return false;
}

/* True if the parameters of @p name the portal and the target of @t. */
static bool has_target_of(const struct ibu_params *p, const struct ibu_target *t)
{
	const struct ibu_target *own;
	u32 i;

	for (i = 0; i < p->nr_targets; i++) {
		own = &p->targets[i];
		if (ibu_text_eq(&own->name, &t->name) && ibu_text_eq(&own->host, &t->host) &&
		    !memcmp(&own->ip, &t->ip, sizeof(t->ip)))
			return true;
	}
	return false;
}

/*
 * Sets @yes if the module shows a target of a command line that is not the kernel's, @kernel: it
 * was loaded with cmdline=.
 */
static int view_is_overridden(const struct view *view, const char *kernel, bool *yes)
{
	AUTO_ARENA arena = NULL;
	char *copy = arena_text(&arena, kernel, strlen(kernel));
	struct ibu_params p = { 0 };
	struct ibu_diag ignored = { 0 };
	u32 i;
	int err;

	err = copy ? ibu_cmdline_parse(copy, strlen(kernel), &p, &ignored) : -ENOMEM;
	for (i = 0; i < view->params.nr_targets && !err; i++)
		*yes |= view->params.targets[i].source & IBU_FROM_CMDLINE &&
			!has_target_of(&p, &view->params.targets[i]);
	ibu_params_free(&p);
	ibu_diag_free(&ignored);
	return err;
}

/* Appends the lines of @more to @d, and empties it. */
static void join_diag(struct ibu_diag *d, struct ibu_diag *more)
{
	struct ibu_diag both = { .len = d->len + more->len, .size = d->len + more->len + 1 };

	both.text = ibu_zalloc(both.size);
	both.lost = d->lost || more->lost || !both.text;
	both.errors = d->errors + more->errors;
	both.warnings = d->warnings + more->warnings;
	if (both.text && d->len)
		memcpy(both.text, d->text, d->len);
	if (both.text && more->len)
		memcpy(both.text + d->len, more->text, more->len);
	ibu_diag_free(d);
	ibu_diag_free(more);
	*d = both;
}

/*
 * Reads the module's view. If files have parameters too, replaces it by one with all of them,
 * unless the module was given its own. @kernel: the command line of the kernel alone.
 */
static int read_usable(const char *root, struct view *view, const char *viewdir, char *kernel)
{
	struct ibu_diag files = view->diag; /* about the files */
	bool overridden = false;
	int err;

	view->diag = (struct ibu_diag){ 0 };
	err = read_view(view, viewdir);
	if (!err && view->nr_places)
		err = view_is_overridden(view, kernel, &overridden);
	if (!err && view->nr_places && !overridden) {
		ibu_params_free(&view->params);
		ibu_diag_free(&view->diag);
		view->diag = files;
		return view_build(root, view);
	}
	if (files.len)
		join_diag(&view->diag, &files);
	if (overridden) {
		ibu_diag_add(&view->diag, IBU_WARNING, "agent", "cmdline", IBU_NO_OFFSET,
			     "the module has its own parameters (cmdline=); %s",
			     "those in files are ignored");
		view->cmdline = kernel;
		view->nr_places = 0;
	}
	return err;
}

static int read_either(const char *root, struct view *view)
{
	char *viewdir = arena_printf(&view->arena, "%s" VIEW, root), *kernel;
	int err = read_cmdline(view, root), files;

	if (!viewdir || !view->cmdline)
		return -ENOMEM;
	if (err)
		ibu_diag_add(&view->diag, IBU_WARNING, "agent", "/proc/cmdline", IBU_NO_OFFSET,
			     "cannot be read: %s", strerror(-err));
	kernel = view->cmdline;
	files = cmdline_files_read(root, view);
	if (files)
		return files;
	if (is_usable(view, viewdir))
		return read_usable(root, view, viewdir, kernel);
	view->fallback = true;
	if (err && !view->nr_places)
		return err;
	return view_fallback_read(root, view);
}

/*
 * Returns secret @n: each target has two, the initiator's and the target's. Secrets may share
 * bytes.
 */
static struct ibu_text *view_secret(struct view *view, u32 n)
{
	struct ibu_target *t = &view->params.targets[n / 2];

	return n % 2 ? &t->rev_chap_secret : &t->chap_secret;
}

/* Moves secrets to memory that children do not inherit. Returns 0 or -ENOMEM. */
static int hide_secrets(struct view *view)
{
	u32 n, nr = 2 * view->params.nr_targets;
	struct ibu_text *was = arena_alloc(&view->arena, nr * sizeof(*was)), *secret;

	for (n = 0; was && n < nr; n++) {
		secret = view_secret(view, n);
		was[n] = *secret;
		if (!secret->len)
			continue;
		secret->s = arena_secret(&view->arena, secret->s, secret->len);
		if (!secret->s)
			return -ENOMEM;
	}
	for (n = 0; was && n < nr; n++)
		if (was[n].len)
			explicit_bzero((char *)(uintptr_t)was[n].s, was[n].len);
	return was ? 0 : -ENOMEM;
}

int view_read(const char *root, struct view *view)
{
	int err;

	*view = (struct view){ 0 };
	err = read_either(root, view);
	view_name_places(view, &view->diag);
	if (!err)
		err = view->diag.lost ? -ENOMEM : hide_secrets(view);
	if (err)
		view_free(view);
	return err;
}

bool view_table_is_sound(const struct view *view)
{
	const char *line = view->diag.text;

	for (; line && *line; line = strchr(line, '\n') + 1)
		if (!strncmp(line, "error ibft", 10) || !strncmp(line, "warning ibft", 12))
			return false;
	return view->params.ibft.f.set;
}

void view_free(struct view *view)
{
	ibu_params_free(&view->params);
	ibu_diag_free(&view->diag);
	arena_free(&view->arena);
	*view = (struct view){ 0 };
}

char *view_attr(void **arena, enum ibu_class_id id, unsigned int i, const void *obj)
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
