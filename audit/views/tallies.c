#include "audit/views/view_parts.h"
#include "audit/views/words.h"
#include "base/limits.h"

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

const char *
tallies_next(json_t *table, json_t *said)
{
	const char *title, *best = NULL;
	json_int_t most = 0;
	json_t *o;

	json_object_foreach(table, title, o)
	{
		if (view_number(o, "n") > most &&
		    json_object_get(said, title) == NULL) {
			most = view_number(o, "n");
			best = title;
		}
	}
	if (best != NULL)
		(void)json_object_set_new(said, best, json_true());
	return best;
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
