#include "audit/views/tables.h"
#include "audit/views/view_parts.h"
#include "audit/views/xlsx.h"
#include "base/limits.h"

/* A workbook for people who review: a sheet a table, and a summary first. */

enum { ARENA_BLOCK = 16 * 1024, GRIDS = 16 };

struct xlsx {
	struct book book;
	struct grid grids[GRIDS];
	size_t n;
	struct summary summary;
	struct arena *arena; /* of a row */
};

/* ---- which sheets ------------------------------------------------------ */

static const struct choice verdict_columns[] = { { "domain", 30 },
	{ "message", 24 }, { "provider", 0 }, { "verdict", 0 },
	{ "consequence", 0 }, { "must_pass", 0 }, { "must_fail", 0 },
	{ "must_unknown", 0 }, { "must_not_applicable", 0 },
	{ "should_pass", 0 }, { "should_fail", 0 }, { "should_unknown", 0 },
	{ "should_not_applicable", 0 }, { "error", 0 }, { NULL, 0 } };
static const struct choice change_columns[] = { { "domain", 20 },
	{ "message", 16 }, { "kind", 0 }, { "consequence", 0 },
	{ "providers", 16 }, { "title", 28 }, { "fix", 50 }, { "records", 50 },
	{ NULL, 0 } };
static const struct choice finding_columns[] = { { "domain", 20 },
	{ "message", 16 }, { "provider", 0 }, { "level", 0 },
	{ "consequence", 0 }, { "title", 24 }, { "why", 38 }, { "fix", 42 },
	{ "records", 42 }, { "source", 28 }, { NULL, 0 } };
static const struct choice score_columns[] = { { "domain", 20 },
	{ "message", 16 }, { "provider", 0 }, { "rule", 26 }, { "status", 0 },
	{ "level", 0 }, { "consequence", 0 }, { "title", 32 }, { "why", 44 },
	{ "codes", 12 }, { "source", 30 }, { "checked", 0 }, { NULL, 0 } };
static const struct choice sign_columns[] = { { "domain", 30 },
	{ "message", 24 }, { "provider", 0 }, { "verdict", 0 }, { NULL, 0 } };
static const struct choice tls_columns[] = { { "domain", 20 },
	{ "message", 16 }, { "host", 24 }, { "address", 16 }, { "role", 0 },
	{ "listening", 0 }, { "starttls", 0 }, { "version", 0 },
	{ "cipher", 18 }, { "weak", 0 }, { "handshake_error", 24 },
	{ "subject", 22 }, { "names", 24 }, { "issuer", 22 },
	{ "not_after", 20 }, { "trusted", 0 }, { "matches_host", 0 },
	{ "key_type", 0 }, { "key_bits", 0 }, { "error", 24 }, { NULL, 0 } };
static const struct choice spf_columns[] = { { "domain", 20 },
	{ "message", 16 }, { "depth", 0 }, { "of", 26 }, { "term", 46 },
	{ "lookups", 0 }, { "below", 0 }, { "total", 0 }, { "record", 56 },
	{ "note", 30 }, { NULL, 0 } };
static const struct choice authentication_columns[] = { { "domain", 20 },
	{ "message", 16 }, { "kind", 0 }, { "name", 28 }, { "signer", 20 },
	{ "result", 0 }, { "aligned", 10 }, { "method", 18 }, { "bits", 0 },
	{ "record", 50 }, { "remarks", 44 }, { NULL, 0 } };
static const struct choice problem_columns[] = { { "domain", 20 },
	{ "message", 16 }, { "severity", 0 }, { "line", 0 }, { "column", 0 },
	{ "header", 18 }, { "code", 24 }, { "detail", 50 }, { "todo", 44 },
	{ "clause", 16 }, { "count", 0 }, { NULL, 0 } };
static const char *const sign_blanks[] = { "Decision", "Reviewer", "Date",
	"Remarks", NULL };

static const struct plan audit_plans[] = {
	{
	    .table = &table_verdicts,
	    .columns = verdict_columns,
	    .empty = "No verdict: no provider was judged for.",
	    .subject = true,
	},
	{
	    .table = &table_changes,
	    .columns = change_columns,
	    .empty = "Nothing has to be changed.",
	},
	{
	    .table = &table_findings,
	    .columns = finding_columns,
	    .empty = "No rule fails.",
	},
	{
	    .table = &table_results,
	    .columns = score_columns,
	    .empty = "No rule was judged.",
	    .calm = true,
	},
	{ .table = &table_gaps, .empty = "Nothing is unknown." },
	{ .table = &table_dns, .empty = "No record is known." },
	{
	    .table = &table_spf_tree,
	    .columns = spf_columns,
	    .empty = "No SPF record is known.",
	},
	{
	    .table = &table_authentication,
	    .columns = authentication_columns,
	    .empty = "Neither signatures nor keys nor a policy are known.",
	},
	{
	    .table = &table_tls,
	    .columns = tls_columns,
	    .empty = "No mail host was looked at.",
	},
	{
	    .table = &table_problems,
	    .columns = problem_columns,
	    .empty = "No problem of a sample message: there is none, or "
		     "nothing is wrong with it.",
	},
	{ .table = &table_evidence, .empty = "There is no audit." },
	{
	    .table = &table_packs,
	    .empty = "This document does not say by which rule packs.",
	},
	{
	    .table = &table_verdicts,
	    .title = "Sign-off",
	    .columns = sign_columns,
	    .blanks = sign_blanks,
	    .empty = "There is no verdict to sign.",
	    .subject = true,
	},
};

static const struct choice difference_columns[] = { { "domain", 20 },
	{ "message", 16 }, { "change", 0 }, { "provider", 0 }, { "rule", 24 },
	{ "level", 0 }, { "old", 0 }, { "new", 0 }, { "title", 26 },
	{ "why", 38 }, { "fix", 40 }, { "records", 40 }, { NULL, 0 } };

static const struct plan diff_plans[] = {
	{
	    .table = &table_differences,
	    .columns = difference_columns,
	    .empty = "There is no difference.",
	},
};

static const struct plan bounces_diff_plans[] = {
	{
	    .table = &table_bounce_differences,
	    .empty = "There is no difference.",
	},
};

static const struct choice cluster_columns[] = { { "count", 0 }, { "kind", 0 },
	{ "provider", 0 }, { "reply", 0 }, { "status", 0 }, { "reason", 0 },
	{ "title", 26 }, { "recipients", 0 }, { "recipients_estimated", 0 },
	{ "first", 0 }, { "last", 0 }, { "main_senders", 24 }, { "rules", 20 },
	{ "today", 0 }, { "text", 46 }, { NULL, 0 } };

static const struct plan bounces_plans[] = {
	{
	    .table = &table_clusters,
	    .columns = cluster_columns,
	    .empty = "No delivery failed.",
	},
	{ .table = &table_days, .empty = "No failure has a date." },
	{
	    .table = &table_unclassified,
	    .empty = "None is listed; presend bounces --unclassified lists the "
		     "replies that no pack knows.",
	},
	{ .table = &table_fixes, .empty = "There is nothing to mend." },
	{ .table = &table_inputs, .empty = "Nothing was read." },
};

static const struct plan events_plans[] = {
	{
	    .table = &table_events,
	    .empty = "No delivery failed.",
	    .flat = true,
	},
};

#define PLANS(p) (p), sizeof(p) / sizeof((p)[0])

/* ---- from begin to end ------------------------------------------------- */

static void
open_grids(struct xlsx *x, const struct plan *plans, size_t n)
{
	for (size_t i = 0; i < n; i++)
		grid_open(&x->grids[i], &x->book, &plans[i]);
	x->n = n;
}

static struct xlsx *
xlsx_open(struct view_run *run, const char *title)
{
	struct xlsx *x = run->state;

	x->arena = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK);
	if (x->arena == NULL)
		run->rc = RC_NOMEM;
	else
		book_open(&x->book, run, title);
	return x;
}

static void
xlsx_end(struct view_run *run)
{
	struct xlsx *x = run->state;

	for (size_t i = 0; i < x->n; i++)
		grid_end(&x->grids[i]);
	book_finish(&x->book);
}

static void
xlsx_close(struct view_run *run)
{
	struct xlsx *x = run->state;

	summary_close(&x->summary);
	book_close(&x->book);
	arena_free(x->arena);
}

/* ---- audits ------------------------------------------------------------ */

static void
begin_audits(struct view_run *run)
{
	struct xlsx *x = xlsx_open(run, "Sender compliance audit");

	x->summary.sheet = book_sheet(&x->book, "Summary");
	open_grids(x, PLANS(audit_plans));
	for (size_t i = 0; i < x->n; i++) {
		if (audit_plans[i].table->header)
			grid_rows(&x->grids[i], NULL, x->arena);
	}
}

/* What all of it amounts to, or why it is not there. */
static void
note_evidence(struct view_run *run, struct grid *g, const json_t *audit)
{
	const json_t *e = json_object_get(audit, "evidence");
	const char *first = view_text_of(e, "first");
	const char *note;

	if (!json_is_object(e)) {
		grid_note(g, audit,
		    "The document does not list it: presend audit --evidence "
		    "does, and a workbook made by presend audit itself has "
		    "it.");
		return;
	}
	note = arena_printf(run->arena, "%lld questions%s%s%s%s; SHA-256 %s",
	    (long long)json_integer_value(json_object_get(e, "questions")),
	    first[0] != '\0' ? ", " : "", first, first[0] != '\0' ? " to " : "",
	    view_text_of(e, "last"), view_text_of(e, "sha256"));
	if (note != NULL)
		grid_note(g, audit, note);
}

static void
audit_item(struct view_run *run, const json_t *audit)
{
	struct xlsx *x = run->state;

	summary_add(&x->summary, audit);
	for (size_t i = 0; i < x->n; i++) {
		const struct table *t = audit_plans[i].table;

		if (!t->header)
			grid_rows(&x->grids[i], audit, x->arena);
		if (t == &table_evidence)
			note_evidence(run, &x->grids[i], audit);
	}
}

/* The one that is audited stands at the head of each page. */
static void
hide_subject(struct xlsx *x)
{
	for (size_t i = 0; i < x->n; i++) {
		if (audit_plans[i].subject)
			continue;
		grid_hide(&x->grids[i], "domain");
		grid_hide(&x->grids[i], "message");
	}
	book_page_head(&x->book, slice_str(x->summary.domain));
}

static void
end_audits(struct view_run *run)
{
	struct xlsx *x = run->state;

	summary_write(&x->summary, run->header);
	if (x->summary.audits == 1)
		hide_subject(x);
	for (size_t i = 0; i < x->n; i++) {
		if (audit_plans[i].table == &table_changes &&
		    x->summary.untold > 0)
			x->grids[i].empty = "This document does not say; see "
					    "Findings.";
	}
	xlsx_end(run);
}

const struct view_part xlsx_of_audits = {
	.state = sizeof(struct xlsx),
	.begin = begin_audits,
	.item = audit_item,
	.end = end_audits,
	.close = xlsx_close,
};

/* ---- a comparison ------------------------------------------------------ */

struct count {
	const char *name, *label;
};

static void
write_side(struct sheet *s, const json_t *side, const char *which)
{
	static const struct count counts[] = { { "bounced", "Bounced" },
		{ "deferred", "Deferred" }, { "delivered", "Delivered" } };

	xlsx_fact(s, which, view_text_of(side, "file"));
	xlsx_time(s, "As of (UTC)", view_text_of(side, "as_of"));
	xlsx_time(s, "First failure (UTC)", view_text_of(side, "first"));
	xlsx_time(s, "Last failure (UTC)", view_text_of(side, "last"));
	for (size_t i = 0; i < 3; i++) {
		const json_t *n = json_object_get(side, counts[i].name);

		if (json_is_integer(n))
			xlsx_count(s, counts[i].label, json_integer_value(n));
	}
	sheet_end_row(s);
}

static struct xlsx *
begin_comparison(struct view_run *run, const char *title,
    const struct count *counts)
{
	const json_t *all = json_object_get(run->header, "counts");
	struct xlsx *x = xlsx_open(run, title);
	struct sheet *s = book_sheet(&x->book, "Summary");

	if (s == NULL)
		return x;
	sheet_is_page(s);
	sheet_title(s, title);
	sheet_end_row(s);
	write_side(s, json_object_get(run->header, "old"), "Before");
	write_side(s, json_object_get(run->header, "new"), "Now");
	xlsx_fact(s, "Made by", view_text_of(run->header, "generator"));
	for (; counts->name != NULL; counts++)
		xlsx_count(s, counts->label,
		    json_integer_value(json_object_get(all, counts->name)));
	return x;
}

static void
begin_diff(struct view_run *run)
{
	static const struct count counts[] = { { "worse", "Worse" },
		{ "better", "Better" }, { "same", "Same" },
		{ "changed", "Audits that differ" },
		{ "added", "Audits that are new" },
		{ "removed", "Audits that are gone" }, { NULL, NULL } };

	open_grids(begin_comparison(run, "What changed between two audits",
		       counts),
	    PLANS(diff_plans));
}

static void
begin_bounces_diff(struct view_run *run)
{
	static const struct count counts[] = { { "new", "New clusters" },
		{ "more", "More than before" }, { "fewer", "Fewer" },
		{ "gone", "Gone" }, { "same", "Same" }, { NULL, NULL } };
	struct xlsx *x =
	    begin_comparison(run, "What changed in mail that bounced", counts);

	open_grids(x, PLANS(bounces_diff_plans));
	grid_rows(&x->grids[0], run->header, x->arena);
}

static void
plain_item(struct view_run *run, const json_t *item)
{
	struct xlsx *x = run->state;

	grid_rows(&x->grids[0], item, x->arena);
}

const struct view_part xlsx_of_diff = {
	.state = sizeof(struct xlsx),
	.begin = begin_diff,
	.item = plain_item,
	.end = xlsx_end,
	.close = xlsx_close,
};

const struct view_part xlsx_of_bounces_diff = {
	.state = sizeof(struct xlsx),
	.begin = begin_bounces_diff,
	.end = xlsx_end,
	.close = xlsx_close,
};

/* ---- bounces ----------------------------------------------------------- */

static void
begin_bounces(struct view_run *run)
{
	struct xlsx *x = xlsx_open(run, "Mail that bounced");
	struct sheet *s = book_sheet(&x->book, "Summary");

	if (s != NULL)
		bounces_summary_write(s, run->header);
	open_grids(x, PLANS(bounces_plans));
	for (size_t i = 0; i < x->n; i++)
		grid_rows(&x->grids[i], run->header, x->arena);
}

const struct view_part xlsx_of_bounces = {
	.state = sizeof(struct xlsx),
	.begin = begin_bounces,
	.end = xlsx_end,
	.close = xlsx_close,
};

/* ---- events ------------------------------------------------------------ */

static void
begin_events(struct view_run *run)
{
	struct xlsx *x = xlsx_open(run, "Deliveries that failed");

	open_grids(x, PLANS(events_plans));
}

const struct view_part xlsx_of_events = {
	.state = sizeof(struct xlsx),
	.begin = begin_events,
	.item = plain_item,
	.end = xlsx_end,
	.close = xlsx_close,
};
