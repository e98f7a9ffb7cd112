#include "audit/views/words.h"
#include "base/escape.h"
#include "base/limits.h"

/*
 * JUnit XML, as servers of continuous integration read it
 * (tests/cases/views/junit.xsd): a suite an audit and provider, a case a rule.
 * A rule fails where --fail-on has it; what fails below that, is not known or
 * does not apply is skipped, with a message that begins with which it is.
 */

enum outcome { OUTCOME_PASS, OUTCOME_FAILURE, OUTCOME_SKIPPED, OUTCOME_ERROR };

enum { OUTCOMES = OUTCOME_ERROR + 1 };

struct junit {
	size_t suites; /* so far */
	bool open;     /* the root's start is written */
};

struct counts {
	size_t all;
	size_t of[OUTCOMES];
};

/* ---- words ------------------------------------------------------------- */

static void
add(struct buf *out, const char *text)
{
	escape_xml(out, slice_str(text));
}

static void
attribute(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	add(out, value);
	buf_add_char(out, '"');
}

static bool
counts_as_failure(const struct view_run *run, const json_t *result)
{
	switch (run->look.fail_on) {
	case FAIL_ON_SHOULD:
		if (view_is(result, "level", "should"))
			return true;
		break;
	case FAIL_ON_MUST:
	case FAIL_ON_NEVER:
		break;
	}
	return view_is(result, "level", "must");
}

static enum outcome
outcome_of(const struct view_run *run, const json_t *result)
{
	if (view_is(result, "status", "pass"))
		return OUTCOME_PASS;
	if (view_is(result, "status", "fail") && counts_as_failure(run, result))
		return OUTCOME_FAILURE;
	return OUTCOME_SKIPPED;
}

/* ---- a case ------------------------------------------------------------ */

static void
paragraph(struct buf *out, const char *label, const char *text)
{
	if (*text == '\0')
		return;
	buf_add_str(out, label);
	add(out, text);
	buf_add_str(out, "\n\n");
}

static void
add_records(struct buf *out, const json_t *result)
{
	const json_t *record;
	struct buf line;
	size_t i;

	buf_init(&line, out->limit);
	json_array_foreach(json_object_get(result, "records"), i, record)
	{
		buf_reset(&line);
		record_print(&line, record);
		out->failed |= line.failed;
		escape_xml(out, buf_slice(&line));
		buf_add_char(out, '\n');
	}
	if (i > 0)
		buf_add_char(out, '\n');
	buf_free(&line);
}

static void
add_details(struct buf *out, const json_t *result)
{
	const struct finding alone = { .results = &result, .n = 1 };
	struct buf line;

	buf_add_char(out, '\n');
	paragraph(out, "", view_text_of(result, "why"));
	paragraph(out, "Fix: ", view_text_of(result, "fix"));
	add_records(out, result);
	paragraph(out, "Note: ", view_text_of(result, "notes"));
	buf_init(&line, LIMIT_RENDERED);
	buf_printf(&line, "%s ",
	    view_provider(view_text_of(result, "provider")));
	finding_asker(&line, result);
	finding_codes(&line, &alone);
	out->failed |= line.failed;
	escape_xml(out, buf_slice(&line));
	buf_add_str(out, ".\n");
	buf_free(&line);
	if (*view_text_of(result, "source") != '\0') {
		buf_add_str(out, "Source: ");
		add(out, view_text_of(result, "source"));
		buf_add_str(out, ", read on ");
		add(out, view_text_of(result, "checked"));
		buf_add_char(out, '\n');
	}
}

static void
add_failure(struct buf *out, const json_t *result)
{
	buf_add_str(out, "   <failure");
	attribute(out, "message", view_text_of(result, "why"));
	buf_add_str(out, " type=\"");
	add(out, view_text_of(result, "level"));
	buf_add_char(out, '/');
	add(out, view_text_of(result, "consequence"));
	buf_add_str(out, "\">");
	add_details(out, result);
	buf_add_str(out, "</failure>\n");
}

/* "unknown: Not known: there was no answer in time." */
static void
add_skipped(struct buf *out, const json_t *result)
{
	buf_add_str(out, "   <skipped message=\"");
	if (view_is(result, "status", "fail")) {
		add(out, view_text_of(result, "level"));
		buf_add_str(out, " fails");
	} else {
		add(out, view_text_of(result, "status"));
	}
	if (*view_text_of(result, "why") != '\0') {
		buf_add_str(out, ": ");
		add(out, view_text_of(result, "why"));
	}
	buf_add_str(out, "\"/>\n");
}

/* "example.com news.eml": what is audited. */
static const char *
name_of(struct view_run *run, const json_t *audit)
{
	const json_t *subject = json_object_get(audit, "subject");
	const char *domain = view_text_of(subject, "domain");
	const char *file =
	    view_text_of(json_object_get(subject, "message"), "file");
	const char *both = arena_printf(run->arena, "%s%s%s", domain,
	    *domain != '\0' && *file != '\0' ? " " : "", file);

	return both != NULL ? both : domain;
}

/* Servers make a tree of the class, by its points: by domain and provider. */
static void
begin_case(struct buf *out, const json_t *audit, const json_t *result)
{
	const char *domain =
	    view_text_of(json_object_get(audit, "subject"), "domain");

	buf_add_str(out, "  <testcase classname=\"");
	add(out, domain);
	buf_add_str(out, *domain != '\0' ? "." : "");
	add(out, view_text_of(result, "provider"));
	buf_add_char(out, '.');
	add(out, view_text_of(result, "check"));
	buf_add_str(out, "\" name=\"");
	add(out, view_text_of(result, "rule"));
	buf_add_str(out, ": ");
	add(out, view_text_of(result, "title"));
	buf_add_str(out, "\" time=\"0\"");
}

static void
add_case(struct view_run *run, const json_t *audit, const json_t *result)
{
	struct buf *out = &run->out;

	begin_case(out, audit, result);
	switch (outcome_of(run, result)) {
	case OUTCOME_PASS:
	case OUTCOME_ERROR:
		buf_add_str(out, "/>\n");
		return;
	case OUTCOME_FAILURE:
		buf_add_str(out, ">\n");
		add_failure(out, result);
		break;
	case OUTCOME_SKIPPED:
		buf_add_str(out, ">\n");
		add_skipped(out, result);
		break;
	}
	buf_add_str(out, "  </testcase>\n");
}

/* ---- suites ------------------------------------------------------------ */

static void
add_counts(struct buf *out, const struct counts *c)
{
	buf_printf(out,
	    " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
	    "time=\"0\"",
	    c->all, c->of[OUTCOME_FAILURE], c->of[OUTCOME_ERROR],
	    c->of[OUTCOME_SKIPPED]);
}

/* RFC 3339 without its zone, which xs:dateTime of most readers lacks. */
static void
add_time(struct buf *out, const json_t *header)
{
	const char *time = view_text_of(header, "as_of");

	if (view_is_time(time))
		buf_printf(out, " timestamp=\"%.*s\"", (int)strlen(time) - 1,
		    time);
}

static void
begin_suite(struct view_run *run, const json_t *audit, const char *provider,
    const struct counts *c)
{
	struct junit *junit = run->state;
	struct buf *out = &run->out;
	const char *domain =
	    view_text_of(json_object_get(audit, "subject"), "domain");

	buf_add_str(out, " <testsuite name=\"");
	add(out, name_of(run, audit));
	if (*provider != '\0') {
		buf_add_str(out, ": ");
		add(out, view_provider(provider));
	}
	buf_add_char(out, '"');
	attribute(out, "package", *provider != '\0' ? provider : "presend");
	buf_printf(out, " id=\"%zu\"", junit->suites++);
	attribute(out, "hostname", *domain != '\0' ? domain : "localhost");
	add_time(out, run->header);
	add_counts(out, c);
	buf_add_str(out, ">\n");
}

/* The results from at on that are of one provider. */
static size_t
count_suite(const struct view_run *run, const json_t *results, size_t at,
    struct counts *c)
{
	const json_t *first = json_array_get(results, at);
	const char *provider = view_text_of(first, "provider");

	for (; at < json_array_size(results); at++) {
		const json_t *result = json_array_get(results, at);

		if (!view_is(result, "provider", provider))
			break;
		c->all++;
		c->of[outcome_of(run, result)]++;
	}
	return at;
}

static void
add_suites(struct view_run *run, const json_t *audit)
{
	const json_t *results = json_object_get(audit, "results");
	size_t n = json_array_size(results), at = 0;

	while (at < n) {
		struct counts c = { 0 };
		size_t end = count_suite(run, results, at, &c);

		begin_suite(run, audit,
		    view_text_of(json_array_get(results, at), "provider"), &c);
		for (; at < end; at++) {
			add_case(run, audit, json_array_get(results, at));
			view_drain(run);
		}
		buf_add_str(&run->out, " </testsuite>\n");
	}
}

/* What could not be audited is an error, of a case that stands for all. */
static void
add_error(struct view_run *run, const json_t *audit)
{
	const struct counts c = { 1, { [OUTCOME_ERROR] = 1 } };
	const char *error = view_text_of(audit, "error");
	struct buf *out = &run->out;

	begin_suite(run, audit, "", &c);
	buf_add_str(out, "  <testcase");
	attribute(out, "classname", "presend");
	attribute(out, "name", "audit");
	buf_add_str(out, " time=\"0\">\n   <error");
	attribute(out, "message", error);
	attribute(out, "type", "error");
	buf_add_char(out, '>');
	add(out, error);
	buf_add_str(out, "</error>\n  </testcase>\n </testsuite>\n");
}

/* ---- the whole --------------------------------------------------------- */

/* Of the audit, if it is the only one: of many nobody knows before the end. */
static void
begin_root(struct view_run *run, const json_t *audit)
{
	const json_t *results = json_object_get(audit, "results");
	bool error = *view_text_of(audit, "error") != '\0';
	struct counts c = { 0 };
	struct junit *junit = run->state;

	if (junit->open)
		return;
	junit->open = true;
	for (size_t at = 0; at < json_array_size(results) && !error;)
		at = count_suite(run, results, at, &c);
	c.all += error;
	c.of[OUTCOME_ERROR] += error;
	buf_add_str(&run->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			       "<testsuites name=\"presend\"");
	if (!run->look.many)
		add_counts(&run->out, &c);
	buf_add_str(&run->out, ">\n");
}

static void
junit_audit(struct view_run *run, const json_t *audit)
{
	begin_root(run, audit);
	if (*view_text_of(audit, "error") != '\0')
		add_error(run, audit);
	else
		add_suites(run, audit);
}

static void
junit_end(struct view_run *run)
{
	begin_root(run, NULL);
	buf_add_str(&run->out, "</testsuites>\n");
}

const struct view_part junit_of_audits = {
	.state = sizeof(struct junit),
	.item = junit_audit,
	.end = junit_end,
};
