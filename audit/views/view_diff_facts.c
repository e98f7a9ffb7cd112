#include "audit/json_text.h"
#include "audit/views/view_diff.h"

enum {
	INDENT = 4,
	VALUE_COLUMN = INDENT + 10,
	VALUE_MAX = 400,   /* of one side, in octets */
	EXPLAINED_MAX = 5, /* facts below one finding */
	REST_MAX = 20,     /* facts that explain none */
};

/* ---- one value --------------------------------------------------------- */

static bool
is_plain(const json_t *value)
{
	return json_is_string(value) || json_is_number(value);
}

static bool
all_plain(const json_t *list)
{
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		if (!is_plain(value))
			return false;
	}
	return true;
}

static void
add_json(struct buf *b, const json_t *value)
{
	json_text(b, value, (struct json_layout){ 0 });
}

static void
add_list(struct buf *b, const json_t *list)
{
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		if (i > 0)
			buf_add_str(b, ", ");
		if (json_is_string(value))
			buf_add_str(b, json_string_value(value));
		else
			add_json(b, value);
	}
	if (i == 0)
		buf_add_str(b, "(empty)");
}

/* An element of a list is there or not; any other fact may not be known. */
static void
add_value(struct buf *b, const json_t *value, bool element)
{
	if (value == NULL)
		buf_add_str(b, element ? "(not there)" : "(not known)");
	else if (json_is_null(value))
		buf_add_str(b, "(nothing)");
	else if (json_is_boolean(value))
		buf_add_str(b, json_is_true(value) ? "yes" : "no");
	else if (json_is_string(value))
		buf_add_str(b, json_string_value(value));
	else if (json_is_array(value) && all_plain(value))
		add_list(b, value);
	else
		add_json(b, value);
}

/* A whole list may be long: its beginning, cut between characters. */
static void
clip(struct buf *b)
{
	size_t all = b->n, n = VALUE_MAX;

	if (b->failed || all <= VALUE_MAX)
		return;
	while (n > 0 && (b->p[n] & 0xc0) == 0x80)
		n--;
	b->n = n;
	buf_printf(b, "... (%zu octets)", all);
}

void
told_side(struct buf *b, const json_t *change, const char *key)
{
	bool element =
	    slice_ends_nocase(slice_str(view_text_of(change, "path")),
		SLICE_LIT("]"));

	add_value(b, json_object_get(change, key), element);
	clip(b);
}

static void
print_side(struct page *p, const char *label, const json_t *change,
    const char *key)
{
	struct buf text;

	buf_init(&text, p->out->limit);
	told_side(&text, change, key);
	buf_add(&text, slice_of("", 1));
	page_spaces(p, INDENT + 2);
	page_style(p, STYLE_DIM);
	page_pad(p, label, VALUE_COLUMN - INDENT - 2);
	page_style(p, STYLE_PLAIN);
	if (!text.failed)
		page_fill(p, (const char *)text.p, VALUE_COLUMN, VALUE_COLUMN);
	buf_free(&text);
}

void
told_change(struct page *p, const json_t *change, const char *name)
{
	page_spaces(p, INDENT);
	page_fill(p, name, INDENT, INDENT + 2);
	print_side(p, "before", change, "old");
	print_side(p, "now", change, "new");
}

/* ---- which of them ----------------------------------------------------- */

/* The last name of a path, without what is in brackets behind it. */
static struct slice
last_name(const char *path)
{
	struct slice rest = slice_str(path), name;
	size_t depth = 0, begin = 0, end = SIZE_MAX;

	for (size_t i = 0; i < rest.n; i++) {
		if (rest.p[i] == '[' && depth++ == 0)
			end = i;
		else if (rest.p[i] == ']' && depth > 0)
			depth--;
		else if (rest.p[i] == '.' && depth == 0) {
			begin = i + 1;
			end = SIZE_MAX;
		}
	}
	name = slice_from(rest, begin);
	return end == SIZE_MAX ? name : slice_sub(name, 0, end - begin);
}

enum rank { RANK_PUBLISHED, RANK_REST, RANK_LISTS, RANKS };

/* What somebody wrote into DNS, or not: it is what explains the others. */
static enum rank
rank_of(const json_t *change)
{
	static const char *const published[] = { "record", "records_found",
		"location", "names", "addresses", "hosts", "keys", "present",
		"policy", "id", "listings", "dns", "certificate" };
	struct slice name = last_name(view_text_of(change, "path"));

	for (size_t i = 0; i < sizeof(published) / sizeof(*published); i++) {
		if (slice_eq(name, slice_str(published[i])))
			return RANK_PUBLISHED;
	}
	/* Steps of an evaluation, say: a person compares no such lists. */
	return all_plain(json_object_get(change, "old")) &&
		       all_plain(json_object_get(change, "new"))
		   ? RANK_REST
		   : RANK_LISTS;
}

/* "spf" is the check of "spf.record" and "spf". */
static bool
is_of(const char *path, const char *check)
{
	size_t n = strlen(check);

	return strncmp(path, check, n) == 0 &&
	       (path[n] == '.' || path[n] == '[' || path[n] == '\0');
}

void
told_facts_open(struct arena *a, const json_t *audit, struct told_facts *t)
{
	*t = (struct told_facts){ .list = json_object_get(audit, "facts") };
	t->told = arena_new_of(a, bool, json_array_size(t->list) + 1);
	if (t->told == NULL)
		t->list = NULL;
}

static const char *
path_of(const struct told_facts *t, size_t i)
{
	return view_text_of(json_array_get(t->list, i), "path");
}

/* Prints those of a check (NULL: of any) that were not; how many. */
static size_t
print_some(struct page *p, struct told_facts *t, const char *check, size_t room)
{
	size_t n = json_array_size(t->list), printed = 0;

	for (int rank = 0; rank < RANKS; rank++) {
		for (size_t i = 0; i < n && printed < room; i++) {
			const char *path = path_of(t, i);

			if (t->told[i] ||
			    (int)rank_of(json_array_get(t->list, i)) != rank ||
			    (check != NULL && !is_of(path, check)))
				continue;
			t->told[i] = true;
			told_change(p, json_array_get(t->list, i), path);
			printed++;
		}
	}
	return printed;
}

static bool
any_left(const struct told_facts *t, const char *check)
{
	size_t n = json_array_size(t->list);

	for (size_t i = 0; i < n; i++) {
		if (!t->told[i] &&
		    (check == NULL || is_of(path_of(t, i), check)))
			return true;
	}
	return false;
}

/* ---- below a finding, and at the end ----------------------------------- */

/* Checks whose facts decide on others' too. */
static const char *const related[][3] = {
	{ "dmarc", "spf", "dkim" },
	{ "unsubscribe", "dkim", NULL },
	{ "bimi", "dmarc", "spf" },
};

static void
gather_checks(const char *check, const char *checks[3])
{
	size_t n = 1;

	checks[0] = check;
	checks[1] = checks[2] = NULL;
	for (size_t i = 0; i < sizeof(related) / sizeof(related[0]); i++) {
		for (size_t k = 1; k < 3 && strcmp(related[i][0], check) == 0;
		     k++) {
			if (related[i][k] != NULL && n < 3)
				checks[n++] = related[i][k];
		}
	}
}

void
told_facts_explain(struct page *p, struct told_facts *t, const char *check)
{
	const char *checks[3];
	size_t room = EXPLAINED_MAX;
	bool any = false;

	gather_checks(check, checks);
	for (size_t i = 0; i < 3 && checks[i] != NULL; i++)
		any = any || any_left(t, checks[i]);
	if (!any || *check == '\0')
		return;
	page_gap(p);
	page_spaces(p, INDENT);
	page_style(p, STYLE_BOLD);
	(void)page_add(p, "What changed:");
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
	for (size_t i = 0; i < 3 && checks[i] != NULL; i++)
		room -= print_some(p, t, checks[i], room);
}

void
told_facts_rest(struct page *p, struct told_facts *t, long long more)
{
	size_t n = json_array_size(t->list), left = 0;

	if (any_left(t, NULL)) {
		page_heading(p, "WHAT ELSE CHANGED");
		(void)print_some(p, t, NULL, REST_MAX);
	}
	for (size_t i = 0; i < n; i++)
		left += !t->told[i];
	if (left > 0)
		buf_printf(p->out, "%*sand %zu more, which -f json shows\n",
		    INDENT, "", left);
	if (more > 0)
		buf_printf(p->out,
		    "%*sand %lld more, of which the document has none\n",
		    INDENT, "", more);
}
