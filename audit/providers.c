#include "audit/providers.h"

#include "base/escape.h"
#include "base/limits.h"

#define STANDARDS SLICE_LIT("standards")

/* ---- names ------------------------------------------------------------- */

/* What people call a provider, or the domain that they write to. */
static const char *const also[][2] = {
	{ "googlemail", "gmail" },
	{ "google", "gmail" },
	{ "aol", "yahoo" },
	{ "ymail", "yahoo" },
	{ "microsoft", "outlook" },
	{ "hotmail", "outlook" },
	{ "live", "outlook" },
	{ "msn", "outlook" },
	{ "icloud", "apple" },
	{ "me", "apple" },
	{ "mac", "apple" },
	{ "wanadoo", "orange" },
	{ "web.de", "gmx" },
	{ "webde", "gmx" },
	{ "xfinity", "comcast" },
	{ "mail.ru", "mailru" },
	{ "bk.ru", "mailru" },
	{ "inbox.ru", "mailru" },
	{ "list.ru", "mailru" },
};

/* The providers that there are rules for. */
struct known {
	struct slice *names;
	size_t n;
};

static bool
has(const struct slice *list, size_t n, struct slice name)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq(list[i], name))
			return true;
	}
	return false;
}

/* The pack's name for it, or nothing. */
static struct slice
by_name(const struct known *known, struct slice name)
{
	for (size_t i = 0; i < known->n; i++) {
		if (slice_eq_nocase(known->names[i], name))
			return known->names[i];
	}
	for (size_t i = 0; i < sizeof(also) / sizeof(also[0]); i++) {
		if (slice_eq_nocase(slice_str(also[i][0]), name) &&
		    has(known->names, known->n, slice_str(also[i][1])))
			return slice_str(also[i][1]);
	}
	return SLICE_NONE;
}

/* A domain is that of its first label: hotmail.co.uk. */
static struct slice
canonical(const struct known *known, struct slice typed)
{
	struct slice found = by_name(known, typed), label, rest;

	if (found.p == NULL && slice_cut(typed, '.', &label, &rest))
		found = by_name(known, label);
	return found;
}

static enum rc
no_such_provider(struct arena *a, struct slice name, const struct known *known,
    struct slice *error)
{
	struct buf b;

	buf_init(&b, LIMIT_LIST_LINE);
	buf_add_str(&b, "--provider: there are no rules for '");
	escape_terminal(&b, name);
	buf_add_str(&b, "'; there are for ");
	for (size_t i = 0; i < known->n; i++) {
		buf_add_str(&b, i > 0 ? ", " : "");
		buf_add(&b, known->names[i]);
	}
	*error = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return RC_INVALID;
}

/* ---- who is asked for -------------------------------------------------- */

static enum rc
find_known(const struct rules *r, struct arena *a, struct known *out)
{
	*out = (struct known){ arena_new_of(a, struct slice, r->n + 1), 0 };
	if (out->names == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < r->n; i++) {
		if (!has(out->names, out->n, r->rules[i]->provider))
			out->names[out->n++] = r->rules[i]->provider;
	}
	return RC_OK;
}

/* What is asked for. */
struct asked {
	struct slice *list;
	size_t n;
	bool all;
};

static enum rc
take_named(const struct known *known, const char *typed, struct asked *asked)
{
	struct slice name;

	if (slice_eq_nocase(slice_str(typed), SLICE_LIT("all"))) {
		asked->all = true;
		return RC_OK;
	}
	name = canonical(known, slice_str(typed));
	if (name.p == NULL)
		return RC_INVALID;
	if (!has(asked->list, asked->n, name))
		asked->list[asked->n++] = name;
	return RC_OK;
}

/* The standards' advice goes with every audit; to judge it is to name it. */
static void
take_all(const struct known *known, struct asked *asked)
{
	bool standards = has(asked->list, asked->n, STANDARDS);

	asked->n = 0;
	for (size_t i = 0; i < known->n; i++) {
		if (standards || known->n == 1 ||
		    !slice_eq(known->names[i], STANDARDS))
			asked->list[asked->n++] = known->names[i];
	}
}

enum rc
providers_asked(const struct settings *s, const struct rules *r,
    struct arena *a, const struct slice **out, size_t *n, struct slice *error)
{
	static const char *const usual[] = { "gmail", "yahoo" };
	const char *const *names = s->providers.items;
	size_t wanted = s->providers.n;
	struct asked asked = { 0 };
	struct known known;
	enum rc rc = find_known(r, a, &known);

	if (wanted == 0 && !s->no_default_rules) {
		names = usual;
		wanted = sizeof(usual) / sizeof(usual[0]);
	}
	asked.list = arena_new_of(a, struct slice, wanted + known.n + 1);
	if (rc || asked.list == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < wanted; i++) {
		if (take_named(&known, names[i], &asked) != RC_OK)
			return no_such_provider(a, slice_str(names[i]), &known,
			    error);
	}
	/* Without a name, only packs of the user's own: all of them. */
	if (asked.all || asked.n == 0)
		take_all(&known, &asked);
	*out = asked.list;
	*n = asked.n;
	return RC_OK;
}
