#include "audit/json_split.h"

#include <stdio.h>

#include "base/limits.h"

/* ---- octets ------------------------------------------------------------ */

static bool
fill(struct json_split *s)
{
	if (s->at < s->n)
		return true;
	s->at = 0;
	s->n = s->source.read(s->source.ctx, s->in, sizeof(s->in));
	return s->n > 0;
}

/* The next octet that is no space, not taken; 0 at the end. */
static unsigned char
peek(struct json_split *s)
{
	while (fill(s)) {
		unsigned char c = s->in[s->at];

		if (!ascii_is_space(c))
			return c;
		s->line += c == '\n';
		s->at++;
	}
	return 0;
}

static bool
take(struct json_split *s, unsigned char c)
{
	bool there = peek(s) == c && s->at < s->n;

	s->at += there;
	return there;
}

static enum rc
refuse(struct json_split *s, const char *why)
{
	bool ends = peek(s) == 0 && s->at >= s->n;

	(void)snprintf(s->why, sizeof(s->why), "%s",
	    ends ? "ends in the middle: the rest of it is not there" : why);
	return RC_INVALID;
}

/* ---- where a value ends ------------------------------------------------ */

struct scan {
	size_t depth; /* brackets and braces that are open */
	size_t most;  /* that may be */
	bool text, escaped;
	size_t lines;
};

/* True: the value ends with this octet. */
static inline bool
scan_octet(struct scan *scan, unsigned char c)
{
	if (scan->text) {
		if (scan->escaped)
			scan->escaped = false;
		else if (c == '\\')
			scan->escaped = true;
		else if (c == '"')
			scan->text = false;
		return c == '"' && !scan->text && scan->depth == 0;
	}
	switch (c) {
	case '"':
		scan->text = true;
		return false;
	case '[':
	case '{':
		scan->depth++;
		return false;
	case ']':
	case '}':
		return --scan->depth == 0;
	case '\n':
		scan->lines++;
		return false;
	default:
		return false;
	}
}

static void
keep(struct json_split *s, size_t from, bool wanted)
{
	if (wanted)
		buf_add(&s->text,
		    slice_sub(slice_of(s->in, s->n), from, s->at - from));
}

/* From its quote or bracket to the one that ends it. */
static enum rc
scan_delimited(struct json_split *s, bool wanted, size_t outside)
{
	struct scan scan = { .most = LIMIT_JSON_DEPTH - outside };
	bool done = false;

	while (!done && scan.depth <= scan.most && !s->text.failed && fill(s)) {
		size_t from = s->at;

		while (!done && scan.depth <= scan.most && s->at < s->n)
			done = scan_octet(&scan, s->in[s->at++]);
		keep(s, from, wanted);
	}
	s->line += scan.lines;
	if (scan.depth > scan.most)
		return refuse(s, "brackets are nested too deeply");
	return done || s->text.failed ? RC_OK : refuse(s, "");
}

/* A number or a word: to what can be no part of it. */
static enum rc
scan_word(struct json_split *s, bool wanted)
{
	bool done = false, any = false;

	while (!done && !s->text.failed && fill(s)) {
		size_t from = s->at;

		while (!done && s->at < s->n) {
			unsigned char c = s->in[s->at];

			done = ascii_is_space(c) || c == ',' || c == ']' ||
			       c == '}';
			s->at += !done;
		}
		any |= s->at > from;
		keep(s, from, wanted);
	}
	return any ? RC_OK : refuse(s, "a value is expected");
}

/* Into text; outside: brackets that are open around it. */
static enum rc
scan_value(struct json_split *s, bool wanted, size_t outside)
{
	unsigned char c = peek(s);
	enum rc rc;

	buf_reset(&s->text);
	s->begin = s->line;
	rc = c == '{' || c == '[' || c == '"'
		 ? scan_delimited(s, wanted, outside)
		 : scan_word(s, wanted);
	if (rc || !s->text.failed)
		return rc;
	return s->text.n + sizeof(s->in) > s->text.limit
		   ? refuse(s, "one part of it is larger than can be held")
		   : RC_NOMEM;
}

/* ---- pieces ------------------------------------------------------------ */

static enum rc
parse(struct json_split *s, json_t **out)
{
	json_error_t error;

	*out = json_loadb((const char *)s->text.p, s->text.n,
	    JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
	if (*out != NULL)
		return RC_OK;
	s->line = s->begin + (error.line > 1 ? (size_t)error.line - 1 : 0);
	(void)snprintf(s->why, sizeof(s->why), "%s", error.text);
	return RC_INVALID;
}

static enum rc
piece_value(struct json_split *s, bool wanted, size_t outside,
    struct json_piece *out)
{
	enum rc rc = scan_value(s, wanted, outside);

	return rc == RC_OK && wanted ? parse(s, &out->value) : rc;
}

static enum rc
member_name(struct json_split *s)
{
	enum rc rc;

	if (peek(s) != '"')
		return refuse(s, "the name of a member is expected");
	rc = scan_value(s, true, 1);
	if (rc)
		return rc;
	json_decref(s->name);
	rc = parse(s, &s->name);
	if (rc == RC_OK && !take(s, ':'))
		return refuse(s, "a colon is expected behind a name");
	return rc;
}

static enum rc next_item(struct json_split *, struct json_piece *);

static enum rc
next_member(struct json_split *s, struct json_piece *out)
{
	enum rc rc;

	if (take(s, '}')) {
		s->state = JSON_SPLIT_BETWEEN;
		return RC_OK;
	}
	if (s->state == JSON_SPLIT_MEMBERS && !take(s, ','))
		return refuse(s, "a comma or a brace is expected");
	rc = member_name(s);
	if (rc)
		return rc;
	s->state = JSON_SPLIT_MEMBERS;
	out->kind = JSON_PIECE_MEMBER;
	out->name = json_string_value(s->name);
	if (strcmp(out->name, s->list) != 0)
		return piece_value(s, true, 1, out);
	if (s->listed)
		return refuse(s, "its list is there twice");
	s->listed = true;
	if (!take(s, '['))
		return piece_value(s, true, 1, out);
	s->state = JSON_SPLIT_LISTED;
	return next_item(s, out);
}

static enum rc
next_item(struct json_split *s, struct json_piece *out)
{
	if (take(s, ']')) {
		s->state = JSON_SPLIT_MEMBERS;
		out->kind = JSON_PIECE_END;
		return next_member(s, out);
	}
	if (s->state == JSON_SPLIT_ITEMS && !take(s, ','))
		return refuse(s, "a comma or a bracket is expected");
	s->state = JSON_SPLIT_ITEMS;
	out->kind = JSON_PIECE_ITEM;
	return piece_value(s, !s->skip, 2, out);
}

static enum rc
next_whole(struct json_split *s, struct json_piece *out)
{
	if (peek(s) == 0 && s->at >= s->n)
		return RC_OK;
	out->kind = JSON_PIECE_ITEM;
	return piece_value(s, !s->skip, 0, out);
}

/* ---- outside ----------------------------------------------------------- */

void
json_split_init(struct json_split *s, struct json_source source,
    const char *list, size_t max)
{
	s->source = source;
	s->list = list;
	s->skip = false;
	s->at = s->n = 0;
	s->state = JSON_SPLIT_BETWEEN;
	s->listed = false;
	s->line = s->begin = 1;
	s->name = NULL;
	s->why[0] = '\0';
	buf_init(&s->text, max);
}

void
json_split_free(struct json_split *s)
{
	buf_free(&s->text);
	json_decref(s->name);
	s->name = NULL;
}

enum rc
json_split_enter(struct json_split *s, bool *more)
{
	*more = peek(s) != 0 || s->at < s->n;
	if (!*more)
		return RC_OK;
	if (!take(s, '{'))
		return refuse(s, "an object is expected");
	s->state = JSON_SPLIT_FIRST;
	s->listed = false;
	return RC_OK;
}

enum rc
json_split_next(struct json_split *s, struct json_piece *out)
{
	enum rc rc = RC_BUG;

	*out = (struct json_piece){ .kind = JSON_PIECE_END };
	switch (s->state) {
	case JSON_SPLIT_BETWEEN:
		rc = next_whole(s, out);
		break;
	case JSON_SPLIT_FIRST:
	case JSON_SPLIT_MEMBERS:
		rc = next_member(s, out);
		break;
	case JSON_SPLIT_LISTED:
	case JSON_SPLIT_ITEMS:
		rc = next_item(s, out);
		break;
	}
	if (rc) {
		json_decref(out->value);
		out->value = NULL;
	}
	return rc;
}
