# SPDX-License-Identifier: GPL-2.0-only
# Installs and removes programs, hooks, units, man pages, the policy file and the DKMS package.

PREFIX ?= /usr
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
UDEVDIR ?= $(PREFIX)/lib/udev/rules.d
UNITDIR ?= $(PREFIX)/lib/systemd/system
# Debian's zsh looks in vendor-completions.
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
PRESETDIR ?= $(PREFIX)/lib/systemd/system-preset
LIBDIR := $(PREFIX)/lib/iscsi-boot
UNITS := $(wildcard agent/hooks/systemd/*.service)
# Unit symlinks TARGET.wants/UNIT; an instance links to its template. ENABLE=no leaves out those of the
# running system, which a package enables by its scripts; ENABLE=preset: by a preset of systemd.
UNIT_WANTS = $(STATIC_WANTS) $(if $(ENABLE),$(filter initrd-%,$(ALL_WANTS)),$(ALL_WANTS))
STATIC_WANTS := $(foreach a,reboot poweroff halt kexec,$(a).target.wants/iscsi-boot-shutdown@$(a).service)
ALL_WANTS := $(shell awk -F = '/^WantedBy=[^%]*$$/ { n = split(FILENAME, f, "/"); \
		print $$2 ".wants/" f[n] }' $(UNITS) /dev/null)
PRESET := $(PRESETDIR)/90-iscsi-boot.preset
UNIT_OF = $$(echo $${wants\#\#*/} | sed 's/@[a-z]*/@/')
# Initramfs generators, the folder of each for extensions, and this project's hooks as FILE=PLACE.
GENERATORS ?= initramfs-tools dracut mkinitcpio
HOOKDIR_initramfs-tools := /usr/share/initramfs-tools
HOOKDIR_dracut := /usr/lib/dracut
HOOKDIR_mkinitcpio := /usr/lib/initcpio
# dracut leaves 50 to 59 to modules of others. Earlier versions of this one were 95.
DRACUT_MODULE := 55iscsi-boot
HOOKS_initramfs-tools := hook=hooks/iscsi-boot local-top=scripts/local-top/iscsi-boot
SOURCED_initramfs-tools := conf-hook=conf-hooks.d/iscsi-boot
HOOKS_dracut := $(foreach f,module-setup.sh parse-iscsi-boot.sh iscsi-boot.sh iscsiroot.sh,\
		$f=modules.d/$(DRACUT_MODULE)/$f)
SOURCED_dracut := 92-iscsi-boot-root.rules=modules.d/$(DRACUT_MODULE)/92-iscsi-boot-root.rules \
	90-iscsi-boot.conf=dracut.conf.d/90-iscsi-boot.conf
SOURCED_mkinitcpio := install=install/iscsi-boot runtime=hooks/iscsi-boot
# The generators to install for: those on this machine, or all for a DESTDIR.
FOUND := $(foreach g,$(GENERATORS),$(if $(DESTDIR)$(wildcard $(HOOKDIR_$g)),$g))
HEADERS_DIR ?= /etc/kernel/header_postinst.d
# Programs that the agent or a unit starts; people run none of them.
HELPERS := $(filter-out %-agent,$(AGENT_PROGRAMS))
RULES := 90-iscsi-boot-agent.rules
CONF := /etc/iscsi-boot-agent.conf
# $(call for_generators,HOOKS): FILE=PLACE of these files of each generator.
for_generators = $(foreach g,$(FOUND),$(addprefix agent/hooks/$g/,$(subst =,=$(HOOKDIR_$g)/,$($1_$g))))
# FILE=PLACE: scripts, programs and texts. Scripts and texts get the paths of this installation.
# Files that a program only reads or sources are texts.
SCRIPTS := $(addprefix agent/hooks/,$(foreach f,arm images root-device,$f=$(LIBDIR)/$f) \
	check=$(LIBDIR)/iscsi-boot-check \
	$(if $(and $(HEADERS_DIR),$(DESTDIR)$(wildcard $(HEADERS_DIR))),header_postinst=$(HEADERS_DIR)/iscsi-boot)) \
	$(call for_generators,HOOKS)
INSTALLED := build/agent/iscsi-boot-agent=$(SBINDIR)/iscsi-boot-agent \
	$(foreach p,$(HELPERS),$p=$(LIBDIR)/$(notdir $p))
TEXTS := $(foreach p,$(wildcard docs/*.[58]),\
		$p=$(MANDIR)/man$(subst .,,$(suffix $p))/$(notdir $p)) \
	agent/hooks/udev/$(RULES)=$(UDEVDIR)/$(RULES) \
	$(foreach f,networkd.conf no-resume.conf,agent/hooks/systemd/$f=$(LIBDIR)/$f) \
	agent/hooks/systemd/iscsid.conf=$(UNITDIR)/iscsid.service.d/iscsi-boot.conf \
	$(foreach u,$(UNITS),$u=$(UNITDIR)/$(notdir $u)) \
	$(call for_generators,SOURCED) \
	docs/packaging/completion/bash=$(PREFIX)/share/bash-completion/completions/iscsi-boot-agent \
	docs/packaging/completion/zsh=$(ZSHDIR)/_iscsi-boot-agent \
	docs/packaging/completion/fish=$(PREFIX)/share/fish/vendor_completions.d/iscsi-boot-agent.fish
DKMSDIR := /usr/src/iscsi-boot-unified-$(VERSION)

.PHONY: install install-strip uninstall images need-root dkms-source dkms-install dkms-uninstall
install: need-root agent ## install everything (DESTDIR=, PREFIX=, DKMS=no, INITRAMFS=no, FORCE=yes)
	@set -e; for f in $(INSTALLED); do install -D -m 0755 $(STRIP) $${f%%=*} "$(DESTDIR)$${f#*=}"; \
		echo "  INSTALL $(DESTDIR)$${f#*=}"; done
	@rm -rf "$(DESTDIR)$(HOOKDIR_dracut)/modules.d/95iscsi-boot"
	@set -e; for f in $(SCRIPTS); do $(call place,0755); done
	@set -e; for f in $(TEXTS); do $(call place,0644); done
	@for wants in $(UNIT_WANTS); do install -d "$(DESTDIR)$(UNITDIR)/$${wants%/*}" && \
		ln -sfn ../$(UNIT_OF) "$(DESTDIR)$(UNITDIR)/$$wants"; done
	@$(if $(filter preset,$(ENABLE)),install -d "$(DESTDIR)$(PRESETDIR)" && printf 'enable %s\n' \
		$(notdir $(filter-out initrd-%,$(ALL_WANTS))) >"$(DESTDIR)$(PRESET)")
	@[ -e "$(DESTDIR)$(CONF)" ] || { f=agent/hooks$(CONF:/etc%=%)=$(CONF) && $(call place,0644); }
	@$(MAKE) --no-print-directory $(or $(AFTER_INSTALL),true)

install-strip: STRIP := -s
install-strip: install ## the same, without debug information
# What follows the installation of the files. DKMS=no: no module; DESTDIR: no image either.
AFTER_INSTALL = $(if $(filter no,$(DKMS)),,$(if $(DESTDIR),dkms-source,dkms-install)) \
	$(if $(DESTDIR),,images)

# Installs a script or text with the paths of this installation in it.
place = { echo "  INSTALL $(DESTDIR)$${f\#*=}" && \
	install -D -m $(1) /dev/null "$(DESTDIR)$${f\#*=}" && \
	$(placed) $${f%%=*} >"$(DESTDIR)$${f\#*=}"; }
placed = sed 's|/usr/sbin/iscsi-boot|$(SBINDIR)/iscsi-boot|g; s|/usr/lib/iscsi-boot|$(LIBDIR)|g'

images: ## rebuild this machine's initramfs images, unless INITRAMFS=no
	$(if $(filter no,$(INITRAMFS)),@echo "Note: initramfs images not rebuilt (INITRAMFS=no)", \
		FORCE='$(FORCE)' agent/hooks/images)

# Installing to a DESTDIR does not require root.
need-root:
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" -eq 0 ] || \
		{ echo "Run this as root, or set DESTDIR="; false; }

# Also removes empty directories: in a DESTDIR all of them, else *iscsi-boot*, *.wants, *.service.d,
# man5 and *dracut.conf.d.
uninstall: need-root $(if $(DESTDIR),,dkms-uninstall) ## remove installed files (DESTDIR=, PREFIX=)
	@$(placed) agent/hooks$(CONF:/etc%=%) | cmp -s - "$(DESTDIR)$(CONF)" && rm -f "$(DESTDIR)$(CONF)" || \
		[ ! -e "$(DESTDIR)$(CONF)" ] || echo "Note: keeping $(DESTDIR)$(CONF): it was changed"
	@rm -rf "$(DESTDIR)$(DKMSDIR)"
	@for f in $(INSTALLED) $(SCRIPTS) $(TEXTS) $(addprefix =$(UNITDIR)/,$(UNIT_WANTS)) \
			=$(PRESET) $(if $(DESTDIR),=$(CONF) =$(DKMSDIR)); do \
		rm -f "$(DESTDIR)$${f#*=}"; f=$${f#*=/}; f=$${f%/*}; \
		[ -d "$(DESTDIR)/$$f" ] || continue; \
		case $(if $(DESTDIR),all,$$f) in all | *iscsi-boot* | *.wants | *.service.d | *dracut.conf.d | */man5) \
			(cd "$(DESTDIR)/" && rmdir $(if $(DESTDIR),-p) --ignore-fail-on-non-empty $$f) ;; esac; done
	$(if $(DESTDIR),,@$(MAKE) --no-print-directory images)

dkms-source:
	rm -rf "$(DESTDIR)$(DKMSDIR)"
	install -d "$(DESTDIR)$(DKMSDIR)/kmod/core"
	install -m 0644 Kbuild dkms.conf COPYING "$(DESTDIR)$(DKMSDIR)/"
	install -m 0644 kmod/*.[ch] "$(DESTDIR)$(DKMSDIR)/kmod/"
	install -m 0644 kmod/core/*.[ch] "$(DESTDIR)$(DKMSDIR)/kmod/core/"

# First removes earlier installations of any version.
dkms-install: dkms-source ## build, sign and install the module for every kernel with headers
	@tests/deps dkms
	@for v in $(DKMS_VERSIONS); do dkms remove -m iscsi-boot-unified -v $$v --all || true; \
		[ $$v = $(VERSION) ] || rm -rf $(DESTDIR)$(DKMSDIR:%$(VERSION)=%)$$v; done
	@dkms add -m iscsi-boot-unified -v $(VERSION)
	@for k in $(or $(DKMS_KERNELS),$(WITH_HEADERS)); do \
		dkms install --force -m iscsi-boot-unified -v $(VERSION) -k $$k || \
		echo "Note: no module for kernel $$k; the agent will run without it" >&2; done
	@$(if $(filter $(RUNNING),$(or $(DKMS_KERNELS),$(WITH_HEADERS))),,echo "Note: not built" \
		"for the running kernel $(RUNNING): its headers are not installed")
DKMS_VERSIONS = $$(dkms status iscsi-boot-unified | sed 's|^[^/]*/\([^,:]*\)[,:].*|\1|' | sort -u)

dkms-uninstall: ## remove the module from DKMS and from all kernels
	@! command -v dkms >/dev/null || for v in $(DKMS_VERSIONS); do \
		dkms remove -m iscsi-boot-unified -v $$v --all; rm -rf $(DKMSDIR:%$(VERSION)=%)$$v; done
	rm -rf $(DKMSDIR)
