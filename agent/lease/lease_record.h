/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of a DHCP lease, as one line of KEY=VALUE pairs. boot writes a file with such a
 * line for each NIC and address family below LEASE_DIR; iscsi-boot-lease writes all lines to
 * LEASE_STATE.
 */
#ifndef AGENT_LEASE_LEASE_RECORD_H
#define AGENT_LEASE_LEASE_RECORD_H

#include <limits.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/run_dir.h"
#include "kmod/core/params.h"

#define LEASE_DIR BOOT_RUN_DIR "/leases"
/* First line: the process ID of iscsi-boot-lease; last line: LEASE_STATE_END. */
#define LEASE_STATE BOOT_RUN_DIR "/lease"
#define LEASE_STATE_END "end"

#define LEASE_UNKNOWN 0U /* lease time not known */
#define LEASE_INFINITE UINT_MAX /* RFC 2131 3.3 */
#define LEASE_ID_MAX 64

/* Who renews a lease, and what is wrong with it; lease_record.c has their names. */
enum lease_kept_by { KEPT_BY_NONE, KEPT_BY_US, KEPT_BY_NETWORKD, NR_LEASE_KEPT_BY };
enum lease_trouble {
	LEASE_OK,
	LEASE_SILENT, /* no server answers */
	LEASE_REFUSED, /* a server refuses the address */
	LEASE_OTHER, /* a server gives another address */
	LEASE_EXPIRED, /* no server answered until the lease ended */
	LEASE_UNSENT, /* no message can be sent by the device */
	NR_LEASE_TROUBLES,
};

struct lease_record {
	char ifname[IFNAMSIZ];
	u8 mac[6];
	struct ibu_addr ip; /* its family is that of the lease */
	struct ibu_addr server; /* DHCPv4; zero: not known */
	u8 id[LEASE_ID_MAX]; /* client ID of option 61 (RFC 2132 9.14), or DUID (RFC 8415 11) */
	unsigned int id_len; /* 0: the client sends none */
	unsigned int seconds; /* LEASE_UNKNOWN, LEASE_INFINITE, or the lease time */
	unsigned int since_s; /* when it was granted, CLOCK_MONOTONIC */
	unsigned int renewed; /* how often iscsi-boot-lease or networkd renewed it */
	enum lease_kept_by by;
	enum lease_trouble trouble;
};

/* Prints the line. */
void lease_record_print(FILE *out, const struct lease_record *r);
/*
 * Reads the line @text, which it cuts. Skips unknown keys. Returns 0, or -EINVAL if the name, MAC
 * or address is missing, or a value is invalid.
 */
int lease_record_parse(char *text, struct lease_record *r);
/* True if both are of one NIC and address; the NIC's name may have changed. */
bool lease_record_same(const struct lease_record *a, const struct lease_record *b);
/* Reads @hex, such as "01525400", to @id. Returns the number of bytes, or -1 if it is invalid. */
int lease_id_parse(const char *hex, u8 id[LEASE_ID_MAX]);
/* Returns the seconds that the lease still holds at @now_s; LEASE_INFINITE: for ever. */
unsigned int lease_seconds_left(const struct lease_record *r, unsigned int now_s);
/* Returns the name of the keeper: "iscsi-boot-lease". */
const char *lease_kept_by_name(enum lease_kept_by by);
/* Returns the name of the trouble: "refused". */
const char *lease_trouble_name(enum lease_trouble trouble);

#endif
