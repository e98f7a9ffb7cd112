#ifndef MESSAGE_ADDRESS_H
#define MESSAGE_ADDRESS_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/* One mailbox of RFC 5322 3.4. */
struct mailbox {
	struct slice display; /* decoded to UTF-8; nothing: none */
	struct slice local;   /* local part, quoted pairs and quotes removed */
	struct slice domain;  /* as written, comments and white space gone */
	struct slice group;   /* name of the group it is in; nothing: none */
	bool literal;         /* domain is an address literal in brackets */
	bool quoted;          /* the local part, or some of it, has quotes */
	size_t at;            /* offset of its first octet */
	size_t local_at;      /* the same of the local part */
	size_t local_octets;  /* of it as written, quotes and all */
	size_t domain_at;     /* the same of the domain */
};

enum address_fault {
	ADDRESS_FINE,
	ADDRESS_EMPTY,  /* no mailbox and no group */
	ADDRESS_SYNTAX, /* at is the offset of the first octet that is wrong */
	ADDRESS_UNCLOSED,  /* a quote, comment, bracket or group: its begin */
	ADDRESS_NO_DOMAIN, /* a local part only: where "@" is missing */
	ADDRESS_TOO_MANY,  /* LIMIT_ADDRESSES */
	ADDRESS_TOO_DEEP,  /* LIMIT_COMMENT_DEPTH */
};

/* Forms of RFC 5322 4.4 that must be read, but not written. */
enum address_old {
	ADDRESS_OLD_NONE,
	ADDRESS_OLD_OCTETS, /* controls, quoted pairs, empty lines in folds */
	ADDRESS_OLD_DOT,    /* a display name with a dot and no quotes */
	ADDRESS_OLD_LOCAL,  /* quotes or blanks between dots of a local part */
	ADDRESS_OLD_DOMAIN, /* blanks around the dots of a domain */
	ADDRESS_OLD_ROUTE,  /* <@relay:user@domain> */
	ADDRESS_OLD_AT, /* blanks around "@": 3.4.1, not among the obsolete */
	ADDRESS_OLD_COMMA, /* nothing between two commas, or behind the last */
};

struct address_list {
	const struct mailbox *mailboxes;
	size_t n;
	size_t groups;
	enum address_fault fault; /* the first; what came before it is kept */
	size_t at;
	bool obsolete;        /* obs- forms of RFC 5322 4.4 were used */
	enum address_old old; /* the first of them, or of what 3.4.1 warns of */
	size_t old_at;
};

/*
 * An address-list (From, To, ...), folding and all.  UTF-8 is let in as in
 * RFC 6532, other octets over 127 are wrong.  A display name has its encoded
 * words decoded, within quotes too: receivers show it so.  RC_NOMEM or
 * RC_LIMIT.
 */
enum rc address_list_parse(struct arena *, struct slice, struct address_list *);

/*
 * A path of RFC 5321 4.1.2, with or without angle brackets; "<>" is null.  A
 * source route is dropped.  False when it is none, and on arena_failed().
 */
struct path {
	bool null;
	struct slice local;  /* quoted pairs and quotes removed */
	struct slice domain; /* as written, literals with their brackets */
};

bool path_parse(struct arena *, struct slice, struct path *);

#endif
