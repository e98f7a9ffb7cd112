/*
 * What our evaluation says to the cases on its standard input: a line each, of
 * result, explanation, why, and the questions of its trace.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "checks/spf/spf_eval.h"
#include "tests/differential/ours.h"

enum { ROUNDS = 200 };

static const char *
reason_name(enum spf_reason r)
{
	switch (r) {
	case SPF_BY_TERM:
		return "by-term";
	case SPF_NO_MATCH:
		return "no-match";
	case SPF_BAD_NAME:
		return "bad-name";
	case SPF_NO_DOMAIN:
		return "no-domain";
	case SPF_NO_RECORD:
		return "no-record";
	case SPF_MANY_RECORDS:
		return "many-records";
	case SPF_SYNTAX:
		return "syntax";
	case SPF_INCLUDE_NONE:
		return "include-none";
	case SPF_REDIRECT_NONE:
		return "redirect-none";
	case SPF_REDIRECT_NAME:
		return "redirect-name";
	case SPF_OVER_LOOKUPS:
		return "over-lookups";
	case SPF_OVER_VOIDS:
		return "over-voids";
	case SPF_OVER_MX:
		return "over-mx";
	case SPF_OVER_TIME:
		return "over-time";
	case SPF_OVER_SIZE:
		return "over-size";
	case SPF_DNS:
		return "dns";
	}
	return "?";
}

static void
field_text(const char *name, struct slice text)
{
	(void)printf(" %s=", name);
	case_encode(stdout, text.p, text.n);
}

/* What is asked for, once for each step; of those that matched, or of all. */
static void
steps_write(const struct spf_outcome *o, bool matched)
{
	const char *between = "";
	char type[12];
	size_t i;

	for (i = 0; i < o->n_steps; i++) {
		const struct spf_step *s = &o->steps[i];

		if (s->type == 0 || (matched && !s->matched))
			continue;
		(void)fputs(between, stdout);
		between = ",";
		reply_name(stdout, s->target);
		dns_type_name(s->type, type);
		(void)printf("/%s", type);
	}
}

static void
reply(const struct spf_outcome *o)
{
	(void)printf("%s\t", spf_result_name(o->result));
	case_encode(stdout, o->explanation.p, o->explanation.n);
	(void)printf("\treason=%s lookups=%u voids=%u", reason_name(o->reason),
	    o->lookups, o->voids);
	field_text("where", o->where);
	if (o->failing != NULL) {
		field_text("failing", o->failing->text);
		if (o->failing->fault != SPF_FINE)
			field_text("fault",
			    slice_str(spf_fault_text(o->failing->fault)));
	}
	if (o->matched != NULL)
		field_text("matched", o->matched->text);
	if (o->reason == SPF_DNS)
		field_text("lost", o->lost_what);
	(void)fputs(" hits=", stdout);
	steps_write(o, true);
	(void)putchar('\t');
	steps_write(o, false);
	(void)putchar('\n');
	(void)fflush(stdout);
}

static void
ask(struct test_case *c, struct arena *arena)
{
	struct spf_query q = { .domain = slice_str(case_value(c, "domain")),
		.local = slice_str(case_value(c, "local")),
		.helo = slice_str(case_value(c, "helo")),
		.receiver = SLICE_LIT("receiver.example.net"),
		.traced = true };
	struct spf_outcome o = { .waiting = true };
	struct zone_store z;
	int rounds;

	if (q.local.n == 0)
		q.local = SLICE_NONE;
	if (!ip_parse(slice_str(case_value(c, "ip")), &q.ip))
		abort();
	zone_store_open(&z, c);
	for (rounds = 0; o.waiting && rounds < ROUNDS; rounds++) {
		struct check_run run = { .asker = &z.asker, .arena = arena };

		arena_reset(arena);
		if (spf_evaluate(spf_records_new(&run), &q, &o) != RC_OK)
			abort();
		zone_store_answer(&z);
	}
	if (o.waiting)
		(void)puts("waits\t\t\t");
	else
		reply(&o);
	zone_store_close(&z);
}

int
main(void)
{
	struct test_case *c = calloc(1, sizeof(*c));
	struct arena *arena = arena_new(LIMIT_AUDIT_ARENA, 64 * 1024);
	int status = 2;

	if (c == NULL || arena == NULL)
		goto out;
	while (case_read(stdin, c))
		ask(c, arena);
	case_clear(c);
	status = 0;
out:
	free(c);
	arena_free(arena);
	return status;
}
