# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# make            build everything into $(BUILD)/bin
# make demo       diagnose a recorded fault;  make check  run all tests
# Both install what they need first (make deps).

CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
BUILD ?= build
INSTALL ?= install
PKG_CONFIG ?= pkg-config

PROGRAMS = nc-parse nc-order nc-model nc-diagnose nc-report

MSGPACK := $(shell $(PKG_CONFIG) --exists msgpack-c 2>/dev/null && \
	echo msgpack-c || echo msgpack)
ALL_CPPFLAGS = -Ilib -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
	$(shell $(PKG_CONFIG) --cflags $(MSGPACK) 2>/dev/null) $(CPPFLAGS)
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings \
	-Wformat=2 -Wvla -Wundef -Wconversion -Wno-sign-conversion \
	-Werror=implicit-function-declaration \
	-Werror=incompatible-pointer-types -Werror=int-conversion \
	-Werror=return-type
ALL_CFLAGS = -std=c11 $(WARNINGS) $(WERROR) -ffile-prefix-map=$(CURDIR)/= \
	$(CFLAGS)
LIBS = $(shell $(PKG_CONFIG) --libs $(MSGPACK) 2>/dev/null || \
	echo -lmsgpackc) -lcsv

LIB_SRC := $(sort $(wildcard lib/*.c lib/model/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
LIB := $(BUILD)/libnetcheck.a
program_src = $(sort $(wildcard $(1)/*.c))
program_obj = $(patsubst %.c,$(BUILD)/%.o,$(call program_src,$(1)))
SRC := $(LIB_SRC) $(foreach p,$(PROGRAMS),$(call program_src,$(p)))
BIN := $(PROGRAMS:%=$(BUILD)/bin/%) $(BUILD)/bin/netcheck

UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/unit/%)

all: $(BIN)

define program_rule
$(BUILD)/bin/$(1): $(call program_obj,$(1)) $(LIB)
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rule,$(p))))

$(BUILD)/bin/netcheck: netcheck/netcheck
	@mkdir -p $(@D)
	$(INSTALL) -m 755 $< $@

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(AR) rcsD $@ $(LIB_OBJ)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# A unit test may reach into one program's modules: all but its main.
$(BUILD)/unit/%: tests/unit/%.c $(LIB) $(foreach p,$(PROGRAMS),\
		$(filter-out %/main.o,$(call program_obj,$(p))))
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) -I. $(ALL_CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< \
		$(filter $(BUILD)/nc-$(UNIT_PROGRAM)/%.o,$^) $(LIB) $(LIBS)

-include $(SRC:%.c=$(BUILD)/%.d) $(UNIT_BIN:%=%.d)

clean:
	rm -rf $(BUILD)

.PHONY: all clean
