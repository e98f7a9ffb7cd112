#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/slice.h"

enum truth { TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE };

enum level { LEVEL_MAY, LEVEL_SHOULD, LEVEL_MUST };

enum consequence {
	CONSEQUENCE_ADVICE,
	CONSEQUENCE_MITIGATION,
	CONSEQUENCE_SPAM,
	CONSEQUENCE_REJECT,
};

enum audience { AUDIENCE_ALL, AUDIENCE_BULK };

enum mail_class { CLASS_ANY, CLASS_MARKETING, CLASS_TRANSACTIONAL };

const char *level_name(enum level);
const char *consequence_name(enum consequence);
const char *audience_name(enum audience);
const char *mail_class_name(enum mail_class);

struct builtin_pack; /* below */
struct choice;       /* rules/choice.h */
struct expr;         /* rules/expr.h */
struct facts;        /* rules/fact.h */
struct path;         /* rules/path.h */
struct template;     /* rules/template.h */

/* A record to publish: name and value are templates. */
struct rule_record {
	const struct path *each; /* one record for each of that list; or NULL */
	const struct choice *choice; /* of its elements; NULL: all */
	const struct template *name;
	struct slice type; /* TXT, PTR, MX, ... or "header" */
	const struct template *value;
};

struct spot; /* rules/pack.h */

/* What mends that rule mends this one too. */
struct rule_mender {
	struct slice id;
	const struct expr *when; /* only where this is true; NULL: always */
	const struct spot *spot;
};

struct rule {
	struct slice id;       /* "gmail.dmarc.record" */
	struct slice provider; /* of [pack], or what stands before the dot */
	struct slice check;    /* first part of the first fact; or "attest" */
	struct slice title;
	struct slice requirement; /* of the Postmaster API; nothing: none */
	enum audience audience;
	enum mail_class class;
	enum level level;
	enum consequence consequence;
	int64_t since;        /* seconds since 1970; INT64_MIN: always */
	int64_t until;        /* first moment it no longer holds; INT64_MAX */
	struct slice checked; /* "2026-07-02" */
	struct slice source;
	const struct expr *when;    /* NULL: always applicable */
	const struct expr *require; /* NULL: only an attestation settles it */
	struct slice attest; /* question that yes settles as pass; or nothing */
	struct slice notes;  /* where what is published contradicts itself */
	const struct slice *codes;
	size_t n_codes;
	const struct template *pass; /* said when it passes; or NULL */
	const struct template *why;
	const struct template *fix;
	const struct rule_record *records;
	size_t n_records;
	struct slice extends;       /* id of the rule it is like; or nothing */
	size_t extension;           /* while it is read: what is open, from 1 */
	const struct rule_off *off; /* NULL: it is judged */
	const struct rule_mender *menders;
	size_t n_menders;
	struct slice file; /* pack it came from, and where */
	size_t line;
};

/* A pack of the user's has switched the rule off. */
struct rule_off {
	const struct template *why; /* or NULL */
	struct slice file;
	size_t line;
};

struct pack_errors;

/* A pack that was read. */
struct rule_pack {
	struct slice file; /* as it is in its rules */
	struct slice text;
	const struct builtin_pack *built_in; /* NULL: a file of the user's */
};

struct rules {
	struct arena *arena;
	const struct rule **rules; /* in pack order */
	size_t n;
	size_t cap;
	const struct rule **index; /* by id; open addressing */
	size_t index_size;
	size_t n_off;            /* how many of them are switched off */
	struct rule_pack *packs; /* in the order they were added */
	size_t n_packs;
	size_t cap_packs;
	int64_t now; /* no pack was checked later; 0: not looked at */
	/* Where all errors of a pack go; NULL: it is read up to the first. */
	struct pack_errors *errors;
	const struct facts *known; /* of whoever adds packs; or NULL */
};

/* Where a pack is wrong: line and column from 1. */
struct pack_error {
	struct slice file;
	size_t line;
	size_t column;
	struct slice what; /* may quote the pack: escape it */
};

/* In a set's arena; no more than LIMIT_PROBLEMS of one pack. */
struct pack_errors {
	struct pack_error *list;
	size_t n;
	size_t cap;
};

/* An empty set.  RC_NOMEM. */
enum rc rules_new(struct rules **);
void rules_close(struct rules **);

/* Adds one, of a new id; takes all behind the n-th away. */
enum rc rules_put(struct rules *, const struct rule *);
void rules_cut(struct rules *, size_t n);

/* In the place of the one of the same id. */
void rules_replace(struct rules *, const struct rule *);

/*
 * Adds a pack's rules; all of it or none.  text and file are copied.
 * RC_INVALID: *error says where, until rules_close().  known: the facts that
 * may be named, which must last as long; NULL: any.
 */
enum rc rules_add_pack(struct rules *, struct slice file, struct slice text,
    const struct facts *known, struct pack_error *error);

/* The same of one that is built in. */
enum rc rules_add_builtin(struct rules *, const struct builtin_pack *,
    const struct facts *known, struct pack_error *error);

/* The packs that are compiled in; ends with a NULL name. */
struct builtin_pack {
	const char *name; /* "gmail.rules" */
	const char *text;
	size_t size;
	const char *sha256; /* of its octets, in hex */
};
extern const struct builtin_pack builtin_packs[];

const struct rule *rules_find(const struct rules *, struct slice id);

/* Whether the rule is in force at that time. */
bool rule_in_force(const struct rule *, int64_t as_of);

/*
 * What an expression is worth over the facts.  When the outcome is unknown,
 * the paths that were absent and mattered are appended to *absent (an array
 * of strings, list places as "[]"); NULL: not wanted.  A pattern or a list
 * that takes more work than base/limits.h allows is unknown too.
 */
enum truth expr_eval(const struct expr *, const json_t *facts, json_t *absent);

/* The expression in its plainest form, for presend rules show. */
void expr_print(const struct expr *, struct buf *);

/* The facts that it reads, each once, in the order of the text. */
const struct slice *expr_paths(const struct expr *, size_t *n);

/*
 * Adds the text with each {path} replaced: text as it is, numbers, yes or no,
 * lists joined by ", ", "nothing" for null or an empty list and "(not known)"
 * for absent.  {list[].fact} is a fact of each element, {list[fact=a,b].other}
 * of those whose fact is one of these words; between them stands "; " if one
 * has a blank, and ". " if one is several sentences.
 */
void template_expand(const struct template *, const json_t *facts,
    struct buf *);
struct slice template_source(const struct template *);

/*
 * How many records a rule's record is over these facts: without each 1, with
 * it one for each element; none where there is nothing for one of its places.
 */
size_t rule_record_count(const struct rule_record *, const json_t *facts);

/* Its type with that value: "TXT", "header". */
struct slice rule_record_type(const struct rule_record *, struct slice value);

/* Adds the name and the value of the i-th of them. */
void rule_record_expand(const struct rule_record *, const json_t *facts,
    size_t i, struct buf *name, struct buf *value);

#endif
