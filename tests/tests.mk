# SPDX-License-Identifier: GPL-2.0-only
# Tests, fuzzers, benchmarks and the style check. docs/testing.md describes them.

.PHONY: unit hooks faults lease golden plans plans-update add-plan round-trip replay golden-update add-table \
	corpus docs check check-all check-build \
	debug-build kunit kunit-module boot random-use soak storm storm-picture bench bench-generators demo \
	fuzz fuzz-plant coverage mutate style format deps

TEST_CFLAGS := $(OWN_CFLAGS) $(WERROR_CFLAGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all

# Tests and fuzzers link all of the agent but its main()s. Each flavour has separate objects: san
# (sanitizers), fuzz (libFuzzer), reach (coverage of a fuzzer's corpus).
LIBRARY := $(filter-out %/main.c %/digest_nettle.c,$(wildcard agent/*/*.c)) $(PURE)
FUZZ_CC = clang -g -O2 -w
CC_san = $(CC) -O1 -g $(SANITIZE)
CC_fuzz = $(FUZZ_CC) -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
CC_reach = $(FUZZ_CC) -fprofile-instr-generate -fcoverage-mapping
FLAVOURS := san fuzz reach
library = $(LIBRARY:%.c=build/$1/%.o)

define flavour
build/$1/%.o: %.c | build/have-libs
	@mkdir -p $$(@D)
	$$(call say,"CC $1",$$<)
	$$(Q)$$(CC_$1) $$(TEST_CFLAGS) $$(LIB_CFLAGS) -c -o $$@ $$<
endef
$(foreach f,$(FLAVOURS),$(eval $(call flavour,$f)))

# Unit tests: tests/unit/ROOM/test_X.c is build/unit/ROOM/test_X.

UNIT_TESTS := $(patsubst tests/%.c,build/%,$(wildcard tests/unit/*/test_*.c)) \
	build/unit/iscsi/test_digest_nettle
$(filter-out %_nettle,$(UNIT_TESTS)): build/%: build/san/tests/%.o $(call library,san)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) $(UNIT_LDFLAGS) -o $@ $^ $(LIB_LDLIBS) -lcmocka

# The guard's digests must pass the same test vectors.
build/unit/iscsi/test_digest_nettle: $(addprefix build/san/,tests/unit/iscsi/test_digest.o \
		agent/iscsi/digest_nettle.o)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lnettle -lcmocka

# $(call wrap,FUNCTIONS): the test replaces these functions.
wrap = $(foreach f,$1,-Wl,--wrap=$f)
build/unit/kmod/test_oom: UNIT_LDFLAGS := $(call wrap,calloc)
build/unit/cmd/test_status: UNIT_LDFLAGS := $(call wrap,task_start)
build/unit/loop/test_path: UNIT_LDFLAGS := $(call wrap,calloc explicit_bzero)
build/unit/boot/test_on_failure: UNIT_LDFLAGS := $(call wrap,open)
build/unit/modules/test_storage_stage: UNIT_LDFLAGS := $(call wrap,module_batch_new)
build/unit/disk/test_timers_stage: UNIT_LDFLAGS := $(call wrap,open)
build/unit/boot/test_boot_lock: UNIT_LDFLAGS := $(call wrap,ftruncate)
build/unit/shutdown/test_shutdown: UNIT_LDFLAGS := \
	$(call wrap,fork iscsi_nl_open iscsi_nl_send_nop_out iscsi_nl_recv_nop_in iscsi_nl_set_param iscsi_nl_destroy_session)
build/unit/login/test_engine_native: UNIT_LDFLAGS := \
	$(call wrap,iscsi_nl_open iscsi_nl_close iscsi_nl_create_session iscsi_nl_destroy_session)
build/unit/plan/test_long_plan: UNIT_LDFLAGS := $(call wrap,ibu_next_word ibu_cut policy_set_key)
build/unit/net/test_bond: UNIT_LDFLAGS := $(call wrap,rtnl_talk)
build/unit/guard/test_guard: UNIT_LDFLAGS := $(call wrap,iscsi_nl_stop_conn iscsi_nl_open)
build/unit/guard/test_guard_run: UNIT_LDFLAGS := \
	$(call wrap,iscsi_nl_open iscsi_nl_recv_event poll)
build/unit/guard/test_iscsid_starts: UNIT_LDFLAGS := $(call wrap,exec_watch_open \
	iscsi_nl_recv_event iscsi_nl_send_pdu iscsi_nl_stop_conn iscsi_nl_bind_conn \
	iscsi_nl_start_conn iscsi_nl_set_values)
build/unit/base/test_text_stream: UNIT_LDFLAGS := $(call wrap,realloc)
build/unit/guard/test_async_event: UNIT_LDFLAGS := \
	$(call wrap,iscsi_nl_recv_event iscsi_nl_send_pdu iscsi_nl_stop_conn)
build/unit/base/test_task: UNIT_LDFLAGS := $(call wrap,syscall)
build/unit/disk/test_task_thread: UNIT_LDFLAGS := $(call wrap,unshare)
build/unit/handoff/test_iscsid_records: UNIT_LDFLAGS := $(call wrap,fsync)
build/unit/handoff/test_iscsid_login: UNIT_LDFLAGS := $(call wrap,execve)
build/unit/iscsi/test_chap: UNIT_LDFLAGS := $(call wrap,digest_size getrandom)
# A recorded login is replayed with its own random numbers.
build/unit/iscsi/test_login_phase: UNIT_LDFLAGS := $(call wrap,getrandom)

# Fuzzers, and the same harnesses without a fuzzer: they replay the inputs that were found, and
# measure which code a corpus reaches.

FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(FUZZERS:build/fuzz/%=build/replay/%)
REACHES := $(FUZZERS:build/fuzz/%=build/reach/%)
%/fuzz_merge: FUZZ_LDFLAGS := $(call wrap,calloc)
%/fuzz_plan: FUZZ_LDFLAGS := $(call wrap,write)
%/fuzz_fallback %/fuzz_session: FUZZ_LDFLAGS := $(call wrap,file_read file_read_cut access)
%/fuzz_record: FUZZ_LDFLAGS := $(call wrap,file_read file_read_cut access atomic_file_write_path)

$(FUZZERS): build/fuzz/%: build/fuzz/tests/fuzz/%.o $(call library,fuzz)
	$(call say,LD,$@)
	$(Q)$(CC_fuzz:fuzzer-no-link=fuzzer) -fsanitize=fuzzer $(FUZZ_LDFLAGS) -o $@ $^ $(LIB_LDLIBS)

$(REACHES): build/reach/%: build/reach/tests/fuzz/%.o build/reach/tests/fuzz/replay.o \
		$(call library,reach)
	$(call say,LD,$@)
	$(Q)$(CC_reach) $(FUZZ_LDFLAGS) -o $@ $^ $(LIB_LDLIBS)

$(REPLAYS): build/replay/%: build/san/tests/fuzz/%.o build/san/tests/fuzz/replay.o $(call library,san)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) $(FUZZ_LDFLAGS) -o $@ $^ $(LIB_LDLIBS)

# Tools that read and write the test data.

DATA_TOOLS := $(addprefix build/,record-login dumpview blanktable readview)
$(DATA_TOOLS): build/%: build/san/tests/data/%.o $(call library,san)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIB_LDLIBS)

# Tools of the booted machines. Guest tools are static, because a guest has only the agent's libraries.

GUEST_TOOLS := $(patsubst tests/boot/guest/%.c,build/%,$(wildcard tests/boot/guest/*.c))
HOST_TOOLS := $(patsubst tests/boot/tools/%.c,build/%,$(wildcard tests/boot/tools/*.c))
TOOL_LDLIBS_hostile-target := agent/iscsi/digest_nettle.c -lnettle
TOOL_LDLIBS_lifecycle := -lmnl -lpthread
tool = $(CC) $(CFLAGS) $(TEST_CFLAGS) $1 -MF $@.d -o $@ $< $(TOOL_LDLIBS_$(@F))

$(GUEST_TOOLS): build/%: tests/boot/guest/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(call tool,-static)

build/stopwatch: tests/bench/login/stopwatch.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(call tool,-static)

# Built of two sources: the list of what it depends on is that of the last one.
build/hostile-target: tests/quirks.h agent/iscsi/digest_nettle.c

$(HOST_TOOLS): build/%: tests/boot/tools/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(call tool)

build/lifecycle: tests/kunit/lifecycle.c | build/have-libs
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(call tool)

build/mkibft: tests/data/mkibft.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(call tool)

# The agent's retry schedule under a virtual clock.
build/bench/storm: TOOL_LDLIBS_storm := agent/base/backoff.c
build/bench/storm: tests/bench/storm.c agent/base/backoff.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(call tool)

# The KUnit module: the module's sources, their unit tests, and the corpus as C.

KUNIT := build/kunit/$(KVER)/iscsi_boot_kunit.ko
KUNIT_SOURCES := $(wildcard kmod/*.[ch] kmod/core/*.[ch] tests/kunit/*.[ch] tests/kunit/shim/*.h \
	tests/unit/kmod/*.c tests/unit/*.h)
kunit-module: $(KUNIT)

$(KUNIT): $(KUNIT_SOURCES) tests/kunit/Kbuild build/kunit/corpus.inc
	$(call say,KUNIT,"for kernel $(KVER)")
	@mkdir -p $(@D)/tests/kunit && cp -pu tests/kunit/Kbuild $(@D)/
	@cp -pu build/kunit/corpus.inc $(@D)/tests/kunit/
	$(call kbuild,$(KUNIT_SOURCES))
	@test -e $@ || { echo "Kernel $(KVER) has no CONFIG_KUNIT"; false; }
	@touch $@

build/kunit/corpus.inc: tests/kunit/corpus build/mkibft build/dumpview $(wildcard tests/data/*) \
		$(wildcard tests/fuzz/corpus/*/*)
	@mkdir -p $(@D)
	$(Q)tests/kunit/corpus >$@

# Targets for people.

unit: $(UNIT_TESTS) ## run the unit tests on this machine
	@tests/run unit

hooks: agent ## check small made-up images with "iscsi-boot-agent check"
	@tests/deps hooks
	@tests/run hooks

lease: agent ## run iscsi-boot-lease beside DHCP servers, in network namespaces
	@tests/deps boot
	@tests/run lease

# Preloaded into programs.
build/inject.so: tests/faults/inject.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(call tool,-shared -fPIC)

build/slow-calls.so: tests/boot/lib/slow-calls.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(call tool,-shared -fPIC)

SANDBOX := agent/dhcp/client_sandbox.c agent/base/syscall_filter.c
build/sandboxed: tests/faults/sandboxed.c $(SANDBOX)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(call tool,$(SANDBOX))

# The guard with shared libraries, as no other one takes a preloaded one.
build/guard-shared: build/agent/iscsi-boot-guard
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(AGENT_LDFLAGS) -o $@ $(call objects_of,guard) -lnettle

faults: agent build/inject.so build/guard-shared build/sandboxed ## make each write of each program fail in turn; try the sandbox
	@tests/run faults

packages: ## build the packages of Debian, Arch Linux and RPM, and compare them with make install
	@tests/deps build package
	@tests/run packages

golden: build/mkibft build/dumpview ## compare tables and command lines with their expected views
	@tests/run golden

round-trip: build/mkibft build/dumpview build/readview ## write views to files, and read them back with the agent
	@tests/run round-trip

replay: build/mkibft $(REPLAYS) ## replay the inputs that the fuzzers found
	@tests/run replay

golden-update: build/mkibft build/dumpview ## accept the current views as expected; review the diff
	@tests/data/golden --update

plans: build/mkibft agent ## compare plans for other programs' command lines with the expected ones
	@tests/run plans

plans-update: build/mkibft agent ## accept the current plans as expected; review the diff
	@tests/data/plans-golden --update

add-plan: build/mkibft agent ## add a command line (NAME=x CMDLINE='...') to the golden plans
	@tests/data/plans-golden --add "$(NAME)" "$(value CMDLINE)"

add-table: build/mkibft build/dumpview build/blanktable ## add a user's table (FILE=raw NAME=x) to the golden tests
	@tests/data/add-table "$(FILE)" "$(NAME)"

corpus: ## renew the tables that firmware writes (SCENARIO= names some)
	@tests/deps build check boot
	@$(MAKE) --no-print-directory check-build
	@tests/data/corpus $(SCENARIO)

docs: ## check that files and names in the documents exist
	@tests/run docs

check: ## run all tests but the long ones
	@tests/deps build check hooks boot kunit
	@$(MAKE) --no-print-directory WERROR=1 check-build
	@$(MAKE) --no-print-directory WERROR=1 debug-build
	@tests/run docs hooks faults lease unit golden plans add-table round-trip replay storm bench kunit boot

check-all: ## run all tests
	@tests/deps build check hooks boot kunit kunit-6.1 fuzz
	@$(MAKE) --no-print-directory WERROR=1 check-build
	@$(MAKE) --no-print-directory WERROR=1 DEBUG_SERIES="6.12 6.1 6.12-kcsan" debug-build
	@$(MAKE) --no-print-directory $(FUZZERS) $(REACHES)
	@tests/run docs hooks faults lease packages unit golden plans add-table round-trip replay storm bench \
		bench-interrupted coverage boot-all mutate fuzz fuzz-plant

# Builds all that check needs, with the module for each kernel that the machines boot.
check-build: agent build/inject.so build/slow-calls.so build/guard-shared build/sandboxed build/bench/storm build/mkibft $(GUEST_TOOLS) $(HOST_TOOLS) $(DATA_TOOLS) \
		$(UNIT_TESTS) $(REPLAYS)
	@for k in $$(tests/boot/kernels); do $(MAKE) --no-print-directory KVER=$$k \
		KDIR=/lib/modules/$$k/build module || exit 1; done

# Builds the debug kernels, and both modules for each.
DEBUG_SERIES := 6.12
debug-build: agent build/mkibft $(GUEST_TOOLS) build/lifecycle
	@for s in $(DEBUG_SERIES); do dir=$$(tests/boot/debug-kernel $$s) || exit 1; \
		$(MAKE) --no-print-directory KVER=$$(cat $$dir/kver) KDIR=$$dir/build \
			module kunit-module || exit 1; done

kunit: ## run KUnit and lifecycle tests in a debug kernel (SCENARIO= names some)
	@tests/deps build boot kunit
	@$(MAKE) --no-print-directory debug-build
	@tests/boot/run $(or $(SCENARIO),kunit)

boot: ## run the booted machines only (SCENARIO= names some)
	@tests/deps build boot
	@$(MAKE) --no-print-directory check-build
	@tests/boot/run $(SCENARIO)

random-use: ## use the module's files at random for HOURS=1 of the machine's time, in both debug kernels (SEED= repeats a run)
	@tests/deps build boot kunit
	@$(MAKE) --no-print-directory DEBUG_SERIES="6.12 6.12-kcsan" debug-build
	@USE_SECONDS=$$(($(HOURS) * 3600)) USE_SEED=$(SEED) tests/boot/run random-use random-use-kcsan random-use-stock

HOURS ?= 1
soak: ## inject random faults on one root disk for HOURS=1 (SEED= repeats a run); stops at the first loss
	@tests/deps build boot
	@$(MAKE) --no-print-directory check-build
	@SOAK_HOURS=$(HOURS) SOAK_SEED=$(SEED) tests/boot/run fault-soak

storm: build/bench/storm ## simulate a thousand machines that log in to one target
	@tests/run storm

storm-picture: build/bench/storm ## draw the picture of docs/results/boot-storm.md
	build/bench/storm --svg docs/results/boot-storm.svg

bench: ## measure login times of each method; writes docs/results/login-speed.md (BENCH_N=, BENCH_CASES="1:0 64:20", BENCH_OTHER=agent)
	@tests/deps build boot bench
	@$(MAKE) --no-print-directory agent build/mkibft build/stopwatch $(GUEST_TOOLS)
	@$(MAKE) --no-print-directory KVER=$$(tests/boot/kernels | tail -n 1) \
		KDIR=/lib/modules/$$(tests/boot/kernels | tail -n 1)/build module
	@tests/bench/login/run

bench-generators: need-root ## measure boot times of images with and without the agent; writes docs/results/generators-speed.md (BENCH_N=)
	@tests/deps build boot
	@$(MAKE) --no-print-directory agent build/mkibft $(GUEST_TOOLS)
	@tests/bench/generators/run

demo: ## boot a machine from an iSCSI target through real firmware, step by step
	@tests/deps build boot
	@$(MAKE) --no-print-directory $(GUEST_TOOLS)
	@tests/boot/demo

SECONDS ?= 60
fuzz: ## fuzz the parsers and the agent's readers from an empty corpus (SECONDS=60 each), two at a time
	@tests/deps build fuzz
	@$(MAKE) --no-print-directory $(FUZZERS) $(REACHES)
	@tests/fuzz/run $(SECONDS)

fuzz-plant: ## plant bugs one at a time: the fuzzers must find each
	@tests/deps build check fuzz
	@$(MAKE) --no-print-directory build/mkibft
	@tests/fuzz/plant

coverage: build/mkibft ## measure which branches of the parsers the tests take
	@tests/deps build check fuzz
	@tests/coverage/run

mutate: build/mkibft ## force every condition of the parsers: the tests must fail
	@tests/deps build check fuzz
	@tests/mutate/run

style: ## layering, names, words, clang-format, checkpatch, sparse, coccicheck, clang-tidy, shellcheck, mandoc
	@tests/deps build style
	@tests/style

format: ## rewrite kmod/ and agent/ as clang-format would
	clang-format -i kmod/*.[ch] kmod/core/*.[ch] agent/*/*.[ch]

deps: ## install the Debian packages that everything here needs, style and fuzzing too
	@tests/deps build check boot kunit style fuzz bench
