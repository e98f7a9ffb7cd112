#ifndef TESTS_DIFFERENTIAL_CASES_H
#define TESTS_DIFFERENTIAL_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Cases as the programs of this folder read them, and their replies.  A case
 * is lines of fields with tabs between, up to an empty line:
 *
 *   KEY VALUE            what is asked: ip, local, domain, ...
 *   rr NAME TYPE DATA    a record of the zone; of TXT its strings, each
 *                        after a '"', of MX preference and host
 *   rr NAME TYPE LOST    an answer that is lost: SERVFAIL or TIMEOUT; "*" is
 *                        every type
 *   rr NAME NONE         a name that exists
 *
 * Octets outside printable ASCII, spaces, '"' and '%' are %XX in every field.
 */

enum { CASE_KEYS = 16, CASE_RECORDS = 8192, CASE_CHAIN = 16 };

struct case_record {
	char *name;
	char *type;
	char *data;
};

struct test_case {
	char *keys[CASE_KEYS];
	char *values[CASE_KEYS];
	size_t n_keys;
	struct case_record records[CASE_RECORDS];
	size_t n;
	/* Names and types that were asked for, as the reply says them. */
	char *asked;
	size_t asked_n;
	char *lines[CASE_RECORDS];
	size_t n_lines;
};

enum found {
	FOUND,
	FOUND_NODATA,
	FOUND_NXDOMAIN,
	FOUND_SERVFAIL,
	FOUND_TIMEOUT,
};

struct found_records {
	enum found found;
	const char *name; /* where the aliases end */
	const char *chain[CASE_CHAIN];
	size_t n_chain;
	const struct case_record *records[CASE_RECORDS];
	size_t n;
};

/* The next case; false at the end.  Ends the program on what is no case. */
bool case_read(FILE *, struct test_case *);
void case_clear(struct test_case *);

/* A value, with its octets as they are; "" when it is not there. */
const char *case_value(const struct test_case *, const char *key);

/* Asks the zone; notes the question for the reply. */
void case_find(struct test_case *, const char *name, const char *type,
    struct found_records *);

/* Undoes %XX in place. */
void case_decode(char *);

/* Writes octets with %XX where a reply needs it. */
void case_encode(FILE *, const void *octets, size_t n);

/* Takes the next string off the data of a TXT, decoded; NULL: no more. */
char *case_text(char **data);

/* The host of the data of an MX. */
const char *case_host(const char *data);

/* A field of a reply that says what was asked, and its end of line. */
void case_reply_end(const struct test_case *, FILE *);

#endif
