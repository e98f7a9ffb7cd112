#ifndef AUDIT_OPTION_ROWS_H
#define AUDIT_OPTION_ROWS_H

#include "audit/options.h"

/* What the tables of options share. */

#define AT(field) offsetof(struct settings, field)

enum { STRING_MAX = 4096 };

/* In audit/option_tables.c. */
extern const struct option_choice option_formats[];
extern const struct option_choice option_list_formats[];
extern const struct option_choice option_colors[];

/* ---- rows that several commands share ---------------------------------- */

#define ROW_RULES \
	{ \
		.name = "rules", .kind = OPTION_STRINGS, \
		.offset = AT(rule_dirs), .argument = "DIR", \
		.help = "folder with more rule packs (*.rules)", \
		.group = JUDGED, \
	}
#define ROW_NO_DEFAULT_RULES \
	{ \
		.name = "no-default-rules", .kind = OPTION_FLAG, \
		.offset = AT(no_default_rules), \
		.help = "leave out the packs that are built in", \
		.group = JUDGED, \
	}
#define ROW_FORMAT \
	{ \
		.letter = 'f', .name = "format", .kind = OPTION_CHOICE, \
		.offset = AT(format), .argument = "NAME", \
		.help = "text, json, jsonl, csv, xlsx, html, junit, sarif or " \
			"markdown; default: by the extension of --output, " \
			"else text", \
		.group = SHOWN, .choices = option_formats, \
	}
#define ROW_TABLE \
	{ \
		.name = "table", .kind = OPTION_STRING, .offset = AT(table), \
		.argument = "NAME", .min = 1, .max = STRING_MAX, \
		.help = "which table csv gives: see FORMS in the manual", \
		.group = SHOWN, \
	}
#define ROW_LIST_FORMAT \
	{ \
		.letter = 'f', .name = "format", .kind = OPTION_CHOICE, \
		.offset = AT(format), .argument = "text|json", \
		.help = "form of the answer; default text", .group = SHOWN, \
		.choices = option_list_formats, \
	}
#define ROW_OUTPUT \
	{ \
		.letter = 'o', .name = "output", .kind = OPTION_STRINGS, \
		.offset = AT(outputs), .argument = "FILE", \
		.help = "write the report there, - is standard output; " \
			"several give several reports", \
		.group = SHOWN, \
	}
#define ROW_FORCE \
	{ \
		.name = "force", .kind = OPTION_FLAG, .offset = AT(force), \
		.help = "overwrite files that are there", .group = SHOWN, \
	}
#define ROW_COLOR \
	{ \
		.name = "color", .kind = OPTION_CHOICE, .offset = AT(color), \
		.argument = "auto|always|never", \
		.help = "colours in text; NO_COLOR is honoured by auto", \
		.group = SHOWN, .choices = option_colors, \
	}
#define ROW_QUIET \
	{ \
		.letter = 'q', .name = "quiet", .kind = OPTION_FLAG, \
		.offset = AT(quiet), .help = "verdicts only", .group = SHOWN, \
	}
#define ROW_HELP \
	{ \
		.letter = 'h', .name = "help", .kind = OPTION_HELP, \
		.help = "show this help", .group = SHOWN, \
	}

#define SUBJECT "What is audited"
#define READ    "What is read"
#define JUDGED  "What is judged"
#define ASKED   "How it is asked"
#define SHOWN   "What comes out"

#endif
