/*
 * What mail servers write to people.  There is no grammar of it; most of them
 * have, one below the other,
 *
 *  notice    = *(words / recipient) marker original
 *  recipient = ["<" / DQUOTE] address [">" / DQUOTE] [":"] [words] EOL *words
 *  words     = any line / [">>> " / "<<< "] reply-code ("-" / SP) text EOL
 *
 * so a reply belongs to the address that it names, else to the last before it.
 */
#include "base/limits.h"
#include "bounces/log.h"
#include "bounces/mail_fields.h"
#include "bounces/mail_kinds.h"

/* The reader of one. */
struct reading {
	const struct mail_context *x;
	struct notice *n;
	struct told *cur;      /* whom lines are about */
	struct told *replying; /* whose reply may go on */
	struct slice host;     /* that is talked to */
	bool dropping;         /* the lines of a reply that is not wanted */
	struct slice contact;  /* who may be asked, and was not refused */
};

static bool
starts_with(struct slice s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_starts_nocase(s, slice_str(words[i])))
			return true;
	}
	return false;
}

#define N(list) (sizeof(list) / sizeof((list)[0]))

/* Without the octets that frame a line. */
static struct slice
unframed(struct slice s)
{
	size_t n = 0;

	while (
	    n < s.n && strchr(" \t-*=_>[#:", s.p[n]) != NULL && s.p[n] != '\0')
		n++;
	return slice_from(s, n);
}

/* ---- where the original begins ----------------------------------------- */

static bool
is_marker(struct slice line)
{
	static const char *const framed[] = {
		"below this line is a copy",
		"this is a copy of",
		"this is the original",
		"original message",
		"original mail",
		"returned message",
		"unsent message",
		"undelivered message",
		"message header",
		"message text follows",
		"the header of the original",
		"headers of the original",
		"header of the original",
		"forwarded message",
		"your original message",
		"the following is a copy",
		"included is a copy",
		"here is a copy",
		"the text you sent",
		"end of message",
		"sent message",
	};
	static const char *const fields[] = {
		"Received: ",
		"Return-Path:",
		"Content-Type: message/",
	};

	return starts_with(line, fields, N(fields)) ||
	       starts_with(unframed(line), framed, N(framed));
}

size_t
mail_original_at(struct slice notice)
{
	struct slice rest = notice, line, before = rest;

	for (; slice_line(&rest, &line); before = rest) {
		if (is_marker(line))
			return slice_offset(notice, before);
	}
	return notice.n;
}

/* ---- lines ------------------------------------------------------------- */

/* A code of a refusal there: "550 ", "550-". */
static bool
is_code(struct slice s, size_t at)
{
	s = slice_from(s, at);
	return s.n >= 3 && (s.p[0] == '4' || s.p[0] == '5') && s.p[1] < '6' &&
	       ascii_is_digit(s.p[1]) && ascii_is_digit(s.p[2]) &&
	       (s.n == 3 || s.p[3] == ' ' || s.p[3] == '-');
}

/* An enhanced one: "5.2.2 ". */
static bool
is_status(struct slice s)
{
	return s.n > 5 && (s.p[0] == '4' || s.p[0] == '5') && s.p[1] == '.' &&
	       ascii_is_digit(s.p[2]) && s.p[3] == '.' &&
	       ascii_is_digit(s.p[4]);
}

/* Behind "<<< " and the like. */
static struct slice
bare(struct slice line)
{
	static const char *const frames[] = {
		"<<< ",
		"Received >>> ",
		"Received <<< ",
		"Remote host said: ",
		"(reason: ",
		"#< ",
		"#<",
		"#",
	};

	line = slice_trim(line);
	for (size_t i = 0; i < N(frames); i++) {
		if (slice_starts_nocase(line, slice_str(frames[i])))
			return slice_trim(slice_from(line, strlen(frames[i])));
	}
	return line;
}

/* 0: the line has no reply; else where its code is, and one. */
static size_t
reply_at(struct slice line)
{
	static const char *const before[] = {
		": ",
		"said ",
		"reason ",
		"<",
	};

	if (is_code(line, 0) || is_status(line))
		return 1;
	for (size_t i = 0; i < N(before); i++) {
		size_t at = 0, found;

		while ((found = slice_find(slice_from(line, at),
			    slice_str(before[i]))) != SIZE_MAX) {
			at += found + strlen(before[i]);
			if (is_code(line, at))
				return at + 1;
		}
	}
	return 0;
}

/* ---- recipients -------------------------------------------------------- */

/* The sender and those who look after mail are named, but not refused. */
static bool
is_recipient(const struct mail_context *x, struct slice address)
{
	static const char *const others[] = { "postmaster@", "mailer-daemon@" };

	return address.n > 0 && !slice_eq_nocase(address, x->sender) &&
	       !slice_eq_nocase(address, field_address(x->mail->to)) &&
	       (!starts_with(address, others, N(others)) ||
		   slice_eq_nocase(address, x->original_to));
}

static struct told *
find(struct notice *n, struct slice address)
{
	for (size_t i = 0; i < n->n && address.n > 0; i++) {
		if (slice_eq_nocase(n->list[i].address, address))
			return &n->list[i];
	}
	return NULL;
}

/* NULL: there are too many. */
static struct told *
find_or_add(struct notice *n, struct slice address)
{
	struct told *t = find(n, address);

	n->cut |= t == NULL && n->n == LIMIT_BOUNCE_RECIPIENTS;
	if (t != NULL || n->n == LIMIT_BOUNCE_RECIPIENTS)
		return t;
	n->list[n->n] = (struct told){ .address = address };
	return &n->list[n->n++];
}

/* The address that a line begins with, and what is said behind it. */
static struct slice
leading_address(struct slice line, struct slice *rest)
{
	static const char *const labels[] = {
		"Recipient:",
		"Recipient address:",
		"RCPT TO:",
		"E-mail:",
	};
	struct slice out;

	line = unframed(line);
	for (size_t i = 0; i < N(labels); i++) {
		if (slice_starts_nocase(line, slice_str(labels[i])))
			line = slice_trim(slice_from(line, strlen(labels[i])));
	}
	if (line.n > 0 && strchr("<\"'(", line.p[0]) != NULL &&
	    line.p[0] != '\0')
		line = slice_from(line, 1);
	out = address_take(line, rest);
	return out;
}

/* What stands between an address and the words. */
static struct slice
behind_address(struct slice s)
{
	size_t n = 0;

	while (
	    n < s.n && s.p[n] != '\0' && strchr(">\"'): \t.,;", s.p[n]) != NULL)
		n++;
	return slice_from(s, n);
}

/* "mx.b.example [192.0.2.1]" */
static void
take_host(struct told *t, struct slice line)
{
	size_t open = slice_find(line, SLICE_LIT("[")), begin, end, n;
	struct slice ip;
	struct ip unused;

	if (t->host.n > 0 || open == SIZE_MAX)
		return;
	n = slice_find(slice_from(line, open + 1), SLICE_LIT("]"));
	ip = slice_sub(line, open + 1, n);
	if (n == SIZE_MAX || !ip_parse(ip, &unused))
		return;
	for (end = open; end > 0 && strchr(" .", line.p[end - 1]) != NULL;)
		end--;
	for (begin = end;
	     begin > 0 && (ascii_is_alnum(line.p[begin - 1]) ||
			      strchr(".-", line.p[begin - 1]) != NULL);)
		begin--;
	t->ip = ip;
	t->host = slice_sub(line, begin, end - begin);
}

/* "... while talking to mx.b.example.:" */
static bool
take_talk(struct reading *r, struct slice line)
{
	const struct slice talking = SLICE_LIT("while talking to ");
	size_t at = slice_find_nocase(line, talking), n = 0;

	if (at == SIZE_MAX || at > 4)
		return false;
	line = slice_from(line, at + talking.n);
	while (n < line.n && line.p[n] != ':' && !ascii_is_space(line.p[n]))
		n++;
	while (n > 0 && line.p[n - 1] == '.')
		n--;
	r->host = slice_sub(line, 0, n);
	r->replying = NULL;
	r->dropping = false;
	return true;
}

/* ---- what is said ------------------------------------------------------ */

static void
extend(struct slice *to, struct slice line)
{
	*to = to->p != NULL ? slice_span(*to, line) : line;
}

/* "550 <address>... why": whom it is about. */
static struct told *
named(struct reading *r, struct slice line)
{
	struct slice address = field_address(line);
	struct told *t = find(r->n, address);

	if (t == NULL && line.n > 5 && line.p[4] == '<' &&
	    slice_find(line, SLICE_LIT(">... ")) != SIZE_MAX &&
	    is_recipient(r->x, address))
		t = find_or_add(r->n, address);
	return t;
}

static void
take_reply(struct reading *r, struct slice line)
{
	struct told *t = named(r, line), *last = r->replying;
	bool goes_on = last != NULL && (t == NULL || t == last) &&
		       (is_status(line) || slice_starts(bare(last->reply),
					       slice_sub(line, 0, 3)));

	if (goes_on)
		t = last;
	else if (t == NULL)
		t = r->cur != NULL ? r->cur : &r->n->any;
	r->dropping = false;
	r->replying = t;
	if (t->host.n == 0)
		t->host = r->host;
	/* The first is why; but one that is for good is better. */
	if (t->reply.p == NULL || goes_on)
		extend(&t->reply, line);
	else if (bare(t->reply).p[0] == '4' && line.p[0] == '5')
		t->reply = line;
	else
		r->dropping = true;
	if (r->dropping)
		r->replying = NULL;
}

/* An address in the midst of a line, if nobody was named before. */
static struct slice
address_within(struct reading *r, struct slice line)
{
	struct slice address;

	if (r->n->n > 0)
		return SLICE_NONE;
	address = field_address(line);
	if (address.n > 0 &&
	    slice_find_nocase(line, SLICE_LIT("contact")) != SIZE_MAX)
		r->contact = address;
	return is_recipient(r->x, address) &&
		       !slice_eq_nocase(address, r->contact)
		   ? address
		   : SLICE_NONE;
}

static void
take_words(struct reading *r, struct slice line)
{
	struct told *t = r->cur != NULL ? r->cur : &r->n->any;
	struct slice address;

	take_host(t, line);
	if (r->replying != NULL)
		extend(&r->replying->reply, line);
	if (r->replying != NULL || r->dropping)
		return;
	address = address_within(r, line);
	if (address.n > 0) {
		t = r->cur = find_or_add(r->n, address);
		take_host(t, line);
	}
	if (r->cur != NULL && !t->words_end)
		extend(&t->words, line);
}

/* ">>> RCPT TO:<address>": what follows is about it. */
static bool
take_command(struct reading *r, struct slice line)
{
	const struct slice rcpt = SLICE_LIT("RCPT TO:");
	size_t at = slice_find_nocase(line, rcpt);
	struct slice address;

	if (!slice_starts(line, SLICE_LIT(">>> ")) &&
	    !slice_starts(line, SLICE_LIT("Sent <<< ")))
		return false;
	if (at == SIZE_MAX)
		return leading_address(line, &address).p == NULL;
	address = field_address(slice_from(line, at + rcpt.n));
	if (address.n > 0)
		r->cur = find_or_add(r->n, address);
	r->replying = NULL;
	r->dropping = false;
	return true;
}

/* Whether the line begins with an address whom it is about. */
static bool
take_address(struct reading *r, struct slice *line)
{
	struct slice rest = SLICE_NONE, address;
	bool marked = line->n > 0 && strchr("<\"", line->p[0]) != NULL;

	address = leading_address(*line, &rest);
	if (address.p == NULL || !is_recipient(r->x, address))
		return false;
	marked &= slice_find(slice_sub(rest, 0, 3), SLICE_LIT(":")) != SIZE_MAX;
	marked |= slice_starts(rest, SLICE_LIT(": ")) &&
		  is_code(slice_from(rest, 2), 0);
	rest = behind_address(rest);
	/* In the midst of a reply an address is but a word of it. */
	if (!marked && r->n->n > 0 && find(r->n, address) == NULL &&
	    rest.n > 0 && reply_at(rest) == 0)
		return false;
	if (!marked && r->replying != NULL &&
	    (rest.n > 0 || find(r->n, address) == r->replying))
		return false;
	r->cur = find_or_add(r->n, address);
	r->replying = NULL;
	r->dropping = false;
	*line = rest;
	return true;
}

/* A headline, or what Sendmail writes below a reply. */
static bool
ends_above(struct slice line)
{
	static const char *const words[] = {
		"-----",
		"Warning: message still",
		"Will keep trying",
		"Message could not be delivered for",
		"Message will be deleted",
	};

	return line.n == 0 || starts_with(line, words, N(words));
}

static void
take_line(struct reading *r, struct slice line)
{
	if (ends_above(line)) {
		r->replying = NULL;
		r->dropping = false;
		if (r->cur != NULL && r->cur->words.n > 0)
			r->cur->words_end = true;
		return;
	}
	if (take_talk(r, line) || take_command(r, line))
		return;
	if (take_address(r, &line) && line.n == 0)
		return;
	if (reply_at(bare(line)) > 0)
		take_reply(r, bare(line));
	else
		take_words(r, line);
}

const struct notice *
mail_notice_read(const struct mail_context *x)
{
	struct reading r = { .x = x, .n = x->told };
	struct slice rest = x->words, line;

	if (x->told->read)
		return x->told;
	x->told->n = 0;
	x->told->any = (struct told){ .address = SLICE_NONE };
	x->told->any_text = x->told->words_text = SLICE_NONE;
	x->told->read = true;
	while (slice_line(&rest, &line))
		take_line(&r, slice_trim(line));
	return x->told;
}

/* ---- attempts ---------------------------------------------------------- */

/* A copy that is made once. */
static struct slice
kept(struct batch *b, struct slice *copy, struct slice s)
{
	if (copy->p == NULL)
		*copy = mail_unfold(b, slice_sub(s, 0, LIMIT_GIST));
	return *copy;
}

/* The best there is: the reply, one to nobody in particular, other words. */
static void
take_text(struct batch *b, const struct mail_context *x, const struct told *t,
    struct attempt *a)
{
	struct notice *n = x->told;
	struct slice said;

	if (t->reply.p == NULL && n->any.reply.p != NULL)
		t = &n->any;
	said = t->reply.p != NULL ? t->reply : t->words;
	a->cut = said.n > LIMIT_GIST;
	if (t == &n->any && t->reply.p != NULL)
		a->text = kept(b, &n->any_text, said);
	else
		a->text = mail_unfold(b, slice_sub(said, 0, LIMIT_GIST));
}

void
mail_notice_of(struct batch *b, const struct mail_context *x, struct attempt *a)
{
	struct notice *n = x->told;
	struct slice before = a->text;
	const struct told *t;

	(void)mail_notice_read(x);
	if (n->cut)
		batch_cut(b, CUT_RECIPIENTS);
	t = find(n, a->recipient);
	take_text(b, x, t != NULL ? t : &n->any, a);
	if (a->text.n == 0)
		a->text = before;
}

static void
add(struct batch *b, const struct mail_context *x, const struct told *t,
    struct slice address)
{
	const struct told *host = t->host.n > 0 ? t : &x->told->any;
	struct attempt a = { .recipient = address,
		.notice = x->words,
		.host = host->host,
		.ip = host->ip };

	if (!batch_wants(b))
		return;
	a.kind = mail_is_delayed(x) ? ATTEMPT_DEFERRED : ATTEMPT_BOUNCED;
	take_text(b, x, t, &a);
	if (a.text.n == 0) {
		a.text = kept(b, &x->told->words_text, x->words);
		a.cut = x->words.n > LIMIT_GIST;
	}
	if (a.text.n == 0)
		a.text = mail_unfold(b, x->mail->subject);
	mail_add(b, x, &a);
}

bool
mail_notice_add(struct batch *b, const struct mail_context *x)
{
	const struct notice *n = mail_notice_read(x);

	for (size_t i = 0; i < n->n; i++)
		add(b, x, &n->list[i], n->list[i].address);
	if (n->cut)
		batch_cut(b, CUT_RECIPIENTS);
	return n->n > 0;
}

bool
mail_notice_unnamed(struct batch *b, const struct mail_context *x)
{
	const struct told *any = &mail_notice_read(x)->any;
	struct slice list = x->mail->failed_recipients, one;
	size_t count = 0;

	while (list.n > 0 && count < LIMIT_BOUNCE_RECIPIENTS) {
		(void)slice_cut(list, ',', &one, &list);
		one = field_address(one);
		if (one.n == 0)
			continue;
		add(b, x, any, one);
		count++;
	}
	if (slice_trim(list).n > 0)
		batch_cut(b, CUT_RECIPIENTS);
	/* With neither recipient nor reply it is no bounce. */
	if (count > 0 || (x->original_to.n == 0 && any->reply.p == NULL))
		return count > 0;
	add(b, x, any, x->original_to);
	return true;
}
