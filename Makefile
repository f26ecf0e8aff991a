# What can be done with this repository. `make` alone lists it; each target does its own set-up (.ci/setup).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr
DESTDIR ?=
# How many seeds the simulation in `make test` runs, the one that is to be told alone (make test SEED=7), and flags for swift
# test (--filter Simulation).
SEEDS ?= 200
SEED ?=
TEST_FLAGS ?=
# One build for install, the systemd try and the bench: what is measured and tried is what is installed. Optimised across
# modules: the kernel is cut into several, and a reminder costs a tenth less.
RELEASE = swift build -c release --static-swift-stdlib -Xswiftc -cross-module-optimization
TRY = .build/try
STAGE = $(CURDIR)/.build/stage

.PHONY: help build test run-tests demo interop planted calendar run bench release install uninstall lint systemd-try clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

build: ## both executables, debug, in .build/debug
	@.ci/setup
	swift build

test: ## all tests, and then SEEDS=200 simulated docket histories; SEED=7: that one alone, with its course
	@.ci/setup
	swift build --build-tests
	@mkdir -p .build
	@if [ -n "$(SEED)" ]; then \
	  CONVENED_SEED=$(SEED) swift test --skip-build --disable-xctest --filter SimulationTests; exit; fi; \
	$(MAKE) run-tests

run-tests:
	swift test --skip-build --disable-xctest --skip SimulationTests $(TEST_FLAGS) 2>&1 | tee .build/test.log
	CONVENED_SEEDS=$(SEEDS) swift test --skip-build --disable-xctest --filter SimulationTests 2>&1 | tee -a .build/test.log
	@echo; grep -E 'Test run with' .build/test.log || { echo "No test ran." >&2; exit 1; }

demo: ## the whole story in a minute and a half, on a journal in a temporary folder
	@.ci/setup
	swift build --product convened
	swift build --product convenectl
	BIN="$$(swift build --show-bin-path)" Tests/Demo/demo.sh

interop: ## PyPI's standardwebhooks and cloudevents read what is sent (needs the network once)
	@.ci/setup interop
	swift build --product convened
	swift build --product convenectl
	python3 -m venv .build/interop
	.build/interop/bin/pip install --quiet --disable-pip-version-check standardwebhooks==1.1.0 cloudevents==1.12.0
	BIN="$$(swift build --show-bin-path)" .build/interop/bin/python Tests/Interop/interop.py

planted: ## each planted fault is built, and the simulation has to find it: hours; WHAT='a part of the fault' for some
	@.ci/setup
	Tests/Planted/plant.py .build/planted $(WHAT)

calendar: ## 100,000 answers of the calendar against PyPI's holidays and Python's zoneinfo (needs the network once)
	@.ci/setup interop
	swift build --build-tests
	python3 -m venv .build/calendar
	.build/calendar/bin/pip install --quiet --disable-pip-version-check holidays==0.109 tzdata
	.build/calendar/bin/python Tests/Calendar/cases.py .build/calendar/cases.txt
	CONVENED_CALENDAR_CASES=$(CURDIR)/.build/calendar/cases.txt \
	  swift test --skip-build --disable-xctest --filter CalendarAgreementTests

run: ## the daemon in the foreground, for a first try: its files are in .build/try
	@.ci/setup
	swift build --product convened
	swift build --product convenectl
	@BIN="$$(swift build --show-bin-path)" docs/first-try.sh $(TRY)

bench: ## the figures of Benchmarks/README.md, release build, a table
	@.ci/setup release bench
	$(RELEASE) --product convened
	$(RELEASE) --product convenectl
	$(RELEASE) --product bench-seed
	BIN="$$($(RELEASE) --show-bin-path)" Benchmarks/run.sh

release:
	@.ci/setup release
	$(RELEASE) --product convened
	$(RELEASE) --product convenectl

# As root the toolchain is often not on the PATH: then what `make release` built before is installed.
install: ## the release build, unit, man pages and example configuration, under DESTDIR= and PREFIX=/usr
	@if command -v swift >/dev/null; then $(MAKE) release; \
	elif ! [ -x .build/release/convened -a -x .build/release/convenectl ]; then \
	  echo "Nothing is built and there is no swift on the PATH: run make release first, with the toolchain on it." >&2; \
	  exit 1; \
	fi
	install -D -m 0755 .build/release/convened $(DESTDIR)$(PREFIX)/sbin/convened
	install -D -m 0755 .build/release/convenectl $(DESTDIR)$(PREFIX)/bin/convenectl
	strip --strip-debug $(DESTDIR)$(PREFIX)/sbin/convened $(DESTDIR)$(PREFIX)/bin/convenectl
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's,/usr/sbin/convened,$(PREFIX)/sbin/convened,' systemd/convened.service \
	  >$(DESTDIR)$(PREFIX)/lib/systemd/system/convened.service
	chmod 0644 $(DESTDIR)$(PREFIX)/lib/systemd/system/convened.service
	install -D -m 0644 systemd/convened.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/convened.conf
	install -D -m 0644 systemd/convened.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/convened.conf
	for page in docs/man/*.[1-8]; do \
	  install -D -m 0644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; \
	done
	install -D -m 0644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/convened/copyright
	for file in convened.yaml bank-holidays.json; do \
	  [ -e $(DESTDIR)/etc/convened/$$file ] || install -D -m 0644 Config/$$file $(DESTDIR)/etc/convened/$$file; \
	done
	@echo "Installed. What follows, from users to the first start: docs/install.md"

uninstall: ## removes what install wrote; /etc/convened and the journal stay
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,sbin/convened bin/convenectl lib/systemd/system/convened.service \
	  lib/sysusers.d/convened.conf lib/tmpfiles.d/convened.conf share/doc/convened/copyright)
	for page in docs/man/*.[1-8]; do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done

lint: ## swift format lint --strict
	@.ci/setup
	swift format lint --strict -r Sources Tests $(wildcard Benchmarks) Package.swift

systemd-try: ## the installed unit under a real systemd in a throw-away container; needs root
	@.ci/setup try
	rm -rf $(STAGE)
	$(MAKE) install DESTDIR=$(STAGE) PREFIX=/usr
	$(if $(filter 0,$(shell id -u)),,sudo -n) Tests/Systemd/try.sh $(STAGE)

clean: ## removes what was built and tried
	rm -rf .build
