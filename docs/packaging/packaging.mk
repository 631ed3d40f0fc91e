# SPDX-License-Identifier: GPL-2.0-only
# Makes the release tarball and the packages of Debian, in build/dist.

DIST := build/dist
RELEASE := iscsi-boot-unified-$(VERSION)
# Time of the newest commit: all files of the tarball and of the packages have it, so that two builds
# give the same bytes.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y dkms.conf)
# The files of the release: those that git tracks, or in an unpacked tarball all but build/.
release_files = { git ls-files -z 2>/dev/null || find . -name build -prune -o ! -type d -printf '%P\0'; }

.PHONY: dist deb
dist: ## make the release tarball and its checksum, in build/dist
	@mkdir -p $(DIST)
	@new=$$(mktemp -p $(DIST)) && $(release_files) | LC_ALL=C sort -z | \
		tar --null --files-from=- --transform='s|^|$(RELEASE)/|' --mtime=@$(SOURCE_DATE_EPOCH) \
		--owner=0 --group=0 --numeric-owner --mode=go-w,a+rX -c | xz -9 >$$new && \
		chmod 644 $$new && mv $$new $(DIST)/$(RELEASE).tar.xz
	@cd $(DIST) && sha256sum $(RELEASE).tar.xz >$(RELEASE).tar.xz.sha256
	@echo "  DIST    $(DIST)/$(RELEASE).tar.xz"

deb: dist ## make Debian's packages, in build/dist
	@tests/deps package
	@set -e; dir=$$(mktemp -d -p build deb.XXXXXX); trap 'rm -rf $(CURDIR)/'$$dir EXIT; trap 'exit 130' INT TERM; \
		tar -C $$dir -xf $(DIST)/$(RELEASE).tar.xz; \
		cp -a $$dir/$(RELEASE)/docs/packaging/debian $$dir/$(RELEASE)/; \
		(cd $$dir/$(RELEASE) && dpkg-buildpackage -us -uc -b >../log 2>&1) || { tail -n 20 $$dir/log; false; }; \
		mv $$dir/*.deb $$dir/*.buildinfo $$dir/*.changes $(DIST)/
	@ls $(DIST)/*_$(VERSION)_*.deb | sed 's/^/  DEB     /'
