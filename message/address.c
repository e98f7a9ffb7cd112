#include "message/address.h"

#include "base/limits.h"
#include "message/encoded.h"
#include "message/token.h"

struct parser {
	struct arena *arena;
	struct cursor c;
	struct token t; /* the one to look at */
	struct mailbox *mailboxes;
	size_t cap;
	struct slice group;
	struct address_list *out;
};

/* A phrase or a local part: which one shows what comes behind it. */
struct words {
	size_t start, end;
	size_t n; /* words */
	size_t dots;
	size_t wrong; /* offset that keeps it from being a local part */
	bool is_wrong;
	bool dot_last;  /* ends with a dot */
	bool old;       /* as a local part it would be an obs-local-part */
	bool quoted;    /* there are quotes */
	size_t old_at;  /* what makes it so */
	size_t dot_at;  /* the first dot */
	bool empty_dot; /* begins with a dot: no phrase either */
};

/* The first fault stays.  False, for "return fault(...)". */
static bool
fault(struct parser *p, enum address_fault f, size_t at)
{
	if (p->out->fault == ADDRESS_FINE) {
		p->out->fault = f;
		p->out->at = at;
	}
	return false;
}

static void
old(struct parser *p, enum address_old what, size_t at)
{
	if (p->out->old == ADDRESS_OLD_NONE) {
		p->out->old = what;
		p->out->old_at = at;
	}
}

static void
obsolete(struct parser *p, enum address_old what, size_t at)
{
	p->out->obsolete = true;
	old(p, what, at);
}

static void
advance(struct parser *p)
{
	p->t = token_next(&p->c);
	if (p->t.obsolete)
		obsolete(p, ADDRESS_OLD_OCTETS, p->t.at);
	if (p->t.kind == TOKEN_FAULT)
		(void)fault(p, p->t.fault, p->t.at);
}

/* What stands there is not what must. */
static bool
unexpected(struct parser *p)
{
	return fault(p, ADDRESS_SYNTAX, p->t.at);
}

/* Takes a special that must stand there. */
static bool
expect(struct parser *p, unsigned char special)
{
	if (!token_is(&p->t, special))
		return unexpected(p);
	advance(p);
	return true;
}

static void
wrong_local(struct words *w, size_t at)
{
	if (!w->is_wrong) {
		w->is_wrong = true;
		w->wrong = at;
	}
}

static void
old_local(struct words *w, size_t at)
{
	if (!w->old) {
		w->old = true;
		w->old_at = at;
	}
}

/* A word or a dot, which is not the first: whether a local part has it so. */
static void
words_judge(struct parser *p, struct words *w, bool word)
{
	bool quoted = p->t.kind == TOKEN_QUOTED;

	if (w->end == w->start)
		return;
	if (p->t.blank || quoted ||
	    (!word && w->n > 0 && p->c.all.p[w->end - 1] == '"'))
		old_local(w, p->t.at);
}

/*
 * obs-phrase     = word *(word / "." / CFWS)
 * obs-local-part = word *("." word)                 (RFC 5322 4.1, 4.4)
 */
static void
words_take(struct parser *p, struct words *w)
{
	bool word_last = false;

	*w = (struct words){ .start = p->t.at, .end = p->t.at };
	while (token_is_word(&p->t) || token_is(&p->t, '.')) {
		bool word = token_is_word(&p->t);

		if (word == word_last)
			wrong_local(w, p->t.at);
		if (!word && w->n == 0)
			w->empty_dot = true;
		words_judge(p, w, word);
		if (!word && w->dots == 0)
			w->dot_at = p->t.at;
		w->quoted = w->quoted || p->t.kind == TOKEN_QUOTED;
		w->n += word;
		w->dots += !word;
		w->end = p->t.end;
		word_last = word;
		advance(p);
	}
	w->dot_last = w->end > w->start && !word_last;
}

/* Takes the backslashes of quoted pairs and the line ends of folding out. */
static size_t
unquote(struct slice s, unsigned char *out)
{
	struct cursor c = cursor_of(s);
	size_t n = 0;
	uint8_t ch;

	while (!cursor_done(&c)) {
		ch = cursor_u8(&c);
		if (ch == '\\' && !cursor_done(&c))
			ch = cursor_u8(&c);
		else if (ch == '\r' || ch == '\n')
			continue;
		out[n++] = ch;
	}
	return n;
}

/*
 * The words between two offsets without quotes and comments; with a space
 * where there was some blank, if spaces is true.
 */
static struct slice
words_text(struct parser *p, const struct words *w, bool spaces)
{
	struct cursor c = cursor_at(p->c.all, w->start);
	unsigned char *text;
	struct token t;
	size_t n = 0;

	text = arena_alloc(p->arena, w->end - w->start + 1, 1);
	if (text == NULL)
		return SLICE_NONE;
	while (c.at < w->end) {
		t = token_next(&c);
		if (t.kind == TOKEN_FAULT)
			break;
		if (spaces && t.blank && t.at > w->start)
			text[n++] = ' ';
		if (t.kind == TOKEN_QUOTED) {
			n += unquote(t.text, text + n);
		} else if (t.text.n > 0) {
			memcpy(text + n, t.text.p, t.text.n);
			n += t.text.n;
		}
	}
	return slice_of(text, n);
}

/* A display name or a group's. */
static struct slice
phrase_text(struct parser *p, const struct words *w)
{
	struct encoded_text e;

	if (encoded_decode(p->arena, words_text(p, w, true), &e) != RC_OK)
		return SLICE_NONE;
	return e.text;
}

/* A word first; RFC 5322 has dots in the obsolete form only. */
static bool
phrase_check(struct parser *p, const struct words *w)
{
	if (w->empty_dot)
		return fault(p, ADDRESS_SYNTAX, w->start);
	if (w->dots > 0)
		obsolete(p, ADDRESS_OLD_DOT, w->dot_at);
	return true;
}

/*
 * domain     = dot-atom / domain-literal / obs-domain
 * obs-domain = atom *("." atom)
 */
static bool
domain_take(struct parser *p, struct mailbox *m)
{
	struct words w = { .start = p->t.at };
	bool first = true;

	m->domain_at = p->t.at;
	m->literal = p->t.kind == TOKEN_LITERAL;
	if (m->literal) {
		m->domain = p->t.text;
		advance(p);
		return true;
	}
	do {
		if (!first && p->t.blank)
			obsolete(p, ADDRESS_OLD_DOMAIN, p->t.at);
		if (!first)
			advance(p);
		if (p->t.kind != TOKEN_ATOM)
			return unexpected(p);
		if (!first && p->t.blank)
			obsolete(p, ADDRESS_OLD_DOMAIN, p->t.at);
		first = false;
		w.end = p->t.end;
		advance(p);
	} while (token_is(&p->t, '.'));
	m->domain = words_text(p, &w, false);
	return true;
}

/* addr-spec = local-part "@" domain; the words are taken already. */
static bool
spec_take(struct parser *p, const struct words *w, struct mailbox *m)
{
	if (w->is_wrong)
		return fault(p, ADDRESS_SYNTAX, w->wrong);
	if (w->n == 0 || w->dot_last)
		return unexpected(p);
	if (!token_is(&p->t, '@')) {
		if (p->t.kind == TOKEN_END || token_is(&p->t, ',') ||
		    token_is(&p->t, ';') || token_is(&p->t, '>'))
			return fault(p, ADDRESS_NO_DOMAIN, p->t.at);
		return unexpected(p);
	}
	if (w->old)
		obsolete(p, ADDRESS_OLD_LOCAL, w->old_at);
	m->local_at = w->start;
	m->local_octets = w->end - w->start;
	m->quoted = w->quoted;
	m->local = words_text(p, w, false);
	if (p->t.blank)
		old(p, ADDRESS_OLD_AT, p->t.at);
	advance(p);
	if (p->t.blank)
		old(p, ADDRESS_OLD_AT, p->t.at);
	return domain_take(p, m);
}

/*
 * obs-route       = obs-domain-list ":"
 * obs-domain-list = *(CFWS / ",") "@" domain *("," [CFWS] ["@" domain])
 */
static bool
route_take(struct parser *p)
{
	struct mailbox hop;

	obsolete(p, ADDRESS_OLD_ROUTE, p->t.at);
	while (token_is(&p->t, ',') || token_is(&p->t, '@')) {
		bool at = token_is(&p->t, '@');

		advance(p);
		if (!at)
			continue;
		if (!domain_take(p, &hop))
			return false;
		if (!token_is(&p->t, ','))
			break;
	}
	return expect(p, ':');
}

/* angle-addr = [CFWS] "<" addr-spec ">" [CFWS] / obs-angle-addr */
static bool
angle_take(struct parser *p, struct mailbox *m)
{
	struct words w;
	size_t open = p->t.at;

	advance(p);
	if ((token_is(&p->t, '@') || token_is(&p->t, ',')) && !route_take(p))
		return false;
	words_take(p, &w);
	if (!spec_take(p, &w, m))
		return false;
	if (p->t.kind == TOKEN_END)
		return fault(p, ADDRESS_UNCLOSED, open);
	return expect(p, '>');
}

static bool
mailbox_keep(struct parser *p, const struct mailbox *m, size_t at)
{
	struct address_list *out = p->out;
	struct mailbox *more;

	if (out->n == LIMIT_ADDRESSES)
		return fault(p, ADDRESS_TOO_MANY, at);
	more = arena_grow(p->arena, p->mailboxes, out->n, &p->cap, sizeof(*m));
	if (more == NULL)
		return false;
	p->mailboxes = more;
	p->mailboxes[out->n] = *m;
	p->mailboxes[out->n++].group = p->group;
	return true;
}

/* mailbox = name-addr / addr-spec; the words are taken already. */
static bool
mailbox_take(struct parser *p, const struct words *w)
{
	struct mailbox m = { .at = w->start };
	bool fine;

	if (token_is(&p->t, '<')) {
		if (w->n + w->dots > 0) {
			if (!phrase_check(p, w))
				return false;
			m.display = phrase_text(p, w);
		}
		fine = angle_take(p, &m);
	} else {
		fine = spec_take(p, w, &m);
	}
	return fine && mailbox_keep(p, &m, w->start);
}

/* Whether an element ends here, before what ends the list. */
static bool
at_end(const struct parser *p, unsigned char list_end)
{
	return token_is(&p->t, ',') || p->t.kind == TOKEN_END ||
	       (list_end != '\0' && token_is(&p->t, list_end));
}

/*
 * mailbox-list = (mailbox *("," mailbox)) / obs-mbox-list
 * Within a group, up to its ";".
 */
static bool
group_take(struct parser *p, const struct words *name)
{
	struct words w;
	bool member = false, comma = false;
	size_t open = p->t.at;

	if (name->n + name->dots == 0)
		return unexpected(p);
	if (!phrase_check(p, name))
		return false;
	p->group = phrase_text(p, name);
	advance(p);
	while (!token_is(&p->t, ';')) {
		if (p->t.kind == TOKEN_END)
			return fault(p, ADDRESS_UNCLOSED, open);
		if (token_is(&p->t, ',')) {
			if (!member)
				obsolete(p, ADDRESS_OLD_COMMA, p->t.at);
			comma = true;
			member = false;
			advance(p);
			continue;
		}
		words_take(p, &w);
		if (!mailbox_take(p, &w))
			return false;
		member = true;
		if (!at_end(p, ';'))
			return unexpected(p);
	}
	if (comma && !member)
		obsolete(p, ADDRESS_OLD_COMMA, p->t.at);
	advance(p);
	p->group = SLICE_NONE;
	p->out->groups++;
	return true;
}

static bool
element_take(struct parser *p)
{
	struct words w;

	words_take(p, &w);
	if (token_is(&p->t, ':') ? !group_take(p, &w) : !mailbox_take(p, &w))
		return false;
	return at_end(p, '\0') || unexpected(p);
}

/* address-list = (address *("," address)) / obs-addr-list */
static void
list_take(struct parser *p)
{
	bool element = false;

	advance(p);
	while (p->out->fault == ADDRESS_FINE && !arena_failed(p->arena)) {
		if (p->t.kind == TOKEN_END) {
			if (p->out->n + p->out->groups == 0)
				(void)fault(p, ADDRESS_EMPTY, p->t.at);
			else if (!element)
				obsolete(p, ADDRESS_OLD_COMMA, p->t.at);
			return;
		}
		if (token_is(&p->t, ',')) {
			if (!element)
				obsolete(p, ADDRESS_OLD_COMMA, p->t.at);
			element = false;
			advance(p);
		} else if (!element_take(p)) {
			return;
		} else {
			element = true;
		}
	}
}

enum rc
address_list_parse(struct arena *a, struct slice s, struct address_list *out)
{
	struct parser p = { .arena = a, .c = cursor_of(s), .out = out };

	*out = (struct address_list){ 0 };
	if (arena_failed(a))
		return RC_LIMIT;
	list_take(&p);
	out->mailboxes = p.mailboxes;
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}

/*
 * Reverse-path = Path / "<>"
 * Path         = "<" [A-d-l ":"] Mailbox ">"
 * RFC 5322 3.6.7 lets CFWS in around it.
 */
bool
path_parse(struct arena *a, struct slice s, struct path *out)
{
	struct address_list list = { 0 };
	struct parser p = { .arena = a, .c = cursor_of(s), .out = &list };
	struct mailbox m = { 0 };
	struct words w;
	bool fine;

	*out = (struct path){ 0 };
	advance(&p);
	if (token_is(&p.t, '<')) {
		struct parser inside = p;

		advance(&inside);
		if (token_is(&inside.t, '>')) {
			advance(&inside);
			out->null = inside.t.kind == TOKEN_END;
			return out->null;
		}
		fine = angle_take(&p, &m);
	} else {
		words_take(&p, &w);
		fine = spec_take(&p, &w, &m);
	}
	if (!fine || p.t.kind != TOKEN_END || arena_failed(a))
		return false;
	out->local = m.local;
	out->domain = m.domain;
	return true;
}
