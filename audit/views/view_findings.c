#include <stdlib.h>

#include "audit/views/view_parts.h"
#include "audit/views/words.h"

enum { INDENT = 4, NAME_COLUMN = 10 };

/* What follows for mail that is sent all the same, the gravest first. */
static const struct {
	const char *consequence;
	const char *does; /* the provider */
	enum style style;
} gravities[] = {
	{ "reject", "rejects such mail", STYLE_BAD },
	{ "spam", "puts such mail into the spam folder", STYLE_BAD },
	{ "mitigation", "gives no help when mail is blocked", STYLE_OPEN },
	{ "advice", "asks for it, but states no penalty", STYLE_PLAIN },
};

enum { N_GRAVITIES = sizeof(gravities) / sizeof(gravities[0]) };

static const char *const levels[] = { "must", "should", "may" };

/* ---- gathering --------------------------------------------------------- */

static int
consequence_of(const json_t *result)
{
	const char *word = view_text_of(result, "consequence");
	int i = 0;

	while (
	    i < N_GRAVITIES - 1 && strcmp(word, gravities[i].consequence) != 0)
		i++;
	return i;
}

/* Smaller is graver: by consequence, then by level. */
static int
gravity(const json_t *result)
{
	const char *level = view_text_of(result, "level");
	int i = 0;

	while (i < 2 && strcmp(level, levels[i]) != 0)
		i++;
	return consequence_of(result) * 3 + i;
}

static bool
same_member(const json_t *a, const json_t *b, const char *key)
{
	const json_t *x = json_object_get(a, key), *y = json_object_get(b, key);

	return x == y || json_equal(x, y);
}

/*
 * The same records for the same requirement are the same deed, however each
 * provider's fix is worded; without records the words decide.  Of one provider
 * each has something else to say, of the standards too.
 */
static bool
same_deed(const json_t *a, const json_t *b)
{
	if (!same_member(a, b, "check") || !same_member(a, b, "requirement") ||
	    !same_member(a, b, "records") || same_member(a, b, "provider"))
		return false;
	return json_array_size(json_object_get(a, "records")) > 0 ||
	       same_member(a, b, "fix");
}

static void
finding_add(struct arena *a, struct finding *f, const json_t *result)
{
	const json_t **results =
	    arena_grow(a, f->results, f->n, &f->cap, sizeof(*results));
	size_t at = f->n;

	if (results == NULL)
		return;
	f->results = results;
	for (; at > 0 && gravity(results[at - 1]) > gravity(result); at--)
		results[at] = results[at - 1];
	results[at] = result;
	f->n++;
	f->gravity = gravity(results[0]);
}

static void
findings_add(struct arena *a, struct findings *all, const json_t *result)
{
	struct finding *list;

	for (size_t i = 0; i < all->n; i++) {
		if (same_deed(all->list[i].results[0], result)) {
			finding_add(a, &all->list[i], result);
			return;
		}
	}
	list = arena_grow(a, all->list, all->n, &all->cap, sizeof(*list));
	if (list == NULL)
		return;
	all->list = list;
	list[all->n] = (struct finding){ 0 };
	finding_add(a, &list[all->n], result);
	if (list[all->n].n > 0)
		all->n++;
}

bool
view_is_advice(const json_t *result)
{
	return strcmp(view_text_of(result, "provider"), "standards") == 0;
}

/* ---- the changes of the document --------------------------------------- */

static const json_t *
failed_result(const json_t *audit, const char *rule)
{
	const json_t *result;
	size_t i;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (strcmp(view_text_of(result, "rule"), rule) == 0 &&
		    strcmp(view_text_of(result, "status"), "fail") == 0)
			return result;
	}
	return NULL;
}

/* Keeps the order of the document, which knows what says it best. */
static void
take_rules(struct arena *a, const json_t *audit, const json_t *rules,
    struct finding *f)
{
	const json_t *rule, *result, **results;
	size_t i;

	json_array_foreach(rules, i, rule)
	{
		if (!json_is_string(rule))
			continue;
		result = failed_result(audit, json_string_value(rule));
		results =
		    arena_grow(a, f->results, f->n, &f->cap, sizeof(*results));
		if (result == NULL || results == NULL)
			continue;
		f->results = results;
		results[f->n++] = result;
	}
}

static void
take_changes(struct arena *a, const json_t *audit, const char *key,
    struct findings *all)
{
	const json_t *change;
	size_t i;

	json_array_foreach(json_object_get(audit, key), i, change)
	{
		struct finding f = { .change = change }, *list;

		take_rules(a, audit, json_object_get(change, "rules"), &f);
		take_rules(a, audit, json_object_get(change, "implied"), &f);
		list =
		    arena_grow(a, all->list, all->n, &all->cap, sizeof(*list));
		if (f.n == 0 || list == NULL)
			continue;
		f.gravity = gravity(f.results[0]);
		all->list = list;
		list[all->n++] = f;
	}
}

static bool
is_taken(const struct findings *all, const json_t *result)
{
	for (size_t i = 0; i < all->n; i++) {
		for (size_t k = 0; k < all->list[i].n; k++) {
			if (all->list[i].results[k] == result)
				return true;
		}
	}
	return false;
}

static void
sort(struct findings *all, size_t from)
{
	struct finding moved;
	size_t at;

	for (size_t i = from + 1; i < all->n; i++) {
		moved = all->list[i];
		for (at = i;
		     at > from && all->list[at - 1].gravity > moved.gravity;
		     at--)
			all->list[at] = all->list[at - 1];
		all->list[at] = moved;
	}
}

void
findings_gather(struct arena *a, const json_t *audit, bool advice,
    struct findings *all)
{
	const json_t *result;
	size_t i, from;

	*all = (struct findings){ 0 };
	if (!advice) {
		take_changes(a, audit, "changes", all);
		take_changes(a, audit, "recommended", all);
	}
	from = all->n;
	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (strcmp(view_text_of(result, "status"), "fail") != 0 ||
		    view_is_advice(result) != advice || is_taken(all, result))
			continue;
		/* Each with its place: that is better than a paragraph. */
		if (!advice || !view_message_says(audit, result))
			findings_add(a, all, result);
	}
	sort(all, from);
}

/* ---- one finding ------------------------------------------------------- */

bool
finding_said(const struct finding *f, size_t i, const char *key)
{
	for (size_t k = 0; k < i; k++) {
		if (same_member(f->results[k], f->results[i], key))
			return true;
	}
	return false;
}

bool
finding_asks(const struct finding *f, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (same_member(f->results[k], f->results[i], "provider") &&
		    gravity(f->results[k]) <= gravity(f->results[i]))
			return false;
	}
	return true;
}

enum style
finding_style(const json_t *result)
{
	return gravities[consequence_of(result)].style;
}

void
finding_asker(struct buf *b, const json_t *result)
{
	buf_printf(b, "%s (%s)", gravities[consequence_of(result)].does,
	    view_text_of(result, "level"));
}

static void
print_asker(struct page *p, const json_t *result)
{
	struct buf line;

	buf_init(&line, p->out->limit);
	finding_asker(&line, result);
	buf_add(&line, slice_of("", 1));
	page_spaces(p, INDENT);
	page_cell(p, view_provider(view_text_of(result, "provider")),
	    NAME_COLUMN);
	page_style(p, finding_style(result));
	if (!line.failed)
		page_fill(p, (const char *)line.p, INDENT + NAME_COLUMN,
		    INDENT + NAME_COLUMN);
	page_style(p, STYLE_PLAIN);
	buf_free(&line);
}

static void
print_text(struct page *p, const json_t *result, const char *key,
    const char *label)
{
	const char *text = view_text_of(result, key);
	size_t at = INDENT;

	if (*text == '\0')
		return;
	page_spaces(p, INDENT);
	page_style(p, STYLE_BOLD);
	at += page_add(p, label);
	page_style(p, STYLE_PLAIN);
	page_fill(p, text, at, INDENT);
}

/* From the first column, unwrapped, without colour: to be copied. */
static void
print_records(struct page *p, const json_t *result)
{
	const json_t *records = json_object_get(result, "records"), *record;
	size_t i;

	if (json_array_size(records) == 0)
		return;
	page_gap(p);
	json_array_foreach(records, i, record)
	{
		record_print(p->out, record);
		buf_add_char(p->out, '\n');
	}
	buf_add_char(p->out, '\n');
}

static bool
code_said(const struct finding *f, size_t before, const json_t *code)
{
	for (size_t i = 0; i < before; i++) {
		const json_t *codes = json_object_get(f->results[i], "codes");
		const json_t *other;
		size_t k;

		json_array_foreach(codes, k, other)
		{
			if (json_equal(other, code))
				return true;
		}
	}
	return false;
}

void
finding_codes(struct buf *line, const struct finding *f)
{
	const char *before = "; bounces ";
	const json_t *code;
	size_t i, k;

	for (i = 0; i < f->n; i++) {
		json_array_foreach(json_object_get(f->results[i], "codes"), k,
		    code)
		{
			const char *text = json_string_value(code);

			if (text == NULL || code_said(f, i, code))
				continue;
			buf_printf(line, "%s%s", before, text);
			before = " ";
		}
	}
}

static void
print_dim(struct page *p, struct buf *line)
{
	buf_add(line, slice_of("", 1));
	page_spaces(p, INDENT);
	page_style(p, STYLE_DIM);
	if (!line->failed)
		page_fill(p, (const char *)line->p, INDENT, INDENT);
	page_style(p, STYLE_PLAIN);
	buf_reset(line);
}

/* Rule ids and codes, then each source: dim, for whoever looks further. */
static void
print_references(struct page *p, const struct finding *f)
{
	struct buf line;

	buf_init(&line, p->out->limit);
	for (size_t i = 0; i < f->n; i++)
		buf_printf(&line, "%s%s", i > 0 ? ", " : "",
		    view_text_of(f->results[i], "rule"));
	finding_codes(&line, f);
	print_dim(p, &line);
	for (size_t i = 0; i < f->n; i++) {
		const char *source = view_text_of(f->results[i], "source");

		if (*source == '\0' || finding_said(f, i, "source"))
			continue;
		buf_add_str(&line, source);
		if (*view_text_of(f->results[i], "checked") != '\0')
			buf_printf(&line, " (%s)",
			    view_text_of(f->results[i], "checked"));
		print_dim(p, &line);
	}
	buf_free(&line);
}

/* What else it mends of a provider that stands above already, by title. */
static void
print_others(struct page *p, const struct finding *f)
{
	const char *label = "Mends too: ";

	for (size_t i = 1; i < f->n; i++) {
		if (finding_said(f, i, "provider") &&
		    !finding_said(f, i, "title"))
			print_text(p, f->results[i], "title", label);
	}
}

/* Where what is published differs, and which reading is taken. */
static void
print_notes(struct page *p, const struct finding *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (!finding_said(f, i, "notes"))
			print_text(p, f->results[i], "notes", "Note: ");
	}
}

/* ---- all --------------------------------------------------------------- */

void
findings_print(struct page *p, const struct findings *all,
    struct explained *said)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->list[i];
		char number[32];

		(void)snprintf(number, sizeof(number), "%2zu  ", i + 1);
		page_gap(p);
		page_style(p, STYLE_BOLD);
		(void)page_add(p, number);
		page_fill(p, view_text_of(f->results[0], "title"), INDENT,
		    INDENT);
		page_style(p, STYLE_PLAIN);
		for (size_t k = 0; k < f->n; k++) {
			if (finding_asks(f, k))
				print_asker(p, f->results[k]);
		}
		page_gap(p);
		print_text(p, f->results[0], "why", "");
		print_text(p, f->results[0], "fix", "Fix: ");
		print_records(p, f->results[0]);
		print_others(p, f);
		print_notes(p, f);
		view_spf_explain(p, f->results[0], said);
		page_gap(p);
		print_references(p, f);
	}
}

size_t
findings_same_records(const struct findings *all, const json_t *result)
{
	const json_t *records = json_object_get(result, "records");

	for (size_t i = 0; all != NULL && i < all->n; i++) {
		if (json_array_size(records) > 0 &&
		    same_member(all->list[i].results[0], result, "records"))
			return i + 1;
	}
	return 0;
}

static void
print_advice(struct page *p, const json_t *result)
{
	page_spaces(p, 2);
	(void)page_add(p, "- ");
	page_fill(p, view_text_of(result, "title"), INDENT, INDENT);
	page_spaces(p, INDENT);
	page_style(p, STYLE_DIM);
	page_fill(p, view_text_of(result, "rule"), INDENT, INDENT);
	page_style(p, STYLE_PLAIN);
	print_text(p, result, "why", "");
	print_text(p, result, "fix", "Fix: ");
}

bool
advice_record(const struct findings *all, size_t i,
    const struct findings *before, char text[RECORD_SAID_MAX])
{
	const json_t *r = all->list[i].results[0];
	const struct findings earlier = { all->list, i, 0 };
	size_t number = findings_same_records(before, r);

	if (number > 0)
		(void)snprintf(text, RECORD_SAID_MAX,
		    "Record: that of %zu, above.", number);
	else
		(void)snprintf(text, RECORD_SAID_MAX,
		    "Record: the same as above.");
	return number > 0 || findings_same_records(&earlier, r) > 0;
}

static void
print_advice_records(struct page *p, const struct findings *all, size_t i,
    const struct findings *before)
{
	char text[RECORD_SAID_MAX];

	if (!advice_record(all, i, before, text)) {
		print_records(p, all->list[i].results[0]);
		return;
	}
	page_spaces(p, INDENT);
	page_fill(p, text, INDENT, INDENT);
}

void
findings_print_advice(struct page *p, const struct findings *all,
    struct explained *said)
{
	for (size_t i = 0; i < all->n; i++) {
		const json_t *r = all->list[i].results[0];

		print_advice(p, r);
		print_advice_records(p, all, i, said->before);
		view_spf_explain(p, r, said);
	}
}
