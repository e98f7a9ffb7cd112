#include "message/received_spf.h"

#include "message/clause.h"

/*
 * header-field   = "Received-SPF:" [CFWS] result FWS [comment FWS]
 *                  [ key-value-list ] CRLF
 * result         = "pass" / "fail" / "softfail" / "neutral" / "none" /
 *                  "temperror" / "permerror"
 * key-value-list = key-value-pair *( ";" [CFWS] key-value-pair ) [";"]
 * key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string )
 * key            = "client-ip" / "envelope-from" / "helo" / "problem" /
 *                  "receiver" / "identity" / "mechanism" / name
 */
struct parser {
	struct arena *arena;
	struct cursor c;
	struct received_spf *out;
};

static const char *const results[] = { "pass", "fail", "softfail", "neutral",
	"none", "temperror", "permerror",
	/* RFC 4408 9.1 */
	"error", "unknown" };

enum { RESULTS = sizeof(results) / sizeof(results[0]) };

/* The first comment is kept. */
static void
comment_take(struct parser *p)
{
	struct slice text;

	if (!clause_comment(&p->c, &text))
		p->out->malformed = true;
	if (p->out->comment.p == NULL)
		p->out->comment = text;
}

/* [CFWS] */
static void
blank_take(struct parser *p)
{
	for (;;) {
		int next = cursor_peek(&p->c);

		if (next == '(')
			comment_take(p);
		else if (next >= 0 && ascii_is_space((unsigned char)next))
			p->c.at++;
		else
			return;
	}
}

static void
pair_keep(struct parser *p, struct slice key, struct slice value)
{
	struct received_spf *out = p->out;

	const struct {
		const char *name;
		struct slice *to;
	} keys[] = {
		{ "client-ip", &out->client_ip },
		{ "envelope-from", &out->envelope_from },
		{ "helo", &out->helo },
		{ "receiver", &out->receiver },
		{ "identity", &out->identity },
		{ "mechanism", &out->mechanism },
		{ "problem", &out->problem },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (slice_eq_nocase(key, slice_str(keys[i].name)) &&
		    keys[i].to->p == NULL)
			*keys[i].to = value;
	}
}

/*
 * One pair.  More than a dot-atom is taken for a value: addresses with colons
 * and mailboxes stand there without quotes.
 */
static void
pair_take(struct parser *p)
{
	struct slice key = clause_word(&p->c, "=;("), value;

	blank_take(p);
	if (key.n == 0 || !cursor_skip(&p->c, '=')) {
		p->out->malformed = true;
		/* On, whatever it is. */
		if (key.n == 0 && !cursor_done(&p->c))
			p->c.at++;
		return;
	}
	blank_take(p);
	if (cursor_peek(&p->c) == '"')
		value = clause_quoted(p->arena, &p->c, &p->out->malformed);
	else
		value = clause_word(&p->c, ";(");
	pair_keep(p, key, value);
}

static bool
is_result(struct slice word)
{
	for (size_t i = 0; i < RESULTS; i++) {
		if (slice_eq_nocase(word, slice_str(results[i])))
			return true;
	}
	return false;
}

enum rc
received_spf_parse(struct arena *a, struct slice value,
    struct received_spf *out)
{
	struct parser p = { .arena = a, .c = cursor_of(value), .out = out };

	*out = (struct received_spf){ 0 };
	blank_take(&p);
	/* What stands before the result is nobody's explanation of it. */
	out->comment = SLICE_NONE;
	out->result = clause_word(&p.c, "(;=");
	if (!is_result(out->result))
		out->malformed = true;
	for (;;) {
		blank_take(&p);
		if (cursor_skip(&p.c, ';'))
			continue;
		if (cursor_done(&p.c) || arena_failed(a))
			break;
		pair_take(&p);
	}
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
