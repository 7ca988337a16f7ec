# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# make            build everything into $(BUILD)/bin
# make demo       diagnose a recorded fault;  make check  run all tests
# Both install what they need first (make deps).
#
# Other targets: check-unit check-fuzz check-cli check-cases check-full check-asan
# check-valgrind check-conformance soak lint format fuzz fuzz-afl coverage bench
# bless pictures deps install
# uninstall dist clean

CC ?= cc
CFLAGS ?= -O3 -g
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
SHAREDIR ?= $(PREFIX)/share
MANDIR ?= $(SHAREDIR)/man
DATADIR ?= $(SHAREDIR)/netcheck
BUILD ?= build
INSTALL ?= install
PKG_CONFIG ?= pkg-config
VERSION := $(shell sed -n 's,.*NC_VERSION "\(.*\)",\1,p' lib/version.h)

PROGRAMS = nc-parse nc-order nc-model nc-diagnose nc-report
DEMO = firewall-drop-one-port-curl

# Debian packages that the targets need; see the deps targets.
DEPS_BUILD = gcc libc6-dev make pkg-config libmsgpack-dev libcsv-dev \
	libsodium-dev zlib1g-dev liblzma-dev libzstd-dev
DEPS_CHECK = $(DEPS_BUILD) bats mandoc python3 python3-jsonschema \
	python3-msgpack strace zstd xz-utils binutils git jq
DEPS_LINT = $(DEPS_CHECK) shellcheck clang-format clang-tidy cppcheck
DEPS_FUZZ = $(DEPS_BUILD) clang libclang-rt-14-dev
DEPS_FUZZ_AFL = $(DEPS_FUZZ) afl++
# Test suites of others, and what runs them: Python's, Go's.
DEPS_CONFORMANCE = $(DEPS_CHECK) libpython3.11-testsuite golang-go golang-src \
	openssl iproute2 util-linux
DEPS_COVERAGE = $(DEPS_CHECK) gcovr
DEPS_BENCH = $(DEPS_BUILD) python3 gnuplot-nox
DEPS_VALGRIND = $(DEPS_CHECK) valgrind libc6-dbg
DEPS_FULL = $(DEPS_CHECK) tshark chromium fonts-dejavu-core
DEPS_PICTURES = $(DEPS_FULL) imagemagick

# Looked up at the first use, when deps has run, and only once.
MSGPACK = $(eval MSGPACK := $$(shell $(PKG_CONFIG) --exists msgpack-c \
	2>/dev/null && echo msgpack-c || echo msgpack))$(MSGPACK)
MSGPACK_CFLAGS = $(eval MSGPACK_CFLAGS := $$(shell $(PKG_CONFIG) --cflags \
	$(MSGPACK) 2>/dev/null))$(MSGPACK_CFLAGS)
MSGPACK_LIBS = $(eval MSGPACK_LIBS := $$(shell $(PKG_CONFIG) --libs \
	$(MSGPACK) 2>/dev/null || echo -lmsgpackc))$(MSGPACK_LIBS)

SODIUM_LIBS = $(eval SODIUM_LIBS := $$(shell $(PKG_CONFIG) --libs \
	libsodium 2>/dev/null || echo -lsodium))$(SODIUM_LIBS)

ALL_CPPFLAGS = -Ilib -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
	$(MSGPACK_CFLAGS) $(CPPFLAGS)
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings \
	-Wformat=2 -Wvla -Wundef -Wconversion -Wno-sign-conversion \
	-Werror=implicit-function-declaration \
	-Werror=incompatible-pointer-types -Werror=int-conversion \
	-Werror=return-type -Werror=format-security
# The C library is called for every few bytes of a line: not by way of a table
# of jumps.
ALL_CFLAGS = -std=c11 $(WARNINGS) $(WERROR) -ffile-prefix-map=$(CURDIR)/= \
	-fno-plt \
	$(CFLAGS)
LIBS = $(MSGPACK_LIBS) -lcsv
# Of one program alone; $(1) is a program, or empty.
own_libs = $(if $(filter nc-parse,$(1)),$(SODIUM_LIBS) -lz -llzma -lzstd)$(if \
	$(filter nc-report,$(1)),-lz)

LIB_SRC := $(sort $(wildcard lib/*.c lib/*/*.c lib/*/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
LIB := $(BUILD)/libnetcheck.a
program_src = $(sort $(wildcard $(1)/*.c $(1)/*/*.c))
program_obj = $(patsubst %.c,$(BUILD)/%.o,$(call program_src,$(1)))$(if \
	$(filter nc-report,$(1)), $(HTML_OBJ))
# What stands in nc-report/html/ is made part of nc-report.
HTML := $(sort $(wildcard nc-report/html/*))
HTML_OBJ := $(BUILD)/nc-report/html_files.o
SRC := $(LIB_SRC) $(foreach p,$(PROGRAMS),$(call program_src,$(p)))
OBJ := $(SRC:%.c=$(BUILD)/%.o)
SCRIPTS := $(sort $(wildcard netcheck/netcheck*))
BIN := $(PROGRAMS:%=$(BUILD)/bin/%) $(SCRIPTS:netcheck/%=$(BUILD)/bin/%)
DEMO_FILES := $(patsubst tests/cases/$(DEMO)/%,$(BUILD)/share/netcheck/demo/%,\
	$(wildcard tests/cases/$(DEMO)/*.trace tests/cases/$(DEMO)/hosts.csv))

UNIT := $(basename $(notdir $(sort $(wildcard tests/unit/test_*.c))))
UNIT_BIN := $(UNIT:%=$(BUILD)/unit/%)
FUZZ := $(basename $(notdir $(sort $(wildcard tests/fuzz/fuzz_*.c))))
FUZZ_TIME ?= 60
REPLAY := $(FUZZ:%=$(BUILD)/replay/%)
COMPLETIONS := bash-completion/completions/netcheck.bash \
	zsh/site-functions/_netcheck fish/vendor_completions.d/netcheck.fish
MAN := $(sort $(wildcard man/*.[157]))
DATA := nc-report/report.schema.json
LAWFUL := $(BUILD)/lawful
SEEDS ?= 1000000
BENCH := $(BUILD)/bench/generate $(BUILD)/bench/measure $(BUILD)/bench/repeat

# The goals that install packages first do so before anything is compiled.
FIRST := $(if $(filter demo check check-unit check-fuzz check-cli check-cases,\
	$(MAKECMDGOALS)),$(if $(filter check%,$(MAKECMDGOALS)),deps,deps-build))

# One short line a step; V=1 shows the commands.
say = $(if $(V),,@echo '  $(1)  $(@:$(BUILD)/%=%)';)

all: $(BIN) $(DEMO_FILES)

define program_rule
$(BUILD)/bin/$(1): $(call program_obj,$(1)) $(LIB)
	@mkdir -p $$(@D)
	$$(call say,LD )$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LIBS) \
		$$(call own_libs,$(1))
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rule,$(p))))

$(SCRIPTS:netcheck/%=$(BUILD)/bin/%): $(BUILD)/bin/%: netcheck/%
	@mkdir -p $(@D)
	$(call say,SH )$(INSTALL) -m 755 $< $@

$(DEMO_FILES): $(BUILD)/share/netcheck/demo/%: tests/cases/$(DEMO)/%
	@mkdir -p $(@D)
	@$(INSTALL) -m 644 $< $@

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(call say,AR )$(AR) rcsD $@ $(LIB_OBJ)

$(OBJ): $(BUILD)/%.o: %.c | $(FIRST)
	@mkdir -p $(@D)
	$(call say,CC )$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(HTML_OBJ:%.o=%.c): $(HTML) nc-report/embed
	@mkdir -p $(@D)
	$(call say,GEN)nc-report/embed $(HTML) >$@

$(HTML_OBJ): %.o: %.c nc-report/format/html_files.h | $(FIRST)
	$(call say,CC )$(CC) $(ALL_CPPFLAGS) -Inc-report/format $(ALL_CFLAGS) -c -o $@ $<

# test_PROGRAM_*.c and fuzz_PROGRAM_*.c reach into nc-PROGRAM's modules, all
# but its main; the others into lib/ alone.
owner = $(filter nc-$(word 2,$(subst _, ,$(1))),$(PROGRAMS))
modules = $(foreach p,$(call owner,$(1)),\
	$(filter-out %/main.o,$(call program_obj,$(p))))
module_libs = $(LIBS) $(call own_libs,$(call owner,$(1)))
define unit_rule
$(BUILD)/unit/$(1): tests/unit/$(1).c $(call modules,$(1)) $(LIB)
	@mkdir -p $$(@D)
	$$(call say,CC )$$(CC) $$(ALL_CPPFLAGS) -I. \
		$(addprefix -I,$(call owner,$(1))) \
		$$(ALL_CFLAGS) $$(LDFLAGS) -MMD -MP -MF $$@.d -o $$@ \
		$$(filter %.c %.o %.a,$$^) \
		$$(call module_libs,$(1))
endef
$(foreach u,$(UNIT),$(eval $(call unit_rule,$(u))))

-include $(SRC:%.c=$(BUILD)/%.d) $(UNIT_BIN:%=%.d)

# Each part leaves a TAP file; the tally counts them and names the failures.
check: check-unit check-fuzz check-cli check-cases
	@cat $(BUILD)/confusion.txt
	@tests/lib/tally $(BUILD)/tap/unit.tap $(BUILD)/tap/fuzz.tap \
		$(BUILD)/tap/cli.tap $(BUILD)/tap/cases.tap

# A part asked for by itself fails by itself.
alone = $(if $(filter check,$(MAKECMDGOALS)),:,tests/lib/tally $(1))

check-unit: $(UNIT_BIN) | $(FIRST)
	@mkdir -p $(BUILD)/tap
	@tests/lib/run_unit $(UNIT_BIN) | tee $(BUILD)/tap/unit.tap
	@$(call alone,$(BUILD)/tap/unit.tap)

# The generator of lawful executions; nothing of lib/ is in it.
$(LAWFUL): $(sort $(wildcard tests/lawful/*.c)) \
		$(sort $(wildcard tests/lawful/*.h tests/lawful/*.def))
	@mkdir -p $(@D)
	$(call say,CC )$(CC) -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
		$(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^)

# The laws of the order over SEEDS executions; FIRST_SEED=N begins at another.
FIRST_SEED ?= 1
soak: $(BIN) $(LAWFUL)
	@python3 tests/lib/lawful.py -k $(BUILD)/unlawful $(BUILD) \
		$(FIRST_SEED) $(SEEDS) $(CHOICES)

# The fuzzers' corpora, and what they once found, without a fuzzer.
check-fuzz: $(REPLAY) | $(FIRST)
	@mkdir -p $(BUILD)/tap
	@tests/lib/replay $(REPLAY) | tee $(BUILD)/tap/fuzz.tap
	@$(call alone,$(BUILD)/tap/fuzz.tap)

check-cli: $(BIN) $(LAWFUL) $(BENCH) | $(FIRST)
	@mkdir -p $(BUILD)/tap
	@NC_BUILD=$(abspath $(BUILD)) tests/lib/run_bats | \
		tee $(BUILD)/tap/cli.tap
	@$(call alone,$(BUILD)/tap/cli.tap)

check-cases: $(BIN) | $(FIRST)
	@mkdir -p $(BUILD)/tap
	@tests/run_cases -b $(BUILD)/bin -m $(BUILD)/confusion.txt | \
		tee $(BUILD)/tap/cases.tap
	@$(call alone,$(BUILD)/tap/cases.tap)

# What the reports look like to other programs, large ones to install.
check-full: deps-full $(BIN)
	@mkdir -p $(BUILD)/tap
	@NC_BUILD=$(abspath $(BUILD)) tests/lib/run_bats tests/full/*.bats | \
		tee $(BUILD)/tap/full.tap
	@tests/lib/tally $(BUILD)/tap/full.tap

# The model against the kernel: test suites of others, run under strace.
# SUITES="go-net ..." runs some of them.
check-conformance: deps-conformance
	$(MAKE) BUILD=$(BUILD) all
	tests/conformance/run -b $(BUILD)/bin $(SUITES)

SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
check-asan: deps
	ASAN_OPTIONS=hard_rss_limit_mb=2000 \
		$(MAKE) BUILD=$(BUILD)/asan CFLAGS="-O1 -g $(SANITIZE) \
		-fno-omit-frame-pointer" check

# A few cases only: valgrind makes everything thirty times slower.
VALGRIND_CASES ?= $(DEMO)
check-valgrind: deps-valgrind
	$(MAKE) BUILD=$(BUILD) all $(UNIT_BIN)
	tests/lib/valgrind $(BUILD) $(VALGRIND_CASES)

lint: export NC_CPPFLAGS = $(ALL_CPPFLAGS)
lint: export NC_WARNINGS = $(WARNINGS)
lint: deps-lint
	@CC='$(CC)' .ci/lint

format: deps-lint
	clang-format -i $(wildcard lib/*.[ch] lib/*/*.[ch] lib/*/*/*.[ch] \
		nc-*/*.[ch] nc-*/*/*.[ch] tests/*/*.[ch] tests/*/*/*.[ch])

# Each target from its corpus, for FUZZ_TIME seconds.
fuzz: deps-fuzz
	$(MAKE) BUILD=$(BUILD)/fuzz CC=clang CFLAGS="-O1 -g $(SANITIZE) \
		-fsanitize=fuzzer-no-link" $(FUZZ:%=$(BUILD)/fuzz/run-%)

fuzz-afl: deps-fuzz-afl
	AFL_QUIET=1 $(MAKE) BUILD=$(BUILD)/afl CC=afl-clang-fast \
		CFLAGS="-O1 -g $(SANITIZE)" $(FUZZ:%=$(BUILD)/afl/run-%)

define fuzz_rule
$(BUILD)/run-$(1): tests/fuzz/$(1).c $(call modules,$(1)) $(LIB)
	$$(CC) $$(ALL_CPPFLAGS) -I. $(addprefix -I,$(call owner,$(1))) \
		$$(ALL_CFLAGS) -fsanitize=fuzzer -o $(BUILD)/$(1) \
		$$(filter %.c %.o %.a,$$^) \
		$$(call module_libs,$(1))
	tests/lib/fuzz $(BUILD)/$(1) $(FUZZ_TIME)
.PHONY: $(BUILD)/run-$(1)

$(BUILD)/replay/$(1): tests/fuzz/$(1).c tests/fuzz/replay.c \
		$(call modules,$(1)) $(LIB)
	@mkdir -p $$(@D)
	$$(call say,CC )$$(CC) $$(ALL_CPPFLAGS) -I. \
		$(addprefix -I,$(call owner,$(1))) $$(ALL_CFLAGS) \
		$$(LDFLAGS) -o $$@ $$(filter %.c %.o %.a,$$^) \
		$$(call module_libs,$(1))
endef
$(foreach f,$(FUZZ),$(eval $(call fuzz_rule,$(f))))
$(REPLAY): tests/fuzz/kit.h

coverage: deps-coverage
	-$(MAKE) BUILD=$(BUILD)/coverage CFLAGS="-O0 -g --coverage" check
	gcovr --root . --exclude tests $(BUILD)/coverage

# Of the recorded traces; less is quicker.
MEGABYTES = 1000
bench: deps-bench $(BIN) $(BENCH) $(LAWFUL)
	@tests/bench/run -m $(MEGABYTES) $(BUILD)

# With traces of up to 10 GB, which are made while they are read.
bench-full: deps-bench $(BIN) $(BENCH) $(LAWFUL)
	@tests/bench/run -f $(BUILD)

# What the next runs are compared with, and README shows.
bench-keep:
	cp $(BUILD)/bench/table.csv $(BUILD)/bench/table.svg tests/bench/

$(BENCH): $(BUILD)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,CC )$(CC) -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
		$(ALL_CFLAGS) \
		-o $@ $<

# Renews the golden reports and shows what changed; never `expect'.
bless: $(BIN)
	@tests/run_cases -b $(BUILD)/bin --bless
	@tests/lib/bless_readme $(abspath $(BUILD)/bin) $(DEMO)
	@python3 tests/lib/gallery.py $(BUILD)/bin --bless

# The README's pictures of the HTML report, as Chromium shows it.
pictures: deps-pictures $(BIN)
	@python3 tests/full/pictures.py $(BUILD)/bin man/pictures \
		tests/cases/$(DEMO) tests/cases/idle-close-nginx-python

demo: all | $(FIRST)
	@$(BUILD)/bin/netcheck demo; s=$$?; test $$s -eq 1 || { \
		echo "demo: exit status $$s instead of 1" >&2; exit 2; }

deps: deps-check
deps-build:
	@.ci/deps $(DEPS_BUILD)
deps-check:
	@.ci/deps $(DEPS_CHECK)
deps-lint:
	@.ci/deps $(DEPS_LINT)
deps-fuzz:
	@.ci/deps $(DEPS_FUZZ)
deps-fuzz-afl:
	@.ci/deps $(DEPS_FUZZ_AFL)
deps-conformance:
	@.ci/deps $(DEPS_CONFORMANCE)
deps-coverage:
	@.ci/deps $(DEPS_COVERAGE)
deps-bench:
	@.ci/deps $(DEPS_BENCH)
deps-valgrind:
	@.ci/deps $(DEPS_VALGRIND)
deps-full:
	@.ci/deps $(DEPS_FULL)
deps-pictures:
	@.ci/deps $(DEPS_PICTURES)

install: all
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR)/demo
	$(INSTALL) -m 755 $(BIN) $(DESTDIR)$(BINDIR)
	$(INSTALL) -m 644 $(DATA) $(DESTDIR)$(DATADIR)
	$(INSTALL) -m 644 $(DEMO_FILES) $(DESTDIR)$(DATADIR)/demo
	for s in 1 5 7; do \
		$(INSTALL) -d $(DESTDIR)$(MANDIR)/man$$s && \
		$(INSTALL) -m 644 man/*.$$s $(DESTDIR)$(MANDIR)/man$$s || \
		exit 1; \
	done
	for f in $(COMPLETIONS); do \
		$(INSTALL) -D -m 644 netcheck/completions/$${f##*/} \
			$(DESTDIR)$(SHAREDIR)/$$f || exit 1; \
	done

uninstall:
	rm -f $(addprefix $(DESTDIR)$(BINDIR)/,$(notdir $(BIN)))
	rm -f $(addprefix $(DESTDIR)$(DATADIR)/demo/,$(notdir $(DEMO_FILES)))
	rm -f $(addprefix $(DESTDIR)$(DATADIR)/,$(notdir $(DATA)))
	@rmdir $(DESTDIR)$(DATADIR)/demo $(DESTDIR)$(DATADIR) 2>/dev/null || :
	rm -f $(foreach m,$(notdir $(MAN)),\
		$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(m)))/$(m))
	rm -f $(addprefix $(DESTDIR)$(SHAREDIR)/,$(COMPLETIONS))

# The same commit always gives the same bytes.
dist:
	@mkdir -p $(BUILD)
	git archive --format=tar --prefix=netcheck-$(VERSION)/ HEAD | \
		gzip -9n > $(BUILD)/netcheck-$(VERSION).tar.gz

clean:
	rm -rf $(BUILD)

.PHONY: all check check-unit check-fuzz check-cli check-cases check-full \
	check-asan check-valgrind check-conformance soak lint format fuzz \
	fuzz-afl coverage bench bench-full bench-keep bless demo \
	deps deps-build deps-check deps-lint deps-fuzz deps-fuzz-afl \
	deps-conformance deps-coverage deps-bench deps-valgrind deps-full deps-pictures \
	install uninstall dist clean
