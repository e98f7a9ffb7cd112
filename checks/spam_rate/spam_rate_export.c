/*
 * What a provider's dashboard exports, as text:
 *
 *  export = [BOM] header *(EOL row)
 *  header = cell *(sep cell)
 *  row    = cell *(sep cell) / *WSP / "#" *OCTET
 *  cell   = *WSP (*OCTET / DQUOTE *(OCTET / 2DQUOTE) DQUOTE) *WSP
 *  sep    = "," / ";" / HTAB
 *
 * The separator is the one that the header has most of.  Columns are known by
 * their names; those of other names count for nothing.  As JSON it is a list
 * of objects whose members have such names (spam_rate_json.c).
 */
#include "checks/spam_rate/spam_rate_export.h"

#include <stdlib.h>
#include <string.h>

#include "base/domain.h"
#include "base/limits.h"

static const char *const provider_names[SPAM_PROVIDERS] = {
	[SPAM_GMAIL] = "gmail",
	[SPAM_YAHOO] = "yahoo",
	[SPAM_OUTLOOK] = "outlook",
	[SPAM_ORANGE] = "orange",
};

const char *
spam_provider_name(enum spam_provider p)
{
	return provider_names[p];
}

bool
spam_provider_parse(struct slice s, enum spam_provider *out)
{
	for (int i = 0; i < SPAM_PROVIDERS; i++) {
		if (slice_eq_nocase(s, slice_str(provider_names[i]))) {
			*out = (enum spam_provider)i;
			return true;
		}
	}
	return false;
}

enum rc
spam_export_fail(struct spam_error *e, size_t line, size_t column,
    struct slice what)
{
	*e = (struct spam_error){ line, column, what };
	return what.p != NULL ? RC_INVALID : RC_NOMEM;
}

enum rc
spam_export_add(struct arena *a, struct spam_export *all,
    const struct spam_row *row)
{
	struct spam_row *more =
	    arena_grow(a, all->rows, all->n, &all->cap, sizeof(*more));

	if (more == NULL)
		return RC_NOMEM;
	all->rows = more;
	more[all->n++] = *row;
	return RC_OK;
}

/* --- columns -------------------------------------------------------------- */

static bool
has_word(struct slice name, const char *word)
{
	return slice_find_nocase(name, slice_str(word)) != SIZE_MAX;
}

enum spam_column
spam_column_of(struct slice name)
{
	/* The first that is in the name decides. */
	static const struct {
		const char *word;
		enum spam_column column;
	} words[] = {
		{ "date", SPAM_COLUMN_DATE },
		{ "percent", SPAM_COLUMN_PERCENT },
		{ "%", SPAM_COLUMN_PERCENT },
		{ "pct", SPAM_COLUMN_PERCENT },
		{ "rate", SPAM_COLUMN_RATE },
		{ "ratio", SPAM_COLUMN_RATE },
		{ "volume", SPAM_COLUMN_VOLUME },
		{ "messages", SPAM_COLUMN_VOLUME },
		{ "delivered", SPAM_COLUMN_VOLUME },
		{ "sent", SPAM_COLUMN_VOLUME },
		{ "provider", SPAM_COLUMN_PROVIDER },
		{ "domain", SPAM_COLUMN_DOMAIN },
	};

	if (slice_eq_nocase(name, SLICE_LIT("day")))
		return SPAM_COLUMN_DATE;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (has_word(name, words[i].word))
			return words[i].column;
	}
	return SPAM_COLUMN_OTHER;
}

enum spam_provider
spam_provider_of(struct slice name)
{
	/* Postmaster Tools: "User-reported spam rate". */
	if (has_word(name, "reported spam") || has_word(name, "reportedspam"))
		return SPAM_GMAIL;
	/* Sender Hub: "Complaint rate". */
	return has_word(name, "complaint") ? SPAM_YAHOO : SPAM_PROVIDERS;
}

/* --- cells ---------------------------------------------------------------- */

struct table {
	struct arena *arena;
	struct spam_export *out;
	struct spam_error *error;
	enum spam_provider provider; /* by the name of the rate's column */
	unsigned char sep;
	size_t line;
	struct slice text; /* of that line */
	size_t n;
	size_t at[SPAM_COLUMNS]; /* cells before it, or SIZE_MAX */
};

struct cell {
	struct slice text;
	size_t column; /* octet in the line */
};

static enum rc
fail(struct table *t, size_t octet, struct slice what)
{
	struct slice before = slice_sub(t->text, 0, octet);
	size_t column = 1;

	for (size_t i = 0; i < before.n; i++)
		column += (before.p[i] & 0xc0) != 0x80;
	return spam_export_fail(t->error, t->line, column, what);
}

static enum rc
fail_cell(struct table *t, const struct cell *c, const char *what)
{
	return fail(t, c->column,
	    arena_slicef(t->arena, "%s; found \"%.*s\"", what,
		SLICE_FMT(slice_sub(c->text, 0, 40))));
}

/* Up to the quote that ends it; two in a row are one.  False: none does. */
static bool
quoted(struct table *t, struct slice *rest, struct slice *out)
{
	unsigned char *p = arena_new_of(t->arena, unsigned char, rest->n + 1);
	size_t n = 0, i = 1;

	for (; p != NULL && i < rest->n; i++) {
		if (rest->p[i] == '"' &&
		    (i + 1 == rest->n || rest->p[i + 1] != '"'))
			break;
		i += rest->p[i] == '"';
		p[n++] = rest->p[i];
	}
	if (p == NULL || i >= rest->n)
		return false;
	*out = slice_of(p, n);
	*rest = slice_from(*rest, i + 1);
	return true;
}

/* Takes a cell off *rest, which becomes SLICE_NONE behind the last. */
static enum rc
take_cell(struct table *t, struct slice *rest, struct cell *c)
{
	struct slice behind;

	while (rest->n > 0 &&
	       (rest->p[0] == ' ' || (rest->p[0] == '\t' && t->sep != '\t')))
		*rest = slice_from(*rest, 1);
	c->column = t->text.n - rest->n;
	if (rest->n == 0 || rest->p[0] != '"') {
		(void)slice_cut(*rest, t->sep, &c->text, rest);
		c->text = slice_trim(c->text);
		return RC_OK;
	}
	if (!quoted(t, rest, &c->text))
		return arena_failed(t->arena)
			   ? RC_NOMEM
			   : fail(t, c->column,
				 SLICE_LIT("a quote does not end in its line"));
	c->column++;
	c->text = slice_trim(c->text);
	(void)slice_cut(*rest, t->sep, &behind, rest);
	if (slice_trim(behind).n == 0)
		return RC_OK;
	return fail(t,
	    t->text.n - (rest->p != NULL ? rest->n + 1 : 0) - behind.n,
	    SLICE_LIT("expected a separator behind the quote"));
}

/* Of the columns that count; RC_INVALID when there are more or fewer cells. */
static enum rc
take_cells(struct table *t, struct cell cells[SPAM_COLUMNS])
{
	struct slice rest = t->text;
	struct cell c;
	size_t n = 0;
	enum rc rc = RC_OK;

	for (; rc == RC_OK && rest.p != NULL; n++) {
		rc = take_cell(t, &rest, &c);
		for (size_t i = 0; rc == RC_OK && i < SPAM_COLUMNS; i++) {
			if (t->at[i] == n)
				cells[i] = c;
		}
	}
	if (rc || n == t->n)
		return rc;
	return fail(t, 0,
	    arena_slicef(t->arena,
		"expected %zu cells as in the header, found %zu (a number with "
		"a comma in it needs quotes)",
		t->n, n));
}

/* --- the header ----------------------------------------------------------- */

static size_t
count_of(struct slice s, unsigned char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

static bool
next_line(struct table *t, struct slice *rest)
{
	struct slice trimmed;

	while (slice_line(rest, &t->text)) {
		t->line++;
		trimmed = slice_trim(t->text);
		if (trimmed.n > 0 && trimmed.p[0] != '#')
			return true;
	}
	return false;
}

static enum rc
check_header(struct table *t)
{
	if (t->at[SPAM_COLUMN_DATE] == SIZE_MAX)
		return fail(t, 0,
		    SLICE_LIT("expected a header with a column \"date\""));
	if (t->at[SPAM_COLUMN_PERCENT] == SIZE_MAX &&
	    t->at[SPAM_COLUMN_RATE] == SIZE_MAX)
		return fail(t, 0,
		    SLICE_LIT("expected a column \"percent\" or \"rate\" in "
			      "the header"));
	return RC_OK;
}

/* The first column of a kind counts. */
static enum rc
read_header(struct table *t)
{
	static const unsigned char seps[] = { ',', ';', '\t' };
	struct slice rest = t->text;
	enum spam_column kind;
	struct cell c;
	enum rc rc;

	for (size_t i = 0; i < SPAM_COLUMNS; i++)
		t->at[i] = SIZE_MAX;
	t->sep = ',';
	for (size_t i = 0; i < sizeof(seps); i++) {
		if (count_of(t->text, seps[i]) > count_of(t->text, t->sep))
			t->sep = seps[i];
	}
	for (; rest.p != NULL; t->n++) {
		rc = take_cell(t, &rest, &c);
		if (rc)
			return rc;
		kind = spam_column_of(c.text);
		if (kind == SPAM_COLUMN_OTHER || t->at[kind] != SIZE_MAX)
			continue;
		t->at[kind] = t->n;
		if (kind == SPAM_COLUMN_RATE || kind == SPAM_COLUMN_PERCENT)
			t->provider = spam_provider_of(c.text);
	}
	return check_header(t);
}

/* --- rows ----------------------------------------------------------------- */

static enum rc
read_rate(struct table *t, const struct cell *cells, struct spam_row *row)
{
	bool fraction = t->at[SPAM_COLUMN_PERCENT] == SIZE_MAX;
	const struct cell *c =
	    &cells[fraction ? SPAM_COLUMN_RATE : SPAM_COLUMN_PERCENT];

	row->millionths = -1;
	if (c->text.n == 0)
		return RC_OK;
	if (!spam_rate_parse(c->text, fraction, &row->millionths))
		return fail_cell(t, c,
		    fraction ? "expected a rate of at most 1, or with \"%\""
			     : "expected a percentage of at most 100");
	if (fraction && row->millionths > SPAM_RATE_ODD &&
	    count_of(c->text, '%') == 0)
		return fail_cell(t, c,
		    "a rate of more than 0.05 is over 5 %: call the column "
		    "\"percent\" if that is what it has");
	return RC_OK;
}

static enum rc
read_names(struct table *t, const struct cell *cells, struct spam_row *row)
{
	const struct cell *c = &cells[SPAM_COLUMN_PROVIDER];

	row->provider = t->provider;
	if (t->at[SPAM_COLUMN_PROVIDER] != SIZE_MAX && c->text.n > 0 &&
	    !spam_provider_parse(c->text, &row->provider))
		return fail_cell(t, c,
		    "expected gmail, yahoo, outlook or orange");
	c = &cells[SPAM_COLUMN_DOMAIN];
	if (t->at[SPAM_COLUMN_DOMAIN] == SIZE_MAX || c->text.n == 0)
		return RC_OK;
	if (domain_canonical(t->arena, c->text, &row->domain) != DOMAIN_FINE)
		return fail_cell(t, c, "expected a domain");
	return RC_OK;
}

static enum rc
read_row(struct table *t)
{
	struct cell cells[SPAM_COLUMNS] = { 0 };
	struct spam_row row = { .line = t->line,
		.has_day = true,
		.volume = -1 };
	const struct cell *date = &cells[SPAM_COLUMN_DATE];
	const struct cell *volume = &cells[SPAM_COLUMN_VOLUME];
	enum rc rc = take_cells(t, cells);

	if (rc == RC_OK && !spam_rate_day(date->text, &row.day))
		return fail_cell(t, date,
		    "expected a day such as 2026-11-05 or 11/05/2026");
	if (rc == RC_OK)
		rc = read_rate(t, cells, &row);
	if (rc == RC_OK && volume->text.n > 0 &&
	    !spam_rate_count(volume->text, &row.volume))
		return fail_cell(t, volume, "expected a number of messages");
	if (rc == RC_OK)
		rc = read_names(t, cells, &row);
	/* A day with too little mail has no rate. */
	if (rc || row.millionths < 0)
		return rc;
	return spam_export_add(t->arena, t->out, &row);
}

static enum rc
read_table(struct table *t, struct slice text)
{
	enum rc rc;

	if (!next_line(t, &text))
		return spam_export_fail(t->error, 0, 0,
		    SLICE_LIT("holds nothing"));
	rc = read_header(t);
	while (rc == RC_OK && next_line(t, &text))
		rc = read_row(t);
	return rc;
}

/* --- all of it ------------------------------------------------------------ */

static int
compare(const void *a, const void *b)
{
	const struct spam_row *x = a, *y = b;
	int domains = slice_cmp(x->domain, y->domain);

	if (x->provider != y->provider)
		return x->provider < y->provider ? -1 : 1;
	if (domains != 0)
		return domains;
	if (x->has_day != y->has_day)
		return x->has_day ? 1 : -1;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static enum rc
fail_twice(struct arena *a, const struct spam_row *first,
    const struct spam_row *again, bool json, struct spam_error *e)
{
	if (json)
		return spam_export_fail(e, 0, 0,
		    arena_slicef(a,
			"element %zu: the day stands here twice, first in "
			"element %zu",
			again->line, first->line));
	return spam_export_fail(e, again->line, 1,
	    arena_slicef(a, "the day stands here twice, first in line %zu",
		first->line));
}

static enum rc
check_rows(struct arena *a, const struct spam_export *all, bool json,
    struct spam_error *e)
{
	for (size_t i = 1; i < all->n; i++) {
		const struct spam_row *x = &all->rows[i - 1];
		const struct spam_row *y = &all->rows[i];

		if (x->provider == y->provider && x->has_day == y->has_day &&
		    slice_eq(x->domain, y->domain) && x->day == y->day)
			return fail_twice(a, x, y, json, e);
	}
	return RC_OK;
}

enum rc
spam_export_read(struct arena *a, struct slice text, struct spam_export *out,
    struct spam_error *error)
{
	struct table t = { .arena = a,
		.out = out,
		.error = error,
		.provider = SPAM_PROVIDERS };
	struct slice start;
	enum rc rc;
	bool json;

	*out = (struct spam_export){ 0 };
	if (text.n > LIMIT_SPAM_EXPORT)
		return spam_export_fail(error, 0, 0,
		    SLICE_LIT("is longer than is looked at"));
	if (slice_starts(text, SLICE_LIT("\xef\xbb\xbf")))
		text = slice_from(text, 3);
	start = slice_trim(text);
	json = start.n > 0 && (start.p[0] == '{' || start.p[0] == '[');
	if (json)
		rc = spam_json_read(a, text, out, error);
	else
		rc = read_table(&t, text);
	if (rc)
		return rc;
	if (out->n == 0)
		return spam_export_fail(error, 0, 0,
		    SLICE_LIT("holds no day with a rate"));
	qsort(out->rows, out->n, sizeof(*out->rows), compare);
	return check_rows(a, out, json, error);
}
