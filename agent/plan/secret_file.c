// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads CHAP secrets from a file of the image: the initiator's in the first line, the target's in
 * the second.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan/planner.h"

#define FIELD "secret-file"

/* The file must be owned by root and not accessible to others. Returns NULL, or what is wrong. */
static const char *file_fault(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return "cannot be examined";
	if (!S_ISREG(st.st_mode))
		return "is not a regular file";
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return "is not owned by root";
	if (st.st_mode & 077)
		return "is accessible to others than root (use mode 0400)";
	return NULL;
}

/* Cuts the next line off @rest. False if it is empty, too long or contains a NUL. */
static bool take_secret(struct ibu_text *rest, struct ibu_text *secret)
{
	const char *eol = rest->len ? memchr(rest->s, '\n', rest->len) : NULL;

	secret->s = rest->s;
	secret->len = eol ? (u32)(eol - rest->s) : rest->len;
	rest->s += secret->len + !!eol;
	rest->len -= secret->len + !!eol;
	return secret->len && secret->len <= IBU_TEXT_MAX && !memchr(secret->s, '\0', secret->len);
}

static bool secret_keep(struct planner *p, struct ibu_text *to, struct ibu_text secret)
{
	to->s = arena_secret(&p->plan->arena, secret.s, secret.len);
	to->len = to->s ? secret.len : 0;
	return to->s;
}

/* Stores the secrets that the command line does not give. Returns NULL, or what is wrong. */
static const char *take_secrets(struct planner *p, struct ibu_target *t, struct ibu_text rest)
{
	struct ibu_text first, second;

	if (!take_secret(&rest, &first))
		return "has no secret of 1 to 255 bytes in its first line";
	if (!ibu_has(&t->f, IBU_TARGET_CHAP_SECRET) && !secret_keep(p, &t->chap_secret, first))
		return strerror(ENOMEM);
	ibu_set(&t->f, IBU_TARGET_CHAP_SECRET);
	if (t->chap_type < 2 || ibu_has(&t->f, IBU_TARGET_REV_CHAP_SECRET))
		return NULL;
	if (!take_secret(&rest, &second))
		return "has no secret of 1 to 255 bytes in its second line, for reverse CHAP";
	if (!secret_keep(p, &t->rev_chap_secret, second))
		return strerror(ENOMEM);
	ibu_set(&t->f, IBU_TARGET_REV_CHAP_SECRET);
	return NULL;
}

static int open_secret(struct planner *p, const struct ibu_text *name)
{
	AUTO_ARENA arena = NULL;
	char *path;
	int fd;

	path = arena_printf(&arena, "%s%.*s", p->root, (int)name->len, name->s);
	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int planner_read_secret(struct planner *p, unsigned int number, struct ibu_target *target)
{
	AUTO_ARENA arena = NULL;
	const char *fault;
	ssize_t len;
	char *text;
	AUTO_FD fd = -1;

	if (!ibu_has(&target->f, IBU_TARGET_SECRET_FILE))
		return 0;
	fd = open_secret(p, &target->secret_file);
	if (fd < 0) {
		plan_note(&p->diag, "target", number, FIELD,
			  "target ignored: file cannot be opened: %s", strerror(-fd));
		return fd;
	}
	fault = file_fault(fd);
	if (!fault) {
		len = file_read_fd(&arena, &text, fd);
		fault = len < 0 ? "cannot be read" :
				  take_secrets(p, target, (struct ibu_text){ text, (u32)len });
	}
	if (fault)
		plan_note(&p->diag, "target", number, FIELD, "target ignored: file %s", fault);
	return fault ? -EINVAL : 0;
}
