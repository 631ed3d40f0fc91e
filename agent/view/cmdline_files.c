// SPDX-License-Identifier: GPL-2.0-only
/* Joins the kernel's command line with the parameters that an initramfs has in files. */
#include "view/cmdline_files.h"

#include <dirent.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/cleanup.h"
#include "base/text_stream.h"
#include "kmod/core/text.h"
#include "view/debian_words.h"

/* Longest text of all files; the kernel's own comes on top. */
#define TEXT_MAX (64 * 1024)

/* Files */

static void refuse_file(struct cmdline_text *t, const char *place, const char *reason)
{
	ibu_diag_add(t->diag, IBU_ERROR, place, "file", IBU_NO_OFFSET, "%s; the file is ignored",
		     reason);
}

/*
 * Appends a text of parameters. A quote that is open at its end would join it with the next text,
 * and is closed.
 */
static int add_words(struct cmdline_text *t, void **arena, const char *place, const char *s,
		     size_t len)
{
	bool open = false;
	char *closed;
	size_t i;

	while (len && strchr(" \t\n\v\f\r", s[len - 1]))
		len--;
	if (!len)
		return 0;
	for (i = 0; i < len; i++)
		open ^= s[i] == '"';
	if (!open)
		return cmdline_text_add(t, place, s, len);
	ibu_diag_add(t->diag, IBU_WARNING, place, "file", IBU_NO_OFFSET,
		     "a quote is not closed; it ends with the file");
	closed = arena_printf(arena, "%.*s\"", (int)len, s);
	return closed ? cmdline_text_add(t, place, closed, len + 1) : -ENOMEM;
}

/*
 * Returns @path as a place of a diagnostic: without blanks and colons, which separate its fields.
 */
static char *place_of(void **arena, const char *path)
{
	char *place = arena_text(arena, path, strlen(path)), *s;

	for (s = place; s && *s; s++)
		if (*s <= ' ' || *s > '~' || *s == ':')
			*s = '?';
	return place;
}

/*
 * Reads ROOT@path to @text. Returns its length, 0 if it is absent or cannot be used, or -ENOMEM.
 */
static ssize_t read_words(struct cmdline_text *t, void **arena, const char *root, const char *path,
			  const char *place, char **text)
{
	ssize_t len = file_read(arena, text, "%s%s", root, path);

	if (len == -ENOENT || len == -ENOTDIR || len == -ENOMEM)
		return len == -ENOMEM ? len : 0;
	if (len < 0)
		refuse_file(t, place, strerror((int)-len));
	else if (memchr(*text, '\0', (size_t)len))
		refuse_file(t, place, "it is no text");
	else
		return len;
	return 0;
}

/* Appends the file @path. @arena: of the view. Returns 0 or -ENOMEM. */
static int add_file(struct cmdline_text *t, void **arena, const char *root, const char *path)
{
	AUTO_ARENA scratch = NULL;
	char *place = place_of(arena, path), *text;
	ssize_t len;
	int err;

	if (!place)
		return -ENOMEM;
	len = read_words(t, &scratch, root, path, place, &text);
	if (len <= 0)
		return (int)len;
	err = add_words(t, &scratch, place, text, (size_t)len);
	if (err != -EFBIG)
		return err;
	refuse_file(t, place, "all parameters together exceed 64 KiB");
	return 0;
}

/* As the pattern *.conf of a shell. */
static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return *entry->d_name != '.' && len >= 5 && !strcmp(entry->d_name + len - 5, ".conf");
}

static int add_dir(struct cmdline_text *t, void **arena, const char *root, const char *dir)
{
	AUTO_ARENA scratch = NULL;
	char *full = arena_printf(&scratch, "%s%s", root, dir), *path;
	struct dirent **names = NULL;
	int i, nr, err = full ? 0 : -ENOMEM;

	nr = full ? scandir(full, &names, is_conf, alphasort) : 0;
	if (nr < 0 && errno != ENOENT && errno != ENOTDIR)
		refuse_file(t, dir, strerror(errno));
	for (i = 0; i < nr; i++) {
		path = arena_printf(&scratch, "%s/%s", dir, names[i]->d_name);
		if (!err)
			err = path ? add_file(t, arena, root, path) : -ENOMEM;
		free(names[i]);
	}
	free(names);
	return err;
}

/* Debian's open-iscsi has the file in /etc of the image; our hook leaves it in its own folder. */
static int add_debian(struct cmdline_text *t, void **arena, const char *root, const char *later)
{
	static const char *const paths[] = { "/etc/iscsi/iscsi.initramfs", "/etc/iscsi.initramfs" };
	AUTO_ARENA scratch = NULL;
	ssize_t len = 0;
	char *text;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		len = read_words(t, &scratch, root, paths[i], paths[i], &text);
		if (len)
			break;
	}
	return len > 0 ? debian_words_add(t, arena, paths[i], text, (size_t)len, later) : (int)len;
}

/* The whole text */

/* An init ramdisk has one of these files, or is a file system in memory. */
static bool in_initramfs(const char *root)
{
	struct statfs fs;

	if (*root || !access("/etc/initrd-release", F_OK))
		return true;
	return !statfs("/", &fs) && (fs.f_type == RAMFS_MAGIC || fs.f_type == TMPFS_MAGIC);
}

/* Appends the texts of dracut, which @t then has in the order of their precedence. */
static int add_dracut(struct cmdline_text *t, struct view *view, const char *root)
{
	int err = add_dir(t, &view->arena, root, "/etc/cmdline.d");

	if (!err)
		err = add_file(t, &view->arena, root, "/etc/cmdline");
	t->max += strlen(view->cmdline) + 3;
	if (!err)
		err = add_words(t, &t->arena, "cmdline", view->cmdline, strlen(view->cmdline));
	if (!err)
		err = add_dir(t, &view->arena, root, "/run/initramfs/cmdline.d");
	return err;
}

/* Appends @from with its places to @t. */
static int append_words(struct cmdline_text *t, const struct cmdline_text *from)
{
	unsigned int i;
	int err = 0;

	t->max += from->len + 2;
	for (i = 0; i < from->nr_places && !err; i++) {
		const struct view_place *p = &from->places[i];
		size_t end = i + 1 < from->nr_places ? p[1].start : from->len;

		err = cmdline_text_add(t, p->name, from->text + p->start, end - p->start - 1);
	}
	return err;
}

static int read_image(struct cmdline_text *t, struct view *view, const char *root)
{
	struct cmdline_text later = { .diag = &view->diag, .max = TEXT_MAX };
	int err = add_dracut(&later, view, root);

	if (!err)
		err = add_debian(t, &view->arena, root, later.text ? later.text : "");
	if (!err)
		err = append_words(t, &later);
	arena_free(&later.arena);
	return err;
}

/* True if all of the text is the kernel's. */
static bool only_kernel(const struct cmdline_text *t)
{
	return !t->nr_places || (t->nr_places == 1 && !strcmp(t->places[0].name, "cmdline"));
}

int cmdline_files_read(const char *root, struct view *view)
{
	struct cmdline_text t = { .diag = &view->diag, .max = TEXT_MAX };
	size_t size;
	int err;

	err = in_initramfs(root) ? read_image(&t, view, root) :
				   add_file(&t, &view->arena, root, KEPT_CMDLINE);
	if (!err && !only_kernel(&t)) {
		size = t.nr_places * sizeof(*t.places);
		view->cmdline = arena_secret(&view->arena, t.text, t.len);
		view->places = arena_alloc(&view->arena, size);
		view->nr_places = t.nr_places;
		if (view->places)
			memcpy(view->places, t.places, size);
		err = view->cmdline && view->places ? 0 : -ENOMEM;
	}
	arena_free(&t.arena);
	return err;
}

int cmdline_files_keep(const struct view *view)
{
	if (!view->nr_places)
		return 0;
	return atomic_file_write_path(KEPT_CMDLINE, view->cmdline, strlen(view->cmdline), 0600);
}

/* Places in diagnostics */

/* Cuts the text before @sep off @rest; without @sep cuts all, and sets @rest->s to NULL. */
static struct ibu_text cut_field(struct ibu_text *rest, char sep)
{
	const char *at = rest->s ? memchr(rest->s, sep, rest->len) : NULL;
	struct ibu_text field = { rest->s, at ? (u32)(at - rest->s) : rest->len };

	rest->s = at ? at + 1 : NULL;
	rest->len = at ? rest->len - field.len - 1 : 0;
	return field;
}

/* Writes one diagnostic with the place of its parameter. */
static void write_placed(FILE *out, const struct view *view, struct ibu_text line)
{
	struct ibu_text rest = line, severity = cut_field(&rest, ' ');
	struct ibu_text place = cut_field(&rest, ' '), field = cut_field(&rest, ' ');
	struct ibu_text number = cut_field(&rest, ':');
	unsigned int i = view->nr_places;
	u32 offset;

	if (!ibu_is(&place, "cmdline") || !rest.s || ibu_number(&number, UINT32_MAX, &offset)) {
		fprintf(out, "%.*s\n", (int)line.len, line.s);
		return;
	}
	while (i > 1 && view->places[i - 1].start > offset)
		i--;
	offset -= (u32)view->places[i - 1].start;
	fprintf(out, "%.*s %s %.*s ", (int)severity.len, severity.s, view->places[i - 1].name,
		(int)field.len, field.s);
	if (strchr(view->places[i - 1].name, ':'))
		fprintf(out, "-:%.*s\n", (int)rest.len, rest.s);
	else
		fprintf(out, "%u:%.*s\n", offset, (int)rest.len, rest.s);
}

void view_name_places(const struct view *view, struct ibu_diag *d)
{
	struct ibu_text rest = { d->text, (u32)d->len };
	struct text_stream text;
	FILE *out;

	if (!view->nr_places || !d->len)
		return;
	out = text_stream_open(&text);
	while (out && rest.s && rest.len)
		write_placed(out, view, cut_field(&rest, '\n'));
	if (text_stream_close(&text)) {
		d->lost = true;
		return;
	}
	ibu_free(d->text, d->size);
	d->text = text.text;
	d->len = text.len;
	d->size = text.len + 1;
}
