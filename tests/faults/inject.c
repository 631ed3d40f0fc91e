// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into a program (LD_PRELOAD): makes one system call fail that changes a file. INJECT_FILE is
 * a file of three numbers in shared memory: how many such calls all processes have made, which of them
 * fails (0: none), and how (enum kind).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind {
	NONE,
	NO_SPACE, /* ENOSPC */
	IO_ERROR, /* EIO */
	SHORT, /* half of a write, then ENOSPC */
	KILL, /* the process dies before the call */
	KILL_AFTER,
};

struct shared {
	unsigned int made, fails, kind;
};
static struct shared *shared;
static int full; /* after a short write: all writes fail, as on a full file system */

__attribute__((constructor)) static void attach(void)
{
	const char *path = getenv("INJECT_FILE");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;

	if (fd < 0)
		_exit(99);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (shared == MAP_FAILED)
		_exit(99);
}

/* Counts a call. Returns 1 if it must fail, with errno set. */
static int fails(void)
{
	unsigned int n = __atomic_add_fetch(&shared->made, 1, __ATOMIC_SEQ_CST);

	if (full || n == shared->fails) {
		if (shared->kind == KILL)
			raise(SIGKILL);
		errno = shared->kind == IO_ERROR ? EIO : ENOSPC;
		return shared->kind != KILL_AFTER;
	}
	return 0;
}

/* After a call that was made. */
static void made(void)
{
	if (shared->fails && __atomic_load_n(&shared->made, __ATOMIC_SEQ_CST) == shared->fails &&
	    shared->kind == KILL_AFTER)
		raise(SIGKILL);
}

static int is_file(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode);
}

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t len)
{
	ssize_t n;

	if (is_file(fd) && fails()) {
		if (shared->kind != SHORT || full)
			return -1;
		full = 1;
		len /= 2;
	}
	n = REAL(ssize_t, write, int, const void *, size_t)(fd, bytes, len);
	if (is_file(fd))
		made();
	return n;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	if (fails())
		return -1;
	return REAL(ssize_t, pwrite, int, const void *, size_t, off_t)(fd, bytes, len, at);
}

/* A call that changes a file or a directory. */
#define CALL(name, parameters, ...)                                            \
	int name parameters;                                                   \
	int name parameters                                                    \
	{                                                                      \
		int r;                                                         \
                                                                               \
		if (fails())                                                   \
			return -1;                                             \
		r = ((int(*) parameters)dlsym(RTLD_NEXT, #name))(__VA_ARGS__); \
		made();                                                        \
		return r;                                                      \
	}

int dprintf(int fd, const char *fmt, ...)
{
	va_list args;
	int n;

	if (is_file(fd) && fails())
		return -1;
	va_start(args, fmt);
	n = vdprintf(fd, fmt, args);
	va_end(args);
	made();
	return n;
}

CALL(fsync, (int fd), fd)
CALL(fchmod, (int fd, mode_t mode), fd, mode)
CALL(rename, (const char *from, const char *to), from, to)
CALL(renameat, (int a, const char *from, int b, const char *to), a, from, b, to)
CALL(linkat, (int a, const char *from, int b, const char *to, int flags), a, from, b, to, flags)
CALL(symlink, (const char *to, const char *path), to, path)
CALL(mkdir, (const char *path, mode_t mode), path, mode)
CALL(mkdirat, (int fd, const char *path, mode_t mode), fd, path, mode)
CALL(ftruncate, (int fd, off_t len), fd, len)
CALL(fallocate, (int fd, int mode, off_t at, off_t len), fd, mode, at, len)

int close(int fd)
{
	int written = (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY && is_file(fd);
	int bad = written && fails(), r = REAL(int, close, int)(fd);

	if (!bad)
		return r;
	errno = EIO;
	return -1;
}

static int create(int dir, const char *path, int flags, mode_t mode)
{
	int (*real)(int, const char *, int, ...) =
		(int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, "openat");

	if ((flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) && fails())
		return -1;
	return real(dir, path, flags, mode);
}

/* The mode is there only if the flags say so; any other value is not used. */
#define OPEN(name, parameters, last, dir, path)       \
	int name parameters;                          \
	int name parameters                           \
	{                                             \
		va_list args;                         \
		mode_t mode;                          \
                                                      \
		va_start(args, last);                 \
		mode = va_arg(args, mode_t);          \
		va_end(args);                         \
		return create(dir, path, last, mode); \
	}

OPEN(open, (const char *path, int flags, ...), flags, AT_FDCWD, path)
OPEN(openat, (int dir, const char *path, int flags, ...), flags, dir, path)
