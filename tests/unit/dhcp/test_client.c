// SPDX-License-Identifier: GPL-2.0-only
/* Tests which DHCP client is chosen, and the agent when a client runs it as its script. */
#include "tests/unit/root.h"

#include "base/cleanup.h"
#include "dhcp/client.h"
#include "dhcp/lease.h"

static struct dhcp_client client;

static int make(void **state)
{
	if (root_make(state))
		return -1;
	dhcp_root = root;
	return clearenv();
}

static void put_program(const char *path)
{
	root_put_bytes(path, "", 0, 0755);
}

static void which(void **state)
{
	assert_false(dhcp_client_find(&client, LEASE_NONE, false));
	put_program("/usr/lib/klibc/bin/ipconfig");
	assert_true(dhcp_client_find(&client, LEASE_NONE, false));
	assert_int_equal(client.kind, LEASE_IPCONFIG);
	assert_string_equal(client.program, "/usr/lib/klibc/bin");
	put_program("/bin/udhcpc");
	assert_true(dhcp_client_find(&client, LEASE_NONE, false));
	assert_int_equal(client.kind, LEASE_UDHCPC);
	assert_false(dhcp_client_find(&client, LEASE_NONE, true));
	put_program("/sbin/dhcpcd");
	assert_true(dhcp_client_find(&client, LEASE_NONE, false));
	assert_int_equal(client.kind, LEASE_DHCPCD);
	assert_true(dhcp_client_find(&client, LEASE_NONE, true));
	assert_int_equal(client.kind, LEASE_DHCPCD);
	assert_true(dhcp_client_find(&client, LEASE_IPCONFIG, false));
	assert_int_equal(client.kind, LEASE_IPCONFIG);
	assert_false(task_is_running(&client.task));
}

static void only_the_one_that_is_wanted(void **state)
{
	put_program("/sbin/dhcpcd");
	root_put("/sbin/udhcpc", "not executable");
	assert_false(dhcp_client_find(&client, LEASE_UDHCPC, false));
	assert_false(dhcp_client_find(&client, LEASE_IPCONFIG, true));
}

static void names(void **state)
{
	assert_string_equal(dhcp_client_name(LEASE_DHCPCD), "dhcpcd");
	assert_string_equal(dhcp_client_name(LEASE_IPCONFIG), "ipconfig");
	assert_null(dhcp_client_name(LEASE_FIRMWARE));
	assert_null(dhcp_client_name(LEASE_IPCONFIG + 1));
}

static bool left_a_lease(void)
{
	return !access(root_path("/run/lease"), F_OK);
}

static int call(const char *event)
{
	char self[512];

	snprintf(self, sizeof(self), "%s", root_path("/run/" DHCP_EVENT));
	return dhcp_event(self, event);
}

static void events_without_a_lease(void **state)
{
	setenv("ip", "10.0.0.5", 1);
	assert_int_equal(call("deconfig"), 0);
	assert_int_equal(call("nak"), 0);
	assert_int_equal(call("leasefail"), 0);
	assert_int_equal(call(NULL), 0);
	setenv("reason", "CARRIER", 1);
	assert_int_equal(call(NULL), 0);
	assert_false(left_a_lease());
}

static void read_back(struct lease *lease)
{
	struct ibu_diag diag = { 0 };
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *text;

	len = file_read(&arena, &text, "%s/run/lease", root);
	assert_true(len > 0);
	assert_int_equal(lease_parse(text, (size_t)len, "nic0", lease, &diag), 0);
	assert_null(diag.text);
}

/* A value may hold any byte but NUL. */
static void leases(void **state)
{
	struct lease lease;

	setenv("ip", "10.0.0.5", 1);
	setenv("rootpath", "a\nip=10.6.6.6", 1);
	assert_int_equal(call("bound"), 0);
	read_back(&lease);
	assert_int_equal(lease.ip.b[15], 5);
	assert_string_equal(lease.root_path, "a\nip=10.6.6.6");
	clearenv();
	setenv("reason", "BOUND6", 1);
	setenv("new_dhcp6_ia_na1_ia_addr1", "fd00::7", 1);
	assert_int_equal(call(NULL), 0);
	read_back(&lease);
	assert_int_equal(lease.ip.b[15], 7);
}

static void nowhere_to_write(void **state)
{
	setenv("reason", "BOUND", 1);
	assert_int_not_equal(dhcp_event("/nonexistent/" DHCP_EVENT, NULL), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(which),  TEST(only_the_one_that_is_wanted),
		TEST(names),  TEST(events_without_a_lease),
		TEST(leases), TEST(nowhere_to_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
