#include "audit/views/book_parts.h"

enum { FIXED_POINTS = 9 }; /* as wide as a digit of the usual font */

struct style {
	bool bold, wrap, fixed, left, right;
	uint32_t border;     /* 0: none */
	unsigned int size;   /* 0: as usual */
	uint32_t ink, paper; /* 0: as usual */
	const char *number;
};

#define EDGE 0xBFBFBF

static const struct style styles[BOOK_STYLES] = {
	[BOOK_WRAP] = { .wrap = true, .border = EDGE },
	[BOOK_RECORD] = { .wrap = true, .fixed = true, .border = EDGE },
	[BOOK_COUNT] = { .number = "#,##0", .right = true, .border = EDGE },
	[BOOK_REAL] = { .number = "0.####", .right = true, .border = EDGE },
	[BOOK_TIME] = { .number = "yyyy-mm-dd hh:mm:ss",
	    .left = true,
	    .border = EDGE },
	[BOOK_DAY] = { .number = "yyyy-mm-dd", .left = true, .border = EDGE },
	[BOOK_HEAD] = { .bold = true,
	    .wrap = true,
	    .ink = 0xFFFFFF,
	    .paper = 0x1F3864,
	    .border = EDGE },
	[BOOK_TITLE] = { .bold = true, .size = 18, .ink = 0x1F3864 },
	[BOOK_HEADING] = { .bold = true, .size = 13, .ink = 0x1F3864 },
	[BOOK_LABEL] = { .bold = true },
	[BOOK_VALUE] = { .left = true, .number = "#,##0" },
	[BOOK_MOMENT] = { .left = true, .number = "yyyy-mm-dd hh:mm:ss" },
	[BOOK_NOTE] = { .ink = 0x595959 },
	[BOOK_GOOD] = { .wrap = true,
	    .ink = 0x005F00,
	    .paper = 0xD5EFD8,
	    .border = EDGE },
	[BOOK_BAD] = { .bold = true,
	    .wrap = true,
	    .ink = 0x8A0010,
	    .paper = 0xFFD3D6,
	    .border = EDGE },
	[BOOK_UNSURE] = { .wrap = true,
	    .ink = 0x664D00,
	    .paper = 0xFFEFB0,
	    .border = EDGE },
	[BOOK_NEUTRAL] = { .wrap = true,
	    .ink = 0x505050,
	    .paper = 0xEDEDED,
	    .border = EDGE },
	[BOOK_FORM] = { .wrap = true, .border = 0x404040 },
};

static lxw_format *
make_format(struct book *b, const struct style *s)
{
	const struct xlsx_library *lib = &b->library;
	lxw_format *f = lib->add_format(b->workbook);

	if (f == NULL)
		return NULL;
	lib->set_align(f, LXW_ALIGN_VERTICAL_TOP);
	if (s->left)
		lib->set_align(f, LXW_ALIGN_LEFT);
	if (s->right) {
		lib->set_align(f, LXW_ALIGN_RIGHT);
		lib->set_indent(f, 1);
	}
	if (s->bold)
		lib->set_bold(f);
	if (s->wrap)
		lib->set_text_wrap(f);
	if (s->fixed) {
		lib->set_font_name(f, "Courier New");
		lib->set_font_size(f, FIXED_POINTS);
	}
	if (s->size > 0)
		lib->set_font_size(f, s->size);
	if (s->ink > 0)
		lib->set_font_color(f, s->ink);
	if (s->paper > 0)
		lib->set_bg_color(f, s->paper);
	if (s->number != NULL)
		lib->set_num_format(f, s->number);
	if (s->border > 0) {
		lib->set_border(f, LXW_BORDER_THIN);
		lib->set_border_color(f, s->border);
	}
	return f;
}

void
book_formats(struct book *b)
{
	for (size_t i = 0; i < BOOK_STYLES; i++) {
		b->formats[i] = make_format(b, &styles[i]);
		if (b->formats[i] == NULL)
			book_fail(b, RC_NOMEM, NULL, 0);
	}
}

bool
book_style_wraps(enum book_style style)
{
	return styles[style].wrap;
}
