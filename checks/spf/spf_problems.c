#include "checks/spf/spf_problems.h"

#include "base/buf.h"
#include "base/domain.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/table.h"
#include "checks/spf/spf_judge.h"
#include "checks/spf/spf_mistakes.h"

const char *const spf_problem_codes[] = {
	"spf.blank-after-qualifier",
	"spf.documentation-address",
	"spf.duplicate",
	"spf.huge-range",
	"spf.ignored",
	"spf.include-loop",
	"spf.include-no-record",
	"spf.include-without-colon",
	"spf.literal-in-a",
	"spf.long-record",
	"spf.lookups-full",
	"spf.macro-lookups",
	"spf.multiple-records",
	"spf.mx-many",
	"spf.neutral-all",
	"spf.no-all",
	"spf.no-record",
	"spf.not-covered",
	"spf.placeholder",
	"spf.plus-all",
	"spf.private-address",
	"spf.ptr",
	"spf.quotes",
	"spf.redirect-with-all",
	"spf.repeated-version",
	"spf.split-blank",
	"spf.syntax",
	"spf.terms-after-all",
	"spf.too-many-lookups",
	"spf.too-many-voids",
	"spf.two-services",
	"spf.type99",
	"spf.unreachable",
	"spf.upper-case",
	"spf.version",
	"spf.void-lookup",
	"spf.white-space",
	NULL,
};

/* ---- saying it --------------------------------------------------------- */

bool
spf_is_full(const struct spf_judge *j)
{
	return json_array_size(json_object_get(j->run->facts, "problems")) >
	       LIMIT_PROBLEMS;
}

void
spf_claim(struct spf_judge *j, struct spf_claim c, struct slice detail)
{
	static const char *const severities[] = {
		[SPF_ERROR] = "error",
		[SPF_WARNING] = "warning",
		[SPF_ADVICE] = "advice",
	};
	json_t *o = check_problem(j->run->facts, "problems", c.code, detail);

	/* The last one stands for all others. */
	if (o == NULL)
		return;
	if (spf_is_full(j))
		c = (struct spf_claim){ c.code, SPF_ADVICE, j->of->domain,
			SLICE_NONE };
	(void)json_object_set_new(o, "severity",
	    json_string(severities[c.severity]));
	check_fact_text(o, "domain", c.domain);
	if (c.term.p != NULL)
		check_fact_text(o, "term", c.term);
	else
		check_fact_null(o, "term");
}

struct slice
spf_shown(const struct spf_judge *j, struct slice s)
{
	enum { SHOWN = 100 };
	struct slice out;
	struct buf b;

	buf_init(&b, LIMIT_SPF_EXPANSION);
	escape_octets(&b, slice_sub(s, 0, SHOWN));
	if (s.n > SHOWN)
		buf_add_str(&b, "...");
	out = b.failed ? SLICE_NONE : arena_copy(j->run->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

bool
spf_is_own(const struct spf_judge *j, struct slice domain)
{
	struct slice own = j->of->own.n > 0 ? j->of->own : j->of->domain;

	return domain_is_under(domain, own) || slice_eq(domain, j->of->domain);
}

/* ---- the records at the name itself ------------------------------------ */

static void
judge_none(struct spf_judge *j, const struct spf_published *p)
{
	const struct answer *a = p->answer;
	const char *there = "TXT records, but no SPF record among them";

	if (a->seen == SEEN_ABSENT)
		there = a->as.dns.rcode == 3 ? "no such name in DNS"
					     : "no TXT record";
	spf_claim(j,
	    (struct spf_claim){ "spf.no-record", SPF_ERROR, p->domain,
		SLICE_NONE },
	    arena_slicef(j->run->arena,
		"%.*s: %s; receivers answer none, so SPF never passes, and "
		"Gmail and Yahoo reject or limit the mail of bulk senders "
		"without it.",
		SLICE_FMT(p->domain), there));
}

/* " (octet 0xC2 at 6)": a blank that is none, which nobody sees. */
static struct slice
false_blank(const struct spf_judge *j, struct slice text)
{
	const size_t at = sizeof("v=spf1") - 1;

	if (text.n <= at || !slice_starts_nocase(text, SLICE_LIT("v=spf1")) ||
	    (text.p[at] >= ' ' && text.p[at] <= '~'))
		return SLICE_LIT("");
	return arena_slicef(j->run->arena, " (octet 0x%02X at %zu)", text.p[at],
	    at);
}

static bool
judge_near_miss(struct spf_judge *j, const struct spf_published *p,
    struct slice text)
{
	struct slice rest, octet = false_blank(j, text);

	if (spf_record_is(text) || !spf_near_miss(text, &rest))
		return false;
	spf_claim(j,
	    (struct spf_claim){ "spf.version",
		p->found == 0 ? SPF_ERROR : SPF_ADVICE, p->domain, SLICE_NONE },
	    arena_slicef(j->run->arena,
		"%.*s has the TXT record \"%.*s\"%.*s, which receivers do not "
		"take for SPF: it has to begin with \"v=spf1\" and a blank. "
		"%s",
		SLICE_FMT(p->domain), SLICE_FMT(spf_shown(j, text)),
		SLICE_FMT(octet),
		p->found == 0 ? "So they answer none, and SPF never passes. "
				"Correct it."
			      : "Take it out."));
	return true;
}

/* Two records, each of which includes what the other one does not. */
static bool
are_services(struct spf_judge *j, const struct spf_published *p)
{
	const struct dns_answer *d = &p->answer->as.dns;
	struct slice first = SLICE_NONE;
	struct spf_record r;

	for (size_t i = 0; i < d->n_records; i++) {
		struct slice text = check_text(j->run->arena, &d->records[i]);
		struct slice include = SLICE_NONE;

		if (!spf_record_is(text))
			continue;
		if (spf_record_parse(j->run->arena, text, &r) || r.faults > 0)
			return false;
		for (size_t k = 0; k < r.n && include.p == NULL; k++)
			if (r.terms[k].kind == SPF_INCLUDE)
				include = r.terms[k].spec;
		if (include.p == NULL || slice_eq_nocase(include, first))
			return false;
		first = include;
	}
	return true;
}

static void
judge_many(struct spf_judge *j, const struct spf_published *p)
{
	spf_claim(j,
	    (struct spf_claim){ "spf.multiple-records", SPF_ERROR, p->domain,
		SLICE_NONE },
	    arena_slicef(j->run->arena,
		"%.*s has %zu SPF records; receivers answer permerror, so "
		"nothing passes (RFC 7208 4.5). Merge them into one.",
		SLICE_FMT(p->domain), p->found));
	if (are_services(j, p))
		spf_claim(j,
		    (struct spf_claim){ "spf.two-services", SPF_ADVICE,
			p->domain, SLICE_NONE },
		    SLICE_LIT("Each of the records is that of one service: a "
			      "service's include goes into the record that is "
			      "there, not beside it."));
}

static void
judge_root(struct spf_judge *j, const struct spf_published *p)
{
	const struct dns_answer *d = &p->answer->as.dns;
	bool missed = false;

	if (p->found > 1)
		judge_many(j, p);
	for (size_t i = 0; p->answer->seen == SEEN_ANSWERED && i < d->n_records;
	     i++)
		missed = judge_near_miss(j, p,
			     check_text(j->run->arena, &d->records[i])) ||
			 missed;
	if (p->found == 0 && !missed)
		judge_none(j, p);
	for (size_t i = 0; i < j->of->n_not_covered; i++) {
		struct slice ip =
		    ip_text(j->run->arena, &j->of->not_covered[i]);

		spf_claim(j,
		    (struct spf_claim){ "spf.not-covered", SPF_ERROR, p->domain,
			SLICE_NONE },
		    arena_slicef(j->run->arena,
			"%.*s sends this mail, and SPF of %.*s does not pass "
			"for it. The record has to let it in (ip%u:%.*s, or "
			"the include of the service whose address it is), "
			"without an error.",
			SLICE_FMT(ip), SLICE_FMT(p->domain),
			j->of->not_covered[i].family, SLICE_FMT(ip)));
	}
}

static void
judge_type99(struct spf_judge *j, const struct spf_published *p)
{
	const struct answer *a = check_ask_dns(j->run, j->of->domain, DNS_SPF);

	if (a == NULL)
		return;
	if (!answer_known(a))
		check_gap_answer(j->run, "problems", a,
		    arena_slicef(j->run->arena, "%.*s SPF",
			SLICE_FMT(j->of->domain)));
	if (a->seen != SEEN_ANSWERED || a->as.dns.n_records == 0 ||
	    p->answer == NULL || !answer_known(p->answer))
		return;
	spf_claim(j,
	    (struct spf_claim){ "spf.type99",
		p->found == 0 ? SPF_ERROR : SPF_ADVICE, p->domain, SLICE_NONE },
	    arena_slicef(j->run->arena,
		"%.*s has a record of the old DNS type SPF (99), which "
		"receivers no longer ask for (RFC 7208 3.1). %s",
		SLICE_FMT(p->domain),
		p->found == 0 ? "Publish it as TXT."
			      : "Take it out, lest the two differ."));
}

/* ---- the tree ---------------------------------------------------------- */

/* ": include:a (5), include:b (4)", the costliest first. */
static struct slice
costliest(struct spf_judge *j)
{
	enum { SHOWN = 3 };
	const struct spf_tree *t = j->of->tree;
	const struct spf_row *last = NULL, *best;
	struct slice out = SLICE_LIT("");

	for (int i = 0; i < SHOWN; i++) {
		best = NULL;
		for (const struct spf_row *r = t->rows; r < &t->rows[t->n];
		     r++) {
			if (r->depth > 0 || r->term == NULL || r->below < 2)
				continue;
			if (last != NULL &&
			    (r->below > last->below ||
				(r->below == last->below && r <= last)))
				continue;
			if (best == NULL || r->below > best->below)
				best = r;
		}
		if (best == NULL)
			break;
		out = arena_slicef(j->run->arena, "%.*s%s%.*s (%u)",
		    SLICE_FMT(out), i == 0 ? " The costliest: " : ", ",
		    SLICE_FMT(spf_shown(j, best->term->text)), best->below);
		last = best;
	}
	return out.n > 0 ? arena_slicef(j->run->arena, "%.*s.", SLICE_FMT(out))
			 : out;
}

static void
judge_counts(struct spf_judge *j)
{
	const struct spf_tree *t = j->of->tree;
	struct spf_claim c = { "spf.too-many-lookups", SPF_ERROR, j->of->domain,
		SLICE_NONE };
	struct arena *a = j->run->arena;

	if (t->lookups > SPF_LOOKUPS)
		spf_claim(j, c,
		    arena_slicef(a,
			"The record of %.*s needs %s%u DNS lookups with all "
			"it includes; at the eleventh receivers stop with "
			"permerror (RFC 7208 4.6.4), and what stands behind "
			"it does not pass.%.*s",
			SLICE_FMT(j->of->domain), t->cut ? "at least " : "",
			t->lookups, SLICE_FMT(costliest(j))));
	c.code = "spf.lookups-full";
	c.severity = SPF_ADVICE;
	if (t->lookups == SPF_LOOKUPS)
		spf_claim(j, c,
		    arena_slicef(a,
			"The record of %.*s needs all of the ten DNS lookups "
			"that there may be: one more in what it includes, "
			"which others may change any day, and receivers "
			"answer permerror.%.*s",
			SLICE_FMT(j->of->domain), SLICE_FMT(costliest(j))));
	c.code = "spf.too-many-voids";
	c.severity = SPF_ERROR;
	if (t->lost_void == NULL && t->voids > SPF_VOIDS)
		spf_claim(j, c,
		    arena_slicef(a,
			"%u of the names that the record of %.*s leads to do "
			"not exist or have nothing of what is asked for; at "
			"the third, receivers answer permerror (RFC 7208 "
			"4.6.4). Take these terms out.",
			t->voids, SLICE_FMT(j->of->domain)));
}

/* Where a redirect leads from the record whose all would count. */
static void
find_effective(struct spf_judge *j)
{
	const struct spf_tree *t = j->of->tree;

	j->effective = t->rows[0].record;
	for (size_t i = 0; i < t->n; i++) {
		const struct spf_row *row = &t->rows[i];
		const struct spf_record *r = &j->effective->record;

		if (row->term != NULL && row->term == r->redirect &&
		    r->all == NULL && row->record != NULL && !row->loop)
			j->effective = row->record;
	}
}

/* Each record is judged where it is come to first. */
static enum rc
judge_rows(struct spf_judge *j, struct table *seen)
{
	const struct spf_tree *t = j->of->tree;
	bool fresh[LIMIT_SPF_RECORDS + 1] = { false };

	for (size_t i = 0; i < t->n && !spf_is_full(j); i++) {
		const struct spf_row *row = &t->rows[i];
		enum rc rc = RC_OK;

		if (row->term != NULL) {
			if (fresh[row->depth])
				spf_judge_row(j, row);
			continue;
		}
		fresh[row->depth] = table_get(seen, row->domain) == NULL;
		if (!fresh[row->depth] || row->record->found != 1)
			continue;
		if (!table_put(seen, row->domain, (void *)(uintptr_t)row))
			return RC_NOMEM;
		spf_judge_record(j, row->record);
		rc = spf_judge_ranges(j, row->record);
		if (rc)
			return rc;
	}
	return RC_OK;
}

static void
say_gaps(struct spf_judge *j)
{
	const struct spf_tree *t = j->of->tree;

	if (t->lost != NULL)
		check_gap_answer(j->run, "problems", t->lost, t->lost_what);
	if (t->lost_void != NULL)
		check_gap_answer(j->run, "problems", t->lost_void,
		    t->lost_void_what);
}

static enum rc
judge_tree(struct spf_judge *j)
{
	const struct spf_tree *t = j->of->tree;
	const struct spf_published *root = t->rows[0].record;
	struct table *seen = table_new();
	enum rc rc;

	if (seen == NULL)
		return RC_NOMEM;
	if (answer_known(root->answer))
		judge_root(j, root);
	find_effective(j);
	if (t->lost == NULL)
		judge_counts(j);
	rc = judge_rows(j, seen);
	if (t->lost == NULL)
		spf_judge_sum(j);
	say_gaps(j);
	table_free(seen);
	return rc;
}

enum rc
spf_problems(struct check_run *run, const struct spf_judged *of)
{
	struct spf_judge j = { .run = run, .of = of };
	enum rc rc = RC_OK;

	if (of->tree->n == 0)
		return of->tree->waiting ? RC_OK : RC_BUG;
	if (json_object_get(run->facts, "problems") == NULL)
		(void)json_object_set_new(run->facts, "problems", json_array());
	if (!of->tree->waiting)
		rc = judge_tree(&j);
	judge_type99(&j, of->tree->rows[0].record);
	if (rc == RC_OK && arena_failed(run->arena))
		rc = arena_starved(run->arena) ? RC_NOMEM : RC_LIMIT;
	return rc;
}
