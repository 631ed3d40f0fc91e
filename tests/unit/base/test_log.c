// SPDX-License-Identifier: GPL-2.0-only
/* Tests the parts of long lines for the kernel log, the lines of a failure, the limit of the file. */
#include "tests/unit/root.h"

#include "base/log.h"

#define KMSG_LIMIT 976 /* longest line that Linux 5.10 and later keep */

/* Reads the logged lines, without newlines, levels and the marks of later parts. */
static void read_back(int fd, char *text, unsigned int *nr)
{
	char buf[8192] = "", *line, *rest = NULL;

	assert_true(read(fd, buf, sizeof(buf) - 1) > 0);
	*text = '\0';
	for (*nr = 0, line = strtok_r(buf, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest), ++*nr) {
		assert_true(strlen(line) < KMSG_LIMIT);
		assert_memory_equal(line, "<6>iscsi-boot: ", 15);
		line += *nr ? strlen("<6>iscsi-boot: ... ") : strlen("<6>iscsi-boot: step: ");
		strcat(text, line);
	}
}

static void assert_comes_whole(int fd, const char *said, unsigned int parts)
{
	char text[8192];
	unsigned int nr;

	log_info("step", "%s", said);
	read_back(fd, text, &nr);
	assert_string_equal(text, said);
	assert_int_equal(nr, parts);
}

static void long_lines_come_in_parts(void **state)
{
	static char path[512], said[3000];
	unsigned int i;
	int fd;

	memcpy(path, root_path("/dev/kmsg"), sizeof(path));
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_NONBLOCK);
	assert_true(fd >= 0);
	log_kmsg = path;
	log_to_kmsg();
	assert_comes_whole(fd, "short", 1);
	memset(said, 'x', sizeof(said) - 1);
	assert_comes_whole(fd, said, 4);
	for (i = 100; i < sizeof(said) - 1; i += 100)
		said[i] = ' ';
	assert_comes_whole(fd, said, 4);
	log_close();
	close(fd);
}

static void failure_has_two_lines(void **state)
{
	char path[512], text[512] = "";
	int fd;

	memcpy(path, root_path("/dev/kmsg"), sizeof(path));
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_NONBLOCK);
	log_kmsg = path;
	log_to_kmsg();
	assert_int_equal(log_failure("net", STATUS_NO_LINK, "cannot bring up eth0", "no carrier",
				     "check the cable"),
			 STATUS_NO_LINK);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_string_equal(text, "<3>iscsi-boot: net: error: cannot bring up eth0: no carrier\n"
				  "<3>iscsi-boot: net: try: check the cable\n");
	log_close();
	close(fd);
}

/* The file is in memory: it does not grow for as long as the machine runs. */
static void file_has_a_limit(void **state)
{
	static char said[1000];
	char path[512], end[64] = "";
	struct stat st;
	unsigned int i;
	int fd;

	memcpy(path, root_path("/dev/kmsg"), sizeof(path));
	root_put("/dev/kmsg", "");
	log_kmsg = path;
	log_to_kmsg();
	assert_int_equal(log_open(root_path("/run/iscsi-boot")), 0);
	memset(said, 'x', sizeof(said) - 1);
	for (i = 0; i < 1200; i++)
		log_info("step", "%s", said);
	log_close();
	fd = open(root_path("/run/iscsi-boot/log"), O_RDONLY);
	assert_int_equal(fstat(fd, &st), 0);
	assert_true(st.st_size > 1000 * 1000 && st.st_size < 1100 * 1000);
	assert_true(pread(fd, end, sizeof(end) - 1, st.st_size - 50) > 0);
	assert_non_null(strstr(end, "the log is full: see the kernel's log\n"));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(long_lines_come_in_parts, root_make, root_remove),
		cmocka_unit_test_setup_teardown(failure_has_two_lines, root_make, root_remove),
		cmocka_unit_test_setup_teardown(file_has_a_limit, root_make, root_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
