#include "audit/settle.h"
#include "audit/views/view_parts.h"
#include "audit/views/words.h"
#include "base/limits.h"

/* Columns: a domain, a word for each provider, the checks that fail. */
enum { CELL = 9, CHECK_CELL = 13, DOMAIN_MIN = 16, FAILURE_MIN = 14 };

struct widths {
	size_t domain;
	size_t failure; /* 0: there is no room for a table */
};

struct summary {
	struct tallies tallies;
	struct buf early; /* rows that wait for the head of the table */
};

static struct widths
widths_of(const struct view_run *run, size_t providers)
{
	size_t cells = providers * CELL, all = run->look.width;
	size_t left = all > cells ? all - cells : 0;
	struct widths w = { .domain = left };

	if (left < DOMAIN_MIN + FAILURE_MIN)
		return w;
	w.failure = left * 2 / 5;
	w.domain = left - w.failure;
	return w;
}

/* What follows leads: who loses help is not painted like who is rejected. */
const char *
verdict_short(const json_t *verdict)
{
	static const char *const words[][2] = {
		{ "reject", "REJECT" },
		{ "spam", "SPAM" },
		{ "mitigation", "no help" },
	};
	const char *word = view_text_of(verdict, "verdict");
	const char *consequence = verdict_consequence(verdict);

	if (strcmp(word, "compliant") == 0)
		return "ok";
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(consequence, words[i][0]) == 0)
			return words[i][1];
	}
	return strcmp(word, "incomplete") == 0 ? "unknown" : "FAILS";
}

static const char *
subject_name(const json_t *audit)
{
	const json_t *subject = json_object_get(audit, "subject");
	const char *domain = view_text_of(subject, "domain");

	if (*domain != '\0')
		return domain;
	return view_text_of(json_object_get(subject, "message"), "file");
}

const char *
tallies_name(struct view_run *run, const json_t *audit)
{
	const json_t *subject = json_object_get(audit, "subject");
	const char *domain = view_text_of(subject, "domain");
	const char *file =
	    view_text_of(json_object_get(subject, "message"), "file");
	const char *base = strrchr(file, '/'), *both;

	if (*domain == '\0' || *file == '\0')
		return subject_name(audit);
	both = arena_printf(run->arena, "%s %s", domain,
	    base != NULL ? base + 1 : file);
	return both != NULL ? both : domain;
}

/* ---- counting ---------------------------------------------------------- */

static void
count(struct tallies *s, const json_t *verdict)
{
	const char *provider = view_text_of(verdict, "provider");
	const char *word = view_text_of(verdict, "verdict");
	json_t *o = json_object_get(s->totals, provider);
	json_int_t n;

	if (o == NULL) {
		(void)json_object_set_new(s->totals, provider, json_object());
		o = json_object_get(s->totals, provider);
	}
	n = json_integer_value(json_object_get(o, word));
	(void)json_object_set_new(o, word, json_integer(n + 1));
}

/* ---- rows -------------------------------------------------------------- */

static void
print_head(struct view_run *run, struct page *p, const json_t *verdicts)
{
	struct widths w = widths_of(run, json_array_size(verdicts));
	const json_t *v;
	size_t i;

	if (w.failure == 0)
		return;
	page_style(p, STYLE_BOLD);
	page_pad(p, "Domain", w.domain);
	json_array_foreach(verdicts, i, v)
	{
		page_cell(p, view_provider(view_text_of(v, "provider")), CELL);
	}
	(void)page_add(p, "Fails");
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
}

/* Filled into lines; quiet all on one, for grep. */
static void
end_row(struct page *p, const char *text, size_t at)
{
	if (p->look->quiet)
		(void)page_add(p, text);
	else if (*text != '\0')
		page_fill(p, text, at, at);
	if (*text != '\0' && !p->look->quiet)
		return;
	while (p->out->n > 0 && p->out->p[p->out->n - 1] == ' ')
		p->out->n--;
	buf_add_char(p->out, '\n');
}

/* The name, and a place for what stands below or behind it. */
static void
print_name(struct page *p, const char *name)
{
	if (p->look->quiet) {
		(void)page_add(p, name);
	} else {
		page_fill(p, name, 0, 2);
	}
	page_spaces(p, 2);
}

static void
print_cells(struct page *p, const json_t *verdicts, const char *name,
    struct widths w)
{
	size_t used = page_columns(p, name);
	const json_t *verdict;
	size_t i;

	if (used + 2 > w.domain && !p->look->quiet) {
		page_fill(p, name, 0, 2);
		used = 0;
	} else {
		used = page_add(p, name);
	}
	page_spaces(p, used + 2 > w.domain ? 2 : w.domain - used);
	json_array_foreach(verdicts, i, verdict)
	{
		page_style(p, verdict_head_style(verdict));
		used = page_add(p, verdict_short(verdict));
		page_style(p, STYLE_PLAIN);
		page_spaces(p, used < CELL ? CELL - used : 1);
	}
}

/* Those of one word, by name; false: there are none. */
static bool
add_verdicts(struct buf *b, const json_t *verdicts, const char *word)
{
	const char *before = b->n > 0 ? "; " : "";
	const json_t *verdict;
	bool any = false;
	size_t i;

	json_array_foreach(verdicts, i, verdict)
	{
		if (strcmp(verdict_short(verdict), word) != 0)
			continue;
		buf_printf(b, "%s%s", any ? ", " : before,
		    view_provider(view_text_of(verdict, "provider")));
		any = true;
	}
	if (any)
		buf_printf(b, " %s", word);
	return any;
}

/* Where not all has room: "Gmail, Yahoo FAILS; Apple ok (dmarc)". */
static void
print_listed(struct page *p, const json_t *verdicts, const char *failure)
{
	static const char *const words[] = { "REJECT", "SPAM", "no help",
		"FAILS", "unknown", "ok" };

	static const enum style styles[] = { STYLE_BAD, STYLE_BAD, STYLE_OPEN,
		STYLE_BAD, STYLE_OPEN, STYLE_GOOD };
	enum style style = STYLE_PLAIN;
	struct buf text;

	buf_init(&text, p->out->limit);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		bool first = text.n == 0;

		if (add_verdicts(&text, verdicts, words[i]) && first)
			style = styles[i];
	}
	if (*failure != '\0')
		buf_printf(&text, " (%s)", failure);
	buf_add(&text, slice_of("", 1));
	page_style(p, style);
	if (!text.failed)
		end_row(p, (const char *)text.p, 2);
	page_style(p, STYLE_PLAIN);
	buf_free(&text);
}

static void
print_row(struct view_run *run, struct page *p, const json_t *audit,
    const char *failure)
{
	const json_t *verdicts = json_object_get(audit, "verdicts");
	size_t n = json_array_size(verdicts);
	struct widths w = widths_of(run, n);
	const char *name = tallies_name(run, audit);

	if (n == 0) {
		print_name(p, name);
		page_style(p, STYLE_BAD);
		end_row(p, failure, 2);
		page_style(p, STYLE_PLAIN);
	} else if (w.failure == 0) {
		print_name(p, name);
		print_listed(p, verdicts, failure);
	} else {
		print_cells(p, verdicts, name, w);
		end_row(p, failure, w.domain + n * CELL);
	}
}

/* ---- what is wrong, over all of them ----------------------------------- */

/* One more of title in a table of {title: {"check": name, "n": count}}. */
static void
tally(json_t *table, const char *title, const char *check)
{
	json_t *o = json_object_get(table, title);

	if (o == NULL) {
		(void)json_object_set_new(table, title,
		    json_pack("{s:s, s:i}", "check", check, "n", 0));
		o = json_object_get(table, title);
	}
	(void)json_object_set_new(o, "n",
	    json_integer(json_integer_value(json_object_get(o, "n")) + 1));
}

static void
add_word(struct buf *line, json_t *said, const char *before, const char *word)
{
	if (json_object_get(said, word) != NULL)
		return;
	buf_printf(line, "%s%s", json_object_size(said) == 0 ? before : ", ",
	    word);
	(void)json_object_set_new(said, word, json_true());
}

/* "dmarc, ptr": the checks of what fails, the gravest first. */
static void
add_failures(struct view_run *run, struct tallies *s, const json_t *audit,
    struct buf *line)
{
	json_t *said = json_object();
	struct findings all;

	findings_gather(run->arena, audit, false, &all);
	for (size_t i = 0; i < all.n; i++) {
		const json_t *r = all.list[i].results[0];

		add_word(line, said, "", view_text_of(r, "check"));
		tally(s->failures, view_text_of(r, "title"),
		    view_text_of(r, "check"));
	}
	json_decref(said);
}

static bool
is_open_must(const json_t *result)
{
	return strcmp(view_text_of(result, "status"), "unknown") == 0 &&
	       strcmp(view_text_of(result, "level"), "must") == 0;
}

/*
 * The causes why a must could not be judged; true if one is of this domain
 * and not of what all lack, such as a sample message.
 */
static bool
gather_causes(const json_t *audit, const json_t *result, json_t *causes)
{
	bool none = !json_is_object(
		 json_object_get(json_object_get(audit, "subject"), "message")),
	     own = false;
	const json_t *reason;
	size_t i;

	json_array_foreach(json_object_get(result, "unknown"), i, reason)
	{
		const char *cause = view_text_of(reason, "cause");
		bool needs = strncmp(cause, "needs-", 6) == 0;

		own |= !needs;
		(void)json_object_set_new(causes,
		    unknown_needs_message(cause) && none ? "needs-" : cause,
		    json_true());
	}
	return own;
}

/* "; not known: tls": the checks of the musts that could not be judged. */
static void
add_unknowns(struct tallies *s, const json_t *audit, struct buf *line)
{
	const char *before = line->n > 0 ? "; not known: " : "not known: ";
	json_t *said = json_object(), *causes = json_object(), *value;
	const json_t *result;
	const char *cause;
	size_t i;

	json_array_foreach(json_object_get(audit, "results"), i, result)
	{
		if (is_open_must(result) &&
		    gather_causes(audit, result, causes))
			add_word(line, said, before,
			    view_text_of(result, "check"));
	}
	json_object_foreach(causes, cause, value)
	{
		tally(s->unknowns, cause, "");
	}
	json_decref(causes);
	json_decref(said);
}

/* The name stands in the first column already. */
static const char *
without_name(const char *failure, const char *name)
{
	size_t n = strlen(name);

	if (n > 0 && strncmp(failure, name, n) == 0 &&
	    strncmp(failure + n, ": ", 2) == 0)
		return failure + n + 2;
	return failure;
}

static const char *
failure_of(struct view_run *run, struct tallies *s, const json_t *audit)
{
	const char *error = view_text_of(audit, "error"), *text = NULL;
	struct buf line;

	if (*error != '\0')
		return without_name(error, subject_name(audit));
	buf_init(&line, LIMIT_RENDERED);
	add_failures(run, s, audit, &line);
	add_unknowns(s, audit, &line);
	if (!line.failed)
		text = arena_printf(run->arena, "%.*s",
		    SLICE_FMT(buf_slice(&line)));
	buf_free(&line);
	return text != NULL ? text : "";
}

static json_int_t
number_of(const json_t *o)
{
	return json_integer_value(json_object_get(o, "n"));
}

const char *
tallies_next(json_t *table, json_t *said)
{
	const char *title, *best = NULL;
	json_int_t most = 0;
	json_t *o;

	json_object_foreach(table, title, o)
	{
		if (number_of(o) > most &&
		    json_object_get(said, title) == NULL) {
			most = number_of(o);
			best = title;
		}
	}
	if (best != NULL)
		(void)json_object_set_new(said, best, json_true());
	return best;
}

static void
print_failures(struct tallies *s, struct page *p)
{
	json_t *said = json_object();
	const char *title;

	if (json_object_size(s->failures) > 0)
		page_heading(p, "WHAT FAILS, AND HOW OFTEN");
	while ((title = tallies_next(s->failures, said)) != NULL) {
		const json_t *o = json_object_get(s->failures, title);

		buf_printf(p->out, "%6lld  ", (long long)number_of(o));
		page_cell(p, view_text_of(o, "check"), CHECK_CELL);
		page_fill(p, title, 8 + CHECK_CELL, 8 + CHECK_CELL);
	}
	json_decref(said);
}

static void
print_unknowns(struct tallies *s, struct page *p)
{
	json_t *said = json_object();
	const char *cause;

	if (json_object_size(s->unknowns) > 0)
		page_heading(p, "WHAT IS NOT KNOWN, AND HOW TO SETTLE IT");
	while ((cause = tallies_next(s->unknowns, said)) != NULL) {
		const json_t *o = json_object_get(s->unknowns, cause);

		buf_printf(p->out, "%6lld  ", (long long)number_of(o));
		page_style(p, STYLE_OPEN);
		page_fill(p, unknown_heading(cause), 8, 8);
		page_style(p, STYLE_PLAIN);
		page_spaces(p, 8);
		page_fill(p, settle_text(slice_str(cause)), 8, 8);
	}
	json_decref(said);
}

/* ---- totals ------------------------------------------------------------ */

static void
print_total(struct page *p, const char *provider, const json_t *counts)
{
	static const char *const words[] = { "compliant", "non-compliant",
		"incomplete" };
	struct buf line;

	buf_init(&line, p->out->limit);
	for (size_t i = 0; i < 3; i++)
		buf_printf(&line, "%s%lld %s", i > 0 ? ", " : "",
		    (long long)json_integer_value(
			json_object_get(counts, words[i])),
		    words[i]);
	buf_add(&line, slice_of("", 1));
	page_spaces(p, 2);
	page_cell(p, view_provider(provider), CELL + 1);
	if (!line.failed)
		page_fill(p, (const char *)line.p, CELL + 3, CELL + 3);
	buf_free(&line);
}

static void
print_totals(struct view_run *run, struct page *p)
{
	const struct tallies *s = &((struct summary *)run->state)->tallies;
	const char *provider;
	const json_t *counts;

	buf_printf(&run->out, "\n%zu audit%s", run->items,
	    run->items == 1 ? "" : "s");
	if (s->unjudged > 0)
		buf_printf(&run->out, ", %zu not done", s->unjudged);
	buf_add_char(&run->out, '\n');
	json_object_foreach(s->totals, provider, counts)
	{
		print_total(p, provider, counts);
	}
}

/* ---- the tallies ------------------------------------------------------- */

enum rc
tallies_open(struct tallies *s)
{
	*s = (struct tallies){
		.totals = json_object(),
		.failures = json_object(),
		.unknowns = json_object(),
	};
	return s->totals != NULL && s->failures != NULL && s->unknowns != NULL
		   ? RC_OK
		   : RC_NOMEM;
}

void
tallies_close(struct tallies *s)
{
	json_decref(s->totals);
	json_decref(s->failures);
	json_decref(s->unknowns);
}

const char *
tallies_add(struct view_run *run, struct tallies *s, const json_t *audit)
{
	const json_t *verdict;
	size_t i;

	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		count(s, verdict);
	}
	s->unjudged += *view_text_of(audit, "error") != '\0';
	return failure_of(run, s, audit);
}

/* ---- the view ---------------------------------------------------------- */

static void
summary_begin(struct view_run *run)
{
	struct summary *s = run->state;

	run->rc = tallies_open(&s->tallies);
	buf_init(&s->early, LIMIT_RENDERED);
}

static void
summary_close(struct view_run *run)
{
	struct summary *s = run->state;

	tallies_close(&s->tallies);
	buf_free(&s->early);
}

/* The head names the providers, which only what was judged has. */
static bool
has_head(const struct summary *s, const json_t *verdicts)
{
	return json_object_size(s->tallies.totals) > 0 ||
	       json_array_size(verdicts) > 0;
}

static void
take_early(struct view_run *run)
{
	struct summary *s = run->state;

	buf_add(&run->out, buf_slice(&s->early));
	run->out.failed |= s->early.failed;
	buf_reset(&s->early);
}

static void
summary_audit(struct view_run *run, const json_t *audit)
{
	const json_t *verdicts = json_object_get(audit, "verdicts");
	struct summary *s = run->state;
	struct page p;

	page_init(&p, has_head(s, verdicts) ? &run->out : &s->early,
	    &run->look);
	if (json_object_size(s->tallies.totals) == 0 &&
	    json_array_size(verdicts) > 0) {
		print_head(run, &p, verdicts);
		take_early(run);
	}
	print_row(run, &p, audit, tallies_add(run, &s->tallies, audit));
	page_close(&p);
}

static void
summary_end(struct view_run *run)
{
	struct tallies *s = &((struct summary *)run->state)->tallies;
	struct page p;

	take_early(run);
	page_init(&p, &run->out, &run->look);
	if (!run->look.quiet &&
	    json_object_size(s->failures) + json_object_size(s->unknowns) > 0) {
		buf_add_char(&run->out, '\n');
		print_failures(s, &p);
		print_unknowns(s, &p);
	}
	print_totals(run, &p);
	page_close(&p);
}

const struct view_part text_of_audits = {
	.state = sizeof(struct summary),
	.begin = summary_begin,
	.item = summary_audit,
	.end = summary_end,
	.close = summary_close,
};
