/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The table of formats.
 */
#include "format.h"

#include <string.h>

static const struct format *const formats[] = { &format_text, &format_json,
	&format_jsonl, &format_csv, &format_html, &format_mermaid,
	&format_pcapng, &format_perfetto, &format_shiviz, &format_advice };

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

const struct format *
format_find(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

const char *
format_names(const char *separator)
{
	static char names[FORMATS * 16];
	size_t len = 0;

	for (size_t i = 0; i < FORMATS; i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len,
		    "%s%s", i > 0 ? separator : "", formats[i]->name);
	return names;
}
