#include "audit/views/view_parts.h"
#include "audit/views/words.h"

/* Google's verdicts beside ours, and its figures, as a short table. */
enum {
	MARK = 3,
	WORD = 13, /* "unspecified" */
};

static bool
differs(const json_t *row)
{
	return json_is_true(json_object_get(row, "differs"));
}

/* What is not said is not known. */
static const char *
word(const json_t *row, const char *key)
{
	const char *text = view_text_of(row, key);

	if (strcmp(text, "needs-work") == 0)
		return "needs work";
	return *text != '\0' ? text : "-";
}

static void
print_row(struct page *p, const json_t *row)
{
	const char *reason = view_text_of(row, "reason");

	page_style(p, differs(row) ? STYLE_BAD : STYLE_PLAIN);
	page_pad(p, differs(row) ? " !" : "", MARK);
	page_style(p, STYLE_PLAIN);
	page_cell(p, word(row, "google"), WORD);
	page_cell(p, word(row, "ours"), WORD);
	page_fill(p, view_text_of(row, "requirement"), MARK + 2 * WORD,
	    MARK + 2 * WORD);
	if (*reason == '\0')
		return;
	page_spaces(p, MARK + 2);
	page_fill(p, reason, MARK + 2, MARK + 2);
}

static void
print_head(struct page *p)
{
	page_heading(p, "WHAT GOOGLE SAYS, AND WHAT WE SAY");
	page_style(p, STYLE_DIM);
	page_spaces(p, MARK);
	page_cell(p, "Google", WORD);
	page_cell(p, "We", WORD);
	(void)page_add(p, "Of");
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
}

static const char *
type_text(const json_t *error)
{
	return strcmp(view_text_of(error, "type"), "reject") == 0 ? "Rejected, "
								  : "Put off, ";
}

static const char *const figures[] = { "Reported as spam", "Passed SPF",
	"Passed DKIM", "Passed DMARC", "Came by TLS" };

enum { N_FIGURES = sizeof(figures) / sizeof(figures[0]) };

void
postmaster_figure(struct buf *b, size_t of, const json_t *o)
{
	if (of < N_FIGURES)
		buf_add_str(b, figures[of]);
	else
		buf_printf(b, "%s%s", type_text(o), view_text_of(o, "reason"));
}

/* "Passed SPF: 99.9 %, 98 % at worst, of 27 days." */
static void
print_figure(struct page *p, size_t of, const json_t *o)
{
	const json_t *mean = json_object_get(o, "percent");
	struct buf text;

	if (!json_is_number(mean))
		return;
	buf_init(&text, p->out->limit);
	postmaster_figure(&text, of, o);
	buf_printf(&text, ": %.4g %%, %.4g %% at worst, of %lld days",
	    json_number_value(mean),
	    json_number_value(json_object_get(o, "worst_percent")),
	    (long long)json_integer_value(json_object_get(o, "days")));
	buf_add(&text, slice_of("", 1));
	if (!text.failed) {
		page_spaces(p, MARK);
		page_fill(p, (const char *)text.p, MARK, MARK + 2);
	}
	buf_free(&text);
}

void
postmaster_print(struct page *p, const json_t *audit)
{
	const json_t *rows = json_object_get(audit, "postmaster");
	const json_t *google =
	    json_object_get(json_object_get(audit, "facts"), "postmaster");
	const json_t *auth = json_object_get(google, "auth"), *o;
	size_t i;

	if (json_array_size(rows) == 0 &&
	    json_object_get(google, "spam_rate") == NULL)
		return;
	print_head(p);
	json_array_foreach(rows, i, o)
	{
		print_row(p, o);
	}
	page_gap(p);
	print_figure(p, 0, json_object_get(google, "spam_rate"));
	print_figure(p, 1, json_object_get(auth, "spf"));
	print_figure(p, 2, json_object_get(auth, "dkim"));
	print_figure(p, 3, json_object_get(auth, "dmarc"));
	print_figure(p, 4, json_object_get(google, "tls"));
	json_array_foreach(json_object_get(google, "delivery_errors"), i, o)
	{
		print_figure(p, N_FIGURES, o);
	}
}
