// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the renewal of a lease beside a hostile server: packets of DHCP and DHCPv6 one after the
 * other, what networkd answers, and records of leases. No answer changes the address or the device
 * of a lease, each wait until the next message ends, and no server makes us send without a pause.
 *
 * The first byte selects what the rest is. Packets: 16 bits of length, then that many bytes. What
 * makes a packet a reply to us is repaired, or else hardly any would be.
 */
#include "tests/fuzz/show.h"

#include "base/log.h"
#include "lease/lease_job.h"
#include "lease/networkd_describe.h"

#define S 1000000000LL
#define XID 0x123456

enum { DHCP4, DHCP6, DESCRIPTION, RECORD, NR_KINDS };

static const u8 mac[] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
static const u8 id4[] = { 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
static const u8 id6[] = { 0, 3, 0, 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

static bool log_is_quiet;

static void want(bool so)
{
	if (!so)
		abort();
}

static struct lease_record lease_of(bool v4)
{
	struct lease_record r = { .ifname = "none0", .seconds = 60, .since_s = 100 };

	memcpy(r.mac, mac, sizeof(mac));
	want(!ibu_addr_parse(v4 ? "10.7.0.77" : "fd07::50", v4 ? 9 : 8, &r.ip));
	memcpy(r.id, v4 ? id4 : id6, v4 ? sizeof(id4) : sizeof(id6));
	r.id_len = v4 ? sizeof(id4) : sizeof(id6);
	return r;
}

/* What a client needs to accept the packet as an answer; the options stay as they are. */
static void repair4(u8 *packet, size_t len)
{
	if (len < 240)
		return;
	packet[0] = 2;
	memcpy(packet + 4, ((u8[]){ 0, 0x12, 0x34, 0x56 }), 4);
	if (packet[1] & 1)
		memcpy(packet + 16, ((u8[]){ 10, 7, 0, 77 }), 4);
	memcpy(packet + 28, mac, sizeof(mac));
	memcpy(packet + 236, ((u8[]){ 99, 130, 83, 99 }), 4);
}

/* The client ID comes first; an IA_NA with our IAID and address may follow. */
static void repair6(u8 *packet, size_t len)
{
	static const u8 head[] = { 7, 0x12, 0x34, 0x56, 0, 1, 0, sizeof(id6) };
	const size_t ia = sizeof(head) + sizeof(id6);

	if (len < ia)
		return;
	memcpy(packet, head, sizeof(head));
	memcpy(packet + sizeof(head), id6, sizeof(id6));
	if (len < ia + 8 || packet[ia + 1] != 3)
		return;
	packet[ia] = 0;
	memcpy(packet + ia + 4, mac + 2, 4);
	if (len >= ia + 36 && packet[ia + 17] == 5)
		memcpy(packet + ia + 20,
		       ((u8[]){ 0xfd, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x50 }), 16);
}

/* Sends when due, in virtual time: at most two messages a second before the lease ends. */
static void check_times(const struct lease_job *job)
{
	struct renewal r = job->renewal;
	int64_t now = r.next_ns;
	unsigned int i;

	if (job->record.seconds == LEASE_UNKNOWN) { /* that of boot has ended */
		want(!job->record.renewed);
		return;
	}
	if (now == INT64_MAX) {
		want(job->record.seconds == LEASE_INFINITE);
		return;
	}
	want(r.t1_ns > 0 && r.t1_ns <= r.t2_ns && r.t2_ns < r.end_ns);
	for (i = 0; i < 8; i++, now = r.next_ns) {
		enum renewal_step step = renewal_next(&r, now);

		want(r.next_ns > now);
		want(step != RENEWAL_ASK || r.next_ns - now >= 4 * S);
		want(step == RENEWAL_ASK || r.next_ns - now >= 4 * S || r.next_ns == r.t2_ns ||
		     r.next_ns == r.end_ns);
	}
}

static void receive_packets(bool v4, const u8 *data, size_t size)
{
	const struct lease_record before = lease_of(v4);
	struct lease_job *job = lease_job_new(&before);
	size_t len;
	u8 *packet;

	want(job);
	for (; size >= 2; data += len, size -= len) {
		len = (size_t)data[0] << 8 | data[1];
		data += 2;
		size -= 2;
		len = len < size ? len : size;
		packet = copy_of(data, len);
		if (v4)
			repair4(packet, len);
		else
			repair6(packet, len);
		job->xid = XID;
		job->sent_ns = 200 * S;
		job->selects = true;
		lease_job_receive(job, packet, len);
		free(packet);
		want(!memcmp(&job->record.ip, &before.ip, sizeof(before.ip)));
		want(!memcmp(job->record.mac, mac, sizeof(mac)));
		want(!strcmp(job->record.ifname, before.ifname));
		want(job->server6.len <= DHCP6_DUID_MAX);
		want(job->record.trouble < NR_LEASE_TROUBLES);
		check_times(job);
	}
	lease_job_free(job);
}

static void read_description(const char *text, size_t len)
{
	char *copy = calloc(len + 1, 1);
	struct networkd_lease lease;

	memcpy(copy, text, len);
	if (!networkd_read_description(copy, &lease)) {
		want(lease.prefix_len <= 32);
		want(lease.id_len <= LEASE_ID_MAX);
		want(ibu_addr_is_null(&lease.ip) || ibu_addr_is_v4(&lease.ip));
	}
	free(copy);
}

/* What is accepted is written and read unchanged. */
static void read_record(const char *text, size_t len)
{
	char *copy = calloc(len + 1, 1), *again = NULL;
	struct lease_record r, back;
	size_t size;
	FILE *out;

	memcpy(copy, text, len);
	if (!lease_record_parse(copy, &r)) {
		out = open_memstream(&again, &size);
		lease_record_print(out, &r);
		fclose(out);
		want(!lease_record_parse(again, &back));
		want(lease_record_same(&r, &back) && r.seconds == back.seconds);
		want(r.id_len == back.id_len && !memcmp(r.id, back.id, r.id_len));
		want(lease_seconds_left(&r, 0) == r.seconds);
		free(again);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (!log_is_quiet) {
		log_kmsg = "/dev/null";
		log_to_kmsg();
		log_is_quiet = true;
	}
	if (!size)
		return 0;
	switch (data[0] % NR_KINDS) {
	case DHCP4:
	case DHCP6:
		receive_packets(data[0] % NR_KINDS == DHCP4, data + 1, size - 1);
		break;
	case DESCRIPTION:
		read_description((const char *)data + 1, size - 1);
		break;
	case RECORD:
		read_record((const char *)data + 1, size - 1);
		break;
	}
	return 0;
}
