// SPDX-License-Identifier: GPL-2.0-only
/*
 * record-login HOST PORT INITIATOR TARGET|- [ALGORITHMS|- USER SECRET [USER SECRET]]: logs in to a
 * target with agent/iscsi/login_phase.c and prints all PDUs of both sides, for tests/data/NAME.login. The
 * second account is the target's (mutual CHAP). Use test accounts only: the file contains the
 * secrets.
 */
#include "iscsi/login_phase.h"

#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void write_down(char who, const struct pdu *pdu)
{
	size_t size = pdu_size(pdu->header), i;
	const uint8_t *bytes = (const uint8_t *)pdu;

	printf("%c", who);
	for (i = 0; i < size; i++)
		printf("%s%02x", i == 48 ? "\n  " : i % 4 ? "" : " ", bytes[i]);
	printf("\n");
}

static void receive(int fd, struct pdu *in)
{
	size_t size;

	if (recv(fd, in->header, PDU_HEADER, MSG_WAITALL) != PDU_HEADER)
		errx(1, "connection closed");
	size = pdu_size(in->header);
	if (!size)
		errx(1, "a response has another size");
	size -= PDU_HEADER;
	if (size && recv(fd, in->data, size, MSG_WAITALL) != (ssize_t)size)
		errx(1, "connection closed");
}

static struct chap_account account(char **argv)
{
	return (struct chap_account){ argv[0], strlen(argv[0]), (uint8_t *)argv[1], strlen(argv[1]) };
}

int main(int argc, char **argv)
{
	static struct login_phase x;
	static struct pdu in;
	struct login_phase_account login = { .isid = { 0x80, 0x12, 0x34, 0x56, 0, 0 },
					.offer = login_phase_defaults };
	struct sockaddr_in to = { .sin_family = AF_INET };
	enum login_phase_next next;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	login.offer.header_digest = DIGEST_NONE;
	login.offer.data_digest = DIGEST_NONE;
	if (argc < 5 || argc == 6 || argc == 7)
		errx(2, "usage: record-login HOST PORT INITIATOR TARGET|- "
			"[ALGORITHMS|- USER SECRET [USER SECRET]]");
	login.initiator_name = argv[3];
	login.target_name = strcmp(argv[4], "-") ? argv[4] : NULL;
	if (argc >= 8) {
		login.chap.algorithms = strcmp(argv[5], "-") ? argv[5] : NULL;
		login.chap.initiator = account(argv + 6);
	}
	if (argc >= 10)
		login.chap.target = account(argv + 8);
	to.sin_port = htons((uint16_t)atoi(argv[2]));
	if (!inet_pton(AF_INET, argv[1], &to.sin_addr) ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err(1, "connect");
	printf("# %s %s %s", argc >= 8 ? argv[5] : "-", argv[3], argv[4]);
	for (int i = 6; i < argc; i++)
		printf(" %s", argv[i]);
	printf("\n");
	next = login_phase_start(&x, &login);
	while (next == LOGIN_PHASE_SEND) {
		write_down('I', &x.out);
		if (send(fd, &x.out, pdu_size(x.out.header), 0) < 0)
			err(1, "send");
		receive(fd, &in);
		write_down('T', &in);
		next = login_phase_receive(&x, &in);
	}
	if (next == LOGIN_PHASE_DONE)
		fprintf(stderr, "logged in, portal group %d\n", x.tpgt);
	else
		fprintf(stderr, "%s: %s\n", next == LOGIN_PHASE_REDIRECTED ? "redirected" : "failed",
			x.answer);
	login_phase_free(&x);
	close(fd);
	return next != LOGIN_PHASE_DONE;
}
