#include "audit/option_values.h"

#include "base/civil.h"

enum { WORDS_MAX = 1024 };

/* One a kind; field is where the row says. */
typedef const char *taker(struct arena *, const struct option_row *,
    const char *value, void *field);

static const char *const no_memory = "does not fit into memory";

const char *
option_add_string(struct arena *a, struct string_list *list, const char *value)
{
	const char **items = arena_grow(a, list->items, list->n, &list->cap,
	    sizeof(*list->items));

	if (items == NULL)
		return no_memory;
	list->items = items;
	items[list->n++] = value;
	return NULL;
}

static const char *
take_flag(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	(void)a, (void)row, (void)value;
	*(bool *)field = true;
	return NULL;
}

static const char *
take_string(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	(void)a;
	if (strlen(value) < row->min)
		return "is empty";
	if (strlen(value) > row->max)
		return "is too long";
	*(const char **)field = value;
	return NULL;
}

static const char *
take_strings(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	(void)row;
	if (*value == '\0')
		return "is empty";
	return option_add_string(a, field, value);
}

static const char *
take_names(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	struct slice rest = slice_str(value), name;
	const char *wrong = NULL;
	bool more = true;

	(void)row;
	while (more && wrong == NULL) {
		more = slice_cut(rest, ',', &name, &rest);
		name = slice_trim(name);
		if (name.n == 0)
			return "has an empty name in its list";
		name = arena_copy(a, name);
		if (name.p == NULL)
			return no_memory;
		wrong = option_add_string(a, field, (const char *)name.p);
	}
	return wrong;
}

static const char *
take_ip(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	struct ip_list *list = field;
	struct ip ip, *items;

	(void)row;
	if (!ip_parse(slice_str(value), &ip))
		return "is not an IP address";
	items = arena_grow(a, list->items, list->n, &list->cap, sizeof(*items));
	if (items == NULL)
		return no_memory;
	list->items = items;
	items[list->n++] = ip;
	return NULL;
}

static const char *
take_resolver(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	struct resolver_list *list = field;
	struct resolver one, *items;

	(void)row;
	if (!resolver_parse(slice_str(value), &one))
		return "is not an address or ADDR:PORT";
	items = arena_grow(a, list->items, list->n, &list->cap, sizeof(*items));
	if (items == NULL)
		return no_memory;
	list->items = items;
	items[list->n++] = one;
	return NULL;
}

static const char *
take_connect(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	struct connect_to_list *list = field;
	struct connect_to one, *items;

	(void)row;
	if (!connect_to_parse(slice_str(value), &one))
		return "is not HOST1:PORT1:HOST2:PORT2";
	items = arena_grow(a, list->items, list->n, &list->cap, sizeof(*items));
	if (items == NULL)
		return no_memory;
	list->items = items;
	items[list->n++] = one;
	return NULL;
}

/* Decimal seconds to milliseconds; digits past the third are dropped. */
static bool
milliseconds(struct slice s, int64_t *out)
{
	struct slice whole, fraction;
	uint64_t seconds = 0, digits = 0;
	bool point = slice_cut(s, '.', &whole, &fraction);

	if (whole.n + (point ? fraction.n : 0) == 0)
		return false;
	if (whole.n > 0 && !slice_number(whole, INT32_MAX, &seconds))
		return false;
	for (size_t i = 0; point && i < fraction.n; i++) {
		if (!ascii_is_digit(fraction.p[i]))
			return false;
	}
	for (size_t i = 0; i < 3; i++) {
		digits *= 10;
		if (point && i < fraction.n)
			digits += (uint64_t)(fraction.p[i] - '0');
	}
	*out = (int64_t)(seconds * 1000 + digits);
	return true;
}

static const char *
take_seconds(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	int64_t ms;

	if (!milliseconds(slice_str(value), &ms))
		return "is not a number of seconds";
	if (ms < row->min || ms > row->max)
		return arena_printf(a, "is not from %g to %u seconds",
		    (double)row->min / 1000, row->max / 1000);
	*(int64_t *)field = ms;
	return NULL;
}

static const char *
take_count(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	uint64_t n;

	if (!slice_number(slice_str(value), UINT32_MAX, &n) || n < row->min ||
	    n > row->max)
		return arena_printf(a, "is not a number from %u to %u",
		    row->min, row->max);
	*(unsigned int *)field = (unsigned int)n;
	return NULL;
}

static const char *
take_time(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	(void)a, (void)row;
	if (!civil_rfc3339_parse(slice_str(value), field))
		return "is not a time such as 2026-11-21T00:00:00Z";
	return NULL;
}

static const char *
take_moment(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	struct moment_option *m = field;

	m->given = true;
	return take_time(a, row, value, &m->at);
}

static const char *
take_choice(struct arena *a, const struct option_row *row, const char *value,
    void *field)
{
	struct buf words;
	const char *wrong;

	buf_init(&words, WORDS_MAX);
	for (const struct option_choice *c = row->choices; c->word; c++) {
		if (strcmp(value, c->word) == 0) {
			*(unsigned int *)field = (unsigned int)c->value;
			buf_free(&words);
			return NULL;
		}
		if (c != row->choices)
			buf_add_str(&words, c[1].word ? ", " : " or ");
		buf_add_str(&words, c->word);
	}
	wrong = arena_printf(a, "is not %.*s", SLICE_FMT(words));
	buf_free(&words);
	return wrong != NULL ? wrong : no_memory;
}

/* OPTION_HELP and OPTION_VERSION have none: they end the reading. */
static taker *const takers[] = {
	[OPTION_FLAG] = take_flag,
	[OPTION_STRING] = take_string,
	[OPTION_STRINGS] = take_strings,
	[OPTION_NAMES] = take_names,
	[OPTION_IPS] = take_ip,
	[OPTION_RESOLVER] = take_resolver,
	[OPTION_CONNECT] = take_connect,
	[OPTION_SECONDS] = take_seconds,
	[OPTION_COUNT] = take_count,
	[OPTION_TIME] = take_time,
	[OPTION_MOMENT] = take_moment,
	[OPTION_CHOICE] = take_choice,
};

const char *
option_take(struct arena *a, const struct option_row *row, const char *value,
    struct settings *settings)
{
	void *field = (unsigned char *)settings + row->offset;
	const char *wrong = takers[row->kind](a, row, value, field);

	if (wrong == NULL && row->kind == OPTION_TIME)
		settings->has_as_of = true;
	return wrong;
}
