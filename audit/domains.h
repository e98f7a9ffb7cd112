#ifndef AUDIT_DOMAINS_H
#define AUDIT_DOMAINS_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/rc.h"

/* One row of --domains: what it does not name is nothing. */
struct domain_row {
	struct slice domain; /* canonical */
	const struct ip *ips;
	size_t n_ips;
	const char *helo;
	const char *mail_from;
	const char *message; /* a file */
	const char *selector;
	size_t line;
};

enum domain_column {
	COLUMN_DOMAIN,
	COLUMN_IP,
	COLUMN_HELO,
	COLUMN_MAIL_FROM,
	COLUMN_MESSAGE,
	COLUMN_SELECTOR,
	N_COLUMNS,
};

/*
 * A list of domains, read row by row: one domain a line, or CSV (RFC 4180,
 * no line breaks in a field) with a header that names the columns domain, ip
 * (several with white space or ; between), helo, mail_from, message, selector
 * in any order.  Blank lines and lines that begin with # are passed over.
 */
struct domain_list {
	const char *file; /* for errors */
	struct slice rest;
	size_t line;
	bool csv;
	enum domain_column columns[N_COLUMNS]; /* what stands where */
	size_t n_columns;
};

/*
 * Looks at the first row.  text is borrowed.  RC_INVALID: *error is "FILE:
 * line N: what is wrong", in the arena.
 */
enum rc domain_list_open(struct domain_list *, const char *file,
    struct slice text, struct arena *, struct slice *error);

/* The next row, its parts in the arena; row->line is 0 at the end. */
enum rc domain_list_next(struct domain_list *, struct domain_row *,
    struct arena *, struct slice *error);

#endif
