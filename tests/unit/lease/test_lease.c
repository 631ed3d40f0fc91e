// SPDX-License-Identifier: GPL-2.0-only
/* Tests the renewal of leases: times, messages of DHCP and DHCPv6, hostile answers, networkd. */
#include "tests/unit/fake.h"

#include "base/deadline.h"
#include "base/log.h"
#include "lease/dhcp4.h"
#include "lease/dhcp6.h"
#include "lease/lease_device.h"
#include "lease/lease_job.h"
#include "lease/networkd_describe.h"
#include "lease/renewal.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#define S 1000000000LL

static int make(void **state)
{
	sysfs_root = root;
	log_kmsg = "/dev/null";
	return root_make(state);
}

static struct lease_record record(const char *ip, const char *id)
{
	struct lease_record r = { .ifname = "eth0", .mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };
	int len = lease_id_parse(id, r.id);

	assert_true(len >= 0);
	r.id_len = (unsigned int)len;
	assert_int_equal(ibu_addr_parse(ip, strlen(ip), &r.ip), 0);
	return r;
}

/* Records */

static void record_round_trip(void **state)
{
	struct lease_record r = record("10.7.0.77", "01525400123456"), back;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	r.seconds = 60;
	r.since_s = 12;
	r.renewed = 3;
	r.by = KEPT_BY_NETWORKD;
	r.trouble = LEASE_OTHER;
	assert_int_equal(ibu_addr_parse("10.7.0.1", 8, &r.server), 0);
	lease_record_print(out, &r);
	fclose(out);
	assert_string_equal(text, "ifname=eth0 mac=52:54:00:12:34:56 ip=10.7.0.77 server=10.7.0.1 "
				  "id=01525400123456 seconds=60 since=12 renewed=3 "
				  "by=systemd-networkd state=other-address\n");
	assert_int_equal(lease_record_parse(text, &back), 0);
	assert_memory_equal(&back, &r, sizeof(r));
	free(text);
}

static void invalid_records(void **state)
{
	static const char *const texts[] = {
		"",
		"eth0",
		"ifname=eth0 mac=52:54:00:12:34:56",
		"ifname=eth0 ip=10.7.0.77",
		"mac=52:54:00:12:34:56 ip=10.7.0.77",
		"ifname=abcdefghijklmnop mac=52:54:00:12:34:56 ip=10.7.0.77",
		"ifname=../x mac=52:54:00:12:34:56 ip=10.7.0.77",
		"ifname=eth0 mac=52:54:00:12:34:56 ip=10.7.0.777",
		"ifname=eth0 mac=52:54:00:12:34:56 ip=10.7.0.77 id=0",
		"ifname=eth0 mac=52:54:00:12:34:56 ip=10.7.0.77 id=0x",
		"ifname=eth0 mac=52:54:00:12:34:56 ip=10.7.0.77 seconds=4294967296",
		"ifname=eth0 mac=52:54:00:12:34:56 ip=10.7.0.77 by=x",
		"ifname=eth0 mac=52:54:00:12:34:56 ip=10.7.0.77 state=x",
	};
	struct lease_record r;
	char text[128];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		strcpy(text, texts[i]);
		if (lease_record_parse(text, &r) != -EINVAL)
			fail_msg("accepted: %s", texts[i]);
	}
}

static void time_left(void **state)
{
	struct lease_record r = { .seconds = 60, .since_s = 100 };

	assert_int_equal(lease_seconds_left(&r, 99), 60);
	assert_int_equal(lease_seconds_left(&r, 145), 15);
	assert_int_equal(lease_seconds_left(&r, 160), 0);
	assert_int_equal(lease_seconds_left(&r, 1000), 0);
	r.seconds = LEASE_INFINITE;
	assert_int_equal(lease_seconds_left(&r, 1000), LEASE_INFINITE);
}

/* Times */

static void times_of_60_s(void **state)
{
	struct renewal r;

	renewal_granted(&r, 100 * S, 60, 0, 0);
	assert_int_equal(r.next_ns, 130 * S);
	assert_int_equal(renewal_next(&r, 130 * S), RENEWAL_RENEW);
	assert_true(r.next_ns > 141 * S && r.next_ns < 142 * S);
	assert_int_equal(renewal_next(&r, 150 * S), RENEWAL_RENEW);
	assert_true(r.next_ns == r.t2_ns && r.t2_ns > 152 * S && r.t2_ns < 153 * S);
	assert_int_equal(renewal_next(&r, r.t2_ns), RENEWAL_REBIND);
	assert_int_equal(renewal_next(&r, 159 * S), RENEWAL_REBIND);
	assert_int_equal(r.next_ns, 160 * S);
	assert_int_equal(renewal_next(&r, 160 * S), RENEWAL_ASK);
	assert_int_equal(r.next_ns, 164 * S);
	assert_int_equal(renewal_next(&r, 164 * S), RENEWAL_ASK);
	assert_int_equal(r.next_ns, 172 * S);
}

/* RFC 2131 4.4.5: at least 60 s between two messages. */
static void times_of_a_day(void **state)
{
	struct renewal r;

	renewal_granted(&r, 0, 86400, 100, 200);
	assert_int_equal(r.next_ns, 100 * S);
	renewal_next(&r, 100 * S);
	assert_int_equal(r.next_ns, 160 * S);
	renewal_granted(&r, 0, 86400, 200, 100); /* contradict each other */
	assert_int_equal(r.next_ns, 43200 * S);
	renewal_granted(&r, 0, 86400, 100, 86400);
	assert_int_equal(r.next_ns, 43200 * S);
}

static void times_without_end(void **state)
{
	struct renewal r;

	renewal_granted(&r, 5 * S, LEASE_INFINITE, 0, 0);
	assert_int_equal(r.next_ns, INT64_MAX);
	renewal_granted(&r, 5 * S, LEASE_UNKNOWN, 0, 0);
	assert_int_equal(r.next_ns, 5 * S);
	assert_int_equal(renewal_next(&r, 5 * S), RENEWAL_RENEW);
	assert_int_equal(r.next_ns, 13 * S);
}

static void refusal_asks_again(void **state)
{
	struct renewal r;
	unsigned int i;

	renewal_granted(&r, 0, 60, 0, 0);
	renewal_refused(&r, 30 * S);
	assert_int_equal(r.next_ns, 34 * S);
	for (i = 0; i < 100; i++)
		assert_int_equal(renewal_next(&r, 34 * S), RENEWAL_ASK);
	assert_int_equal(r.next_ns, (34 + 64) * S);
	renewal_refused(&r, 98 * S); /* a server that answers and refuses each time */
	assert_int_equal(r.next_ns, (98 + 64) * S);
	renewal_granted(&r, 100 * S, 60, 0, 0);
	renewal_refused(&r, 130 * S);
	assert_int_equal(r.next_ns, 134 * S);
}

/* However short the lease is, and whatever times the server sets: no loop without a pause. */
static void short_leases(void **state)
{
	static const unsigned int times[][3] = { { 1, 0, 0 },	{ 2, 1, 1 },   { 9, 4, 7 },
						 { 9, 7, 4 },	{ 9, 0, 0 },   { 9, 9, 9 },
						 { 3, 1, 2 },	{ 60, 1, 2 },  { 60, 59, 1 },
						 { 60, 0, 59 }, { 60, 59, 0 }, { 60, ~0U, ~0U } };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		int64_t now = 100 * S;
		struct renewal r;

		renewal_granted(&r, now, times[i][0], times[i][1], times[i][2]);
		assert_true(r.next_ns >= now + S / 2);
		assert_true(r.t1_ns <= r.t2_ns && r.t2_ns < r.end_ns);
		for (j = 0; j < 8; j++) { /* four before the end at most, then 4, 8, 16 ... s */
			assert_true(r.next_ns > now);
			now = r.next_ns;
			renewal_next(&r, now);
		}
		assert_true(now > r.end_ns || times[i][0] == 60);
		assert_true(r.next_ns - now >= 4 * S || now < r.end_ns);
	}
}

/* Another program has the time to rebind it. */
static void watched_leases(void **state)
{
	struct renewal r;

	renewal_granted(&r, 100 * S, 64, 0, 0);
	renewal_watched(&r);
	assert_int_equal(r.next_ns, 160 * S);
	assert_int_equal(renewal_next(&r, 160 * S), RENEWAL_REBIND);
	renewal_granted(&r, 100 * S, LEASE_INFINITE, 0, 0);
	renewal_watched(&r);
	assert_int_equal(r.next_ns, INT64_MAX);
}

/* DHCP */

static void dhcp4_messages(void **state)
{
	struct lease_record r = record("10.7.0.77", "01525400123456");
	struct ibu_addr server;
	u8 buf[DHCP4_SIZE];
	static const u8 renew[] = { 99, 130,  83,   99, 53,   1,    3,	  61, 7,
				    1,	0x52, 0x54, 0,	0x12, 0x34, 0x56, 55, 6 },
			ask[] = { 99,	130, 83,   99,	 53,   1,  1, 61, 7, 1, 0x52,
				  0x54, 0,   0x12, 0x34, 0x56, 50, 4, 10, 7, 0, 77 },
			select[] = { 50, 4, 10, 7, 0, 77, 54, 4, 10, 7, 0, 1 };

	assert_int_equal(dhcp4_write(buf, DHCP4_REQUEST, 0x01020304, &r, NULL), 300);
	assert_memory_equal(buf, ((u8[]){ 1, 1, 6, 0, 1, 2, 3, 4, 0, 0, 0, 0, 10, 7, 0, 77 }), 16);
	assert_memory_equal(buf + 28, r.mac, 6);
	assert_memory_equal(buf + 236, renew, sizeof(renew));
	assert_int_equal(dhcp4_write(buf, DHCP4_DISCOVER, 1, &r, NULL), 300);
	assert_memory_equal(buf + 8, ((u8[]){ 0, 0, 0x80, 0, 0, 0, 0, 0 }), 8);
	assert_memory_equal(buf + 236, ask, sizeof(ask));
	assert_int_equal(ibu_addr_parse("10.7.0.1", 8, &server), 0);
	dhcp4_write(buf, DHCP4_REQUEST, 1, &r, &server);
	assert_memory_equal(buf + 252, select, sizeof(select));
	r.id_len = LEASE_ID_MAX;
	assert_true(dhcp4_write(buf, DHCP4_REQUEST, 1, &r, &server) <= DHCP4_SIZE);
}

/* Makes the reply of a server to @r. Returns its length. */
static size_t reply4(u8 buf[DHCP4_SIZE], const struct lease_record *r, u32 xid, u8 type,
		     u8 last_byte, unsigned int seconds)
{
	const u8 options[] = {
		0,	     53, 1, type, 54, 4, 10, 7,	 0, 1, 51, 4, 0,  0,  (u8)(seconds >> 8),
		(u8)seconds, 58, 4, 0,	  0,  0, 30, 59, 4, 0, 0,  0, 50, 255
	};

	dhcp4_write(buf, DHCP4_REQUEST, xid, r, NULL);
	buf[0] = 2;
	memcpy(buf + 16, ((u8[]){ 10, 7, 0, last_byte }), 4);
	memcpy(buf + 240, options, sizeof(options));
	return 240 + sizeof(options);
}

static void dhcp4_replies(void **state)
{
	struct lease_record r = record("10.7.0.77", "");
	struct dhcp4_reply reply;
	u8 buf[DHCP4_SIZE];
	size_t len = reply4(buf, &r, 7, DHCP4_ACK, 77, 60), i;

	assert_int_equal(dhcp4_read(buf, len, 7, &r, &reply), 0);
	assert_int_equal(reply.type, DHCP4_ACK);
	assert_int_equal(reply.seconds, 60);
	assert_int_equal(reply.t1, 30);
	assert_int_equal(reply.t2, 50);
	assert_memory_equal(&reply.ip, &r.ip, sizeof(r.ip));
	assert_int_equal(dhcp4_read(buf, len, 8, &r, &reply), -EINVAL);
	assert_int_equal(dhcp4_read(buf, 239, 7, &r, &reply), -EINVAL);
	for (i = 241; i < len - 1; i++) /* cut: an error, or the end between two options */
		(void)dhcp4_read(buf, i, 7, &r, &reply);
	assert_int_equal(dhcp4_read(buf, 251, 7, &r, &reply), -EINVAL);
	buf[0] = 1;
	assert_int_equal(dhcp4_read(buf, len, 7, &r, &reply), -EINVAL);
	len = reply4(buf, &r, 7, DHCP4_ACK, 77, 0);
	assert_int_equal(dhcp4_read(buf, len, 7, &r, &reply), -EINVAL);
	reply4(buf, &r, 7, 3, 77, 60);
	assert_int_equal(dhcp4_read(buf, len, 7, &r, &reply), -EINVAL);
	reply4(buf, &r, 7, DHCP4_ACK, 77, 60);
	memset(buf + 250, 0, 6); /* no lease time: RFC 2131 forbids that */
	assert_int_equal(dhcp4_read(buf, len, 7, &r, &reply), 0);
	assert_int_equal(reply.seconds, LEASE_INFINITE);
	r.seconds = 90;
	assert_int_equal(dhcp4_read(buf, len, 7, &r, &reply), 0);
	assert_int_equal(reply.seconds, 90);
	buf[33] ^= 1; /* another MAC */
	assert_int_equal(dhcp4_read(buf, len, 7, &r, &reply), -EINVAL);
}

/* DHCPv6 */

#define DUID "00030001525400123456"

static void dhcp6_messages(void **state)
{
	struct lease_record r = record("fd07::50", DUID);
	const struct dhcp6_server server = { .duid = { 0, 1, 2 }, .len = 3 };
	u8 buf[DHCP6_SIZE];
	static const u8 rebind[] = { 6,	   0,	 0, 9,	  0,	1,    0, 10, 0, 3,  0, 1,
				     0x52, 0x54, 0, 0x12, 0x34, 0x56, 0, 3,  0, 40, 0, 0x12 };

	assert_int_equal(dhcp6_write(buf, DHCP6_REBIND, 9, &r, &server), 4 + 14 + 44 + 6);
	assert_memory_equal(buf, rebind, sizeof(rebind));
	assert_int_equal(dhcp6_write(buf, DHCP6_RENEW, 9, &r, &server), 4 + 14 + 7 + 44 + 6);
	assert_memory_equal(buf + 18, ((u8[]){ 0, 2, 0, 3, 0, 1, 2, 0, 3 }), 9);
}

static size_t reply6(u8 buf[DHCP6_SIZE], const struct lease_record *r, u32 xid, u8 seconds)
{
	const struct dhcp6_server server = { .duid = { 0, 1, 2 }, .len = 3 };
	size_t len = dhcp6_write(buf, DHCP6_RENEW, xid, r, &server);

	buf[0] = 7;
	buf[25 + 4 + 7] = 30; /* T1 */
	buf[25 + 4 + 12 + 4 + 23] = seconds;
	return len;
}

static void dhcp6_replies(void **state)
{
	struct lease_record r = record("fd07::50", DUID);
	struct dhcp6_reply reply;
	u8 buf[DHCP6_SIZE];
	size_t len = reply6(buf, &r, 9, 60), i;

	assert_int_equal(dhcp6_read(buf, len, 9, &r, &reply), 0);
	assert_int_equal(reply.seconds, 60);
	assert_int_equal(reply.t1, 30);
	assert_int_equal(reply.server.len, 3);
	assert_int_equal(dhcp6_read(buf, len, 10, &r, &reply), -EINVAL);
	for (i = 0; i < len; i++) {
		u8 *cut = malloc(i ? i : 1); /* so that a read behind its end is found */

		memcpy(cut, buf, i);
		(void)dhcp6_read(cut, i, 9, &r, &reply);
		free(cut);
	}
	buf[8] ^= 1; /* another client */
	assert_int_equal(dhcp6_read(buf, len, 9, &r, &reply), -EINVAL);
	reply6(buf, &r, 9, 60);
	buf[25 + 4 + 12 + 4 + 15] ^= 1; /* another address */
	assert_int_equal(dhcp6_read(buf, len, 9, &r, &reply), 0);
	assert_int_equal(reply.seconds, 0);
}

/* Jobs */

static void answers_change_the_job(void **state)
{
	struct lease_record r = record("10.7.0.77", "01525400123456");
	struct lease_job *job = lease_job_new(&r);
	u8 buf[DHCP4_SIZE];
	size_t len;

	job->xid = 7;
	job->sent_ns = 50 * S;
	lease_job_receive(job, buf, reply4(buf, &r, 7, DHCP4_ACK, 77, 60));
	assert_int_equal(job->record.seconds, 60);
	assert_int_equal(job->record.since_s, 50);
	assert_int_equal(job->record.renewed, 1);
	assert_int_equal(job->renewal.next_ns, 80 * S);
	len = reply4(buf, &r, 7, DHCP4_ACK, 78, 60);
	lease_job_receive(job, buf, len);
	assert_int_equal(job->record.trouble, LEASE_OTHER);
	assert_int_equal(job->record.renewed, 1);
	assert_memory_equal(&job->record.ip, &r.ip, sizeof(r.ip));
	len = reply4(buf, &r, 7, DHCP4_NAK, 0, 60);
	lease_job_receive(job, buf, len); /* with the client ID */
	assert_true(job->without_id && !job->renewal.refused);
	lease_job_receive(job, buf, len); /* without */
	assert_true(!job->without_id && job->renewal.refused);
	assert_int_equal(job->record.trouble, LEASE_REFUSED);
	lease_job_receive(job, buf, reply4(buf, &r, 7, DHCP4_ACK, 77, 60));
	assert_int_equal(job->record.trouble, LEASE_OK);
	assert_false(job->renewal.refused);
	lease_job_free(job);
}

static void answers_of_dhcp6(void **state)
{
	struct lease_record r = record("fd07::50", DUID);
	struct lease_job *job = lease_job_new(&r);
	u8 buf[DHCP6_SIZE];

	job->xid = 9;
	lease_job_receive(job, buf, reply6(buf, &r, 9, 60));
	assert_int_equal(job->record.seconds, 60);
	assert_int_equal(job->server6.len, 3);
	lease_job_receive(job, buf, reply6(buf, &r, 9, 0));
	assert_int_equal(job->record.trouble, LEASE_REFUSED);
	assert_true(job->renewal.refused);
	lease_job_free(job);
}

/* A restarted process, after udev renamed the device; the name may be of another one now. */
static void finds_its_device(void **state)
{
	struct lease_record r = record("127.0.0.1", "");

	assert_int_equal(lease_device_find(&r), if_nametoindex("lo"));
	r = record("10.99.98.97", "");
	memcpy(r.ifname, "lo", sizeof("lo"));
	assert_int_equal(lease_device_find(&r), 0);
	fake_put("00:00:00:00:00:00\n", "/sys/class/net/lo/address");
	assert_int_equal(lease_device_find(&r), 0);
	fake_put("52:54:00:12:34:56\n", "/sys/class/net/lo/address");
	assert_int_equal(lease_device_find(&r), if_nametoindex("lo"));
	r = record("::1", DUID);
	if (!access("/proc/net/if_inet6", F_OK))
		assert_int_equal(lease_device_find(&r), if_nametoindex("lo"));
}

/* The state stays what the server said, also when the lease nears its end. */
static void refusal_is_no_silence(void **state)
{
	static const enum lease_trouble troubles[] = { LEASE_REFUSED, LEASE_OTHER };
	struct lease_record r = record("127.0.0.1", "");
	struct lease_job *job;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(troubles); i++) {
		r.trouble = troubles[i];
		r.seconds = 3600;
		r.since_s = (unsigned int)(now_ns() / S) - 3590;
		job = lease_job_new(&r);
		assert_non_null(job);
		lease_job_step(job); /* sends, or cannot */
		assert_true(job->record.trouble == troubles[i] ||
			    job->record.trouble == LEASE_UNSENT);
		lease_job_free(job);
	}
}

/* networkd */

static void leases_of_networkd(void **state)
{
	static const struct {
		const char *text;
		bool ours;
		unsigned int seconds, id_len;
	} rows[] = {
		{ "# private\nADDRESS=10.7.0.77\nSERVER_ADDRESS=10.7.0.1\nLIFETIME=120\n"
		  "CLIENTID=01525400123456\n",
		  true, 120, 7 }, /* systemd 252 */
		{ "SERVER_ADDRESS=10.7.0.77\nADDRESS=10.7.0.78\nLIFETIME=120\n", false, 0, 0 },
		{ "ADDRESS=10.7.0.77\nLIFETIME=2min 30s\n", true, 150, 0 }, /* 255 */
		{ "ADDRESS=10.7.0.77\nLIFETIME=1d 1h\n", true, 90000, 0 },
		{ "ADDRESS=10.7.0.77\nLIFETIME=infinity\n", true, LEASE_INFINITE, 0 },
		{ "ADDRESS=10.7.0.77\nLIFETIME=soon\n", true, 0, 0 },
		{ "ADDRESS=10.7.0.77\nCLIENTID=zz\n", true, 0, 0 },
		{ "", false, 0, 0 },
	};
	struct lease_record r = record("10.7.0.77", "");
	struct networkd_lease lease;
	unsigned int i;

	root_put("/proc/9/comm", "systemd-network\n");
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		root_put("/run/systemd/netif/leases/3", rows[i].text);
		assert_int_equal(networkd_has_lease(3, &r, &lease), rows[i].ours ? 1 : 0);
		if (!rows[i].ours)
			continue;
		assert_int_equal(lease.seconds, rows[i].seconds);
		assert_int_equal(lease.id_len, rows[i].id_len);
		if (lease.id_len)
			assert_memory_equal(lease.id,
					    ((u8[]){ 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56 }), 7);
	}
	root_put("/run/systemd/netif/leases/3", rows[0].text);
	assert_false(networkd_has_lease(0, &r, &lease));
	assert_false(networkd_has_lease(4, &r, &lease));
	root_put("/proc/9/comm", "sh\n");
	assert_false(networkd_has_lease(3, &r, &lease));
}

/* What networkd of systemd 262 answers, shortened. */
#define DESCRIPTION                                                                                     \
	"{\"parameters\":{\"Interface\":{\"Index\":3,\"Name\":\"a\\\"}\",\"DHCPv4Client\":{\"Lease\":{" \
	"\"LeaseTimestampUSec\":1,\"Timeout1USec\":15000001,\"Message\":{\"op\":2,"                     \
	"\"ciaddr\":\"00000000\",\"yiaddr\":\"0a07004d\",\"options\":["                                 \
	"{\"tag\":1,\"data\":\"ffffff00\"},{\"tag\":51,\"data\":\"00000014\"},"                         \
	"{\"tag\":53,\"data\":\"05\"},{\"tag\":54,\"data\":\"0a070001\"}]}},"                           \
	"\"ClientIdentifier\":[1,82,84,0,18,52,86]},\"DHCPv6Client\":{\"yiaddr\":\"0a07004e\"}}}}"

static void description_of_networkd(void **state)
{
	static const char *const without[] = {
		"",
		"{",
		"{}",
		"{\"parameters\":{\"Interface\":{\"DHCPv4Client\":null}}}",
		"{\"error\":\"io.systemd.System\"}",
		"{\"DHCPv4Client\":{},\"DHCPv6Client\":{\"LeaseTimestampUSec\":1}}",
	};
	struct lease_record r = record("10.7.0.77", "");
	struct networkd_lease lease;
	char cut[sizeof(DESCRIPTION)];
	size_t i;

	assert_int_equal(networkd_read_description(DESCRIPTION, &lease), 0);
	assert_memory_equal(&lease.ip, &r.ip, sizeof(r.ip));
	assert_int_equal(lease.prefix_len, 24);
	assert_int_equal(lease.seconds, 20);
	assert_int_equal(lease.server.b[15], 1);
	assert_int_equal(lease.id_len, 7);
	for (i = 0; i < ARRAY_SIZE(without); i++)
		assert_int_equal(networkd_read_description(without[i], &lease), -ENOENT);
	for (i = 0; i < sizeof(DESCRIPTION); i++) { /* nothing is read behind the end */
		char *text = strndup(DESCRIPTION, i);

		networkd_read_description(text, &lease);
		free(text);
	}
	strcpy(cut, DESCRIPTION);
	memcpy(strstr(cut, "0a07004d"), "0a07zz4d", 8);
	assert_int_equal(networkd_read_description(cut, &lease), 0);
	assert_true(ibu_addr_is_null(&lease.ip));
}

static void root_path_of_networkd(void **state)
{
	static const struct {
		const char *options, *want;
	} rows[] = {
		{ "{\"tag\":17,\"data\":\"69736373693a\"}", "iscsi:" },
		{ "{\"tag\":1,\"data\":\"ff\"},{\"tag\":17,\"data\":\"4100\"}", "A" },
		{ "{\"tag\":17,\"data\":\"410042\"}", NULL },
		{ "{\"tag\":17,\"data\":\"4g\"}", NULL },
		{ "{\"tag\":17,\"data\":\"\"}", NULL },
		{ "{\"tag\":17,\"data\":\"41", NULL },
		{ "{\"tag\":117,\"data\":\"41\"}", NULL },
	};
	char text[256], *got;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO_ARENA arena = NULL;

		snprintf(text, sizeof(text), "{\"DHCPv4Client\":{\"options\":[%s]},%s}",
			 rows[i].options, "\"DHCPv6Client\":{\"tag\":17,\"data\":\"42\"}");
		got = networkd_described_root_path(&arena, text);
		if (rows[i].want)
			assert_string_equal(got, rows[i].want);
		else
			assert_null(got);
	}
}

static void networkd_and_ipv6(void **state)
{
	struct lease_record r = record("fd07::50", DUID);
	struct networkd_lease lease;

	root_put("/proc/9/comm", "systemd-network\n");
	root_put("/run/systemd/netif/links/3", "ADMIN_STATE=unmanaged\n");
	assert_false(networkd_has_lease(3, &r, &lease));
	root_put("/run/systemd/netif/links/3", "X=1\nADMIN_STATE=configured\n");
	assert_true(networkd_has_lease(3, &r, &lease));
}

/* A networkd that hangs, or is slow, has not lost its lease. */
static void networkd_does_not_answer(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct lease_record r = record("127.0.0.1", "");
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct networkd_lease lease;
	struct lease_job *job;

	strcpy(r.ifname, "lo");
	root_put("/proc/9/comm", "systemd-network\n");
	strncpy(at.sun_path, root_path("/run/systemd/netif/io.systemd.Network"),
		sizeof(at.sun_path) - 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(networkd_has_lease(1, &r, &lease), 0); /* it has ended */
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(networkd_has_lease(1, &r, &lease), -EAGAIN);
	r.seconds = LEASE_INFINITE;
	job = lease_job_new(&r);
	job->record.by = KEPT_BY_NETWORKD;
	lease_job_step(job);
	assert_int_equal(job->record.by, KEPT_BY_NETWORKD);
	assert_true(job->rival);
	close(fd);
	job->checked_ns = 0;
	lease_job_step(job);
	assert_int_equal(job->record.by, KEPT_BY_US);
	lease_job_free(job);
}

/* It holds the lease, but it is not sure that it renews it. */
static void networkd_is_watched(void **state)
{
	struct lease_record r = record("127.0.0.1", "");
	struct lease_job *job;
	int64_t due;

	strcpy(r.ifname, "lo");
	r.seconds = 3600;
	root_put("/proc/9/comm", "systemd-network\n");
	root_put("/run/systemd/netif/leases/1", "ADDRESS=127.0.0.1\nLIFETIME=3600\n");
	job = lease_job_new(&r);
	r.since_s = job->record.since_s = (unsigned int)(now_ns() / S) - 1000;
	lease_job_step(job);
	assert_int_equal(job->record.by, KEPT_BY_NETWORKD);
	due = job->record.since_s * S + 3600 * S / 16 * 15;
	assert_int_equal(job->renewal.next_ns, due);
	/* We had to renew it, and networkd did not since then: the lease is ours. */
	job->record.by = KEPT_BY_US;
	job->record.renewed = 1;
	job->record.since_s = (unsigned int)(now_ns() / S) + 100;
	job->checked_ns = 0;
	lease_job_step(job);
	assert_int_equal(job->record.by, KEPT_BY_US);
	job->record.since_s = 1; /* it renewed it later */
	root_put("/run/systemd/netif/leases/1", "ADDRESS=127.0.0.1\nLIFETIME=infinity\n");
	job->checked_ns = 0;
	lease_job_step(job);
	assert_int_equal(job->record.by, KEPT_BY_NETWORKD);
	lease_job_free(job);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(record_round_trip),
		TEST(invalid_records),
		TEST(time_left),
		TEST(times_of_60_s),
		TEST(times_of_a_day),
		TEST(times_without_end),
		TEST(refusal_asks_again),
		TEST(dhcp4_messages),
		TEST(dhcp4_replies),
		TEST(dhcp6_messages),
		TEST(dhcp6_replies),
		TEST(answers_change_the_job),
		TEST(answers_of_dhcp6),
		TEST(finds_its_device),
		TEST(refusal_is_no_silence),
		TEST(leases_of_networkd),
		TEST(networkd_and_ipv6),
		TEST(description_of_networkd),
		TEST(root_path_of_networkd),
		TEST(short_leases),
		TEST(watched_leases),
		TEST(networkd_does_not_answer),
		TEST(networkd_is_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
