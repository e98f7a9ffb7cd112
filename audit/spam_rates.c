#include "audit/spam_rates.h"

#include <stdlib.h>

#include "audit/files.h"
#include "base/escape.h"
#include "base/limits.h"

struct reading {
	struct arena *arena;
	struct spam_rates *rates;
	const char *value; /* of the option */
	struct slice *error;
};

static enum rc
wrong(struct reading *r, const char *what)
{
	struct buf b;

	buf_init(&b, LIMIT_LIST_LINE);
	buf_add_str(&b, "--spam-rate ");
	escape_terminal(&b, slice_str(r->value));
	buf_printf(&b, ": %s", what);
	*r->error = arena_copy(r->arena, buf_slice(&b));
	buf_free(&b);
	return r->error->p != NULL ? RC_INVALID : RC_NOMEM;
}

static enum rc
wrong_file(struct reading *r, const char *path, const struct spam_error *e)
{
	struct buf b;

	buf_init(&b, LIMIT_LIST_LINE);
	escape_terminal(&b, slice_str(path));
	if (e->line > 0)
		buf_printf(&b, ":%zu:%zu", e->line, e->column);
	buf_add_str(&b, ": ");
	escape_terminal(&b, e->what);
	*r->error = arena_copy(r->arena, buf_slice(&b));
	buf_free(&b);
	return r->error->p != NULL ? RC_INVALID : RC_NOMEM;
}

static enum rc
set_told(struct reading *r, enum spam_provider p, struct spam_told told)
{
	if (r->rates->of[p].given)
		return wrong(r,
		    arena_printf(r->arena, "the rate of %s is given twice",
			spam_provider_name(p)));
	told.given = true;
	r->rates->of[p] = told;
	return RC_OK;
}

/* ---- a percentage ------------------------------------------------------ */

static bool
looks_like_number(struct slice s)
{
	static const char signs[] = ".,%+- ";

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]) &&
		    memchr(signs, s.p[i], sizeof(signs) - 1) == NULL)
			return false;
	}
	return s.n > 0;
}

static enum rc
read_percent(struct reading *r, enum spam_provider p, struct slice text)
{
	struct spam_row *row = arena_new_of(r->arena, struct spam_row, 1);
	struct spam_told told = { .rows = row,
		.n = 1,
		.source = SLICE_LIT("--spam-rate") };
	enum rc rc = RC_OK;

	if (row == NULL)
		return RC_NOMEM;
	*row = (struct spam_row){ .provider = p, .volume = -1 };
	if (!spam_rate_parse(text, false, &row->millionths))
		return wrong(r, "expected a percentage from 0 to 100");
	if (p != SPAM_PROVIDERS)
		return set_told(r, p, told);
	for (int i = 0; rc == RC_OK && i < SPAM_PROVIDERS; i++)
		rc = set_told(r, (enum spam_provider)i, told);
	return rc;
}

/* ---- an export --------------------------------------------------------- */

/* The rows of a provider stand together. */
static enum rc
set_rows(struct reading *r, enum spam_provider p, const char *path,
    const struct spam_export *all)
{
	const char *slash = strrchr(path, '/');
	struct spam_told told = { .source =
				      slice_str(slash ? slash + 1 : path) };
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < all->n; i += told.n) {
		enum spam_provider of = all->rows[i].provider;

		told.rows = &all->rows[i];
		told.n = 1;
		while (
		    i + told.n < all->n && all->rows[i + told.n].provider == of)
			told.n++;
		if (p != SPAM_PROVIDERS && of != SPAM_PROVIDERS && p != of)
			continue;
		if (p == SPAM_PROVIDERS && of == SPAM_PROVIDERS)
			return wrong(r,
			    "the file does not say whose rates they are: put "
			    "the provider before it, as in gmail=FILE");
		rc = set_told(r, of != SPAM_PROVIDERS ? of : p, told);
	}
	if (rc == RC_OK && p != SPAM_PROVIDERS && !r->rates->of[p].given)
		rc = wrong(r, "the file has no rates of that provider");
	return rc;
}

static enum rc
read_export(struct reading *r, enum spam_provider p, const char *path)
{
	struct spam_export all;
	struct spam_error e = { 0 };
	unsigned char *octets = NULL;
	struct slice text;
	size_t n = 0;
	enum rc rc =
	    file_read(path, LIMIT_SPAM_EXPORT, &octets, &n, r->arena, r->error);

	if (rc)
		return rc;
	text = arena_copy(r->arena, slice_of(octets, n));
	free(octets);
	if (text.p == NULL)
		return RC_NOMEM;
	rc = spam_export_read(r->arena, text, &all, &e);
	if (rc == RC_OK)
		return set_rows(r, p, path, &all);
	return rc == RC_INVALID ? wrong_file(r, path, &e) : rc;
}

static enum rc
read_value(struct reading *r)
{
	struct slice name, rest, value = slice_str(r->value);
	enum spam_provider p = SPAM_PROVIDERS;
	size_t skip = 0;

	if (slice_cut(value, '=', &name, &rest) &&
	    spam_provider_parse(name, &p))
		skip = name.n + 1;
	value = slice_from(value, skip);
	if (looks_like_number(value))
		return read_percent(r, p, value);
	if (value.n == 0)
		return wrong(r, "expected a percentage or a file");
	return read_export(r, p, &r->value[skip]);
}

enum rc
spam_rates_read(const struct settings *s, struct arena *a,
    const struct spam_rates **out, struct slice *error)
{
	struct reading r = { .arena = a, .error = error };
	enum rc rc = RC_OK;

	*out = NULL;
	if (s->spam_rates.n == 0)
		return RC_OK;
	r.rates = arena_new_of(a, struct spam_rates, 1);
	if (r.rates == NULL)
		return RC_NOMEM;
	for (size_t i = 0; rc == RC_OK && i < s->spam_rates.n; i++) {
		r.value = s->spam_rates.items[i];
		rc = read_value(&r);
	}
	*out = r.rates;
	return rc;
}
