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
	unsigned int seen; /* keys, by their place in the table */
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

struct pack_reader {
	struct rules *rules;
	struct arena *arena;
	const char *const *known;
	struct pack_error *error;
	struct slice file;
	struct section section;
	struct pack_defaults defaults;
};

/* Notes where and what.  RC_INVALID; RC_NOMEM when what is nothing. */
enum rc pack_fail(struct pack_reader *, struct spot, struct slice what);
struct spot value_spot(const struct value *, size_t at);
enum rc value_fail(struct pack_reader *, const struct value *, size_t at,
    struct slice what);

/* "[id]" was read. */
enum rc section_begin(struct pack_reader *, struct spot, struct slice id);

/* A key was read; *row is its place in the table for section_take(). */
enum rc section_key(struct pack_reader *, struct spot, struct slice key,
    size_t *row);
enum rc section_take(struct pack_reader *, size_t row, const struct value *);

/* The next section or the end of the pack was read. */
enum rc section_end(struct pack_reader *);

#endif
