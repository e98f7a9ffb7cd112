#ifndef RULES_BOUNCE_H
#define RULES_BOUNCE_H

#include "base/ip.h"
#include "rules/phrase.h"
#include "rules/rules.h"

/*
 * Bounce packs: who receives mail, and what each of their replies means.  How
 * a reply is compared with them is in bounces/classify.h.
 */

/* Why mail was refused; the words are a contract. */
enum bounce_reason {
	REASON_AUTHENTICATION,
	REASON_SPF,
	REASON_DKIM,
	REASON_DMARC,
	REASON_ALIGNMENT,
	REASON_PTR,
	REASON_HELO,
	REASON_TLS,
	REASON_FORMAT,
	REASON_UNSUBSCRIBE,
	REASON_SPAM_RATE,
	REASON_REPUTATION,
	REASON_BLOCKLIST,
	REASON_RATE,
	REASON_CONTENT,
	REASON_POLICY,
	REASON_USER_UNKNOWN,
	REASON_MAILBOX_FULL,
	REASON_MAILBOX_INACTIVE,
	REASON_HOST_UNKNOWN,
	REASON_CONNECTION,
	REASON_SIZE,
	REASON_GREYLISTED,
	REASON_RELAY_DENIED,
	REASON_SYSTEM,
	REASON_LOOP,
	REASON_VACATION,
	REASON_FEEDBACK,
	REASON_OTHER,
};

enum { BOUNCE_REASONS = REASON_OTHER + 1 };

const char *bounce_reason_name(enum bounce_reason);

/* What a reply says of whom it refuses: "with ip: [{ip}]". */
enum bounce_identity_kind {
	IDENTITY_IP,
	IDENTITY_NETBLOCK,
	IDENTITY_DKIM_DOMAIN,
	IDENTITY_SPF_DOMAIN,
	IDENTITY_FROM_DOMAIN,
	IDENTITY_URL,
};

enum { BOUNCE_IDENTITIES = IDENTITY_URL + 1 };

const char *bounce_identity_name(enum bounce_identity_kind);

struct bounce_capture {
	enum bounce_identity_kind kind;
	struct slice before; /* the words in front of it */
	struct slice after;  /* and behind it; or nothing */
};

struct bounce_captures {
	const struct bounce_capture *list;
	size_t n;
};

/* An inclusive range of reply codes. */
struct bounce_reply {
	uint16_t from, to;
};

/* RFC 3463 2; a range of the last part.  class or subject below 0: any. */
struct bounce_status {
	int16_t class;
	int16_t subject;
	uint16_t from, to;
};

struct bounce_network {
	struct ip ip;
	unsigned int bits;
};

/* A word of the gist; one "*" in it is any octets of the word. */
struct bounce_tag {
	struct slice head, tail;
	bool any; /* of the two */
	uint16_t grams[2];
};

struct bounce_pattern;

struct bounce_provider {
	struct slice name;  /* "gmail" */
	struct slice title; /* "Gmail" */
	/* Whose replies its own are like: theirs are tried after its own. */
	const struct bounce_provider *as;
	const struct slice *hosts; /* "mx.example.com", "*.example.com" */
	size_t n_hosts;
	const struct bounce_network *networks;
	size_t n_networks;
	const struct slice *domains; /* of recipients */
	size_t n_domains;
	struct phrases texts; /* that none but it says */
	struct bounce_captures identity;
	const struct bounce_pattern **patterns;
	size_t n_patterns;
	size_t cap_patterns;
	size_t place; /* in the set */
};

struct bounce_pattern {
	struct slice id; /* "gmail.550.5.7.26.unauthenticated" */
	const struct bounce_provider *provider;
	const struct bounce_reply *replies; /* none: any */
	size_t n_replies;
	const struct bounce_status *statuses;
	size_t n_statuses;
	const struct bounce_tag *tags;
	size_t n_tags;
	struct phrases text;
	struct phrases not_text;
	const struct regex *matches; /* or NULL */
	bool common; /* others say it too: it does not tell who did */
	bool weak;   /* words around the reason, and not the reason */
	enum bounce_reason reason;
	const struct slice *rules; /* ids */
	size_t n_rules;
	struct slice title;
	struct slice fix;
	struct slice source;
	struct slice checked;
	struct bounce_captures identity;
	struct slice file;
	size_t line;
	size_t place; /* of all; those of later packs have greater ones */
	size_t pack;  /* which pack it came from */
};

struct bounces {
	struct arena *arena;
	struct bounce_provider **providers; /* [0] is generic */
	size_t n_providers;
	size_t cap_providers;
	const struct bounce_pattern **patterns;
	size_t n_patterns;
	size_t cap_patterns;
	size_t packs;
};

/* With nothing but the provider "generic".  RC_NOMEM. */
enum rc bounces_new(struct bounces **);
void bounces_close(struct bounces **);

/*
 * Adds a pack, all of it or none; text and file are copied.  RC_INVALID: *error
 * says where.  A provider that a pattern names must be in this pack or an
 * earlier one; a later pack may add to what is said of a provider.
 */
enum rc bounces_add_pack(struct bounces *, struct slice file, struct slice text,
    struct pack_error *error);

/* The packs that are compiled in; ends with a NULL name. */
extern const struct builtin_pack builtin_bounces[];

/* NULL: there is none of that name. */
struct bounce_provider *bounces_provider(const struct bounces *,
    struct slice name);
const struct bounce_provider *bounces_generic(const struct bounces *);
const struct bounce_pattern *bounces_find(const struct bounces *,
    struct slice id);

/* Whether the pattern is of that class, subject and detail (RFC 3463). */
bool bounce_status_in(const struct bounce_status *, const uint16_t status[3]);

/* Whether that word of a gist is the tag. */
bool bounce_tag_is(const struct bounce_tag *, struct slice word);

#endif
