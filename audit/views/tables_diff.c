#include "audit/views/columns.h"

static const char *const results[] = { "results", NULL };

static const struct column columns[] = {
	{
	    .name = "domain",
	    .title = "Domain",
	    .kind = CELL_TEXT,
	    .width = 24,
	    .path = "/subject.domain",
	},
	{
	    .name = "message",
	    .title = "Message",
	    .kind = CELL_TEXT,
	    .width = 20,
	    .path = "/subject.message.file",
	},
	TEXT("change", "Change", 10),
	TEXT("provider", "Provider", 12),
	TEXT("rule", "Rule", 28),
	TEXT("level", "Level", 8),
	TEXT("old", "Before", 15),
	TEXT("new", "Now", 15),
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
};

const struct table table_differences = {
	.name = "differences",
	.title = "Differences",
	.document = DOCUMENT_DIFF,
	.lists = results,
	COLUMNS(columns),
};
