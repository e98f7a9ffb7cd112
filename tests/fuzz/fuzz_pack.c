/*
 * The whole reader: a pack is taken or refused with a place that is in it, a
 * refused one leaves nothing, and what is taken can be used.  Reading on behind
 * errors finds the same first one, all in the order of their lines.
 */
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "rules/assume.h"
#include "rules/doubt.h"
#include "rules/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static size_t
count_lines(struct slice text)
{
	struct slice line;
	size_t n = 0;

	while (slice_line(&text, &line))
		n++;
	return n;
}

/* Once its fault is mended, it is one no more. */
static void
use_require(const struct expr *require, const json_t *facts)
{
	const struct node *fault = expr_fault(require, facts);

	(void)expr_vagueness(require, fault);
	if (expr_eval(require, facts, NULL) != TRUTH_FALSE)
		must(fault == NULL);
	else if (fault != NULL)
		must(expr_eval_if(require, facts, &fault, 1) != TRUTH_FALSE);
}

static void
use_rule(const struct rule *x, const json_t *facts)
{
	struct buf out;

	buf_init(&out, 64 * 1024);
	must(x->id.n > 0 && x->provider.n > 0 && x->check.n > 0);
	must(x->title.n > 0 && x->source.n > 0);
	must(x->since < x->until);
	must(x->require != NULL || x->attest.n > 0);
	if (x->require != NULL)
		use_require(x->require, facts);
	if (x->when != NULL)
		(void)expr_eval(x->when, facts, NULL);
	template_expand(x->why, facts, &out);
	template_expand(x->fix, facts, &out);
	if (x->pass != NULL)
		template_expand(x->pass, facts, &out);
	for (size_t i = 0; i < x->n_records; i++) {
		const struct rule_record *r = &x->records[i];

		must(r->type.n > 0);
		for (size_t k = 0; k < rule_record_count(r, facts); k++)
			rule_record_expand(r, facts, k, &out, &out);
	}
	buf_free(&out);
}

static const char base_pack[] =
    "[a.x]\ntitle=T\nlevel=may\nconsequence=advice\nwhy=W\nfix=F\n"
    "source=https://example.com/\nrequire=dmarc.record exists\n";

static struct rules *
rules_open(void)
{
	struct rules *rules = NULL;
	struct pack_error e;

	must(rules_new(&rules) == RC_OK);
	must(rules_add_pack(rules, SLICE_LIT("base"), slice_str(base_pack),
		 NULL, &e) == RC_OK);
	return rules;
}

/* All errors, of which the first is the one that was told. */
static void
all_errors(struct slice text, enum rc first_rc, const struct pack_error *first)
{
	struct rules *rules = rules_open();
	struct pack_errors all = { .n = 0 };
	struct pack_error e;
	enum rc rc;

	rules->errors = &all;
	rc = rules_add_pack(rules, SLICE_LIT("f.rules"), text, NULL, &e);
	must((rc == RC_INVALID) == (first_rc == RC_INVALID) || rc == RC_NOMEM);
	must((rc == RC_INVALID) == (all.n > 0) || rc == RC_NOMEM);
	must(all.n <= LIMIT_PROBLEMS);
	must(rc == RC_OK || rules->n == 1);
	if (rc == RC_INVALID)
		must(e.line == first->line && e.column == first->column);
	for (size_t i = 0; i < all.n; i++)
		must(all.list[i].line >= 1 && all.list[i].what.n > 0);
	rules_close(&rules);
}

static void
doubt_all(const struct rules *rules)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct slice doubts[DOUBTS_MAX];
	size_t n;

	must(a != NULL);
	for (size_t i = 0; i < rules->n && i < 4; i++)
		(void)rule_doubts(a, rules->rules[i], doubts, &n);
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = slice_of(data, n);
	struct pack_error e = { .line = 0 };
	struct rules *rules = NULL;
	json_t *facts;
	enum rc rc;

	rules = rules_open();
	facts = json_pack("{s:{s:s}, s:{s:[s], s:[{s:b}]}}", "dmarc", "record",
	    "v=DMARC1; p=none", "ptr", "unconfirmed", "192.0.2.1", "ips",
	    "confirmed", 1);
	must(facts != NULL);
	rc = rules_add_pack(rules, SLICE_LIT("f.rules"), text, NULL, &e);
	if (rc == RC_INVALID) {
		must(e.line >= 1 && e.column >= 1 && e.what.n > 0);
		must(e.line <= count_lines(text));
	}
	must(rc == RC_OK || rules->n == 1);
	all_errors(text, rc, &e);
	doubt_all(rules);
	for (size_t i = 0; i < rules->n; i++) {
		use_rule(rules->rules[i], facts);
		must(rules_find(rules, rules->rules[i]->id) == rules->rules[i]);
	}
	/* The same again: every id is taken, or off. */
	if (rc == RC_OK && (rules->n > 1 || rules->n_off > 0))
		must(rules_add_pack(rules, SLICE_LIT("again"), text, NULL,
			 &e) != RC_OK);
	json_decref(facts);
	rules_close(&rules);
	return 0;
}
