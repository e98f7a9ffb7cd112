#ifndef RULES_PACK_H
#define RULES_PACK_H

#include "rules/compile.h"
#include "rules/rules.h"

/* What the reader of lines (pack.c) and that of sections (section.c) share. */

/* A place in a pack: an octet of a line. */
struct spot {
	struct slice line;
	size_t line_no;
	size_t octet;
};

/* The value of a key: its lines joined by spaces, and where each began. */
struct value_part {
	size_t at; /* in the text of the value */
	struct spot spot;
};

struct value {
	struct slice text;
	const struct value_part *parts;
	size_t n;
};

struct section {
	bool open;
	bool is_pack; /* [pack]; else a rule */
	struct rule *rule;
	struct spot spot;
	unsigned int seen;    /* keys, by their place in the table */
	bool wrong;           /* an error of it was told */
	bool off;             /* it switches a rule off */
	struct slice extends; /* as given; or nothing */
	struct spot extends_spot;
	struct rule_record *records;
	size_t cap_records;
	struct rule_mender *menders;
	size_t cap_menders;
};

struct pack_defaults {
	struct slice title;
	struct slice provider;
	struct slice checked;
	struct slice source;
};

struct pack_reader;

/* A rule that takes what it lacks from another, which may come later. */
struct extension {
	struct rule *rule;
	unsigned int seen;
	struct spot spot;         /* of its section */
	struct spot extends_spot; /* of the id that it extends */
	bool done;
};

struct extensions {
	struct extension *list;
	size_t n;
	size_t cap;
};

/* What a kind of pack makes of its sections and keys. */
struct pack_grammar {
	/* "[id]" was read. */
	enum rc (*begin)(struct pack_reader *, struct spot, struct slice id);
	/* A key was; *row is its place in the table for take(). */
	enum rc (*key)(struct pack_reader *, struct spot, struct slice key,
	    size_t *row);
	enum rc (*take)(struct pack_reader *, size_t row, const struct value *);
	/* The next section or the end of the pack was. */
	enum rc (*end)(struct pack_reader *);
};

struct pack_reader {
	const struct pack_grammar *grammar;
	void *more; /* of a grammar other than that of rules */
	struct rules *rules;
	struct arena *arena;
	const struct facts *known;
	struct pack_error *error;   /* the first */
	struct pack_errors *errors; /* all, or NULL: it ends with the first */
	size_t n_errors;
	struct slice file;
	struct section section;
	struct pack_defaults defaults;
	size_t before; /* rules that there were before this pack */
	struct extensions extensions;
	const struct rule **switched_off; /* copies that take their place */
	size_t n_switched_off;
	size_t cap_switched_off;
};

/* Notes where and what.  RC_INVALID; RC_NOMEM when what is nothing. */
enum rc pack_fail(struct pack_reader *, struct spot, struct slice what);

/* RC_OK in place of RC_INVALID when the reader is to go on behind an error. */
enum rc pack_forgive(struct pack_reader *, enum rc);

struct spot value_spot(const struct value *, size_t at);
enum rc value_fail(struct pack_reader *, const struct value *, size_t at,
    struct slice what);

/* The value is a day, "2026-11-21"; a URL that begins with https://. */
enum rc value_date(struct pack_reader *, const struct value *);
enum rc value_url(struct pack_reader *, const struct value *);

/* The id of a section is words (keys_word_length()) with dots between. */
enum rc pack_id(struct pack_reader *, struct spot, struct slice id,
    const char *expected);

/* Reads a pack; text and r->file are the arena's, r->error is set. */
enum rc pack_read(struct pack_reader *, struct slice text);

/* What must be there when all of a rule is known; seen: its own keys. */
enum rc section_finish(struct pack_reader *, struct rule *, unsigned int seen,
    struct spot);

/* Rules: section.c. */
enum rc section_begin(struct pack_reader *, struct spot, struct slice id);
enum rc section_key(struct pack_reader *, struct spot, struct slice key,
    size_t *row);
enum rc section_take(struct pack_reader *, size_t row, const struct value *);
enum rc section_end(struct pack_reader *);

#endif
