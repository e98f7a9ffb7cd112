#include "base/limits.h"
#include "checks/dkim/dkim_diagnose.h"
#include "message/mailbox.h"

/*
 * A body that is not the one signed: what if it had been otherwise?  Each try
 * hashes it once more; only what then fits bh= is said.
 */
struct trial {
	const struct dkim_found *found;
	const struct dkim_signature *signature;
	const struct message *message;
	struct dkim_keys *keys;
};

/* There is room for one more walk over the body. */
static bool
may_try(const struct trial *t)
{
	size_t n = t->message->body.n + DKIM_SINK;

	if (n > LIMIT_DKIM_TRIED - *t->found->tried)
		return false;
	*t->found->tried += n;
	return true;
}

static bool
fits(const struct trial *t, const struct dkim_digest *d)
{
	return dkim_digest_is(d, t->signature->body_hash);
}

static bool
fits_as(const struct trial *t, struct dkim_body body)
{
	return may_try(t) && dkim_hash_bodies(t->found->hasher, &body, 1) &&
	       !body.too_short && fits(t, &body.digest);
}

static enum dkim_canon
other_canon(const struct trial *t)
{
	return t->signature->body_canon == DKIM_SIMPLE ? DKIM_RELAXED
						       : DKIM_SIMPLE;
}

static bool
without_length(const struct trial *t)
{
	return t->signature->has_length &&
	       fits_as(t,
		   (struct dkim_body){ .canon = t->signature->body_canon });
}

static bool
by_other_canon(const struct trial *t)
{
	struct dkim_body body = { .canon = other_canon(t),
		.limited = t->signature->has_length,
		.length = t->signature->length };

	return fits_as(t, body);
}

/* The signer hashed nothing: it was handed no body, or read it before. */
static bool
of_nothing(const struct trial *t)
{
	struct dkim_digest d;

	if (!dkim_hash_begin(t->keys) || !dkim_hash_peek(t->keys, &d))
		return false;
	if (fits(t, &d))
		return true;
	dkim_hash_take(t->keys, SLICE_LIT("\r\n"));
	return dkim_hash_end(t->keys, &d) && fits(t, &d);
}

static bool
when_mended(const struct trial *t, const struct dkim_mending *how)
{
	struct dkim_digest d;
	struct dkim_sink sink;

	if (!may_try(t) || !dkim_hash_begin(t->keys))
		return false;
	dkim_sink_init(&sink, dkim_hash_take, t->keys);
	dkim_canon_mended(&sink, t->signature->body_canon, t->message->body,
	    how);
	dkim_sink_flush(&sink);
	return dkim_hash_end(t->keys, &d) && fits(t, &d);
}

/* There is a line end of one octet. */
static bool
has_odd_line_ends(struct slice body)
{
	size_t i;

	for (i = 0; i < body.n; i++) {
		if (body.p[i] == '\n')
			return true;
		if (body.p[i] == '\r') {
			if (i + 1 == body.n || body.p[i + 1] != '\n')
				return true;
			i++;
		}
	}
	return false;
}

static bool
has_dotted_line(struct slice body)
{
	return slice_starts(body, SLICE_LIT("..")) ||
	       slice_find(body, SLICE_LIT("\n..")) != SIZE_MAX;
}

/* ---- something was appended -------------------------------------------- */

/* Looks at each line end whether the signed body ended there. */
struct ends {
	const struct trial *trial;
	size_t lines;   /* so far */
	size_t skipped; /* of the first none is looked at */
	size_t found;   /* the body ended with this line; 0: not yet */
};

static void
take_ends(void *arg, struct slice s)
{
	struct ends *e = arg;
	struct slice rest = s, line;

	while (e->found == 0 && slice_cut(rest, '\n', &line, &rest)) {
		struct dkim_digest d;

		dkim_hash_take(e->trial->keys, slice_of(line.p, line.n + 1));
		if (++e->lines > e->skipped &&
		    dkim_hash_peek(e->trial->keys, &d) && fits(e->trial, &d))
			e->found = e->lines;
	}
	if (e->found == 0 && s.n > 0 && s.p[s.n - 1] != '\n')
		dkim_hash_take(e->trial->keys, line);
}

static size_t
count_lines(struct slice s)
{
	struct slice line;
	size_t n = 0;

	while (slice_cut(s, '\n', &line, &s))
		n++;
	return n;
}

/* The message's line with which its body begins. */
static size_t
body_line(const struct message *m)
{
	const struct field *last;

	if (m->n_fields == 0)
		return 1;
	last = &m->fields[m->n_fields - 1];
	return last->line +
	       count_lines(slice_span(last->name, slice_sub(m->body, 0, 0)));
}

/* The line of the message with which what was appended begins; 0: nothing. */
static size_t
appended_at(const struct trial *t)
{
	size_t lines = count_lines(t->message->body);
	struct ends e = { .trial = t,
		.skipped =
		    lines > LIMIT_DKIM_ENDS ? lines - LIMIT_DKIM_ENDS : 0 };
	struct dkim_sink sink;

	if (t->signature->has_length || !may_try(t) ||
	    !dkim_hash_begin(t->keys))
		return 0;
	dkim_sink_init(&sink, take_ends, &e);
	dkim_canon_body(&sink, t->signature->body_canon, t->message->body,
	    t->found->hasher->bare);
	dkim_sink_flush(&sink);
	return e.found > 0 ? body_line(t->message) + e.found : 0;
}

/* ---- all of it --------------------------------------------------------- */

const char *
dkim_body_cause(const struct dkim_found *found, struct dkim_verdict *v)
{
	const struct trial t = { found, v->signature, found->hasher->message,
		found->hasher->keys };
	struct slice body = t.message->body;

	if (without_length(&t))
		return "length";
	if (by_other_canon(&t))
		return "canonicalization";
	if (of_nothing(&t))
		return "empty";
	if (!found->hasher->bare && has_odd_line_ends(body) &&
	    when_mended(&t, &(struct dkim_mending){ .line_ends = true }))
		return "line-ends";
	if (mailbox_is_quoted(body) &&
	    when_mended(&t, &(struct dkim_mending){ .quoted = true }))
		return "from-quoted";
	if (has_dotted_line(body) &&
	    when_mended(&t, &(struct dkim_mending){ .dots = true }))
		return "dot-stuffed";
	v->cause_line = appended_at(&t);
	return v->cause_line > 0 ? "footer" : NULL;
}

struct slice
dkim_body_cause_text(struct arena *arena, const struct dkim_verdict *v)
{
	static const struct {
		const char *cause;
		const char *text;
	} rows[] = {
		{ "length",
		    "the hash of the body is right without l=, which counts "
		    "other octets; leave l= out" },
		{ "canonicalization",
		    "the hash of the body is right by the other "
		    "canonicalization than c= names; let the signer do as it "
		    "says" },
		{ "empty",
		    "bh= is the hash of an empty body: the signer did not get "
		    "to see the body; sign the message when it is complete" },
		{ "line-ends",
		    "the body was signed with CRLF at the end of each line, "
		    "and has other line ends now; write CRLF throughout" },
		{ "from-quoted",
		    "the body was signed with \"From \" where \">From \" "
		    "stands now: saving it in a mailbox did that, or a relay; "
		    "encode the body so that no line begins with it" },
		{ "dot-stuffed",
		    "the body was signed with one dot where lines begin with "
		    "two now: a sender on the way doubled dots that were "
		    "doubled already" },
	};

	size_t i;

	if (v->body_cause == NULL)
		return SLICE_LIT("the body is not the one that was signed: "
				 "something changed it after signing; sign "
				 "last, behind all that rewrites mail");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(v->body_cause, rows[i].cause) == 0)
			return slice_str(rows[i].text);
	return arena_slicef(arena,
	    "what stands from line %zu on was appended to the body after "
	    "signing, as mailing lists and relays do with footers; append it "
	    "before signing, or not at all",
	    v->cause_line);
}
