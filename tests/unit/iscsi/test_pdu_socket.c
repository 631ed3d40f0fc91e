// SPDX-License-Identifier: GPL-2.0-only
/* Tests PDUs over a socket, in pieces of any size, and with a peer that fails. */
#include "tests/unit/root.h"

#include "iscsi/pdu_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

static struct pdu_socket wire;
static struct pdu asked;
static int peer;

static int setup(void **state)
{
	int fds[2];

	memset(&wire, 0, sizeof(wire));
	memset(&asked, 0, sizeof(asked));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	wire.fd = fds[0];
	peer = fds[1];
	return 0;
}

static int teardown(void **state)
{
	pdu_socket_close(&wire);
	assert_int_equal(wire.fd, -1);
	if (peer >= 0)
		close(peer);
	return 0;
}

static void hang_up(void)
{
	close(peer);
	peer = -1;
}

/* Makes a PDU with @len bytes of data. */
static void set_len(struct pdu *pdu, size_t len)
{
	pdu->header[5] = (uint8_t)(len >> 16);
	pdu->header[6] = (uint8_t)(len >> 8);
	pdu->header[7] = (uint8_t)len;
}

/* Receives a response of 5 bytes, padded to 8, and one more byte, byte by byte. */
static void in_pieces(void **state)
{
	uint8_t answer[PDU_HEADER + 8 + 1] = { [7] = 5, [PDU_HEADER] = 'a', [PDU_HEADER + 8] = 'z' };
	uint8_t rest[2];
	size_t i;

	pdu_socket_send(&wire, &asked);
	assert_int_equal(pdu_socket_events(&wire), POLLOUT);
	assert_int_equal(pdu_socket_poll(&wire), 0);
	assert_int_equal(pdu_socket_events(&wire), POLLIN);
	assert_int_equal(recv(peer, &wire.in, sizeof(wire.in), 0), PDU_HEADER);
	for (i = 0; i < sizeof(answer) - 2; i++) {
		assert_int_equal(send(peer, answer + i, 1, 0), 1);
		assert_int_equal(pdu_socket_poll(&wire), 0);
	}
	assert_int_equal(send(peer, answer + i, 2, 0), 2);
	assert_int_equal(pdu_socket_poll(&wire), 1);
	assert_memory_equal(&wire.in, answer, PDU_HEADER + 5);
	assert_int_equal(recv(wire.fd, rest, sizeof(rest), 0), 1);
	assert_int_equal(rest[0], 'z');
}

/* The request cannot be sent at once. */
static void slow_peer(void **state)
{
	int size = 1;
	uint8_t some[512];
	size_t got = 0;
	ssize_t n;

	setsockopt(wire.fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	set_len(&asked, 8192);
	pdu_socket_send(&wire, &asked);
	assert_int_equal(pdu_socket_poll(&wire), 0);
	assert_int_equal(pdu_socket_events(&wire), POLLOUT);
	while (got < PDU_HEADER + 8192) {
		n = recv(peer, some, sizeof(some), 0);
		assert_true(n > 0 || (n < 0 && errno == EAGAIN));
		got += n > 0 ? (size_t)n : 0;
		assert_int_equal(pdu_socket_poll(&wire), 0);
	}
	assert_int_equal(got, PDU_HEADER + 8192);
	assert_int_equal(pdu_socket_events(&wire), POLLIN);
}

/* The peer closes before the response, within its header, and within its data. */
static void peer_closes(void **state)
{
	static const size_t after[] = { 0, 7, PDU_HEADER, PDU_HEADER + 3 };
	static const uint8_t answer[PDU_HEADER + 8] = { [7] = 5 };
	unsigned int i;

	for (i = 0; i < sizeof(after) / sizeof(*after); i++) {
		pdu_socket_send(&wire, &asked);
		assert_int_equal(pdu_socket_poll(&wire), 0);
		assert_int_equal(recv(peer, &wire.in, sizeof(wire.in), 0), PDU_HEADER);
		assert_int_equal(send(peer, answer, after[i], 0), after[i]);
		assert_false(pdu_socket_has_ended(wire.fd));
		hang_up();
		assert_true(pdu_socket_has_ended(wire.fd));
		assert_int_equal(pdu_socket_poll(&wire), -ENODATA);
		pdu_socket_close(&wire);
		setup(state);
	}
	assert_string_equal(pdu_socket_strerror(-ENODATA), "connection closed by the target");
}

/* Sending to a closed connection gives no SIGPIPE. */
static void send_to_closed(void **state)
{
	hang_up();
	pdu_socket_send(&wire, &asked);
	assert_int_equal(pdu_socket_poll(&wire), -EPIPE);
	assert_string_equal(pdu_socket_strerror(-EPIPE), "Broken pipe");
}

static void too_long(void **state)
{
	struct pdu answer = { .header = { 0x23 } };

	set_len(&answer, PDU_DATA_MAX + 1);
	pdu_socket_send(&wire, &asked);
	assert_int_equal(pdu_socket_poll(&wire), 0);
	assert_int_equal(send(peer, &answer, PDU_HEADER, 0), PDU_HEADER);
	assert_int_equal(pdu_socket_poll(&wire), -EMSGSIZE);
	assert_string_equal(pdu_socket_strerror(-EMSGSIZE), "response PDU too long");
}

/* Connects to a loopback port with or without a listener. */
static int connect_to(int listener, struct sockaddr_in *addr)
{
	struct pdu_socket_options options = { 65536, 16, "reno", 8 };
	char congestion[16] = "";
	socklen_t len = sizeof(congestion);
	unsigned int rate = 0;
	struct pollfd p = { .events = POLLOUT };
	int r;

	pdu_socket_close(&wire);
	wire.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_int_equal(pdu_socket_tune(wire.fd, AF_INET, &options), 0);
	options.congestion = "no-such";
	assert_true(pdu_socket_tune(wire.fd, AF_INET, &options) < 0);
	assert_int_equal(getsockopt(wire.fd, IPPROTO_TCP, TCP_CONGESTION, congestion, &len), 0);
	assert_string_equal(congestion, "reno");
	len = sizeof(rate);
	assert_int_equal(getsockopt(wire.fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &len), 0);
	assert_int_equal(rate, 1000000);
	if (listener < 0)
		addr->sin_port = htons(1);
	r = pdu_socket_connect(&wire, (struct sockaddr_in6 *)addr, sizeof(*addr));
	if (r != -EINPROGRESS)
		return r;
	p.fd = wire.fd;
	assert_int_equal(poll(&p, 1, 10000), 1);
	return pdu_socket_connected(&wire);
}

static void connections(void **state)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), accepted, tos;
	struct linger at_once = { .l_onoff = 1 };
	struct pollfd p = { .events = POLLIN };
	socklen_t len = sizeof(addr), size = sizeof(tos);

	assert_int_equal(bind(listener, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&addr, &len), 0);
	assert_int_equal(connect_to(listener, &addr), 0);
	assert_int_equal(getsockopt(wire.fd, IPPROTO_IP, IP_TOS, &tos, &size), 0);
	assert_int_equal(tos, 16);
	accepted = accept(listener, NULL, NULL);
	setsockopt(accepted, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	pdu_socket_send(&wire, &asked);
	close(accepted);
	p.fd = wire.fd;
	assert_int_equal(poll(&p, 1, 10000), 1);
	assert_int_equal(pdu_socket_poll(&wire), -ECONNRESET);
	close(listener);
	assert_int_equal(connect_to(-1, &addr), -ECONNREFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(in_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(slow_peer, setup, teardown),
		cmocka_unit_test_setup_teardown(peer_closes, setup, teardown),
		cmocka_unit_test_setup_teardown(send_to_closed, setup, teardown),
		cmocka_unit_test_setup_teardown(too_long, setup, teardown),
		cmocka_unit_test_setup_teardown(connections, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
