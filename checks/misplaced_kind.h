#ifndef CHECKS_MISPLACED_KIND_H
#define CHECKS_MISPLACED_KIND_H

#include "base/arena.h"
#include "base/slice.h"

/* What a TXT value is by its looks, wherever it stands. */
enum kind {
	KIND_OTHER,
	KIND_SPF,
	KIND_DMARC,
	KIND_DKIM,
	KIND_MTA_STS,
	KIND_TLSRPT,
	KIND_ADSP,
	KIND_DOMAINKEYS,
};

/* "SPF record" */
const char *kind_name(enum kind);

/* Of a value without white space at its ends. */
enum kind kind_of(struct slice text);

/* A value that begins and ends with a quote, escaped or not. */
bool kind_is_quoted(struct slice text);

/* What is between the quotes; of several quoted strings, all in a row. */
struct slice kind_unquoted(struct arena *, struct slice text);

#endif
