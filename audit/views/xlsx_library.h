#ifndef AUDIT_VIEWS_XLSX_LIBRARY_H
#define AUDIT_VIEWS_XLSX_LIBRARY_H

#include <xlsxwriter.h>

/*
 * What is used of libxlsxwriter.  It is loaded with the first workbook, as
 * OpenSSL is at its first use: most runs write none.
 */
struct xlsx_library {
	__typeof__(workbook_new_opt) *workbook_new;
	__typeof__(workbook_add_worksheet) *add_worksheet;
	__typeof__(workbook_add_format) *add_format;
	__typeof__(workbook_add_chart) *add_chart;
	__typeof__(workbook_set_properties) *set_properties;
	__typeof__(workbook_close) *workbook_close;
	__typeof__(lxw_workbook_free) *workbook_free;
	__typeof__(worksheet_write_string) *write_string;
	__typeof__(worksheet_write_number) *write_number;
	__typeof__(worksheet_write_blank) *write_blank;
	__typeof__(worksheet_set_row) *set_row;
	__typeof__(worksheet_set_column_opt) *set_column;
	__typeof__(worksheet_freeze_panes) *freeze_panes;
	__typeof__(worksheet_autofilter) *autofilter;
	__typeof__(worksheet_ignore_errors) *ignore_errors;
	__typeof__(worksheet_gridlines) *gridlines;
	__typeof__(worksheet_set_landscape) *set_landscape;
	__typeof__(worksheet_set_paper) *set_paper;
	__typeof__(worksheet_set_margins) *set_margins;
	__typeof__(worksheet_fit_to_pages) *fit_to_pages;
	__typeof__(worksheet_set_print_scale) *set_scale;
	__typeof__(worksheet_repeat_rows) *repeat_rows;
	__typeof__(worksheet_set_h_pagebreaks) *set_breaks;
	__typeof__(worksheet_set_header) *set_header;
	__typeof__(worksheet_set_footer) *set_footer;
	__typeof__(worksheet_insert_chart_opt) *insert_chart;
	__typeof__(format_set_bold) *set_bold;
	__typeof__(format_set_font_size) *set_font_size;
	__typeof__(format_set_font_name) *set_font_name;
	__typeof__(format_set_font_color) *set_font_color;
	__typeof__(format_set_bg_color) *set_bg_color;
	__typeof__(format_set_text_wrap) *set_text_wrap;
	__typeof__(format_set_align) *set_align;
	__typeof__(format_set_indent) *set_indent;
	__typeof__(format_set_num_format) *set_num_format;
	__typeof__(format_set_border) *set_border;
	__typeof__(format_set_border_color) *set_border_color;
	__typeof__(chart_add_series) *add_series;
	__typeof__(chart_series_set_categories) *set_categories;
	__typeof__(chart_series_set_values) *set_values;
	__typeof__(chart_series_set_name) *set_series_name;
	__typeof__(chart_series_set_fill) *set_series_fill;
	__typeof__(chart_title_set_name) *set_title;
	__typeof__(chart_title_set_name_font) *set_title_font;
	__typeof__(chart_legend_set_position) *set_legend_position;
	__typeof__(chart_axis_set_reverse) *set_axis_reverse;
	__typeof__(chart_axis_set_crossing_max) *set_axis_crossing_max;
	__typeof__(chart_axis_set_num_format) *set_axis_format;
	__typeof__(chart_set_series_gap) *set_series_gap;
};

/* NULL, or a sentence part that says why there is none.  Never unloaded. */
const char *xlsx_load(struct xlsx_library *);

#endif
