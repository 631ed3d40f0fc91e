// SPDX-License-Identifier: GPL-2.0-only
/* sandboxed DIR COMMAND...: runs a command in the sandbox of a DHCP client (dhcp/client_sandbox.h). */
#include <err.h>
#include <unistd.h>

#include "dhcp/client_sandbox.h"

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: sandboxed DIR COMMAND...");
	if (client_sandbox(argv[1]))
		err(1, "cannot enter the sandbox");
	client_drop_rights();
	execvp(argv[2], argv + 2);
	err(127, "%s", argv[2]);
}
