#ifndef AUDIT_SETTINGS_H
#define AUDIT_SETTINGS_H

#include "probes/probes.h"
#include "rules/rules.h"

/*
 * What the command line asked for: plain data, with the defaults filled in.
 * Strings are borrowed from argv; lists live in the arena of the parse.
 */

struct string_list {
	const char **items;
	size_t n;
	size_t cap;
};

struct ip_list {
	struct ip *items;
	size_t n;
	size_t cap;
};

struct resolver_list {
	struct resolver *items;
	size_t n;
	size_t cap;
};

struct connect_to_list {
	struct connect_to *items;
	size_t n;
	size_t cap;
};

struct moment_option {
	bool given;
	int64_t at; /* seconds since 1970 */
};

/* The lowest level whose failure is exit status 1. */
enum fail_on { FAIL_ON_MUST, FAIL_ON_SHOULD, FAIL_ON_NEVER };

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* FORMAT_BY_NAME: by the extension of --output, else text. */
enum format {
	FORMAT_BY_NAME,
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_JSONL,
	FORMAT_CSV,
	FORMAT_XLSX,
	FORMAT_HTML,
	FORMAT_JUNIT,
	FORMAT_SARIF,
	FORMAT_MARKDOWN,
};

struct settings {
	/* what is audited */
	struct string_list operands; /* DOMAIN..., or what the command takes */
	struct string_list messages; /* files, folders, "-" */
	struct string_list domain_files;
	struct ip_list ips;
	const char *helo;      /* NULL: not given */
	const char *mail_from; /* NULL: not given; "": the null sender */
	bool received;
	struct string_list postmaster; /* files of credentials */
	struct string_list selectors;
	struct string_list expect_zones; /* files */
	enum audience audience;          /* default AUDIENCE_BULK */
	enum mail_class class;           /* default CLASS_MARKETING */
	bool example;

	/* what is judged, and as of when */
	struct string_list providers; /* empty: gmail, yahoo; may hold "all" */
	struct string_list checks;    /* empty: all */
	struct string_list skip;
	struct string_list rule_dirs;
	struct string_list attest_files;
	struct string_list spam_rates; /* percentages and files */
	bool no_default_rules;
	bool has_as_of;
	int64_t as_of; /* seconds since 1970, if has_as_of */
	enum fail_on fail_on;

	/* how it is asked */
	struct resolver_list resolvers; /* empty: the system's */
	struct connect_to_list connect_to;
	const char *ca_file;
	const char *psl_file;   /* NULL: the newest there is */
	const char *blocklists; /* a file; NULL: none is asked */
	const char *ehlo;       /* NULL: address literal */
	bool probe_unsubscribe;
	bool authoritative;
	bool allow_private;
	int64_t timeout_ms;   /* one try of one question; default 5000 */
	unsigned int retries; /* default 2 */
	int64_t deadline_ms;  /* one audit; default 60000 */
	unsigned int jobs;    /* audits in flight; default 100 */
	const char *record;
	const char *replay;
	bool offline;

	/* bounces */
	const char *input_format; /* NULL: by what is in each input */
	struct moment_option since, until;
	struct string_list sender_domains;
	unsigned int year;    /* 0: not given */
	unsigned int threads; /* 0: as many as there are processors */
	bool events;
	bool unclassified;
	const char *audit; /* a domain whose audit stands beside; or NULL */

	/* what comes out */
	enum format format;
	const char *table; /* of CSV; NULL: the usual one */
	struct string_list
	    outputs;   /* empty: standard output; "-" is that too */
	bool evidence; /* questions and answers are part of the document */
	bool force;
	enum color_mode color;
	bool quiet;
	bool verbose;
};

/* All defaults. */
void settings_init(struct settings *);

#endif
