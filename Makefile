# SPDX-License-Identifier: GPL-2.0-only
# What a person can do here; "make help" lists it. What the kernel builds is in Kbuild.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

# The kernel to build for: KVER=, or KDIR=; else the running one, or the newest with headers here.
RUNNING := $(shell uname -r)
WITH_HEADERS := $(shell ls -d /lib/modules/*/build 2>/dev/null | cut -d/ -f4 | sort -V)
ifdef KDIR
KVER ?= $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h \
	2>/dev/null)
endif
KVER ?= $(if $(filter $(RUNNING),$(WITH_HEADERS)),$(RUNNING),$(lastword $(WITH_HEADERS)))
KDIR ?= /lib/modules/$(KVER)/build

PREFIX ?= /usr
MANDIR ?= $(PREFIX)/share/man
UDEVDIR ?= $(PREFIX)/lib/udev/rules.d
UNITDIR ?= $(PREFIX)/lib/systemd/system
LIBDIR := $(PREFIX)/lib/iscsi-boot
UNITS := $(wildcard agent/hooks/systemd/*.service)
# Who wants which unit: TARGET.wants/UNIT, of which an instance has its template as file.
UNIT_WANTS := $(foreach a,reboot poweroff halt kexec,$(a).target.wants/iscsi-boot-shutdown@$(a).service) \
	$(shell awk -F = '/^WantedBy=[^%]*$$/ { n = split(FILENAME, f, "/"); print $$2 ".wants/" f[n] }' \
		$(UNITS) /dev/null)
UNIT_OF = $$(echo $${wants\#\#*/} | sed 's/@[a-z]*/@/')
# Initramfs generators, where each looks for what is not its own, and FILE=PLACE there of our hooks.
GENERATORS := initramfs-tools dracut mkinitcpio
HOOKDIR_initramfs-tools := /usr/share/initramfs-tools
HOOKDIR_dracut := /usr/lib/dracut
HOOKDIR_mkinitcpio := /usr/lib/initcpio
HOOKS_initramfs-tools := hook=hooks/iscsi-boot local-top=scripts/local-top/iscsi-boot
HOOKS_dracut := $(foreach f,module-setup.sh iscsi-boot.sh,$f=modules.d/95iscsi-boot/$f) \
	90-iscsi-boot.conf=dracut.conf.d/90-iscsi-boot.conf
HOOKS_mkinitcpio := install=install/iscsi-boot runtime=hooks/iscsi-boot
# Those that are here, into a DESTDIR all.
FOUND := $(foreach g,$(GENERATORS),$(if $(DESTDIR)$(wildcard $(HOOKDIR_$g)),$g))
HEADERS_DIR := /etc/kernel/header_postinst.d
# Programs that the agent or a unit runs.
HELPERS := $(addprefix build/agent/iscsi-boot-,shutdown guard handoff)
RULES := 90-iscsi-boot-agent.rules
CONF := /etc/iscsi-boot-agent.conf
# FILE=PLACE of all that is copied, with our own paths in it as they are here.
SCRIPTS := $(addprefix agent/hooks/,arm=$(LIBDIR)/arm images=$(LIBDIR)/images \
	$(if $(DESTDIR)$(wildcard $(HEADERS_DIR)),header_postinst=$(HEADERS_DIR)/iscsi-boot) \
	$(foreach g,$(FOUND),$(addprefix $g/,$(subst =,=$(HOOKDIR_$g)/,$(HOOKS_$g)))))
PROGRAMS := build/agent/iscsi-boot-agent=$(PREFIX)/sbin/iscsi-boot-agent \
	$(foreach p,$(HELPERS),$p=$(LIBDIR)/$(notdir $p))
TEXTS := $(foreach p,$(wildcard docs/*.8),$p=$(MANDIR)/man8/$(notdir $p)) \
	agent/hooks/udev/$(RULES)=$(UDEVDIR)/$(RULES) \
	$(foreach u,$(UNITS),$u=$(UNITDIR)/$(notdir $u))
DKMSDIR := /usr/src/iscsi-boot-unified-$(VERSION)

# Options of compiler and linker, where it knows them.
known = $(shell printf 'int main(void) { return 0; }' | $(CC) -Werror -Wl,--fatal-warnings $(1) -xc - \
	-o /dev/null 2>/dev/null && echo "$(1)")
# It lives in an initramfs, and waits for others most of the time: small before quick.
ifeq ($(origin CFLAGS),undefined)
CFLAGS := $(or $(call known,-Oz),-Os) -g
endif
# Of the project itself; -Werror only where WERROR=1 asks for it, never for who just builds.
OWN_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. \
	-Wall -Wextra -Wno-unused-parameter -Wconversion -Wmissing-prototypes -Wstrict-prototypes \
	$(if $(WERROR),-Werror)
# Nothing unwinds the agent but a debugger, which has .debug_frame. All is optimised as one, where that
# can be, and what nothing calls is left out.
AGENT_CFLAGS := -fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections \
	-fdata-sections $(foreach o,-flto=auto -flto-partition=none -fno-plt -malign-data=abi,$(call known,$o))
# Nor is a library that nothing uses there, or a gap between code and constants.
SMALL_LDFLAGS = $(foreach o,--gc-sections --as-needed -z$(comma)now -z$(comma)noseparate-code,$(call known,-Wl$(comma)$o))
comma := ,
# Relocations in a twentieth of the room, where linker and libc (glibc 2.36) know of it.
RELR_TEST := \#include <features.h>\n\#if __GLIBC_PREREQ(2, 36)\nint main(void) { return 0; }\n\#endif
RELR_LDFLAGS = $(shell printf '$(RELR_TEST)' | $(CC) -xc - -o /dev/null \
	-Wl,--fatal-warnings,-z,pack-relative-relocs 2>/dev/null && echo -Wl,-z,pack-relative-relocs)
AGENT_LDFLAGS := $(AGENT_CFLAGS) $(SMALL_LDFLAGS) $(RELR_LDFLAGS)
LIBS := libkmod libmnl libcrypto
LIB_CFLAGS = $(shell pkg-config --cflags $(LIBS))
LIB_LDLIBS = $(shell pkg-config --libs $(LIBS))
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all

# Pure C that module, agent, tests and fuzzers share, in the order of the data.
PURE := $(addprefix kmod/,ibft.c ibft_blocks.c cmdline.c words_target.c words_netroot.c \
	words_uri.c words_net.c merge.c params.c match.c attrs.c)
AGENT := $(wildcard agent/*.c)
# Of these, what is for the real root alone.
HANDOFF := $(addprefix agent/,real_root.c node.c nodedb.c record.c again.c)
SHUTDOWN := $(addprefix agent/,shutdown/main.c shutdown.c transport.c pdu.c ours.c wanted.c scsi.c \
	session.c sysfs.c child.c deadline.c log.c arena.c keep.c harden.c) kmod/params.c
GUARD := $(wildcard agent/guard/*.c) $(addprefix agent/,transport.c session_params.c exchange.c \
	negotiate.c chap.c pdu.c portal.c session.c wire.c wanted.c sysfs.c backoff.c deadline.c log.c arena.c \
	keep.c harden.c) kmod/params.c
# The distribution may have no library to link statically.
STATIC_NETTLE := -Wl,-Bstatic -lnettle -Wl,-Bdynamic
GUARD_LDLIBS := $(or $(call known,$(STATIC_NETTLE)),-lnettle)
MODULE_SOURCES := Kbuild $(wildcard kmod/*.c kmod/*.h)
UNIT_TESTS := $(patsubst tests/unit/%.c,build/unit/%,$(wildcard tests/unit/test_*.c)) \
	build/unit/test_digest_nettle
FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
# The fuzzers' harnesses, built by the usual compiler and without a fuzzer; and to see what they reach.
REPLAYS := $(FUZZERS:build/fuzz/%=build/replay/%)
REACHES := $(FUZZERS:build/fuzz/%=build/fuzz/reach/%)
MODULE := build/module/$(KVER)/iscsi_boot_unified.ko
KUNIT := build/kunit/$(KVER)/iscsi_boot_kunit.ko
KUNIT_SOURCES := tests/kunit/Kbuild $(wildcard kmod/*.c kmod/*.h tests/kunit/*.c tests/kunit/*.h \
	tests/kunit/shim/*.h tests/unit/*.c tests/unit/*.h)

# V=1 shows the commands.
Q := $(if $(V),,@)
say = @$(if $(V),true,printf '  %-7s %s\n' $(1) $(2))

.PHONY: soak kunit kunit-module debug-build need-root golden-update dkms-source check-build all module agent demo check check-all unit golden add-table round-trip replay boot storm storm-picture bench bench-generators docs \
	fuzz fuzz-plant coverage mutate style format deps install uninstall dkms-source \
	dkms-install dkms-uninstall images clean help
.DELETE_ON_ERROR:

all: module agent ## build the module and the agent (KVER=, KDIR= for another kernel)

module: $(MODULE) ## build the module alone

agent: build/agent/iscsi-boot-agent $(HELPERS) ## build the agent alone

# Kbuild writes beside its sources; a copy keeps the checkout clean and two kernels apart.
$(MODULE): $(MODULE_SOURCES)
	@test -n "$(KVER)" || { echo "No kernel headers $(if $(KDIR),in $(KDIR),found):" \
		"install linux-headers-amd64, or name a kernel with KVER="; false; }
	@test -e $(KDIR)/Makefile || { echo "No headers for kernel $(KVER) in $(KDIR):" \
		"install linux-headers-$(KVER)"; false; }
	@$(if $(filter $(RUNNING),$(WITH_HEADERS)),,echo "Note: not for the running kernel" \
		"$(RUNNING), which has no headers here")
	$(call say,MODULE,"for kernel $(KVER)")
	@mkdir -p $(@D)/kmod
	@cp -pu Kbuild $(@D)/ && cp -pu kmod/*.[ch] $(@D)/kmod/
	$(Q)$(MAKE) $(if $(V),,-s) -C $(KDIR) M=$(CURDIR)/$(@D) \
		$(if $(WERROR),W=1 KCFLAGS=-Werror) modules
	@touch $@

kunit-module: $(KUNIT)

# For a kernel with KUnit; the module's sources and the tests, with the corpus as C.
$(KUNIT): $(KUNIT_SOURCES) build/kunit/corpus.inc
	$(call say,KUNIT,"for kernel $(KVER)")
	@mkdir -p $(@D) && cp -pu --parents $(filter-out %/Kbuild %.inc,$^) $(@D)/
	@cp -pu tests/kunit/Kbuild $(@D)/ && cp -pu build/kunit/corpus.inc $(@D)/tests/kunit/
	$(Q)$(MAKE) $(if $(V),,-s) -C $(KDIR) M=$(CURDIR)/$(@D) \
		$(if $(WERROR),W=1 KCFLAGS=-Werror) modules
	@test -e $@ || { echo "Kernel $(KVER) has no CONFIG_KUNIT"; false; }
	@touch $@

build/kunit/corpus.inc: tests/kunit/corpus build/mkibft build/dumpview $(wildcard tests/data/*) \
		$(wildcard tests/fuzz/corpus/*/*)
	@mkdir -p $(@D)
	$(Q)tests/kunit/corpus >$@

# For the machines, as wait-change.
build/lifecycle: tests/kunit/lifecycle.c | build/have-libs
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OWN_CFLAGS) -o $@ $< -lmnl -lpthread

build/obj/%.o: %.c $(wildcard kmod/*.h agent/*.h agent/guard/*.h)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(AGENT_CFLAGS) $(OWN_CFLAGS) $(LIB_CFLAGS) -c -o $@ $<

build/agent/iscsi-boot-agent: $(addprefix build/obj/,$(patsubst %.c,%.o,$(filter-out \
		$(HANDOFF) agent/shutdown.c,$(AGENT)) $(PURE)))
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(AGENT_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_LDLIBS)

# It plans as the agent does: so it has of that what it uses.
build/agent/iscsi-boot-handoff: $(addprefix build/obj/,$(patsubst %.c,%.o,agent/handoff/main.c \
		$(filter-out agent/main.c agent/shutdown.c,$(AGENT)) $(PURE)))
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(AGENT_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_LDLIBS)

# Without libraries: it is run when the root may be lost.
build/agent/iscsi-boot-shutdown: $(addprefix build/obj/,$(SHUTDOWN:.c=.o))
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(AGENT_LDFLAGS) $(LDFLAGS) -static -o $@ $^

# It goes on when the root is lost: so it has what it needs in memory when it begins, and libc, which
# the image has anyway, is all that it shares.
build/agent/iscsi-boot-guard: $(addprefix build/obj/,$(GUARD:.c=.o))
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(AGENT_LDFLAGS) -Wl,-z,now $(LDFLAGS) -o $@ $^ $(GUARD_LDLIBS)

$(AGENT:%.c=build/obj/%.o): | build/have-libs
build/have-libs:
	@pkg-config --exists $(LIBS) nettle 2>/dev/null || { echo "Missing: pkg-config libkmod-dev" \
		"libmnl-dev libssl-dev nettle-dev (apt-get install them, or run: make deps)"; false; }
	@mkdir -p $(@D) && touch $@

# Tests run with sanitizers, so they have objects of their own.
build/san/%.o: %.c $(wildcard kmod/*.h agent/*.h agent/guard/*.h tests/unit/*.h tests/fuzz/*.h tests/data/*.h)
	@mkdir -p $(@D)
	$(call say,"CC san",$<)
	$(Q)$(CC) -O1 -g $(SANITIZE) $(OWN_CFLAGS) $(LIB_CFLAGS) -c -o $@ $<

TESTED := $(addprefix build/san/,$(filter-out agent/main.o agent/guard/main.o agent/guard/digest.o,$(AGENT:.c=.o) \
	$(patsubst %.c,%.o,$(wildcard agent/guard/*.c))) $(PURE:.c=.o))

build/unit/test_%: build/san/tests/unit/test_%.o $(TESTED)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) $(UNIT_LDFLAGS) -o $@ $^ $(LIB_LDLIBS) -lcmocka

# The same vectors for the guard's.
build/unit/test_digest_nettle: build/san/tests/unit/test_digest.o build/san/agent/guard/digest.o
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lnettle -lcmocka

# Where memory ends: what the parsers allocate comes by way of the test.
build/unit/test_oom: UNIT_LDFLAGS := -Wl,--wrap=calloc
build/san/tests/unit/test_lock.o: agent/boot.c
build/unit/test_lock: UNIT_LDFLAGS := -Wl,--wrap=ftruncate
# What the kernel answers is the test's.
build/unit/test_shutdown: UNIT_LDFLAGS := $(foreach f,open ask answer set end,-Wl,--wrap=transport_$f)

build/unit/test_native: UNIT_LDFLAGS := $(foreach f,open close create end,-Wl,--wrap=transport_$f)
build/unit/test_guard: UNIT_LDFLAGS := -Wl,--wrap=transport_stop,--wrap=transport_open
build/unit/test_child: UNIT_LDFLAGS := -Wl,--wrap=unshare,--wrap=syscall
build/unit/test_real_root: UNIT_LDFLAGS := -Wl,--wrap=fsync
build/san/tests/unit/test_again.o: agent/again.c

build/unit/test_chap: UNIT_LDFLAGS := -Wl,--wrap=digest_size
# The random numbers of a login are those that it was recorded with.
build/unit/test_exchange: UNIT_LDFLAGS := -Wl,--wrap=getrandom

# For the machines, which have no libraries but the agent's.
GUEST_TOOLS := $(patsubst tests/boot/guest/%.c,build/%,$(wildcard tests/boot/guest/*.c))
# Beside them.
HOST_TOOLS := $(patsubst tests/boot/%.c,build/%,$(wildcard tests/boot/*.c))
build/fault-writer build/fault-check: tests/boot/guest/fault-record.h
$(GUEST_TOOLS): build/%: tests/boot/guest/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OWN_CFLAGS) -static -o $@ $<

build/stopwatch: tests/bench/login/stopwatch.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OWN_CFLAGS) -static -o $@ $<

build/hostile-target: agent/guard/digest.c
build/hostile-target: HOST_LDLIBS := -lnettle
$(HOST_TOOLS): build/%: tests/boot/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OWN_CFLAGS) -o $@ $(filter %.c %.o,$^) $(HOST_LDLIBS)

# The agent's schedule under a virtual clock.
build/bench/storm: tests/bench/storm.c agent/backoff.c agent/backoff.h
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OWN_CFLAGS) -o $@ $(filter %.c,$^)

build/mkibft: tests/data/mkibft.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OWN_CFLAGS) -o $@ $<

build/record-login: $(addprefix build/san/,tests/data/record-login.o \
		$(addprefix agent/,exchange.o negotiate.o chap.o digest.o pdu.o))
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIB_LDLIBS)

build/dumpview: build/san/tests/data/dumpview.o $(addprefix build/san/,$(PURE:.c=.o))
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^

build/blanktable: build/san/tests/data/blanktable.o $(addprefix build/san/,$(PURE:.c=.o))
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^

build/dumptree: build/san/tests/data/dumptree.o \
		$(addprefix build/san/,$(PURE:.c=.o) $(addprefix agent/,tree.o arena.o keep.o fallback.o intree.o))
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^

.SECONDARY:

unit: $(UNIT_TESTS) ## unit tests on this machine
	@tests/run unit

golden: build/mkibft build/dumpview ## tables and command lines against their expected views
	@tests/run golden

round-trip: build/mkibft build/dumpview build/dumptree ## view to files to the agent and back
	@tests/run round-trip

replay: build/mkibft $(REPLAYS) ## what the fuzzers ever found, without a fuzzer
	@tests/run replay

golden-update: build/mkibft build/dumpview ## take what is read now as expected; look at the diff
	@tests/data/golden --update

add-table: build/mkibft build/dumpview build/blanktable ## a user's table (FILE=raw NAME=x) as golden
	@tests/data/add-table "$(FILE)" "$(NAME)"

check: ## all tests but the long ones
	@tests/deps build check boot kunit
	@$(MAKE) --no-print-directory WERROR=1 check-build
	@$(MAKE) --no-print-directory WERROR=1 debug-build
	@tests/run docs unit golden add-table round-trip replay storm bench kunit boot

check-all: ## check, and what takes longer
	@tests/deps build check boot kunit kunit-6.1 fuzz
	@$(MAKE) --no-print-directory WERROR=1 check-build
	@$(MAKE) --no-print-directory WERROR=1 DEBUG_SERIES="6.12 6.1" debug-build
	@$(MAKE) --no-print-directory $(FUZZERS) $(REACHES)
	@tests/run docs unit golden add-table round-trip replay storm bench coverage boot-all mutate fuzz fuzz-plant

# Kernels that the machines boot, with the module for each.
check-build: agent build/bench/storm build/mkibft $(GUEST_TOOLS) $(HOST_TOOLS) build/dumpview build/dumptree build/blanktable \
		$(UNIT_TESTS) $(REPLAYS)
	@for k in $$(tests/boot/kernels); do $(MAKE) --no-print-directory KVER=$$k \
		KDIR=/lib/modules/$$k/build module || exit 1; done

# The kernels that watch, with the modules for each.
DEBUG_SERIES := 6.12
debug-build: agent build/mkibft $(GUEST_TOOLS) build/lifecycle
	@for s in $(DEBUG_SERIES); do dir=$$(tests/boot/debug-kernel $$s) || exit 1; \
		$(MAKE) --no-print-directory KVER=$$(cat $$dir/kver) KDIR=$$dir/build \
			module kunit-module || exit 1; done

kunit: ## KUnit and lifecycle tests in a kernel that watches (SCENARIO= names some)
	@tests/deps build boot kunit
	@$(MAKE) --no-print-directory debug-build
	@tests/boot/run $(or $(SCENARIO),kunit)

boot: ## the booted machines alone (SCENARIO= names some)
	@tests/deps build boot
	@$(MAKE) --no-print-directory check-build
	@tests/boot/run $(SCENARIO)

HOURS ?= 1
soak: ## random faults on one root for HOURS=1, of SEED= where it is given; stops at the first loss
	@tests/deps build boot
	@$(MAKE) --no-print-directory check-build
	@SOAK_HOURS=$(HOURS) SOAK_SEED=$(SEED) tests/boot/run fault-soak

storm: build/bench/storm ## a thousand machines at one target, in virtual time
	@tests/run storm

bench: ## how long a login takes, by each way; writes docs/login-speed.md (BENCH_N=, BENCH_CASES="1:0 64:20")
	@tests/deps build boot bench
	@$(MAKE) --no-print-directory agent build/mkibft build/stopwatch $(GUEST_TOOLS)
	@$(MAKE) --no-print-directory KVER=$$(tests/boot/kernels | tail -n 1) \
		KDIR=/lib/modules/$$(tests/boot/kernels | tail -n 1)/build module
	@tests/bench/login/run

bench-generators: need-root ## how long images take, others' and ours; writes docs/generators-speed.md (BENCH_N=)
	@tests/deps build boot
	@$(MAKE) --no-print-directory agent build/mkibft $(GUEST_TOOLS)
	@tests/bench/generators/run

storm-picture: build/bench/storm ## draw it, for docs/boot-storm.md
	build/bench/storm --svg docs/boot-storm.svg

demo: ## boot a machine from an iSCSI target through real firmware, step by step
	@tests/deps build boot
	@$(MAKE) --no-print-directory $(GUEST_TOOLS)
	@tests/boot/demo

docs: ## do the documents name what there is?
	@tests/run docs

SECONDS ?= 60
fuzz: ## fuzz the parsers and the agent's reader from nothing (SECONDS=60 each), on two cores
	@tests/deps build fuzz
	@$(MAKE) --no-print-directory $(FUZZERS) $(REACHES)
	@tests/fuzz/run $(SECONDS)

fuzz-plant: ## plant bugs one at a time: the fuzzers must find each
	@tests/deps build check fuzz
	@$(MAKE) --no-print-directory build/mkibft
	@tests/fuzz/plant

coverage: build/mkibft ## branches of the parsers that unit tests and golden views take
	@tests/deps build check fuzz
	@tests/coverage/run

mutate: build/mkibft ## force every condition of the parsers: do the tests notice?
	@tests/deps build check fuzz
	@tests/mutate/run

# What the fuzzers are made of; the last is there for fuzz_tree alone.
FUZZED := $(PURE) $(addprefix agent/,tree.c arena.c keep.c fallback.c intree.c)
FUZZ_CC = clang -g -O1 -std=gnu11 -I. -D_GNU_SOURCE -w
build/fuzz/fuzz_merge build/fuzz/reach/fuzz_merge build/replay/fuzz_merge: \
	FUZZ_LDFLAGS := -Wl,--wrap=calloc
FUZZED_HANDOFF := $(addprefix agent/,handoff_files.c addr.c netlink.c)
build/fuzz/fuzz_handoff build/fuzz/reach/fuzz_handoff: $(FUZZED_HANDOFF) tests/unit/handoff_check.h
build/replay/fuzz_handoff: $(FUZZED_HANDOFF:%.c=build/san/%.o)
FUZZED_LEASE := $(addprefix agent/,lease.c addr.c netlink.c)
build/fuzz/fuzz_lease build/fuzz/reach/fuzz_lease: $(FUZZED_LEASE)
build/replay/fuzz_lease: $(FUZZED_LEASE:%.c=build/san/%.o)
FUZZED_EXCHANGE := $(addprefix agent/,exchange.c negotiate.c chap.c digest.c pdu.c)
build/fuzz/fuzz_exchange build/fuzz/reach/fuzz_exchange: $(FUZZED_EXCHANGE)
build/replay/fuzz_exchange: $(FUZZED_EXCHANGE:%.c=build/san/%.o)

build/fuzz/%: tests/fuzz/%.c $(FUZZED) $(wildcard kmod/*.h agent/*.h tests/fuzz/*.h)
	@mkdir -p $(@D)
	$(call say,CLANG,$@)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(FUZZ_LDFLAGS) \
		-o $@ $(filter %.c,$^) $(LIB_LDLIBS)

# The same, to see which branches a corpus reaches.
build/fuzz/reach/%: tests/fuzz/%.c tests/fuzz/replay.c $(FUZZED) \
		$(wildcard kmod/*.h agent/*.h tests/fuzz/*.h)
	@mkdir -p $(@D)
	$(call say,CLANG,$@)
	$(Q)$(FUZZ_CC) -fprofile-instr-generate -fcoverage-mapping $(FUZZ_LDFLAGS) -o $@ \
		$(filter %.c,$^) $(LIB_LDLIBS)

build/replay/%: build/san/tests/fuzz/%.o build/san/tests/fuzz/replay.o $(FUZZED:%.c=build/san/%.o)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) $(FUZZ_LDFLAGS) -o $@ $^ $(LIB_LDLIBS)

style: ## clang-format, checkpatch, sparse, coccicheck, clang-tidy, shellcheck, mandoc
	@tests/deps build style
	@tests/style

format: ## rewrite kmod/ and agent/ as clang-format would
	clang-format -i kmod/*.[ch] agent/*.[ch] agent/*/*.[ch]

deps: ## install the Debian packages that everything here needs, style and fuzzing too
	@tests/deps build check boot kunit style fuzz bench

install: need-root agent ## install module (DKMS), agent, hooks, units, man page (DESTDIR=, PREFIX=, INITRAMFS=no)
	@set -e; for f in $(PROGRAMS); do install -D -m 0755 $${f%%=*} $(DESTDIR)$${f#*=}; \
		echo "  INSTALL $(DESTDIR)$${f#*=}"; done
	@set -e; for f in $(SCRIPTS); do $(call place,0755); done
	@set -e; for f in $(TEXTS); do $(call place,0644); done
	@for wants in $(UNIT_WANTS); do install -d $(DESTDIR)$(UNITDIR)/$${wants%/*} && \
		ln -sfn ../$(UNIT_OF) $(DESTDIR)$(UNITDIR)/$$wants; done
	@[ -e $(DESTDIR)$(CONF) ] || { f=agent/hooks$(CONF:/etc%=%)=$(CONF) && $(call place,0644); }
	@$(MAKE) --no-print-directory $(if $(DESTDIR),dkms-source,dkms-install images)

# A text, with the places of this installation in it.
place = { echo "  INSTALL $(DESTDIR)$${f\#*=}" && \
	install -D -m $(1) /dev/null $(DESTDIR)$${f\#*=} && \
	$(placed) $${f%%=*} >$(DESTDIR)$${f\#*=}; }
placed = sed 's|/usr/sbin/iscsi-boot|$(PREFIX)/sbin/iscsi-boot|g; s|/usr/lib/iscsi-boot|$(LIBDIR)|g'

images: ## make the initramfs images of this machine anew, unless INITRAMFS=no
	$(if $(filter no,$(INITRAMFS)),@echo "Note: the initramfs images are as they were (INITRAMFS=no)", \
		agent/hooks/images)

# Into a DESTDIR anybody may install.
need-root:
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" -eq 0 ] || { echo "As root, or with DESTDIR="; false; }

# In a DESTDIR all directories are ours; else those with our name, of links to units, and one of dracut.
uninstall: need-root $(if $(DESTDIR),,dkms-uninstall) ## remove all that install put there (PREFIX=, DESTDIR= as then)
	@$(placed) agent/hooks$(CONF:/etc%=%) | cmp -s - $(DESTDIR)$(CONF) && rm -f $(DESTDIR)$(CONF) || \
		[ ! -e $(DESTDIR)$(CONF) ] || echo "Note: $(DESTDIR)$(CONF) was changed, and stays"
	@rm -rf $(DESTDIR)$(DKMSDIR)
	@for f in $(PROGRAMS) $(SCRIPTS) $(TEXTS) $(addprefix =$(UNITDIR)/,$(UNIT_WANTS)) \
			$(if $(DESTDIR),=$(CONF) =$(DKMSDIR)); do \
		rm -f $(DESTDIR)$${f#*=}; f=$${f#*=/}; f=$${f%/*}; \
		[ -d $(DESTDIR)/$$f ] || continue; \
		case $(if $(DESTDIR),all,$$f) in all | *iscsi-boot* | *.wants | *dracut.conf.d) \
			(cd $(DESTDIR)/ && rmdir $(if $(DESTDIR),-p) --ignore-fail-on-non-empty $$f) ;; esac; done
	$(if $(DESTDIR),,@$(MAKE) --no-print-directory images)

dkms-source:
	rm -rf $(DESTDIR)$(DKMSDIR)
	install -d $(DESTDIR)$(DKMSDIR)/kmod
	install -m 0644 Kbuild dkms.conf COPYING $(DESTDIR)$(DKMSDIR)/
	install -m 0644 kmod/*.[ch] $(DESTDIR)$(DKMSDIR)/kmod/

# What an earlier installation left goes first, whatever its version.
dkms-install: dkms-source ## build, sign and install the module for every kernel with headers
	@tests/deps dkms
	@for v in $(DKMS_VERSIONS); do dkms remove -m iscsi-boot-unified -v $$v --all || true; \
		[ $$v = $(VERSION) ] || rm -rf $(DESTDIR)$(DKMSDIR:%$(VERSION)=%)$$v; done
	@dkms add -m iscsi-boot-unified -v $(VERSION)
	@for k in $(or $(DKMS_KERNELS),$(WITH_HEADERS)); do \
		dkms install --force -m iscsi-boot-unified -v $(VERSION) -k $$k || \
		echo "Note: no module for kernel $$k; there the agent does without" >&2; done
	@$(if $(filter $(RUNNING),$(or $(DKMS_KERNELS),$(WITH_HEADERS))),,echo "Note: not for the" \
		"running kernel $(RUNNING), which has no headers here")
DKMS_VERSIONS = $$(dkms status iscsi-boot-unified | sed 's|^[^/]*/\([^,:]*\)[,:].*|\1|' | sort -u)

dkms-uninstall: ## remove the module from DKMS and from all kernels
	@! command -v dkms >/dev/null || for v in $(DKMS_VERSIONS); do \
		dkms remove -m iscsi-boot-unified -v $$v --all; rm -rf $(DKMSDIR:%$(VERSION)=%)$$v; done
	rm -rf $(DKMSDIR)

clean: ## remove what was built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'
