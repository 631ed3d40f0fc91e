# SPDX-License-Identifier: GPL-2.0-only
# Options, the module and the list of targets. agent/build.mk builds the programs,
# agent/hooks/install.mk installs, tests/tests.mk tests. Kbuild lists what the kernel builds.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

# The kernel to build for: KVER= or KDIR=; else the running one, or the newest with headers here.
RUNNING := $(shell uname -r)
WITH_HEADERS := $(shell ls -d /lib/modules/*/build 2>/dev/null | cut -d/ -f4 | sort -V)
ifdef KDIR
KVER ?= $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h \
	2>/dev/null)
endif
KVER ?= $(if $(filter $(RUNNING),$(WITH_HEADERS)),$(RUNNING),$(lastword $(WITH_HEADERS)))
KDIR ?= /lib/modules/$(KVER)/build
MODULE := build/module/$(KVER)/iscsi_boot_unified.ko

# V=1 shows the commands. WERROR=1 makes warnings errors; users' builds never do.
Q := $(if $(V),,@)
say = @$(if $(V),true,printf '  %-7s %s\n' $(1) $(2))
comma := ,

.PHONY: all module agent clean help
.DELETE_ON_ERROR:
.SECONDARY:
.SECONDEXPANSION:

all: module agent ## build the module and the agent (KVER=, KDIR= for another kernel)

module: $(MODULE) ## build the module alone

# $(call kbuild,FILES): copies FILES into the target's folder and builds them there: Kbuild writes
# beside its sources, and the copy keeps the checkout clean and two kernels apart.
define kbuild
	@mkdir -p $(@D) && cp -pu --parents $1 $(@D)/
	+$(Q)$(MAKE) $(if $(V),,-s) -C $(KDIR) M=$(CURDIR)/$(@D) \
		$(if $(WERROR),W=1 KCFLAGS=-Werror) modules
endef

$(MODULE): Kbuild $(wildcard kmod/*.[ch] kmod/core/*.[ch])
	@test -n "$(KVER)" || { echo "No kernel headers $(if $(KDIR),in $(KDIR),found):" \
		"install linux-headers-amd64, or name a kernel with KVER="; false; }
	@test -e $(KDIR)/Makefile || { echo "No headers for kernel $(KVER) in $(KDIR):" \
		"install linux-headers-$(KVER)"; false; }
	@$(if $(filter $(RUNNING),$(WITH_HEADERS)),,echo "Note: not for the running kernel" \
		"$(RUNNING), which has no headers here")
	$(call say,MODULE,"for kernel $(KVER)")
	$(call kbuild,$^)
	@touch $@

include agent/build.mk agent/hooks/install.mk tests/tests.mk

clean: ## remove what was built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

# Header dependencies that the compiler wrote beside each object.
-include $(shell find build -name '*.d' 2>/dev/null)
