/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The files of html/, made part of the program by the Makefile.
 */
#ifndef NC_REPORT_HTML_FILES_H
#define NC_REPORT_HTML_FILES_H

#include <stddef.h>

struct html_file {
	const char *data; /* no NUL at its end */
	size_t len;
};

extern const struct html_file html_report_html, html_report_css, html_data_js,
    html_ladder_js, html_table_js, html_main_js;

#endif
