#ifndef CHECKS_DMARC_DMARC_TAGS_H
#define CHECKS_DMARC_DMARC_TAGS_H

#include "base/slice.h"
#include "checks/tags.h"

/*
 * The tags of a DMARC Policy Record and the grammar of their values (RFC 9989
 * 4.7, 4.8), with those of RFC 7489 6.3 that are no more.
 */

enum dmarc_tag {
	DMARC_P,
	DMARC_SP,
	DMARC_NP,
	DMARC_PSD,
	DMARC_RUA,
	DMARC_RUF,
	DMARC_ADKIM,
	DMARC_ASPF,
	DMARC_FO,
	DMARC_T,
	/* Of RFC 7489 alone. */
	DMARC_PCT,
	DMARC_RF,
	DMARC_RI,
	DMARC_TAGS,
};

extern const struct version dmarc_version;

/* Any case; DMARC_TAGS: no such tag. */
enum dmarc_tag dmarc_tag_find(struct slice name);

/* "p"; not of DMARC_TAGS. */
const char *dmarc_tag_name(enum dmarc_tag);

/* RFC 9989 took it out. */
bool dmarc_tag_is_obsolete(enum dmarc_tag);

/* Whether the value is right; an rua or ruf, when one URI of it is. */
bool dmarc_tag_is_valid(enum dmarc_tag, struct slice value);

/* What may stand there, as half a sentence: "none, quarantine or reject". */
const char *dmarc_tag_values(enum dmarc_tag);

/* "none", "quarantine", "reject", or NULL for a value that is none of them. */
const char *dmarc_policy_name(struct slice value);

/* ---- where reports go -------------------------------------------------- */

enum dmarc_uri_kind {
	DMARC_MAILTO,  /* mailto: and an address */
	DMARC_HTTP,    /* http: or https: with a host */
	DMARC_OTHER,   /* another scheme that may be one */
	DMARC_ADDRESS, /* an address without "mailto:" */
	DMARC_NO_URI,
};

struct dmarc_uri {
	enum dmarc_uri_kind kind;
	struct slice text;   /* without the size; an address: that alone */
	struct slice domain; /* of an address, as written; or nothing */
	struct slice size;   /* "10m" of RFC 7489 6.2; or nothing */
};

/* One item of the list, trimmed. */
struct dmarc_uri dmarc_uri_read(struct slice item);

/* The same item, with all sizes at its end taken off. */
struct slice dmarc_uri_without_sizes(struct slice item);

/*
 * What stands between two semicolons is an address that belongs to the rua or
 * ruf before, and no tag.
 */
bool dmarc_uri_is_stray(struct slice segment);

/* A URI by RFC 3986, so that receivers take it for one. */
bool dmarc_uri_is_valid(const struct dmarc_uri *);

#endif
