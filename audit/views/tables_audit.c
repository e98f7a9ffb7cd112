#include "audit/views/columns.h"

#include <string.h>

#include "audit/views/view_parts.h"
#include "base/limits.h"

/* ---- cells ------------------------------------------------------------- */

void
table_records(const struct row *r, struct cell *out)
{
	const json_t *records = json_object_get(r->value, "records"), *record;
	struct buf text;
	size_t i;

	buf_init(&text, LIMIT_RENDERED);
	json_array_foreach(records, i, record)
	{
		buf_add_str(&text, i > 0 ? "\n" : "");
		record_print(&text, record);
	}
	if (text.n > 0)
		*out = (struct cell){ .kind = CELL_TEXT,
			.text = arena_copy(r->arena, buf_slice(&text)) };
	buf_free(&text);
}

/* ---- what each rule says ----------------------------------------------- */

static const char *const results[] = { "results", NULL };

static const struct column result_columns[] = {
	DOMAIN,
	MESSAGE,
	TEXT("provider", "Provider", 12),
	TEXT("rule", "Rule", 28),
	TEXT("status", "Status", 15),
	TEXT("level", "Level", 8),
	TEXT("consequence", "Consequence", 13),
	TEXT("check", "Check", 13),
	TEXT("requirement", "Requirement", 22),
	TEXT("title", "Title", 40),
	TEXT("why", "Why", 60),
	TEXT("fix", "Fix", 60),
	{
	    .name = "records",
	    .title = "Records to publish",
	    .kind = CELL_TEXT,
	    .width = 60,
	    .make = table_records,
	},
	TEXT("codes", "Codes", 14),
	{
	    .name = "source",
	    .title = "Source",
	    .kind = CELL_LINK,
	    .width = 40,
	    .path = "source",
	},
	{
	    .name = "checked",
	    .title = "Source read",
	    .kind = CELL_DAY,
	    .width = 12,
	    .path = "checked",
	},
};

const struct table table_results = {
	.name = "results",
	.title = "Scorecard",
	.document = DOCUMENT_AUDIT,
	.lists = results,
	COLUMNS(result_columns),
};

static bool
is_failed(const json_t *result)
{
	return strcmp(view_text_of(result, "status"), "fail") == 0;
}

const struct table table_findings = {
	.name = "findings",
	.title = "Findings",
	.document = DOCUMENT_AUDIT,
	.lists = results,
	.wanted = is_failed,
	COLUMNS(result_columns),
};

/* ---- verdicts ---------------------------------------------------------- */

static const char *const verdicts[] = { "verdicts", NULL };

static const struct column verdict_columns[] = {
	DOMAIN,
	MESSAGE,
	TEXT("provider", "Provider", 12),
	TEXT("verdict", "Verdict", 15),
	TEXT("consequence", "Consequence", 13),
	CELL(CELL_NUMBER, "must_pass", "Must: pass", 9, "must.pass"),
	CELL(CELL_NUMBER, "must_fail", "Must: fail", 9, "must.fail"),
	CELL(CELL_NUMBER, "must_unknown", "Must: unknown", 9, "must.unknown"),
	CELL(CELL_NUMBER, "must_not_applicable", "Must: not applicable", 9,
	    "must.not_applicable"),
	CELL(CELL_NUMBER, "should_pass", "Should: pass", 9, "should.pass"),
	CELL(CELL_NUMBER, "should_fail", "Should: fail", 9, "should.fail"),
	CELL(CELL_NUMBER, "should_unknown", "Should: unknown", 9,
	    "should.unknown"),
	CELL(CELL_NUMBER, "should_not_applicable", "Should: not applicable", 9,
	    "should.not_applicable"),
	{
	    .name = "error",
	    .title = "Error",
	    .kind = CELL_TEXT,
	    .width = 30,
	    .path = "/error",
	},
	{
	    .name = "evidence_sha256",
	    .title = "SHA-256 of the evidence",
	    .kind = CELL_TEXT,
	    .width = 66,
	    .path = "/evidence.sha256",
	},
};

const struct table table_verdicts = {
	.name = "verdicts",
	.title = "Verdicts",
	.document = DOCUMENT_AUDIT,
	.lists = verdicts,
	COLUMNS(verdict_columns),
};

/* ---- what to do -------------------------------------------------------- */

static const char *const changes[] = { "changes", "recommended", NULL };

static void
change_kind(const struct row *r, struct cell *out)
{
	*out = (struct cell){ .kind = CELL_TEXT,
		.text = strcmp(r->list, "changes") == 0
			    ? SLICE_LIT("required")
			    : SLICE_LIT("recommended") };
}

static const struct column change_columns[] = {
	DOMAIN,
	MESSAGE,
	{
	    .name = "kind",
	    .title = "Kind",
	    .kind = CELL_TEXT,
	    .width = 12,
	    .make = change_kind,
	},
	TEXT("title", "Title", 40),
	TEXT("consequence", "Consequence", 13),
	TEXT("providers", "Providers", 20),
	TEXT("rules", "Rules", 40),
	TEXT("fix", "Fix", 60),
	{
	    .name = "records",
	    .title = "Records to publish",
	    .kind = CELL_TEXT,
	    .width = 60,
	    .make = table_records,
	},
};

const struct table table_changes = {
	.name = "changes",
	.title = "What to change",
	.document = DOCUMENT_AUDIT,
	.lists = changes,
	COLUMNS(change_columns),
};

/* ---- what is not known ------------------------------------------------- */

static const char *const gaps[] = { "gaps", NULL };

static const struct column gap_columns[] = {
	DOMAIN,
	MESSAGE,
	TEXT("check", "Check", 13),
	TEXT("fact", "Fact", 24),
	TEXT("cause", "Cause", 16),
	TEXT("detail", "Detail", 60),
};

const struct table table_gaps = {
	.name = "gaps",
	.title = "Not known",
	.document = DOCUMENT_AUDIT,
	.lists = gaps,
	COLUMNS(gap_columns),
};

/* ---- the message ------------------------------------------------------- */

static const char *const problems[] = { "facts.format.problems", NULL };

static const struct column problem_columns[] = {
	DOMAIN,
	MESSAGE,
	TEXT("severity", "Severity", 10),
	CELL(CELL_NUMBER, "line", "Line", 9, "line"),
	CELL(CELL_NUMBER, "column", "Column", 9, "column"),
	TEXT("header", "Header", 20),
	TEXT("code", "Code", 26),
	TEXT("detail", "Detail", 60),
	TEXT("todo", "What to do", 50),
	TEXT("clause", "Clause", 18),
	CELL(CELL_NUMBER, "count", "Times", 9, "count"),
};

const struct table table_problems = {
	.name = "problems",
	.title = "Message problems",
	.document = DOCUMENT_AUDIT,
	.lists = problems,
	COLUMNS(problem_columns),
};
