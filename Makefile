# SPDX-License-Identifier: GPL-2.0-only
# Options, the module and the list of targets. agent/build.mk builds the programs,
# agent/hooks/install.mk installs, tests/tests.mk tests. Kbuild lists the module's objects.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

# The kernel to build for: KVER= or KDIR=; by default the running kernel if its headers are
# installed, else the newest kernel with headers.
RUNNING := $(shell uname -r)
WITH_HEADERS := $(shell ls -d /lib/modules/*/build 2>/dev/null | cut -d/ -f4 | sort -V)
ifdef KDIR
KVER ?= $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h \
	2>/dev/null)
endif
KVER ?= $(if $(filter $(RUNNING),$(WITH_HEADERS)),$(RUNNING),$(lastword $(WITH_HEADERS)))
KDIR ?= /lib/modules/$(KVER)/build
MODULE := build/module/$(KVER)/iscsi_boot_unified.ko

# V=1 shows the commands. WERROR=1 turns warnings into errors; it is off by default.
Q := $(if $(V),,@)
say = @$(if $(V),true,printf '  %-7s %s\n' $(1) $(2))
comma := ,

.PHONY: all module agent clean help
.DELETE_ON_ERROR:
.SECONDARY:
.SECONDEXPANSION:

all: module agent ## build module and agent (for another kernel: KVER=, KDIR=)

module: $(MODULE) ## build the module only

# $(call kbuild,FILES): copies FILES to the target's folder and builds them there. Kbuild writes its
# output next to the sources; the copy keeps the checkout clean and the output of two kernels apart.
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
	@$(if $(filter $(RUNNING),$(WITH_HEADERS)),,echo "Note: not built for the running" \
		"kernel $(RUNNING): its headers are not installed")
	$(call say,MODULE,"for kernel $(KVER)")
	$(call kbuild,$^)
	@touch $@

include agent/build.mk agent/hooks/install.mk docs/packaging/packaging.mk tests/tests.mk

clean: ## remove build/
	rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

# Header dependencies, which the compiler wrote next to each object.
-include $(wildcard build/*.d build/bench/*.d) \
	$(shell find build/obj build/san build/fuzz build/reach -name '*.d' -type f 2>/dev/null)
