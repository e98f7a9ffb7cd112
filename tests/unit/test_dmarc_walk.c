#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "checks/dmarc/dmarc_align.h"
#include "checks/dmarc/dmarc_psl.h"
#include "probes/store.h"

/*
 * The tree walk of RFC 9989 4.10 over zones of a few lines, "NAME TEXT"; a TEXT
 * of "!" is no answer; every other name does not exist.
 */

enum { ARENA = 4 << 20, ROUNDS = 4, NXDOMAIN = 3 };

struct world {
	struct arena *arena;
	struct store *store;
	struct pins pins;
	struct asker asker;
	struct suffix_list *suffixes;
	struct subject subject;
	struct check_run run;
	const char *zone;
	size_t asked;
};

static const char list[] = "com\nnet\nexample\nco.uk\nuk\n"
			   "hosting.example\n";

static void
no_wake(struct asker *a)
{
	(void)a;
}

static void
world_open(struct world *w, const char *zone)
{
	*w = (struct world){ .arena = arena_new(ARENA, 4096),
		.store = store_new(),
		.zone = zone };
	assert_non_null(w->arena);
	assert_non_null(w->store);
	assert_int_equal(suffix_list_new("list", slice_str(list), &w->suffixes),
	    RC_OK);
	w->asker = (struct asker){ w->store, &w->pins, no_wake, NULL, 0 };
	w->subject.suffixes = w->suffixes;
	w->run = (struct check_run){ .subject = &w->subject,
		.asker = &w->asker,
		.arena = w->arena };
}

static void
world_close(struct world *w)
{
	pins_release(w->store, &w->pins);
	store_free(w->store);
	suffix_list_close(&w->suffixes);
	arena_free(w->arena);
}

static void
add_record(struct entry *e, struct slice text, struct answer *a)
{
	struct dns_record *grown = arena_new_of(entry_arena(e),
	    struct dns_record, a->as.dns.n_records + 1);
	struct slice *string = arena_new_of(entry_arena(e), struct slice, 1);

	assert_non_null(grown);
	assert_non_null(string);
	if (a->as.dns.n_records > 0)
		memcpy(grown, a->as.dns.records,
		    a->as.dns.n_records * sizeof(*grown));
	*string = text;
	grown[a->as.dns.n_records] = (struct dns_record){ .type = DNS_TXT };
	grown[a->as.dns.n_records].as.text.strings = string;
	grown[a->as.dns.n_records].as.text.n = 1;
	a->as.dns.records = grown;
	a->as.dns.n_records++;
	a->seen = SEEN_ANSWERED;
	a->as.dns.rcode = 0;
}

static void
answer(struct world *w, struct entry *e)
{
	struct answer a = { .seen = SEEN_ABSENT };
	struct slice rest = slice_str(w->zone), line, name, text;

	a.as.dns.rcode = NXDOMAIN;
	while (slice_line(&rest, &line)) {
		(void)slice_cut(line, ' ', &name, &text);
		if (!slice_eq(name, entry_question(e)->name))
			continue;
		if (slice_eq(text, SLICE_LIT("!"))) {
			entry_fail(e, SEEN_TEMPORARY, CAUSE_TIMEOUT, NULL);
			return;
		}
		add_record(e, text, &a);
	}
	entry_answer(e, &a);
}

/* True: questions were open. */
static bool
answer_all(struct world *w)
{
	struct entry *e;
	bool open = w->run.waiting;

	w->run.waiting = false;
	while ((e = store_next_wanted(w->store)) != NULL) {
		w->asked++;
		answer(w, e);
	}
	return open;
}

static const struct dmarc_walk *
walk(struct world *w, const char *start)
{
	const struct dmarc_walk *out;

	do
		out = dmarc_walk(&w->run, slice_str(start));
	while (answer_all(w));
	assert_non_null(out);
	assert_false(out->waiting);
	return out;
}

/* ---- where it leads ---------------------------------------------------- */

#define AT(name, text) "_dmarc." name " v=DMARC1; " text "\n"
#define P(name)        AT(name, "p=none")

struct walk_case {
	const char *title;
	const char *zone;
	const char *start;
	const char *organizational; /* NULL: lost */
	const char *policy;         /* NULL: none, or lost */
	size_t queries;             /* that it comes to */
};

#define DEEP "a.b.c.d.e.f.g.h.i.j.mail.example.com"

static const struct walk_case cases[] = {
	/* RFC 9989 4.10.2 */
	{ "the record with the fewest labels",
	    P("mail.example.com") P("example.com"), "a.mail.example.com",
	    "example.com", "example.com", 4 },
	{ "psd=n on the way",
	    AT("mail.example.com", "p=none; psd=n") P("example.com"),
	    "a.mail.example.com", "mail.example.com", "mail.example.com", 2 },
	{ "psd=y at the top", AT("com", "p=none; psd=y"), "a.mail.example.com",
	    "example.com", "com", 4 },
	/* B.4.1 */
	{ "a domain with a record", P("example.com") P("signing.example.com"),
	    "example.com", "example.com", "example.com", 2 },
	{ "a subdomain with a record",
	    P("example.com") P("signing.example.com"), "signing.example.com",
	    "example.com", "signing.example.com", 3 },
	/* B.4.2, 4.10 */
	{ "a deep name jumps", P("example.com"), DEEP, "example.com",
	    "example.com", 8 },
	{ "a deep name without a record", "", DEEP, DEEP, NULL, 8 },
	{ "what the jump passes over is not seen",
	    P("j.mail.example.com") P("f.g.h.i.j.mail.example.com"), DEEP,
	    "j.mail.example.com", "j.mail.example.com", 8 },
	/* B.4.3 */
	{ "below psd=y with a record",
	    AT("bank.example", "p=reject; psd=y") P("giant.bank.example"),
	    "giant.bank.example", "giant.bank.example", "giant.bank.example",
	    2 },
	{ "a subdomain of that",
	    AT("bank.example", "p=reject; psd=y") P("giant.bank.example"),
	    "mail.giant.bank.example", "giant.bank.example",
	    "giant.bank.example", 3 },
	{ "below psd=y without a record",
	    AT("bank.example", "p=reject; psd=y") P("giant.bank.example"),
	    "mail.mega.bank.example", "mega.bank.example", "bank.example", 3 },
	/* The rest of the rules. */
	{ "no record at all", "", "a.example.com", "a.example.com", NULL, 3 },
	{ "psd=y where the walk begins", AT("example.com", "p=none; psd=y"),
	    "example.com", "example.com", "example.com", 1 },
	{ "psd=n where the walk begins",
	    AT("a.example.com", "p=none; psd=n") P("example.com"),
	    "a.example.com", "a.example.com", "a.example.com", 1 },
	{ "psd=u is as none",
	    AT("a.example.com", "p=none; psd=u") P("example.com"),
	    "a.example.com", "example.com", "a.example.com", 3 },
	{ "a psd that is not valid is as none",
	    AT("a.example.com", "p=none; psd=x") P("example.com"),
	    "a.example.com", "example.com", "a.example.com", 3 },
	{ "psd in upper case",
	    AT("a.example.com", "p=none; PSD=N") P("example.com"),
	    "a.example.com", "a.example.com", "a.example.com", 1 },
	{ "a record between the start and psd=y",
	    AT("example", "p=none; psd=y") P("b.c.example"), "a.b.c.example",
	    "c.example", "example", 4 },
	{ "two records count as none",
	    P("a.example.com") P("a.example.com") P("example.com"),
	    "a.example.com", "example.com", "example.com", 3 },
	{ "two records with psd=n do not stop it",
	    AT("a.example.com", "p=none; psd=n")
		AT("a.example.com", "p=none; psd=n") P("example.com"),
	    "a.example.com", "example.com", "example.com", 3 },
	{ "another text beside a record",
	    P("example.com") "_dmarc.example.com v=spf1 -all\n", "example.com",
	    "example.com", "example.com", 2 },
	{ "another version", "_dmarc.example.com v=DMARC2; p=none\n",
	    "example.com", "example.com", NULL, 2 },
	{ "a record that says nothing", "_dmarc.example.com v=DMARC1\n",
	    "a.example.com", "example.com", "example.com", 3 },
	{ "a single label", P("localhost"), "localhost", "localhost",
	    "localhost", 1 },
	{ "seven labels do not jump", "", "a.b.c.d.e.example.com",
	    "a.b.c.d.e.example.com", NULL, 7 },
	{ "eight labels", "", "a.b.c.d.e.f.example.com",
	    "a.b.c.d.e.f.example.com", NULL, 8 },
	{ "nine labels jump by two",
	    P("b.c.d.e.f.g.example.com") P("c.d.e.f.g.example.com"),
	    "a.b.c.d.e.f.g.example.com", "c.d.e.f.g.example.com",
	    "c.d.e.f.g.example.com", 8 },
	{ "an organizational domain that the jump passes over",
	    AT("c.d.e.f.g.example.com", "p=none; psd=y"),
	    "a.b.c.d.e.f.g.example.com", "b.c.d.e.f.g.example.com",
	    "c.d.e.f.g.example.com", 2 },
	/* Lost answers. */
	{ "lost where it begins", "_dmarc.a.example.com !\n" P("example.com"),
	    "a.example.com", NULL, NULL, 1 },
	{ "lost on the way", "_dmarc.example.com !\n" P("com"), "a.example.com",
	    NULL, NULL, 2 },
	{ "lost above the domain's own",
	    P("a.example.com") "_dmarc.example.com !\n", "a.example.com", NULL,
	    "a.example.com", 2 },
	{ "lost above psd=n",
	    AT("a.example.com", "p=none; psd=n") "_dmarc.example.com !\n",
	    "a.example.com", "a.example.com", "a.example.com", 1 },
	{ "lost above psd=y",
	    AT("example.com", "p=none; psd=y") "_dmarc.com !\n",
	    "a.example.com", "a.example.com", "example.com", 2 },
};

static bool
is(struct slice s, const char *want)
{
	return want != NULL ? slice_eq(s, slice_str(want)) : s.n == 0;
}

static void
the_walk_leads_where_the_rfc_says(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct walk_case *c = &cases[i];
		const struct dmarc_walk *found;
		struct slice policy;
		struct world w;

		world_open(&w, c->zone);
		found = walk(&w, c->start);
		policy =
		    found->policy != NULL ? found->policy->domain : SLICE_NONE;
		if (!is(found->organizational, c->organizational) ||
		    !is(policy, c->policy) || found->ended != c->queries)
			fail_msg("%s: %.*s, record at %.*s, %zu queries",
			    c->title, SLICE_FMT(found->organizational),
			    SLICE_FMT(policy), found->ended);
		assert_int_equal(found->lost != NULL,
		    c->organizational == NULL);
		world_close(&w);
	}
}

static void
the_queries_are_those_of_the_rfc(void **state)
{
	static const char *const names[] = { ("_dmarc." DEEP),
		"_dmarc.g.h.i.j.mail.example.com",
		"_dmarc.h.i.j.mail.example.com", "_dmarc.i.j.mail.example.com",
		"_dmarc.j.mail.example.com", "_dmarc.mail.example.com",
		"_dmarc.example.com", "_dmarc.com" };
	const struct dmarc_walk *found;
	struct world w;
	size_t i;

	(void)state;
	world_open(&w, "");
	found = walk(&w, DEEP);
	assert_int_equal(found->n, sizeof(names) / sizeof(names[0]));
	assert_int_equal(w.asked, found->n);
	for (i = 0; i < found->n; i++)
		assert_true(is(found->levels[i].name, names[i]));
	world_close(&w);
}

static void
a_name_too_long_to_have_a_record_is_passed_over(void **state)
{
	char name[254];
	struct world w;
	const struct dmarc_walk *found;
	size_t i;

	(void)state;
	for (i = 0; i < 250; i++)
		name[i] = i % 50 == 49 ? '.' : 'a';
	memcpy(name + 250, "com", 4);
	world_open(&w, P("com"));
	found = walk(&w, name);
	assert_true(found->levels[0].unaskable);
	assert_true(is(found->organizational, "com"));
	assert_int_equal(w.asked, found->n - 1);
	world_close(&w);
}

/* ---- alignment --------------------------------------------------------- */

enum fate { APART, TOGETHER, LOST };

struct align_case {
	const char *zone;
	const char *from;
	const char *other;
	enum fate by_walk;
	bool by_list;
};

static const struct align_case aligns[] = {
	/* B.1 */
	{ P("example.com"), "example.com", "example.com", TOGETHER, true },
	{ P("example.com"), "example.com", "child.example.com", TOGETHER,
	    true },
	{ P("example.com"), "child.example.com", "example.com", TOGETHER,
	    true },
	{ P("example.com"), "child.example.com", "example.net", APART, false },
	{ P("example.com"), "a.example.com", "b.example.com", TOGETHER, true },
	/* B.4 */
	{ P("example.com") P("signing.example.com"), "example.com",
	    "signing.example.com", TOGETHER, true },
	{ P("example.com"), DEEP, "example.com", TOGETHER, true },
	{ AT("bank.example", "p=reject; psd=y") P("giant.bank.example"),
	    "giant.bank.example", "mail.giant.bank.example", TOGETHER, true },
	{ AT("bank.example", "p=reject; psd=y") P("giant.bank.example"),
	    "giant.bank.example", "mail.mega.bank.example", APART, true },
	/* Without any record each name is its own. */
	{ "", "a.example.com", "example.com", APART, true },
	{ "", "a.example.com", "a.example.com", TOGETHER, true },
	{ P("a.example.com"), "a.example.com", "example.com", APART, true },
	/* Of a suffix that has a record without psd all are one. */
	{ P("hosting.example"), "a.hosting.example", "b.hosting.example",
	    TOGETHER, false },
	{ AT("hosting.example", "p=none; psd=y"), "a.hosting.example",
	    "b.hosting.example", APART, false },
	{ P("hosting.example"), "a.hosting.example", "hosting.example",
	    TOGETHER, false },
	{ AT("a.example.com", "p=none; psd=n") P("example.com"),
	    "x.a.example.com", "example.com", APART, true },
	{ P("co.uk"), "a.co.uk", "b.co.uk", TOGETHER, false },
	/* Lost answers. */
	{ P("example.com") "_dmarc.b.example.com !\n", "a.example.com",
	    "b.example.com", LOST, true },
	{ P("example.com") "_dmarc.a.example.com !\n", "a.example.com",
	    "b.example.com", LOST, true },
	{ "_dmarc.a.example.com !\n", "a.example.com", "a.example.com",
	    TOGETHER, true },
};

static struct dmarc_alignment
align_both(struct world *w, const struct align_case *c, bool *by_list)
{
	struct slice from = slice_str(c->from), other = slice_str(c->other);
	struct dmarc_psl psl;

	dmarc_psl(&w->run, from, &psl);
	*by_list = dmarc_align_psl(&w->run, &psl, DMARC_ADKIM, other).aligned;
	return dmarc_align_walk(&w->run, dmarc_walk(&w->run, from), other);
}

static void
names_of_one_organization_are_aligned(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(aligns) / sizeof(aligns[0]); i++) {
		const struct align_case *c = &aligns[i];
		struct dmarc_alignment found;
		enum fate fate = APART;
		struct world w;
		bool by_list;

		world_open(&w, c->zone);
		do
			found = align_both(&w, c, &by_list);
		while (answer_all(&w));
		if (found.lost != NULL)
			fate = LOST;
		else if (found.aligned)
			fate = TOGETHER;
		if (fate != c->by_walk || by_list != c->by_list)
			fail_msg("%s, %s: %d by the walk", c->from, c->other,
			    fate);
		world_close(&w);
	}
}

/* ---- the list ---------------------------------------------------------- */

struct psl_case {
	const char *title;
	const char *zone;
	const char *domain;
	const char *organizational;
	const char *policy; /* NULL: none, or lost */
	bool lost;
};

static const struct psl_case lists[] = {
	{ "its own record", P("a.example.com") P("example.com"),
	    "a.example.com", "example.com", "a.example.com", false },
	{ "the organizational domain's", P("b.example.com") P("example.com"),
	    "a.b.example.com", "example.com", "example.com", false },
	{ "what is between is not asked", P("b.example.com"), "a.b.example.com",
	    "example.com", NULL, false },
	{ "of several records none counts, and that is the end",
	    P("a.example.com") P("a.example.com") P("example.com"),
	    "a.example.com", "example.com", NULL, false },
	{ "psd means nothing", AT("a.example.com", "p=none; psd=n"),
	    "x.a.example.com", "example.com", NULL, false },
	{ "a public suffix", P("co.uk"), "co.uk", "co.uk", "co.uk", false },
	{ "below a public suffix", P("co.uk"), "a.co.uk", "a.co.uk", NULL,
	    false },
	{ "a suffix of the list's second part", P("hosting.example"),
	    "x.a.hosting.example", "a.hosting.example", NULL, false },
	{ "under no rule", P("a.nowhere"), "b.a.nowhere", "a.nowhere",
	    "a.nowhere", false },
	{ "lost at the domain", "_dmarc.a.example.com !\n" P("example.com"),
	    "a.example.com", "example.com", NULL, true },
	{ "lost above it", "_dmarc.example.com !\n", "a.example.com",
	    "example.com", NULL, true },
	{ "lost above it, but it has its own",
	    P("a.example.com") "_dmarc.example.com !\n", "a.example.com",
	    "example.com", "a.example.com", false },
};

static void
the_list_leads_where_rfc_7489_says(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct psl_case *c = &lists[i];
		struct dmarc_psl found;
		struct world w;

		world_open(&w, c->zone);
		do
			dmarc_psl(&w.run, slice_str(c->domain), &found);
		while (answer_all(&w));
		if (!found.usable || (found.lost != NULL) != c->lost ||
		    !is(found.organizational, c->organizational) ||
		    !is(found.policy != NULL ? found.policy->domain
					     : SLICE_NONE,
			c->policy))
			fail_msg("%s", c->title);
		world_close(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_walk_leads_where_the_rfc_says),
		cmocka_unit_test(the_queries_are_those_of_the_rfc),
		cmocka_unit_test(
		    a_name_too_long_to_have_a_record_is_passed_over),
		cmocka_unit_test(names_of_one_organization_are_aligned),
		cmocka_unit_test(the_list_leads_where_rfc_7489_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
