#include "message/clause.h"
#include "message/trace.h"

/* A method with its version, or a ptype with its property. */
struct key {
	struct slice first;
	int separator; /* "/" or "."; 0: there is no second */
	struct slice second;
};

struct parser {
	struct arena *arena;
	struct cursor c;
	struct auth_results *out;
	struct auth_result *results;
	size_t results_cap;
	struct auth_property *properties; /* of the result in hand */
	size_t n_properties, properties_cap;
};

/* [CFWS]; an open comment is taken to the end. */
static void
blank_take(struct parser *p)
{
	struct cursor *c = &p->c;
	struct slice text;

	for (;;) {
		int next = cursor_peek(c);

		if (next == '(') {
			if (!clause_comment(c, &text))
				p->out->malformed = true;
		} else if (next >= 0 && ascii_is_space((unsigned char)next)) {
			c->at++;
		} else {
			return;
		}
	}
}

/*
 * value  = token / quoted-string                  (RFC 2045 5.1)
 * pvalue = [CFWS] ((value / [[local-part] "@"] domain-name)) [CFWS]
 * The local part may be quoted.
 */
static struct slice
value_take(struct parser *p)
{
	struct slice head, tail;
	unsigned char *both;

	blank_take(p);
	if (cursor_peek(&p->c) != '"')
		return clause_word(&p->c, "(;");
	head = clause_quoted(p->arena, &p->c, &p->out->malformed);
	tail = clause_word(&p->c, "(;");
	if (tail.n == 0)
		return head;
	both = arena_alloc(p->arena, head.n + tail.n, 1);
	if (both == NULL)
		return SLICE_NONE;
	if (head.n > 0)
		memcpy(both, head.p, head.n);
	memcpy(both + head.n, tail.p, tail.n);
	return slice_of(both, head.n + tail.n);
}

/*
 * Keyword [[CFWS] ("/" / ".") [CFWS] Keyword] [CFWS] "="
 * False, and nothing taken, when it is not there.
 */
static bool
key_take(struct parser *p, struct key *key)
{
	struct cursor before = p->c;

	*key = (struct key){ .first = clause_word(&p->c, "=./(;") };
	blank_take(p);
	if (cursor_peek(&p->c) == '.' || cursor_peek(&p->c) == '/') {
		key->separator = cursor_u8(&p->c);
		blank_take(p);
		key->second = clause_word(&p->c, "=(;");
		blank_take(p);
	}
	if (key->first.n > 0 && cursor_skip(&p->c, '='))
		return true;
	p->c = before;
	return false;
}

/* propspec = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue */
static void
property_keep(struct parser *p, const struct key *key, struct slice value)
{
	struct auth_property one = { key->first, key->second, value }, *more;

	if (key->separator != '.' || key->second.n == 0) {
		p->out->malformed = true;
		one.ptype = SLICE_NONE;
		one.name = key->first;
	}
	more = arena_grow(p->arena, p->properties, p->n_properties,
	    &p->properties_cap, sizeof(one));
	if (more == NULL)
		return;
	p->properties = more;
	p->properties[p->n_properties++] = one;
}

static void
result_keep(struct parser *p, struct auth_result *r)
{
	struct auth_result *more;

	r->properties = p->properties;
	r->n_properties = p->n_properties;
	p->properties = NULL;
	p->n_properties = p->properties_cap = 0;
	more = arena_grow(p->arena, p->results, p->out->n, &p->results_cap,
	    sizeof(*r));
	if (more == NULL)
		return;
	p->results = more;
	p->results[p->out->n++] = *r;
}

static bool
at_end(struct parser *p)
{
	blank_take(p);
	return cursor_done(&p->c) || cursor_peek(&p->c) == ';';
}

/* What is no result: to the next ";", past quotes and comments. */
static void
skip(struct parser *p)
{
	p->out->malformed = true;
	while (!at_end(p) && !arena_failed(p->arena)) {
		if (cursor_peek(&p->c) == '"')
			(void)clause_extent(&p->c, &p->out->malformed);
		else
			p->c.at++;
	}
}

/* method = Keyword [[CFWS] "/" [CFWS] method-version] */
static bool
is_method(const struct key *key)
{
	return key->separator == 0 ||
	       (key->separator == '/' && slice_eq(key->second, SLICE_LIT("1")));
}

/*
 * methodspec [reasonspec] [1*propspec]
 * methodspec = [CFWS] method [CFWS] "=" [CFWS] result
 * reasonspec = [CFWS] "reason" [CFWS] "=" [CFWS] value
 */
static void
result_take(struct parser *p)
{
	struct auth_result r = { 0 };
	struct slice value;
	struct key key;

	if (!key_take(p, &key)) {
		skip(p);
		return;
	}
	r.method = key.first;
	r.result = value_take(p);
	if (r.result.n == 0 || !is_method(&key))
		p->out->malformed = true;
	while (!at_end(p) && !arena_failed(p->arena)) {
		if (!key_take(p, &key)) {
			skip(p);
			break;
		}
		value = value_take(p);
		if (key.separator == 0 &&
		    slice_eq_nocase(key.first, SLICE_LIT("reason")))
			r.reason = value;
		else
			property_keep(p, &key, value);
	}
	result_keep(p, &r);
}

/* no-result = [CFWS] ";" [CFWS] "none" */
static bool
none_take(struct parser *p)
{
	struct cursor before = p->c;

	if (slice_eq_nocase(clause_word(&p->c, "=(;"), SLICE_LIT("none")) &&
	    at_end(p) && cursor_done(&p->c))
		return true;
	p->c = before;
	return false;
}

/* authserv-id [CFWS version]; false: a version that is not known */
static bool
server_take(struct parser *p)
{
	struct cursor before;
	struct key key;

	blank_take(p);
	before = p->c;
	if (key_take(p, &key)) {
		/* Outlook.com leaves the authserv-id out. */
		p->c = before;
		p->out->malformed = true;
		return true;
	}
	p->out->server = value_take(p);
	if (p->out->server.n == 0)
		p->out->malformed = true;
	if (!at_end(p)) {
		if (!slice_eq(clause_word(&p->c, "(;"), SLICE_LIT("1")))
			return false;
		if (!at_end(p))
			skip(p);
	}
	if (!cursor_skip(&p->c, ';'))
		p->out->malformed = true;
	return true;
}

enum rc
auth_results_parse(struct arena *a, struct slice s, struct auth_results *out)
{
	struct parser p = { .arena = a, .c = cursor_of(s), .out = out };

	*out = (struct auth_results){ 0 };
	if (arena_failed(a))
		return RC_LIMIT;
	if (!server_take(&p)) {
		out->malformed = true;
		return arena_failed(a) ? RC_LIMIT : RC_OK;
	}
	blank_take(&p);
	if (none_take(&p))
		return RC_OK;
	if (cursor_done(&p.c))
		out->malformed = true;
	while (!cursor_done(&p.c) && !arena_failed(a)) {
		blank_take(&p);
		if (at_end(&p))
			out->malformed = true;
		else
			result_take(&p);
		/* A ";" with nothing behind it. */
		if (cursor_skip(&p.c, ';') && at_end(&p))
			out->malformed = true;
	}
	out->results = p.results;
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
