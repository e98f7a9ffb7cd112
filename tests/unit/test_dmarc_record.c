#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "checks/dmarc/dmarc_problems.h"
#include "checks/dmarc/dmarc_suggest.h"

enum { ARENA = 4 << 20, LONG = 64 * 1024 };

#define NAME SLICE_LIT("_dmarc.example.com")
#define RUA  "rua=mailto:d@example.com"
#define GOOD "v=DMARC1; p=none; " RUA

struct world {
	struct arena *arena;
	struct check_run run;
};

static void
world_open(struct world *w)
{
	*w = (struct world){ .arena = arena_new(ARENA, 4096) };
	assert_non_null(w->arena);
	w->run.arena = w->arena;
	w->run.facts = json_object();
	(void)json_object_set_new(w->run.facts, "problems", json_array());
}

static void
world_close(struct world *w)
{
	json_decref(w->run.facts);
	arena_free(w->arena);
}

static json_t *
problem_at(const struct world *w, size_t i)
{
	return json_array_get(json_object_get(w->run.facts, "problems"), i);
}

/* "p-invalid error, no-rua advice" */
static struct slice
told(const struct world *w)
{
	struct slice out = SLICE_LIT("");
	json_t *p;
	size_t i;

	for (i = 0; (p = problem_at(w, i)) != NULL; i++) {
		const char *code =
		    json_string_value(json_object_get(p, "code"));

		assert_true(strncmp(code, "dmarc.", 6) == 0);
		out = arena_slicef(w->arena, "%.*s%s%s %s", SLICE_FMT(out),
		    i > 0 ? ", " : "", code + 6,
		    json_string_value(json_object_get(p, "severity")));
	}
	return out;
}

static struct slice
suggest(struct arena *arena, struct slice text)
{
	struct slice out;

	assert_int_equal(dmarc_suggest(arena, text, SLICE_LIT("example.com"),
			     &out),
	    RC_OK);
	return out;
}

/* ---- what is wrong, and what to write instead -------------------------- */

struct mend_case {
	const char *text;
	const char *told;   /* of a record; NULL: it is none */
	const char *mended; /* NULL: nothing to mend */
};

static const struct mend_case cases[] = {
	/* Right as they are. */
	{ GOOD, "", NULL },
	{ GOOD ";", "", NULL },
	{ GOOD " ; ", "", NULL },
	{ "v=DMARC1;p=reject;" RUA ";ruf=mailto:f@example.com;fo=1:d:s;adkim=s;"
	  "aspf=r;sp=none;np=quarantine;t=n;psd=u",
	    "", NULL },
	{ "v = DMARC1 ; p = Reject ; " RUA " , mailto:e@example.com", "",
	    NULL },
	{ GOOD "?subject=a%20b", "", NULL },
	{ GOOD "; fo=0; ruf=MAILTO:f@example.com", "", NULL },
	/* Nothing to mend, but to be known. */
	{ "v=DMARC1; p=none", "no-rua advice", NULL },
	{ GOOD "; fo=1", "fo-without-ruf advice", NULL },
	{ "v=DMARC1; p=none; rua=https://example.com/r", "rua-scheme warning",
	    NULL },
	{ GOOD "; ruf=ftp://example.com/", "ruf-scheme warning", NULL },
	/* The version. */
	{ "V=DMARC1; p=none; " RUA, "version-case advice", GOOD },
	{ "v=DMARC1 p=none; " RUA, NULL, GOOD },
	{ "v=DMARC1", "p-missing error, no-rua advice",
	    "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com" },
	{ "v=dmarc1; p=reject; " RUA, NULL, "v=DMARC1; p=reject; " RUA },
	{ "p=quarantine; v=DMARC1; " RUA, NULL,
	    "v=DMARC1; p=quarantine; " RUA },
	{ "v=DMARC1.0; p=none; " RUA, NULL, GOOD },
	{ "DMARC1; p=none; " RUA, NULL, GOOD },
	{ " " GOOD, NULL, GOOD },
	{ "\"" GOOD "\"", NULL, GOOD },
	{ "v=DMARC1\\; p=none\\; " RUA, NULL, GOOD },
	{ "\xe2\x80\x9cv=DMARC1; p=none; " RUA "\xe2\x80\x9d", NULL, GOOD },
	/* p and its like. */
	{ "v=DMARC1; sp=none; p=reject; " RUA, "p-not-second warning",
	    "v=DMARC1; p=reject; sp=none; " RUA },
	{ "v=DMARC1; " RUA, "p-missing error", GOOD },
	{ "v=DMARC1; p=monitor; " RUA, "p-invalid error", GOOD },
	{ "v=DMARC1; p=; " RUA, "p-invalid error", GOOD },
	{ "v=DMARC1; p; " RUA, "syntax warning, p-missing error", GOOD },
	{ GOOD "; sp=x", "sp-invalid error", GOOD },
	{ GOOD "; np=rejected", "np-invalid error", GOOD },
	{ GOOD "; adkim=x", "adkim-invalid warning", GOOD },
	{ GOOD "; aspf=relaxed", "aspf-invalid warning", GOOD },
	{ GOOD "; psd=z; t=1", "psd-invalid warning, t-invalid warning", GOOD },
	{ GOOD "; ruf=mailto:f@example.com; fo=2", "fo-invalid warning",
	    GOOD "; ruf=mailto:f@example.com" },
	{ GOOD "; ruf=mailto:f@example.com; fo=1:", "fo-invalid warning",
	    GOOD "; ruf=mailto:f@example.com" },
	{ GOOD "; adkim=s junk", "adkim-invalid warning", GOOD },
	/* Of RFC 7489. */
	{ GOOD "; pct=100; rf=afrf; ri=86400",
	    "obsolete-tag advice, obsolete-tag advice, obsolete-tag advice",
	    GOOD },
	{ GOOD "; pct=20", "obsolete-tag warning", GOOD },
	{ GOOD "; pct=101; rf=iodef; ri=1d",
	    "obsolete-tag warning, obsolete-tag warning, obsolete-tag warning",
	    GOOD },
	{ GOOD "!10m", "obsolete-size advice", GOOD },
	{ GOOD "!10x", "rua-invalid error", "v=DMARC1; p=none" },
	/* Addresses. */
	{ "v=DMARC1; p=none; rua=d@example.com", "rua-no-scheme error", GOOD },
	{ GOOD "; ruf=f@example.com", "ruf-no-scheme error",
	    GOOD "; ruf=mailto:f@example.com" },
	{ GOOD ";mailto:e@example.com", "rua-separator error",
	    GOOD ",mailto:e@example.com" },
	{ GOOD "; e@example.com; f@example.com",
	    "rua-separator error, rua-separator error",
	    GOOD ",mailto:e@example.com,mailto:f@example.com" },
	{ GOOD " mailto:e@example.com", "rua-separator error",
	    GOOD ",mailto:e@example.com" },
	{ "v=DMARC1; p=none; rua=mailto: d@example.com", "rua-separator error",
	    GOOD },
	{ GOOD ",", "rua-empty warning", GOOD },
	{ GOOD ",,mailto:e@example.com", "rua-empty warning",
	    GOOD ",mailto:e@example.com" },
	{ "v=DMARC1; p=none; rua=", "rua-empty warning", "v=DMARC1; p=none" },
	{ "v=DMARC1; p=none; rua=mailto:", "rua-invalid error",
	    "v=DMARC1; p=none" },
	{ "v=DMARC1; p=none; rua=mailto:d@", "rua-invalid error",
	    "v=DMARC1; p=none" },
	{ "v=DMARC1; p=none; rua=mailto:@example.com", "rua-invalid error",
	    "v=DMARC1; p=none" },
	{ "v=DMARC1; p=none; rua=<mailto:d@example.com>", "rua-invalid error",
	    "v=DMARC1; p=none" },
	/* What stands between. */
	{ "v=DMARC1; p=none, " RUA, "comma error", GOOD },
	{ "v=DMARC1; p=none " RUA, "no-semicolon error", GOOD },
	{ GOOD ", ruf=mailto:f@example.com", "comma error",
	    GOOD "; ruf=mailto:f@example.com" },
	{ "v=DMARC1;; p=none; " RUA, "empty-tag warning", GOOD },
	{ "v=DMARC1; p=none; fo:1; ruf=mailto:f@example.com; " RUA,
	    "syntax warning",
	    "v=DMARC1; p=none; fo=1; ruf=mailto:f@example.com; " RUA },
	{ GOOD "; junk", "syntax warning", GOOD },
	{ GOOD "; =x", "syntax warning", GOOD },
	/* Names. */
	{ GOOD "; x=y", "unknown-tag advice", GOOD },
	{ GOOD "; P=none", "tag-case advice, duplicate-tag error", GOOD },
	{ "v=DMARC1; P=none; " RUA, "tag-case advice", GOOD },
	{ GOOD "; p=reject", "duplicate-tag error", GOOD },
	{ GOOD "; " RUA, "duplicate-tag error", GOOD },
	{ GOOD "; v=DMARC1", "duplicate-tag error", GOOD },
	/* Octets. */
	{ "v=DMARC1; p=\"none\"; " RUA, "quotes error, p-invalid error", GOOD },
	{ "v=DMARC1; p=\xe2\x80\x98none\xe2\x80\x99; " RUA,
	    "smart-quotes error, p-invalid error", GOOD },
	{ "v=DMARC1; p=none\\; " RUA, "backslash error, p-invalid error",
	    GOOD },
	{ "v=DMARC1; p=none;\xc2\xa0" RUA,
	    "non-ascii error, unknown-tag advice, no-rua advice", GOOD },
	{ "v=DMARC1; p=none; rua=mailto:d@ex\xc3\xa4mple.com",
	    "non-ascii error, rua-invalid error", "v=DMARC1; p=none" },
	{ "v=DMARC1; p=none;\n" RUA, "non-ascii error", GOOD },
};

static void
check_told(const struct mend_case *c, struct slice text)
{
	struct dmarc_record record;
	struct world w;

	world_open(&w);
	dmarc_record_read(text, &record);
	dmarc_record_problems(&w.run, &record, NAME);
	if (!slice_eq(told(&w), slice_str(c->told)))
		fail_msg("%s: told \"%.*s\", not \"%s\"", c->text,
		    SLICE_FMT(told(&w)), c->told);
	world_close(&w);
}

static void
each_fault_is_told_by_its_code(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (cases[i].told != NULL)
			check_told(&cases[i], slice_str(cases[i].text));
}

static void
a_record_is_mended_and_then_stays(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct mend_case *c = &cases[i];
		struct arena *arena = arena_new(ARENA, 4096);
		struct slice out = suggest(arena, slice_str(c->text));

		if (!slice_eq(out,
			slice_str(c->mended != NULL ? c->mended : c->text)))
			fail_msg("%s: mended to \"%.*s\"", c->text,
			    SLICE_FMT(out));
		assert_true(slice_eq(suggest(arena, out), out));
		arena_free(arena);
	}
}

static void
a_detail_says_where_and_what_to_write(void **state)
{
	struct slice text = SLICE_LIT("v=DMARC1; p=none; rua=d@example.com");
	struct dmarc_record record;
	struct world w;

	(void)state;
	world_open(&w);
	dmarc_record_read(text, &record);
	dmarc_record_problems(&w.run, &record, NAME);
	assert_string_equal(json_string_value(
				json_object_get(problem_at(&w, 0), "detail")),
	    "rua at _dmarc.example.com names the address d@example.com without "
	    "\"mailto:\", so it is no URI and no report goes there; write "
	    "rua=mailto:d@example.com");
	world_close(&w);
}

/* ---- what is no record ------------------------------------------------- */

struct near_case {
	const char *text;
	const char *code;
	const char *why; /* a part of the detail */
};

static const struct near_case nears[] = {
	{ "v=dmarc1; p=none", "dmarc.bad-version", "in capitals" },
	{ "p=none; v=DMARC1", "dmarc.bad-version", "not its first tag" },
	{ "v=DMARC12; p=none", "dmarc.bad-version", "does not begin" },
	{ "v=DMARC1, p=none", "dmarc.bad-version", "does not begin" },
	{ "v=DMARC1 p=none", "dmarc.no-semicolon", "write v=DMARC1; and" },
	{ "v=DMARC1\tp=none", "dmarc.no-semicolon", "write v=DMARC1; and" },
	{ "v=DMARC; p=none", "dmarc.bad-version", "does not begin" },
	{ " v=DMARC1; p=none", "dmarc.bad-version", "a blank" },
	{ "\"v=DMARC1; p=none\"", "dmarc.quotes", "quotation marks" },
	{ "\xe2\x80\x9cv=DMARC1; p=none", "dmarc.smart-quotes", "typographic" },
	{ "v=DMARC1\\; p=none", "dmarc.backslash", "zone files" },
	{ "\xef\xbb\xbfv=DMARC1; p=none", "dmarc.non-ascii", "printable" },
};

static void
a_text_that_is_almost_a_record_is_told(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nears) / sizeof(nears[0]); i++) {
		struct world w;
		json_t *p;

		world_open(&w);
		dmarc_near_problem(&w.run, slice_str(nears[i].text), NAME);
		p = problem_at(&w, 0);
		assert_string_equal(json_string_value(
					json_object_get(p, "code")),
		    nears[i].code);
		assert_non_null(
		    strstr(json_string_value(json_object_get(p, "detail")),
			nears[i].why));
		world_close(&w);
	}
}

/* ---- which policy ------------------------------------------------------ */

struct wish_case {
	const char *text;
	enum dmarc_position position;
	bool modern;
	const char *policy;
	const char *applies;
};

static const struct wish_case wishes[] = {
	{ "v=DMARC1; p=reject; sp=none", DMARC_OWN, true, "reject", "p" },
	{ "v=DMARC1; p=reject; sp=none", DMARC_BELOW, true, "none", "sp" },
	{ "v=DMARC1; p=reject", DMARC_BELOW, true, "reject", "p" },
	{ "v=DMARC1; p=none; np=reject", DMARC_BELOW, true, "none", "p" },
	{ "v=DMARC1; p=none; np=reject", DMARC_NOWHERE, true, "reject", "np" },
	{ "v=DMARC1; p=none; np=reject", DMARC_NOWHERE, false, "none", "p" },
	{ "v=DMARC1; p=none; sp=reject", DMARC_NOWHERE, true, "reject", "sp" },
	{ "v=DMARC1; p=none; np=reject", DMARC_OWN, true, "none", "p" },
	{ "v=DMARC1; p=reject; t=y", DMARC_OWN, true, "quarantine", "p" },
	{ "v=DMARC1; p=quarantine; t=y", DMARC_OWN, true, "none", "p" },
	{ "v=DMARC1; p=none; t=y", DMARC_OWN, true, "none", "p" },
	{ "v=DMARC1; p=reject; t=y", DMARC_OWN, false, "reject", "p" },
	{ "v=DMARC1; p=reject; t=x", DMARC_OWN, true, "reject", "p" },
	{ "v=DMARC1; p=reject; pct=0", DMARC_OWN, true, "reject", "p" },
	{ "v=DMARC1; p=reject; pct=0", DMARC_OWN, false, "quarantine", "p" },
	{ "v=DMARC1; p=none; sp=quarantine; pct=000", DMARC_BELOW, false,
	    "none", "sp" },
	{ "v=DMARC1; p=reject; pct=1", DMARC_OWN, false, "reject", "p" },
	{ "v=DMARC1; p=reject; pct=-0", DMARC_OWN, false, "reject", "p" },
	{ "v=DMARC1; p=x; " RUA, DMARC_OWN, true, "none", NULL },
	{ "v=DMARC1; p=x; rua=d@example.com", DMARC_OWN, true, NULL, NULL },
	{ "v=DMARC1; " RUA, DMARC_OWN, false, "none", NULL },
	{ "v=DMARC1", DMARC_OWN, true, NULL, NULL },
	{ "v=DMARC1; p=reject; sp=x; " RUA, DMARC_OWN, true, "none", NULL },
	{ "v=DMARC1; p=reject; np=x; " RUA, DMARC_OWN, true, "none", NULL },
	{ "v=DMARC1; p=reject; np=x", DMARC_OWN, true, NULL, NULL },
	{ "v=DMARC1; p=reject; np=x", DMARC_OWN, false, "reject", "p" },
	{ "v=DMARC1; p=reject; p=none", DMARC_OWN, true, "reject", "p" },
};

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
the_tag_that_decides_is_found(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
		const struct wish_case *c = &wishes[i];
		struct dmarc_record record;
		struct dmarc_wish wish;

		dmarc_record_read(slice_str(c->text), &record);
		wish = dmarc_record_wish(&record, c->position, c->modern);
		if (!same(wish.policy, c->policy) ||
		    !same(wish.applies, c->applies))
			fail_msg("%s (%d): %s by %s", c->text, c->position,
			    wish.policy, wish.applies);
	}
}

/* ---- size -------------------------------------------------------------- */

static void
fill(struct buf *b, const char *piece)
{
	buf_reset(b);
	buf_add_str(b, "v=DMARC1");
	while (b->n < LONG)
		buf_add_str(b, piece);
}

static void
the_longest_records_are_told_within_bounds(void **state)
{
	static const char *const pieces[] = { ";", "; x=y", "; junk", "; p=x",
		"; rua=x", " p=none", ",p=none", "; rua=a@b", ",mailto:a@b",
		"; a@b", "p                ", "\"", ";p=none rua=mailto:a@b" };
	struct dmarc_record record;
	struct slice out;
	struct world w;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 2 * LONG);
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		world_open(&w);
		fill(&b, pieces[i]);
		dmarc_record_read(buf_slice(&b), &record);
		dmarc_record_problems(&w.run, &record, NAME);
		assert_true(json_array_size(json_object_get(w.run.facts,
				"problems")) <= LIMIT_PROBLEMS + 1);
		out = suggest(w.arena, buf_slice(&b));
		assert_true(slice_eq(suggest(w.arena, out), out));
		world_close(&w);
	}
	buf_free(&b);
}

/* One after the other they would be read as many times as there are sizes. */
static void
sizes_without_end_are_taken_off_at_once(void **state)
{
	struct world w;
	struct buf b;

	(void)state;
	world_open(&w);
	buf_init(&b, 2 * LONG);
	buf_add_str(&b, GOOD);
	while (b.n < LONG)
		buf_add_str(&b, "!1");
	assert_true(slice_eq(suggest(w.arena, buf_slice(&b)), slice_str(GOOD)));
	buf_free(&b);
	world_close(&w);
}

static void
a_suggestion_under_any_ceiling_is_whole_or_none(void **state)
{
	struct slice text = SLICE_LIT("v=DMARC1; rua=a@example.com b@example");
	size_t limit;
	enum rc rc = RC_LIMIT;

	(void)state;
	for (limit = 16; rc != RC_OK; limit += 16) {
		struct arena *arena = arena_new(limit, 16);
		struct slice out;

		if (arena == NULL)
			continue;
		rc = dmarc_suggest(arena, text, SLICE_LIT("example.com"), &out);
		if (rc == RC_OK)
			assert_true(
			    slice_eq(out, SLICE_LIT("v=DMARC1; p=none; "
						    "rua=mailto:a@example.com,"
						    "mailto:b@example")));
		else
			assert_int_equal(rc, RC_LIMIT);
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_told_by_its_code),
		cmocka_unit_test(a_record_is_mended_and_then_stays),
		cmocka_unit_test(a_detail_says_where_and_what_to_write),
		cmocka_unit_test(a_text_that_is_almost_a_record_is_told),
		cmocka_unit_test(the_tag_that_decides_is_found),
		cmocka_unit_test(the_longest_records_are_told_within_bounds),
		cmocka_unit_test(sizes_without_end_are_taken_off_at_once),
		cmocka_unit_test(
		    a_suggestion_under_any_ceiling_is_whole_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
