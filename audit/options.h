#ifndef AUDIT_OPTIONS_H
#define AUDIT_OPTIONS_H

#include "audit/settings.h"
#include "base/buf.h"

/* The exit statuses of every command; a contract. */
enum exit_status {
	STATUS_FINE = 0,     /* all was judged, nothing failed */
	STATUS_FAILED = 1,   /* a rule at or above --fail-on failed */
	STATUS_USAGE = 2,    /* usage error, unreadable or invalid input */
	STATUS_UNKNOWN = 3,  /* nothing failed, but a must is not known */
	STATUS_INTERNAL = 4, /* output error, out of memory */
};

enum option_kind {
	OPTION_FLAG,     /* bool */
	OPTION_STRING,   /* const char * */
	OPTION_STRINGS,  /* struct string_list, one a time */
	OPTION_NAMES,    /* struct string_list, by commas */
	OPTION_IPS,      /* struct ip_list */
	OPTION_RESOLVER, /* struct resolver_list */
	OPTION_CONNECT,  /* struct connect_to_list */
	OPTION_SECONDS,  /* int64_t milliseconds; decimals may be given */
	OPTION_COUNT,    /* unsigned int */
	OPTION_TIME,     /* int64_t; sets has_as_of */
	OPTION_MOMENT,   /* struct moment_option */
	OPTION_CHOICE,   /* an enum, as int */
	OPTION_HELP,
	OPTION_VERSION,
};

/* A word of OPTION_CHOICE and its value; a NULL word ends them. */
struct option_choice {
	const char *word;
	int value;
};

struct option_row {
	char letter; /* 0: none */
	const char *name;
	enum option_kind kind;
	size_t offset;        /* into struct settings */
	const char *argument; /* as help shows it; NULL for a flag */
	const char *help;
	const char *group; /* heading in the help */
	const struct option_choice *choices;
	/* OPTION_COUNT; OPTION_SECONDS in ms; OPTION_STRING: length in octets */
	unsigned int min, max;
};

struct command {
	const char *name;
	const char *summary;
	const char *operands;             /* "[DOMAIN...]" */
	const char *about;                /* a paragraph of the help */
	const char *examples;             /* lines, as they are shown */
	const struct option_row *options; /* ends with a NULL name */
	/* What is wrong with the settings taken together; or NULL. */
	const char *(*conflict)(const struct settings *);
	/* The exit status.  The arena lives as long as the settings. */
	enum exit_status (*run)(const struct settings *, struct arena *);
};

/* The register of commands, ends with a NULL name.  audit/commands.c. */
extern const struct command commands[];

enum exit_status cmd_audit(const struct settings *, struct arena *);
enum exit_status cmd_bounces(const struct settings *, struct arena *);
enum exit_status cmd_explain(const struct settings *, struct arena *);
enum exit_status cmd_rules(const struct settings *, struct arena *);
enum exit_status cmd_checks(const struct settings *, struct arena *);
enum exit_status cmd_diff(const struct settings *, struct arena *);
enum exit_status cmd_view(const struct settings *, struct arena *);

/* Their options.  audit/option_tables.c. */
extern const struct option_row audit_options[];
extern const struct option_row bounces_options[];
extern const struct option_row explain_options[];
extern const struct option_row rules_options[];
extern const struct option_row checks_options[];
extern const struct option_row diff_options[];
extern const struct option_row view_options[];
extern const struct option_row top_options[]; /* before any command */
const char *audit_conflict(const struct settings *);
const char *bounces_conflict(const struct settings *);
const char *explain_conflict(const struct settings *);
const char *rules_conflict(const struct settings *);
const char *checks_conflict(const struct settings *);
const char *diff_conflict(const struct settings *);
const char *view_conflict(const struct settings *);

enum parsed { PARSED_RUN, PARSED_HELP, PARSED_VERSION, PARSED_WRONG };

struct command_line {
	const struct command *command; /* NULL with --help or --version alone */
	struct settings settings;
	const char *error; /* PARSED_WRONG: one line, safe to show */
};

/*
 * Reads argv; opens and writes nothing.  argv may be reordered.  What the
 * settings hold lives in the arena and in argv.  PARSED_WRONG without an
 * error: out of memory.
 */
enum parsed options_parse(const struct command *table, int argc, char **argv,
    struct arena *, struct command_line *);

/* The text of --help: of all (command NULL) or of one; 80 columns. */
void options_help(const struct command *table, const struct command *,
    struct buf *);

/* What a mistyped word may have meant: within 2 edits; or NULL. */
const char *options_nearest(const char *word, const char *const *words,
    size_t n);

#endif
