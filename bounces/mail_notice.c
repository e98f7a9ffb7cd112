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

struct told {
	struct slice address;
	struct slice reply; /* lines with a reply code */
	struct slice words; /* others, behind the address */
	struct slice host, ip;
	bool words_end;
};

struct notice {
	const struct mail_context *x;
	struct told list[LIMIT_BOUNCE_RECIPIENTS];
	size_t n;
	struct told any;  /* what was told before any address */
	struct told *cur; /* whom lines are about */
	struct told *replying;
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
	return s.n > 3 && (s.p[0] == '4' || s.p[0] == '5') && s.p[1] < '6' &&
	       ascii_is_digit(s.p[1]) && ascii_is_digit(s.p[2]) &&
	       (s.p[3] == ' ' || s.p[3] == '-');
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
is_recipient(const struct notice *n, struct slice address)
{
	static const char *const others[] = {
		"postmaster@",
		"mailer-daemon@",
	};

	return address.n > 0 && !slice_eq_nocase(address, n->x->sender) &&
	       !slice_eq_nocase(address, field_address(n->x->mail->to)) &&
	       (!starts_with(address, others, N(others)) ||
		   slice_eq_nocase(address, n->x->original_to));
}

static struct told *
find(struct notice *n, struct slice address)
{
	for (size_t i = 0; i < n->n; i++) {
		if (slice_eq_nocase(n->list[i].address, address))
			return &n->list[i];
	}
	return NULL;
}

static struct told *
find_or_add(struct notice *n, struct slice address)
{
	struct told *t = find(n, address);

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

/* "mx.b.example [192.0.2.1]", "while talking to mx.b.example.:" */
static void
take_host(struct told *t, struct slice line)
{
	const struct slice talking = SLICE_LIT("while talking to ");
	size_t open = slice_find(line, SLICE_LIT("[")), begin, end, at;
	struct ip ip;

	if (t->host.n > 0)
		return;
	at = slice_find(line, talking);
	if (at != SIZE_MAX) {
		line = slice_from(line, at + talking.n);
		for (end = 0; end < line.n && line.p[end] != ':' &&
			      !ascii_is_space(line.p[end]);)
			end++;
		while (end > 0 && line.p[end - 1] == '.')
			end--;
		t->host = slice_sub(line, 0, end);
		return;
	}
	if (open == SIZE_MAX || open == 0)
		return;
	at = slice_find(slice_from(line, open), SLICE_LIT("]"));
	if (at == SIZE_MAX || !ip_parse(slice_sub(line, open + 1, at - 1), &ip))
		return;
	for (end = open; end > 0 && strchr(" .", line.p[end - 1]) != NULL;)
		end--;
	for (begin = end; begin > 0 && (ascii_is_alnum(line.p[begin - 1]) ||
					   line.p[begin - 1] == '.' ||
					   line.p[begin - 1] == '-');)
		begin--;
	t->ip = slice_sub(line, open + 1, at - 1);
	t->host = slice_sub(line, begin, end - begin);
}

/* ---- what is said ------------------------------------------------------ */

static void
extend(struct slice *to, struct slice line)
{
	*to = to->p != NULL ? slice_span(*to, line) : line;
}

static void
take_reply(struct notice *n, struct slice line)
{
	struct slice address = field_address(line);
	struct told *t = address.n > 0 ? find(n, address) : NULL;

	if (t == NULL && n->replying != NULL && is_code(line, 0) &&
	    slice_starts(bare(n->replying->reply), slice_sub(line, 0, 3)))
		t = n->replying; /* its next line */
	if (t == NULL)
		t = n->cur != NULL ? n->cur : &n->any;
	/* The first is why; but one that is for good is better. */
	if (t->reply.p == NULL || t == n->replying)
		extend(&t->reply, line);
	else if (bare(t->reply).p[0] == '4' && line.p[0] == '5')
		t->reply = line;
	else
		t = NULL;
	n->replying = t;
}

static void
take_words(struct notice *n, struct slice line)
{
	struct told *t = n->cur != NULL ? n->cur : &n->any;
	struct slice address = SLICE_NONE;

	take_host(t, line);
	if (n->replying != NULL) {
		extend(&n->replying->reply, line);
		return;
	}
	if (n->n == 0)
		address = field_address(line);
	if (is_recipient(n, address)) {
		t = n->cur = find_or_add(n, address);
		if (t == NULL)
			return;
		take_host(t, line);
	}
	if (n->cur != NULL && !t->words_end)
		extend(&t->words, line);
}

/* ">>> RCPT TO:<address>": what follows is about it. */
static bool
take_command(struct notice *n, struct slice line)
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
		n->cur = find_or_add(n, address);
	n->replying = NULL;
	return true;
}

/* Whether the line begins with an address whom it is about. */
static bool
take_address(struct notice *n, struct slice *line)
{
	struct slice rest = SLICE_NONE, address;
	bool marked = line->n > 0 && strchr("<\"", line->p[0]) != NULL;

	address = leading_address(*line, &rest);
	if (address.p == NULL || !is_recipient(n, address))
		return false;
	marked &= slice_find(slice_sub(rest, 0, 3), SLICE_LIT(":")) != SIZE_MAX;
	rest = behind_address(rest);
	/* In the midst of a reply an address is but a word of it. */
	if (n->n > 0 && find(n, address) == NULL && rest.n > 0 && !marked)
		return false;
	if (n->replying != NULL && !marked)
		return false;
	n->cur = find_or_add(n, address);
	n->replying = NULL;
	*line = rest;
	return true;
}

static void
take_line(struct notice *n, struct slice line)
{
	if (line.n == 0) {
		n->replying = NULL;
		if (n->cur != NULL && n->cur->words.n > 0)
			n->cur->words_end = true;
		return;
	}
	if (take_command(n, line))
		return;
	if (take_address(n, &line) && line.n == 0)
		return;
	if (reply_at(bare(line)) > 0)
		take_reply(n, bare(line));
	else
		take_words(n, line);
}

/* ---- attempts ---------------------------------------------------------- */

static bool
is_delayed(const struct mail_context *x)
{
	static const char *const words[] = {
		"not yet been delivered",
		"will be retried",
		"warning message only",
		"has been delayed",
		"delivery attempts will continue",
		"will continue to try",
		"will keep trying",
		"still trying",
	};

	if (slice_starts_nocase(x->mail->subject, SLICE_LIT("warning: ")))
		return true;
	for (size_t i = 0; i < N(words); i++) {
		if (slice_find_nocase(x->notice, slice_str(words[i])) !=
		    SIZE_MAX)
			return true;
	}
	return false;
}

static void
add(struct batch *b, const struct notice *n, const struct told *t,
    struct slice address)
{
	struct attempt a = { .recipient = address, .notice = n->x->notice };

	a.kind = is_delayed(n->x) ? ATTEMPT_DEFERRED : ATTEMPT_BOUNCED;
	a.text = t->reply.p != NULL       ? t->reply
		 : n->any.reply.p != NULL ? n->any.reply
		 : t->words.p != NULL     ? t->words
					  : n->x->notice;
	a.text = mail_unfold(b, slice_sub(a.text, 0, LIMIT_GIST));
	a.host = t->host.n > 0 ? t->host : n->any.host;
	a.ip = t->host.n > 0 ? t->ip : n->any.ip;
	mail_add(b, n->x, &a);
}

/* Of the header, or of what came back. */
static bool
add_unnamed(struct batch *b, const struct notice *n)
{
	struct slice list = n->x->mail->failed_recipients, one;
	struct slice address = n->x->original_to;
	size_t count = 0;

	while (list.n > 0 && count < LIMIT_BOUNCE_RECIPIENTS) {
		(void)slice_cut(list, ',', &one, &list);
		one = field_address(one);
		if (one.n == 0)
			continue;
		add(b, n, &n->any, one);
		count++;
	}
	/* With neither recipient nor reply it is no bounce. */
	if (count > 0)
		return true;
	if (address.n == 0 && n->any.reply.p == NULL)
		return false;
	add(b, n, &n->any, address);
	return true;
}

bool
mail_notice(struct batch *b, const struct mail_context *x)
{
	struct notice n = { .x = x };
	struct slice rest = x->notice, line;

	if (rest.n == 0 && x->mail->failed_recipients.n == 0)
		return false;
	while (slice_line(&rest, &line))
		take_line(&n, slice_trim(line));
	for (size_t i = 0; i < n.n; i++)
		add(b, &n, &n.list[i], n.list[i].address);
	return n.n > 0 || add_unnamed(b, &n);
}
