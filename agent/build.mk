# SPDX-License-Identifier: GPL-2.0-only
# Builds the programs of agent/. Each consists of whole rooms; docs/architecture.md lists which room
# may include which.

# The rooms of each program; main() is in the last one.
ROOMS_agent := base lease iscsi session view plan loop modules net dhcp login disk handoff boot cmd
ROOMS_handoff := base lease iscsi session view plan loop modules net dhcp login handoff
ROOMS_guard := base iscsi session guard
ROOMS_lease := base lease
ROOMS_shutdown := base iscsi session shutdown
PROGRAMS := agent handoff guard lease shutdown
AGENT_PROGRAMS := $(PROGRAMS:%=build/agent/iscsi-boot-%)

# iscsi/digest.h has two implementations. The agent uses libcrypto, which libkmod loads anyway.
DIGEST_agent := openssl
DIGEST_handoff := openssl
DIGEST_guard := nettle
DIGEST_lease := none
DIGEST_shutdown := none

# Files of the module without kernel calls, compiled into the agent, the tests and the fuzzers too.
PURE := $(wildcard kmod/core/*.c)

# $(call sources_of,PROGRAM)
sources_of = $(PURE) \
	$(filter-out $(call left_out,$1),$(foreach r,$(ROOMS_$1),$(wildcard agent/$r/*.c)))
objects_of = $(patsubst %.c,build/obj/%.o,$(call sources_of,$1))
# Files that are not linked: main() of other rooms, and the other digests.
left_out = $(patsubst %,agent/%/main.c,$(filter-out $(lastword $(ROOMS_$1)),$(ROOMS_$1))) \
	$(filter-out %_$(DIGEST_$1).c,$(wildcard agent/iscsi/digest_*.c))

# $(call known,OPTIONS): OPTIONS, if compiler and linker accept them; else nothing.
known = $(shell printf 'int main(void) { return 0; }' | \
	$(CC) -Werror -Wl,--fatal-warnings $(1) -xc - -o /dev/null 2>/dev/null && echo "$(1)")

# The agent is part of an initramfs and mostly waits: optimise for size.
ifeq ($(origin CFLAGS),undefined)
CFLAGS := $(or $(call known,-Oz),-Os) -g
endif
OWN_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. -Iagent -MMD -MP \
	-Wall -Wextra -Wno-unused-parameter -Wconversion -Wmissing-prototypes -Wstrict-prototypes
WERROR_CFLAGS := $(if $(WERROR),-Werror)
# No unwind tables: only debuggers unwind, and they read .debug_frame. Link-time optimisation and
# --gc-sections remove the functions that a program never calls.
AGENT_CFLAGS := -fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections \
	-fdata-sections \
	$(foreach o,-flto=auto -flto-partition=none -fno-plt -malign-data=abi -fipa-pta \
		-fno-if-conversion -fno-move-loop-invariants -fno-caller-saves \
		-fno-jump-tables -fno-shrink-wrap -fno-expensive-optimizations -fno-gcse \
		-fconserve-stack,$(call known,$o))
SMALL_LDFLAGS := $(foreach o,--gc-sections --as-needed -z$(comma)now -z$(comma)noseparate-code,\
	$(call known,-Wl$(comma)$o))
# Compact relocations (RELR), if the linker and libc (glibc 2.36) support them.
RELR_TEST := \#include <features.h>\n\#if __GLIBC_PREREQ(2, 36)\nint main(void) {}\n\#endif
RELR_LDFLAGS := $(shell printf '$(RELR_TEST)' | $(CC) -xc - -o /dev/null \
	-Wl,--fatal-warnings,-z,pack-relative-relocs 2>/dev/null && echo -Wl,-z,pack-relative-relocs)
AGENT_LDFLAGS := $(AGENT_CFLAGS) $(SMALL_LDFLAGS) $(RELR_LDFLAGS)

LIBS := libkmod libmnl libcrypto
PKG_CONFIG ?= pkg-config
LIB_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(LIBS))
LIB_LDLIBS = $(shell $(PKG_CONFIG) --libs $(LIBS))
LDLIBS_agent = $(LIB_LDLIBS)
LDLIBS_handoff = $(LIB_LDLIBS)
# The guard must run when the root disk is lost: it loads all code at start. It stays in locked
# memory, where a static libc takes less. Some distributions have no static nettle; there both are
# shared.
LDLIBS_guard := -lnettle
LDFLAGS_guard = $(or $(call known,-static -lnettle),-Wl,-z,now)
LDFLAGS_lease := -Wl,-z,now
LDFLAGS_shutdown := -static

.PHONY: FORCE
agent: $(AGENT_PROGRAMS) ## build the programs of agent/ only

$(AGENT_PROGRAMS): build/agent/iscsi-boot-%: $$(call objects_of,$$*)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(AGENT_LDFLAGS) $(LDFLAGS) $(LDFLAGS_$*) -o $@ $^ $(LDLIBS_$*)

build/obj/%.o: %.c build/obj/options | build/have-libs
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(AGENT_CFLAGS) $(OWN_CFLAGS) $(WERROR_CFLAGS) $(LIB_CFLAGS) -c -o $@ $<

# This file changes when compiler or options change, so that everything is rebuilt. make install
# installs the programs that were built, even if root has another compiler.
OPTIONS_USED = $(CC) $(CPPFLAGS) $(CFLAGS) $(AGENT_CFLAGS) $(OWN_CFLAGS) $(LDFLAGS)
build/obj/options: $(if $(filter install install-strip,$(MAKECMDGOALS)),,FORCE)
	@mkdir -p $(@D)
	@echo '$(OPTIONS_USED)' | cmp -s - $@ || \
		echo '$(OPTIONS_USED)' >$@

build/have-libs:
	@$(PKG_CONFIG) --exists $(LIBS) nettle 2>/dev/null || { echo "Missing: pkg-config libkmod-dev" \
		"libmnl-dev libssl-dev nettle-dev (apt-get install them, or run: make deps)"; false; }
	@mkdir -p $(@D) && touch $@
