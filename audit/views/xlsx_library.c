#include "audit/views/xlsx_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define XLSX_SONAME "libxlsxwriter.so." LXW_SOVERSION

#define ROW(function, member) \
	{ \
#function, offsetof(struct xlsx_library, member) \
	}

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
	ROW(workbook_new_opt, workbook_new),
	ROW(workbook_add_worksheet, add_worksheet),
	ROW(workbook_add_format, add_format),
	ROW(workbook_add_chart, add_chart),
	ROW(workbook_set_properties, set_properties),
	ROW(workbook_close, workbook_close),
	ROW(lxw_workbook_free, workbook_free),
	ROW(worksheet_write_string, write_string),
	ROW(worksheet_write_number, write_number),
	ROW(worksheet_write_blank, write_blank),
	ROW(worksheet_set_row, set_row),
	ROW(worksheet_set_column_opt, set_column),
	ROW(worksheet_freeze_panes, freeze_panes),
	ROW(worksheet_autofilter, autofilter),
	ROW(worksheet_ignore_errors, ignore_errors),
	ROW(worksheet_gridlines, gridlines),
	ROW(worksheet_set_landscape, set_landscape),
	ROW(worksheet_set_paper, set_paper),
	ROW(worksheet_set_margins, set_margins),
	ROW(worksheet_fit_to_pages, fit_to_pages),
	ROW(worksheet_set_print_scale, set_scale),
	ROW(worksheet_repeat_rows, repeat_rows),
	ROW(worksheet_set_h_pagebreaks, set_breaks),
	ROW(worksheet_set_header, set_header),
	ROW(worksheet_set_footer, set_footer),
	ROW(worksheet_insert_chart_opt, insert_chart),
	ROW(format_set_bold, set_bold),
	ROW(format_set_font_size, set_font_size),
	ROW(format_set_font_name, set_font_name),
	ROW(format_set_font_color, set_font_color),
	ROW(format_set_bg_color, set_bg_color),
	ROW(format_set_text_wrap, set_text_wrap),
	ROW(format_set_align, set_align),
	ROW(format_set_indent, set_indent),
	ROW(format_set_num_format, set_num_format),
	ROW(format_set_border, set_border),
	ROW(format_set_border_color, set_border_color),
	ROW(chart_add_series, add_series),
	ROW(chart_series_set_categories, set_categories),
	ROW(chart_series_set_values, set_values),
	ROW(chart_series_set_name, set_series_name),
	ROW(chart_series_set_fill, set_series_fill),
	ROW(chart_title_set_name, set_title),
	ROW(chart_title_set_name_font, set_title_font),
	ROW(chart_legend_set_position, set_legend_position),
	ROW(chart_axis_set_reverse, set_axis_reverse),
	ROW(chart_axis_set_crossing_max, set_axis_crossing_max),
	ROW(chart_axis_set_num_format, set_axis_format),
	ROW(chart_set_series_gap, set_series_gap),
};

const char *
xlsx_load(struct xlsx_library *out)
{
	void *library = dlopen(XLSX_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return XLSX_SONAME " could not be loaded";
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *address = dlsym(library, symbols[i].name);

		if (address == NULL)
			return XLSX_SONAME " lacks a function";
		memcpy((char *)out + symbols[i].at, &address, sizeof(address));
	}
	return NULL;
}
