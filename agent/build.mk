# SPDX-License-Identifier: GPL-2.0-only
# The programs of agent/: each is a union of whole rooms. docs/architecture.md has the rooms' rule.

# Rooms of each program; main() is in the last one.
ROOMS_agent := base iscsi session view plan loop modules net dhcp login disk handoff boot cmd
ROOMS_handoff := base iscsi session view plan loop modules net dhcp login handoff
ROOMS_guard := base iscsi session guard
ROOMS_shutdown := base iscsi session shutdown
PROGRAMS := agent handoff guard shutdown
AGENT_PROGRAMS := $(PROGRAMS:%=build/agent/iscsi-boot-%)

# iscsi/digest.h has two implementations. The agent uses libcrypto, which libkmod loads anyway.
DIGEST_agent := openssl
DIGEST_handoff := openssl
DIGEST_guard := nettle
DIGEST_shutdown := none

# Files of other rooms that still have to move.
EXTRA_handoff := agent/boot/paths_stage.c

# Pure C of the module, which the agent, the tests and the fuzzers compile too.
PURE := $(wildcard kmod/core/*.c)

# $(call sources_of,PROGRAM)
sources_of = $(PURE) $(EXTRA_$1) $(filter-out $(call left_out,$1),$(foreach r,$(ROOMS_$1),$(wildcard agent/$r/*.c)))
objects_of = $(patsubst %.c,build/obj/%.o,$(call sources_of,$1))
# Other rooms' main() and the other digests.
left_out = $(patsubst %,agent/%/main.c,$(filter-out $(lastword $(ROOMS_$1)),$(ROOMS_$1))) \
	$(filter-out %_$(DIGEST_$1).c,$(wildcard agent/iscsi/digest_*.c))

# $(call known,OPTIONS): those options, if compiler and linker accept them.
known = $(shell printf 'int main(void) { return 0; }' | $(CC) -Werror -Wl,--fatal-warnings $(1) -xc - \
	-o /dev/null 2>/dev/null && echo "$(1)")

# The agent lives in an initramfs and mostly waits: optimise for size.
ifeq ($(origin CFLAGS),undefined)
CFLAGS := $(or $(call known,-Oz),-Os) -g
endif
OWN_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. -Iagent -MMD -MP \
	-Wall -Wextra -Wno-unused-parameter -Wconversion -Wmissing-prototypes -Wstrict-prototypes
WERROR_CFLAGS := $(if $(WERROR),-Werror)
# Only debuggers unwind the agent, and they read .debug_frame. Link-time optimisation and
# --gc-sections remove the functions that a program never calls.
AGENT_CFLAGS := -fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections \
	-fdata-sections $(foreach o,-flto=auto -flto-partition=none -fno-plt -malign-data=abi,$(call known,$o))
SMALL_LDFLAGS := $(foreach o,--gc-sections --as-needed -z$(comma)now -z$(comma)noseparate-code,\
	$(call known,-Wl$(comma)$o))
# Compact relocations (RELR), if linker and libc (glibc 2.36) support them.
RELR_TEST := \#include <features.h>\n\#if __GLIBC_PREREQ(2, 36)\nint main(void) { return 0; }\n\#endif
RELR_LDFLAGS := $(shell printf '$(RELR_TEST)' | $(CC) -xc - -o /dev/null \
	-Wl,--fatal-warnings,-z,pack-relative-relocs 2>/dev/null && echo -Wl,-z,pack-relative-relocs)
AGENT_LDFLAGS := $(AGENT_CFLAGS) $(SMALL_LDFLAGS) $(RELR_LDFLAGS)

LIBS := libkmod libmnl libcrypto
LIB_CFLAGS = $(shell pkg-config --cflags $(LIBS))
LIB_LDLIBS = $(shell pkg-config --libs $(LIBS))
LDLIBS_agent = $(LIB_LDLIBS)
LDLIBS_handoff = $(LIB_LDLIBS)
# The guard must run when the root disk is lost: it loads everything at its start, and shares only
# libc, which the image has anyway. Some distributions have no static nettle.
STATIC_NETTLE := -Wl,-Bstatic -lnettle -Wl,-Bdynamic
LDLIBS_guard = $(or $(call known,$(STATIC_NETTLE)),-lnettle)
LDFLAGS_guard := -Wl,-z,now
LDFLAGS_shutdown := -static

.PHONY: FORCE
agent: $(AGENT_PROGRAMS) ## build the agent alone

$(AGENT_PROGRAMS): build/agent/iscsi-boot-%: $$(call objects_of,$$*)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(AGENT_LDFLAGS) $(LDFLAGS) $(LDFLAGS_$*) -o $@ $^ $(LDLIBS_$*)

build/obj/%.o: %.c build/obj/options | build/have-libs
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(AGENT_CFLAGS) $(OWN_CFLAGS) $(WERROR_CFLAGS) $(LIB_CFLAGS) -c -o $@ $<

# Another compiler, or other options, rebuild everything.
build/obj/options: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(AGENT_CFLAGS) $(OWN_CFLAGS)' | cmp -s - $@ || \
		echo '$(CC) $(CFLAGS) $(AGENT_CFLAGS) $(OWN_CFLAGS)' >$@

build/have-libs:
	@pkg-config --exists $(LIBS) nettle 2>/dev/null || { echo "Missing: pkg-config libkmod-dev" \
		"libmnl-dev libssl-dev nettle-dev (apt-get install them, or run: make deps)"; false; }
	@mkdir -p $(@D) && touch $@
