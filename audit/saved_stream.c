#include "audit/saved_stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/json_split.h"
#include "audit/saved.h"
#include "audit/seekable.h"
#include "audit/views/view.h"
#include "base/limits.h"

struct saved_stream {
	struct saved_file file; /* for what is said of it */
	FILE *f;
	off_t begin;
	int wrong; /* errno of reading */
	struct json_split split;
	enum document document;
	json_t *header;
	size_t items; /* that were seen; two are enough to know of many */
	bool lines;   /* values, one after the other */
};

static size_t
read_file(void *ctx, unsigned char *to, size_t n)
{
	struct saved_stream *s = ctx;
	size_t got = fread(to, 1, n, s->f);

	if (ferror(s->f))
		s->wrong = errno;
	return got;
}

static enum rc
outcome(const struct saved_stream *s, enum rc rc)
{
	if (s->wrong != 0)
		return saved_refuse(&s->file, 0, strerror(s->wrong));
	if (rc == RC_INVALID)
		return saved_refuse(&s->file, s->split.line, s->split.why);
	return rc;
}

static void
rewind_split(struct saved_stream *s)
{
	json_split_free(&s->split);
	if (fseeko(s->f, s->begin, SEEK_SET) != 0)
		s->wrong = errno;
	json_split_init(&s->split,
	    (struct json_source){ .read = read_file, .ctx = s }, "audits",
	    LIMIT_DOCUMENT_PART);
}

/* ---- what it is -------------------------------------------------------- */

static const char *
not_json(const struct json_split *split)
{
	static const struct {
		const char *begin, *what;
	} known[] = {
		{ "\x1f\x8b",
		    "is compressed by gzip; zcat makes of it what can be shown" },
		{ "\xfd"
		  "7zXZ",
		    "is compressed by xz; xzcat makes of it what can be shown" },
		{ "\x28\xb5\x2f\xfd",
		    "is compressed by zstd; zstdcat makes of it what can be "
		    "shown" },
		{ "PK\x03\x04",
		    "is a workbook or an archive; what can be shown is the "
		    "JSON document" },
		{ "<", "is HTML or XML; what can be shown is the JSON "
		       "document" },
	};
	struct slice octets = slice_of(split->in, split->n);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (slice_starts(octets, slice_str(known[i].begin)))
			return known[i].what;
	}
	return "is no JSON document; what can be shown is what presend wrote "
	       "by --format json or jsonl";
}

static enum rc
unknown_schema(const struct saved_stream *s)
{
	const char *schema = view_text_of(s->header, "schema");

	if (schema[0] == '\0')
		return saved_refuse(&s->file, 0,
		    "has no schema: it is no document that presend wrote");
	if (strcmp(schema, EVIDENCE_SCHEMA) == 0)
		return saved_refuse(&s->file, 0,
		    "is a recording (" EVIDENCE_SCHEMA "); audit by it with "
		    "presend audit --replay, and view what that writes");
	*s->file.error = arena_slicef(s->file.arena,
	    "%s: its schema is %.60s, which this version of presend does not know",
	    s->file.name, schema);
	return RC_INVALID;
}

/* A line of --events has no schema, and always these. */
static bool
is_event(const json_t *value)
{
	return json_object_get(value, "schema") == NULL &&
	       json_is_string(json_object_get(value, "kind")) &&
	       json_is_string(json_object_get(value, "reason")) &&
	       json_is_string(json_object_get(value, "provider"));
}

static bool
has_items(enum document document)
{
	switch (document) {
	case DOCUMENT_AUDIT:
	case DOCUMENT_DIFF:
		return true;
	case DOCUMENT_BOUNCES:
	case DOCUMENT_EVENTS:
	case DOCUMENT_EXPLAIN:
	case DOCUMENT_BOUNCES_DIFF:
		break;
	}
	return false;
}

/* Leaves of the first line what is the same on each. */
static enum rc
judge_lines(struct saved_stream *s)
{
	json_t *header;

	if (json_object_get(s->header, "subject") == NULL)
		return saved_refuse(&s->file, 0, "has no list of audits");
	header = saved_split_header(s->header);
	json_decref(s->header);
	s->header = header;
	s->lines = true;
	return RC_OK;
}

/* The first value has been read; more: another one follows. */
static enum rc
judge(struct saved_stream *s, bool more)
{
	if (is_event(s->header)) {
		json_decref(s->header);
		s->header = NULL;
		s->document = DOCUMENT_EVENTS;
		s->lines = true;
		return RC_OK;
	}
	if (!document_of_schema(view_text_of(s->header, "schema"),
		&s->document) ||
	    s->document == DOCUMENT_EVENTS)
		return unknown_schema(s);
	if (has_items(s->document) && !s->split.listed)
		return judge_lines(s);
	if (has_items(s->document) && json_object_get(s->header, "audits"))
		return saved_refuse(&s->file, 0, "has no list of audits");
	if (more)
		return saved_refuse(&s->file, s->split.begin,
		    "something stands behind the end of the document");
	return RC_OK;
}

/* ---- the first reading ------------------------------------------------- */

static enum rc
take_member(struct saved_stream *s, const struct json_piece *piece)
{
	if (json_object_get(s->header, piece->name) != NULL) {
		*s->file.error = arena_slicef(s->file.arena,
		    "%s: line %zu: the member '%.100s' is there twice",
		    s->file.name, s->split.line, piece->name);
		return RC_INVALID;
	}
	return json_object_set(s->header, piece->name, piece->value) == 0
		   ? RC_OK
		   : RC_NOMEM;
}

static enum rc
read_members(struct saved_stream *s)
{
	struct json_piece piece;
	enum rc rc;

	do {
		rc = outcome(s, json_split_next(&s->split, &piece));
		if (rc == RC_OK && piece.kind == JSON_PIECE_MEMBER)
			rc = take_member(s, &piece);
		s->items += rc == RC_OK && piece.kind == JSON_PIECE_ITEM;
		json_decref(piece.value);
	} while (rc == RC_OK && piece.kind != JSON_PIECE_END);
	return rc;
}

static enum rc
survey(struct saved_stream *s)
{
	struct json_piece piece;
	bool more;
	enum rc rc;

	s->split.skip = true;
	rc = json_split_enter(&s->split, &more);
	if (s->wrong != 0)
		return outcome(s, rc);
	if (rc)
		return saved_refuse(&s->file, 0, not_json(&s->split));
	if (!more)
		return saved_refuse(&s->file, 0, "is empty");
	rc = read_members(s);
	if (rc == RC_OK)
		rc = outcome(s, json_split_next(&s->split, &piece));
	if (rc)
		return rc;
	more = piece.kind != JSON_PIECE_END;
	rc = judge(s, more);
	if (s->lines)
		s->items = more ? 2 : 1;
	return rc;
}

enum rc
saved_stream_open(struct saved_stream **out, const char *path, struct arena *a,
    struct slice *error)
{
	struct saved_stream *s = calloc(1, sizeof(*s));
	enum rc rc;

	*out = s;
	if (s == NULL)
		return RC_NOMEM;
	s->file = (struct saved_file){ .name = seekable_name(path),
		.arena = a,
		.error = error };
	s->header = json_object();
	rc = seekable_open(path, LIMIT_DOCUMENT, &s->f, a, error);
	if (rc)
		return rc;
	s->begin = ftello(s->f);
	rewind_split(s);
	rc = survey(s);
	rewind_split(s);
	return rc == RC_OK ? outcome(s, RC_OK) : rc;
}

void
saved_stream_close(struct saved_stream **out)
{
	struct saved_stream *s = *out;

	*out = NULL;
	if (s == NULL)
		return;
	json_split_free(&s->split);
	json_decref(s->header);
	if (s->f != NULL)
		(void)fclose(s->f);
	free(s);
}

enum document
saved_stream_document(const struct saved_stream *s)
{
	return s->document;
}

const json_t *
saved_stream_header(const struct saved_stream *s)
{
	return s->header;
}

bool
saved_stream_many(const struct saved_stream *s)
{
	return s->items > 1;
}

/* ---- the second reading ------------------------------------------------ */

/* A line has its part of the header on it, the same on each. */
static enum rc
strip_line(struct saved_stream *s, json_t *item)
{
	json_t *header;
	enum rc rc = RC_OK;

	if (s->header == NULL)
		return is_event(item) ? RC_OK
				      : saved_refuse(&s->file, s->split.begin,
					    "is no event of presend bounces "
					    "--events");
	header = saved_split_header(item);
	if (!json_equal(header, s->header))
		rc = saved_refuse(&s->file, s->split.begin,
		    "has another schema or as_of than the first");
	json_decref(header);
	return rc;
}

/* Members are passed by: they are known. */
static enum rc
next_piece(struct saved_stream *s, struct json_piece *piece)
{
	bool more = true;
	enum rc rc = RC_OK;

	if (!s->lines && s->split.state == JSON_SPLIT_BETWEEN)
		rc = json_split_enter(&s->split, &more);
	do {
		json_decref(piece->value);
		piece->value = NULL;
		if (rc == RC_OK)
			rc = json_split_next(&s->split, piece);
	} while (rc == RC_OK && piece->kind == JSON_PIECE_MEMBER);
	return outcome(s, rc);
}

enum rc
saved_stream_next(struct saved_stream *s, json_t **item, struct slice *error)
{
	struct json_piece piece = { .kind = JSON_PIECE_END };
	enum rc rc = RC_OK;

	*item = NULL;
	s->file.error = error;
	if (s->lines || has_items(s->document))
		rc = next_piece(s, &piece);
	if (rc == RC_OK && piece.kind == JSON_PIECE_ITEM) {
		if (!json_is_object(piece.value))
			rc = saved_refuse(&s->file, s->split.begin,
			    s->lines ? "is not an object"
				     : "has an audit that is no object");
		else if (s->lines)
			rc = strip_line(s, piece.value);
	}
	if (rc == RC_OK)
		*item = piece.value;
	else
		json_decref(piece.value);
	return rc;
}
