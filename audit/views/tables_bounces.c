#include "audit/views/columns.h"

#include "audit/views/view.h"
#include "base/limits.h"

/* ---- clusters ---------------------------------------------------------- */

/* "example.com 12, example.org 3" */
static void
domains(const struct row *r, struct cell *out)
{
	json_t *all = json_object_get(r->value, "sender_domains");
	const json_t *count;
	struct buf text;
	const char *name;

	buf_init(&text, LIMIT_RENDERED);
	json_object_foreach(all, name, count)
	{
		buf_printf(&text, "%s%s %lld", text.n > 0 ? ", " : "", name,
		    (long long)json_integer_value(count));
	}
	if (text.n > 0)
		*out = (struct cell){ .kind = CELL_TEXT,
			.text = arena_copy(r->arena, buf_slice(&text)) };
	buf_free(&text);
}

enum { MAIN_SENDERS = 5 };

/* The list is of the most frequent, in order. */
static void
main_senders(const struct row *r, struct cell *out)
{
	json_t *all = json_object_get(r->value, "sender_domains");
	size_t n = json_object_size(all), i = 0;
	json_int_t rest, other = json_integer_value(
			     json_object_get(r->value, "other_sender_domains"));
	const json_t *count;
	struct buf text;
	const char *name;

	buf_init(&text, LIMIT_RENDERED);
	json_object_foreach(all, name, count)
	{
		if (i < MAIN_SENDERS)
			buf_printf(&text, "%s%s %lld", i > 0 ? ", " : "", name,
			    (long long)json_integer_value(count));
		i++;
	}
	rest = n > MAIN_SENDERS ? (json_int_t)(n - MAIN_SENDERS) : 0;
	other = other > INT64_MAX - rest ? INT64_MAX : other + rest;
	if (other > 0)
		buf_printf(&text, " and %lld more", (long long)other);
	if (text.n > 0)
		*out = (struct cell){ .kind = CELL_TEXT,
			.text = arena_copy(r->arena, buf_slice(&text)) };
	buf_free(&text);
}

static const char *const clusters[] = { "clusters", NULL };

static const struct column cluster_columns[] = {
	COUNT("count", "Count", 10),
	TEXT("kind", "Kind", 10),
	TEXT("provider", "Provider", 12),
	TEXT("reply", "Reply", 7),
	TEXT("status", "Status", 9),
	TEXT("reason", "Reason", 15),
	TEXT("title", "Title", 40),
	COUNT("recipients", "Recipients", 10),
	{
	    .name = "recipients_estimated",
	    .title = "Estimated",
	    .kind = CELL_FLAG,
	    .width = 10,
	    .path = "recipients_estimated",
	},
	TIME("first", "First seen"),
	TIME("last", "Last seen"),
	{
	    .name = "sender_domains",
	    .title = "Sender domains",
	    .kind = CELL_TEXT,
	    .width = 40,
	    .make = domains,
	},
	TEXT("rules", "Rules", 28),
	TEXT("today", "Today", 14),
	TEXT("text", "Reply text", 60),
	TEXT("fix", "What to do", 60),
	{
	    .name = "source",
	    .title = "Source",
	    .kind = CELL_LINK,
	    .width = 40,
	    .path = "source",
	},
	{
	    .name = "main_senders",
	    .title = "Main senders",
	    .kind = CELL_TEXT,
	    .width = 30,
	    .make = main_senders,
	},
};

const struct table table_clusters = {
	.name = "clusters",
	.title = "Clusters",
	.document = DOCUMENT_BOUNCES,
	.lists = clusters,
	COLUMNS(cluster_columns),
};

/* ---- what mends them --------------------------------------------------- */

static bool
has_fix(const json_t *cluster)
{
	return json_is_string(json_object_get(cluster, "fix"));
}

static const struct column fix_columns[] = {
	COUNT("count", "Count", 10),
	TEXT("kind", "Kind", 10),
	TEXT("provider", "Provider", 12),
	TEXT("reason", "Reason", 15),
	TEXT("title", "Title", 40),
	TEXT("fix", "What to do", 80),
	TEXT("rules", "Rules", 28),
	{
	    .name = "source",
	    .title = "Source",
	    .kind = CELL_LINK,
	    .width = 50,
	    .path = "source",
	},
};

const struct table table_fixes = {
	.name = "fixes",
	.title = "Fixes",
	.document = DOCUMENT_BOUNCES,
	.lists = clusters,
	.wanted = has_fix,
	COLUMNS(fix_columns),
};

/* ---- days -------------------------------------------------------------- */

static const char *const days[] = { "days", NULL };

static const struct column day_columns[] = {
	{
	    .name = "day",
	    .title = "Day",
	    .kind = CELL_DAY,
	    .width = 12,
	    .path = "day",
	},
	TEXT("provider", "Provider", 12),
	TEXT("reason", "Reason", 16),
	COUNT("count", "Count", 10),
};

const struct table table_days = {
	.name = "days",
	.title = "Days",
	.document = DOCUMENT_BOUNCES,
	.lists = days,
	COLUMNS(day_columns),
};

/* ---- what no pack knows ------------------------------------------------ */

static const char *const unclassified[] = { "unclassified", NULL };

static const struct column unclassified_columns[] = {
	COUNT("count", "Count", 10),
	TEXT("text", "Reply text", 100),
};

const struct table table_unclassified = {
	.name = "unclassified",
	.title = "Unclassified",
	.document = DOCUMENT_BOUNCES,
	.lists = unclassified,
	COLUMNS(unclassified_columns),
};

/* ---- what was read ----------------------------------------------------- */

static const char *const inputs[] = { "inputs", NULL };

static const struct column input_columns[] = {
	TEXT("file", "File", 40),
	TEXT("format", "Format", 12),
	COUNT("bytes", "Octets", 14),
	COUNT("lines", "Lines", 12),
	COUNT("attempts", "Attempts", 12),
	COUNT("failed", "Failed", 12),
	COUNT("unrecognised_lines", "Unrecognised lines", 12),
	TEXT("error", "Error", 40),
};

const struct table table_inputs = {
	.name = "inputs",
	.title = "Inputs",
	.document = DOCUMENT_BOUNCES,
	.lists = inputs,
	COLUMNS(input_columns),
};

/* ---- events ------------------------------------------------------------ */

static const char *const itself[] = { "", NULL };

static const struct column event_columns[] = {
	TIME("time", "Time"),
	TEXT("queue_id", "Queue id", 18),
	TEXT("sender", "Sender", 30),
	TEXT("recipient", "Recipient", 30),
	TEXT("provider", "Provider", 12),
	TEXT("host", "Host", 30),
	TEXT("ip", "IP", 16),
	TEXT("reply", "Reply", 7),
	TEXT("status", "Status", 9),
	TEXT("kind", "Kind", 10),
	TEXT("reason", "Reason", 15),
	TEXT("rules", "Rules", 28),
	TEXT("text", "Text", 60),
	TEXT("file", "File", 20),
	COUNT("line", "Line", 10),
};

const struct table table_events = {
	.name = "events",
	.title = "Events",
	.document = DOCUMENT_EVENTS,
	.lists = itself,
	COLUMNS(event_columns),
};

/* ---- two analyses compared --------------------------------------------- */

static const struct column difference_columns[] = {
	TEXT("change", "Change", 8),
	TEXT("kind", "Kind", 10),
	TEXT("provider", "Provider", 12),
	TEXT("reply", "Reply", 7),
	TEXT("status", "Status", 9),
	TEXT("reason", "Reason", 15),
	TEXT("title", "Title", 40),
	{
	    .name = "old_count",
	    .title = "Before",
	    .kind = CELL_NUMBER,
	    .width = 10,
	    .path = "old.count",
	},
	{
	    .name = "new_count",
	    .title = "Now",
	    .kind = CELL_NUMBER,
	    .width = 10,
	    .path = "new.count",
	},
	{
	    .name = "old_percent",
	    .title = "Before, % of attempts",
	    .kind = CELL_REAL,
	    .width = 12,
	    .path = "old.percent",
	},
	{
	    .name = "new_percent",
	    .title = "Now, % of attempts",
	    .kind = CELL_REAL,
	    .width = 12,
	    .path = "new.percent",
	},
	TEXT("rules", "Rules", 28),
	TEXT("fix", "What to do", 60),
};

const struct table table_bounce_differences = {
	.name = "differences",
	.title = "Differences",
	.document = DOCUMENT_BOUNCES_DIFF,
	.lists = clusters,
	COLUMNS(difference_columns),
};
