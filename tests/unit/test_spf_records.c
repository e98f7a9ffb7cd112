#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "spf_scene.h"

/* ---- ptr, whose losses are no errors (RFC 7208 5.5, 7.3) --------------- */

#define REVERSE "3.2.0.192.in-addr.arpa"

struct named {
	const char *title;
	const char *recording;
	const char *domain; /* NULL: example.com */
	enum spf_result result;
	unsigned int voids;
	const char *explanation;
};

#define PTR_TEN \
	PTR("n0.example") \
	"," PTR("n1.example") "," PTR("n2.example") "," PTR("n3.example") "," PTR("n4.example") "," PTR( \
	    "n5.example") "," PTR("n6.example") "," PTR("n7.example") "," PTR("n8.example")
#define NINE_OTHERS \
	OTHER("n0.example") \
	OTHER("n1.example") \
	OTHER("n2.example") \
	OTHER("n3.example") \
	OTHER("n4.example") \
	OTHER("n5.example") \
	OTHER("n6.example") OTHER("n7.example") OTHER("n8.example")

static const struct named named[] = {
	{ .title = "a name below the domain that leads back",
	    .recording = SPF("ptr -all") FOUND(REVERSE, "PTR",
		PTR("mail.example.com")) FOUND("mail.example.com", "A", A(IP4)),
	    .result = SPF_PASS },
	{ .title = "the domain itself, by whole labels",
	    .recording = SPF("ptr:b.example ?ptr:a.b.example -all")
		FOUND(REVERSE, "PTR", PTR("xb.example") "," PTR("a.b.example"))
		    FOUND("xb.example", "A", A(IP4))
			FOUND("a.b.example", "A", A("192.0.2.1") "," A(IP4)),
	    .result = SPF_PASS },
	{ .title = "a name that leads elsewhere is none",
	    .recording = SPF("ptr -all") FOUND(REVERSE, "PTR",
		PTR("mail.example.com")) OTHER("mail.example.com"),
	    .result = SPF_FAIL },
	{ .title = "a name that leads nowhere is void",
	    .recording = SPF("ptr -all") FOUND(REVERSE, "PTR",
		PTR("mail.example.com")) NXDOMAIN("mail.example.com", "A"),
	    .result = SPF_FAIL,
	    .voids = 1 },
	{ .title = "no name is void",
	    .recording = SPF("ptr -all") NXDOMAIN(REVERSE, "PTR"),
	    .result = SPF_FAIL,
	    .voids = 1 },
	{ .title = "three that lead nowhere are permerror",
	    .recording = SPF("ptr -all") FOUND(REVERSE, "PTR",
		PTR("a.example") "," PTR("b.example") "," PTR("c.example"))
		NXDOMAIN("a.example", "A") NODATA("b.example", "A")
		    NXDOMAIN("c.example", "A"),
	    .result = SPF_PERMERROR,
	    .voids = 3 },
	{ .title = "a name that cannot be asked for now is none",
	    .recording = SPF("ptr -all") FOUND(REVERSE, "PTR",
		PTR("a.example") "," PTR("mail.example.com"))
		TIMEOUT("a.example", "A")
		    FOUND("mail.example.com", "A", A(IP4)),
	    .result = SPF_PASS },
	{ .title = "nor are names that cannot be asked for",
	    .recording = SPF("ptr ?all") TIMEOUT(REVERSE, "PTR"),
	    .result = SPF_NEUTRAL },
	{ .title = "the tenth name is looked at",
	    .recording = SPF("ptr -all")
		FOUND(REVERSE, "PTR", PTR_TEN "," PTR("mail.example.com"))
		    NINE_OTHERS FOUND("mail.example.com", "A", A(IP4)),
	    .result = SPF_PASS },
	{ .title = "the eleventh is not",
	    .recording = SPF("ptr -all") FOUND(REVERSE, "PTR",
		PTR_TEN "," PTR("n9.example") "," PTR("mail.example.com"))
		NINE_OTHERS OTHER("n9.example")
		    FOUND("mail.example.com", "A", A(IP4)),
	    .result = SPF_FAIL },
	{ .title = "%{p}: the domain, before one below it and any other",
	    .recording = SPF("-all exp=x.example")
		FOUND("x.example", "TXT", TXT("%{p}")) FOUND(REVERSE, "PTR",
		    PTR("a.example") "," PTR("a.example.com") "," PTR(
			"example.com")) FOUND("a.example", "A", A(IP4))
		    FOUND("a.example.com", "A", A(IP4))
			FOUND("example.com", "A", A(IP4)),
	    .result = SPF_FAIL,
	    .explanation = "example.com" },
	{ .title = "%{p}: one below it, before any other",
	    .recording = SPF("-all exp=x.example") FOUND("x.example", "TXT",
		TXT("%{p}")) FOUND(REVERSE, "PTR",
		PTR("a.example") "," PTR("a.example.com")) FOUND("a.example",
		"A", A(IP4)) FOUND("a.example.com", "A", A(IP4)),
	    .result = SPF_FAIL,
	    .explanation = "a.example.com" },
	{ .title = "%{p}: any other",
	    .recording = SPF(
		"-all exp=x.example") FOUND("x.example", "TXT", TXT("%{p}"))
		FOUND(REVERSE, "PTR", PTR("b.example") "," PTR("a.example"))
		    NXDOMAIN("b.example", "A") FOUND("a.example", "A", A(IP4)),
	    .result = SPF_FAIL,
	    .explanation = "a.example" },
	{ .title = "%{p}: unknown when it cannot be had",
	    .recording = SPF("-all exp=x.example")
		FOUND("x.example", "TXT", TXT("%{p}")) TIMEOUT(REVERSE, "PTR"),
	    .result = SPF_FAIL,
	    .explanation = "unknown" },
};

static void
a_client_is_named_by_those_that_lead_back_to_it(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		const struct named *n = &named[i];
		struct spf_outcome out;
		struct desk d;

		desk_open(&d, n->title, slice_str(n->recording));
		out = desk_evaluate(&d, false);
		if (out.result != n->result || out.voids != n->voids ||
		    !slice_eq(out.explanation, slice_str(n->explanation)))
			fail_msg("%s: %s, %u void, \"%.*s\"", n->title,
			    spf_result_name(out.result), out.voids,
			    SLICE_FMT(out.explanation));
		desk_close(&d);
	}
}

/* ---- large records ----------------------------------------------------- */

/* A record of so many terms of one kind, and what is to be at its end. */
static struct slice
long_record(struct arena *a, const char *term, size_t times, const char *end)
{
	size_t n = strlen(term);
	char *text = arena_new_of(a, char, n *times + 1), *at = text;

	assert_non_null(text);
	for (size_t i = 0; i < times; i++, at += n)
		memcpy(at, term, n);
	return arena_slicef(a, FOUND("example.com", "TXT", TXT("v=spf1 %s%s")),
	    text, end);
}

static void
a_record_as_long_as_dns_lets_it_be_is_evaluated(void **state)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct spf_outcome out;
	struct desk d;

	(void)state;
	assert_non_null(a);
	desk_open(&d, "ip4", long_record(a, "ip4:1.1.1.1 ", 5000, "-all"));
	out = desk_evaluate(&d, true);
	assert_int_equal(out.result, SPF_FAIL);
	assert_int_equal(out.n_steps, 3);
	assert_int_equal(out.steps[1].terms, 5000);
	assert_false(out.steps_cut);
	desk_close(&d);
	desk_open(&d, "a=", long_record(a, "a= ", 20000, "~all"));
	out = desk_evaluate(&d, true);
	assert_int_equal(out.result, SPF_SOFTFAIL);
	assert_int_equal(out.n_steps, 2);
	assert_false(out.steps_cut);
	desk_close(&d);
	desk_open(&d, "include",
	    long_record(a, "include:example.com ", 3000, "-all"));
	out = desk_evaluate(&d, true);
	assert_int_equal(out.reason, SPF_OVER_LOOKUPS);
	assert_int_equal(out.lookups, SPF_LOOKUPS + 1);
	desk_close(&d);
	arena_free(a);
}

static void
the_traces_of_a_run_have_a_limit_together(void **state)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct spf_outcome out;
	size_t steps = 0;
	struct desk d;

	(void)state;
	assert_non_null(a);
	desk_open(&d, "ip4", long_record(a, "ip4:1.1.1.1 ", 15, "-all"));
	for (int i = 0; i < LIMIT_SPF_STEPS; i++) {
		out = desk_evaluate(&d, true);
		assert_int_equal(out.result, SPF_FAIL);
		assert_true(out.steps_cut == (out.n_steps < 3));
		steps += out.n_steps;
	}
	assert_int_equal(steps, LIMIT_SPF_STEPS);
	desk_close(&d);
	arena_free(a);
}

/* ---- records that are shared ------------------------------------------- */

static size_t
records_asked(struct desk *d)
{
	return d->pins.n;
}

static void
where_a_record_leads_is_asked_for_at_once(void **state)
{
	static const char world[] =
	    SPF("include:a.example include:%{d}.example "
		"redirect=b.example a:c.example")
		SPF_AT("a.example", "include:c.example include:a.example")
		    SPF_AT("b.example", "include:a..example include:bad:")
			NXDOMAIN("c.example", "TXT");
	const struct spf_published *p, *q;
	struct spf_records *rs;
	struct desk d;

	(void)state;
	desk_open(&d, "world", slice_str(world));
	rs = spf_records_new(&d.run);
	assert_non_null(rs);
	p = spf_published(rs, SLICE_LIT("example.com"));
	assert_non_null(p);
	assert_int_equal(p->found, 1);
	assert_int_equal(p->record.n, 4);
	/* example.com, a, b and c. */
	assert_int_equal(records_asked(&d), 4);
	q = spf_published(rs, SLICE_LIT("c.example"));
	assert_int_equal(q->found, 0);
	assert_int_equal(q->answer->seen, SEEN_ABSENT);
	assert_ptr_equal(spf_published(rs, SLICE_LIT("example.com")), p);
	assert_int_equal(records_asked(&d), 4);
	desk_close(&d);
}

/* The terms as two runs see them. */
static bool
is_read_once(struct slice recording, size_t n)
{
	const struct spf_published *p[2];
	struct desk d;
	bool once;

	desk_open(&d, "twice", recording);
	for (int i = 0; i < 2; i++) {
		p[i] = spf_published(spf_records_new(&d.run),
		    SLICE_LIT("example.com"));
		assert_non_null(p[i]);
		assert_int_equal(p[i]->found, 1);
		assert_int_equal(p[i]->record.n, n);
		assert_ptr_equal(p[i]->first, p[i]->answer->as.dns.records);
	}
	once = p[0]->record.terms == p[1]->record.terms;
	desk_close(&d);
	return once;
}

static void
a_record_of_usual_length_is_read_once(void **state)
{
	/* "v=spf1 " and "all" are ten octets, a term is six. */
	const size_t most = (LIMIT_SPF_KEPT - 10) / 6;
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);

	(void)state;
	assert_non_null(a);
	assert_true(
	    is_read_once(long_record(a, "a:b.c ", most, "all"), most + 1));
	assert_false(
	    is_read_once(long_record(a, "a:b.c ", most + 1, "all"), most + 2));
	arena_free(a);
}

static void
no_more_records_are_led_to_than_the_limit(void **state)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct slice terms = SLICE_LIT("");
	struct desk d;

	(void)state;
	assert_non_null(a);
	/* The first a hundred times, as what is the same counts once. */
	for (int i = -100; i < LIMIT_SPF_RECORDS + 100; i++)
		terms = arena_slicef(a, "%.*s include:i%d.example",
		    SLICE_FMT(terms), i > 0 ? i : 0);
	desk_open(&d, "many",
	    arena_slicef(a, FOUND("example.com", "TXT", TXT("v=spf1%.*s")),
		SLICE_FMT(terms)));
	assert_non_null(
	    spf_published(spf_records_new(&d.run), SLICE_LIT("example.com")));
	assert_int_equal(records_asked(&d), LIMIT_SPF_RECORDS + 1);
	desk_close(&d);
	arena_free(a);
}

/* ---- all --------------------------------------------------------------- */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_client_is_named_by_those_that_lead_back_to_it),
		cmocka_unit_test(
		    a_record_as_long_as_dns_lets_it_be_is_evaluated),
		cmocka_unit_test(the_traces_of_a_run_have_a_limit_together),
		cmocka_unit_test(where_a_record_leads_is_asked_for_at_once),
		cmocka_unit_test(a_record_of_usual_length_is_read_once),
		cmocka_unit_test(no_more_records_are_led_to_than_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
