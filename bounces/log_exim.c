#include "bounces/log_parts.h"

/*
 * A line of Exim's main log (spec 53.1 to 53.15): date and time, what
 * log_selector adds to them, the message id, a flag, what is about it:
 *   2026-01-05 00:00:01 1v1az8-1gnkxW-6B ** USER@HOST R=.. T=.. H=HOST [IP]
 *   ...: SMTP error from remote mail server after RCPT TO:<..>: 550 ...
 */

/* Ids of 6-6-2 digits, and since 4.97 of 6-11-4. */
static size_t
id_length(struct slice s)
{
	if (s.n > 17 && s.p[6] == '-' && s.p[13] == '-' && s.p[16] == ' ')
		return 16;
	if (s.n > 24 && s.p[6] == '-' && s.p[18] == '-' && s.p[23] == ' ')
		return 23;
	return 0;
}

/* Behind the time: a zone, a process id. */
static struct slice
skip_extras(struct slice s)
{
	struct slice rest;

	while (s.n > 0 && (s.p[0] == '+' || s.p[0] == '-' || s.p[0] == '[')) {
		rest = s;
		if (log_until(&rest, ' ').p == NULL)
			break;
		s = rest;
	}
	return s;
}

/* Whether another quote is open at the end than at the begin. */
static bool
odd_quotes(struct slice s)
{
	struct slice head;
	bool odd = false;

	while (slice_cut(s, '"', &head, &s))
		odd = !odd;
	return odd;
}

/* Where the fields end and the text begins: a ": " outside of quotes. */
static size_t
text_at(struct slice s)
{
	struct slice rest = s, head;
	bool quoted = false;

	while (slice_cut(rest, ':', &head, &rest)) {
		quoted ^= odd_quotes(head);
		if (!quoted && rest.n > 0 && rest.p[0] == ' ')
			return slice_offset(s, head) + head.n;
	}
	return s.n;
}

/* "after RCPT TO:<..>: 550 ..." is the reply from its code on. */
static struct slice
reply_in(struct slice s)
{
	static const char before[] =
	    "SMTP error from remote mail server after ";
	size_t at = slice_starts(s, SLICE_LIT("SMTP error"))
			? 0
			: slice_find(s, slice_str(before));
	struct slice rest;

	if (at == SIZE_MAX)
		return s;
	rest = slice_from(s, at + sizeof(before) - 1);
	for (size_t i = 0; i + 5 <= rest.n; i++) {
		if (rest.p[i] == ':' && rest.p[i + 1] == ' ' &&
		    ascii_is_digit(rest.p[i + 2]) &&
		    ascii_is_digit(rest.p[i + 3]) &&
		    ascii_is_digit(rest.p[i + 4]))
			return slice_from(rest, i + 2);
	}
	return rest;
}

/* The address, or what it came of: "|/usr/bin/x <user@host>". */
static struct slice
recipient_of(struct slice s)
{
	struct slice rest = s, first = log_until(&rest, ' ');

	if (first.p == NULL)
		first = s;
	if (first.n > 0 && first.p[first.n - 1] == ':')
		first.n--;
	if (rest.n > 0 && rest.p[0] == '<' &&
	    memchr(first.p, '@', first.n) == NULL) {
		rest = slice_from(rest, 1);
		return log_until(&rest, '>');
	}
	return first;
}

/* "H=HOST [IP]"; without an address it may be anything. */
static void
take_peer(struct slice field, struct attempt *a)
{
	struct slice rest = slice_from(field, 2), host = log_until(&rest, ' ');

	if (host.p == NULL || rest.n == 0 || rest.p[0] != '[')
		return;
	rest = slice_from(rest, 1);
	a->host = host;
	a->ip = log_until(&rest, ']');
}

/* The first "H=" and the first "F=<SENDER>" behind a space. */
static void
take_fields(struct batch *b, struct slice fields, struct attempt *a)
{
	struct slice rest = fields, sender;
	bool peer = false, from = false;

	a->recipient = recipient_of(fields);
	while (log_until(&rest, ' ').p != NULL) {
		if (!peer && slice_starts(rest, SLICE_LIT("H="))) {
			take_peer(rest, a);
			peer = true;
		} else if (!from && slice_starts(rest, SLICE_LIT("F=<"))) {
			sender = slice_from(rest, 3);
			a->sender = log_until(&sender, '>');
			from = true;
		}
	}
	if (!from)
		batch_sender(b, a);
}

/* s: what stands behind the flag. */
static void
attempted(struct batch *b, struct slice line, struct slice id, struct slice s,
    enum attempt_kind kind)
{
	size_t at = text_at(s);
	struct attempt a = { .kind = kind, .queue_id = id };

	a.time = log_moment(slice_sub(line, 0, 25));
	a.text = reply_in(slice_from(s, at + 2));
	take_fields(b, slice_sub(s, 0, at), &a);
	batch_add(b, &a);
}

static void
arrived(struct batch *b, struct slice id, struct slice s)
{
	struct slice address, rest;

	(void)slice_cut(s, ' ', &address, &rest);
	senders_put(&b->senders, sender_id(&b->senders, id),
	    log_inside(address, '<', '>'));
}

/* What stands behind the id; two octets of flag and a blank. */
static void
flagged(struct batch *b, struct slice line, struct slice id, struct slice s)
{
	struct slice rest = slice_from(s, 3);
	unsigned int flag;

	if (s.n < 4)
		return;
	flag = (unsigned int)s.p[0] << 8 | s.p[1];
	switch (flag) {
	case '=' << 8 | '>':
	case '-' << 8 | '>':
	case '>' << 8 | '>':
		if (b->all)
			attempted(b, line, id, rest, ATTEMPT_DELIVERED);
		else
			b->delivered++;
		break;
	case '<' << 8 | '=':
		arrived(b, id, rest);
		break;
	case '*' << 8 | '*':
		attempted(b, line, id, rest, ATTEMPT_BOUNCED);
		break;
	case '=' << 8 | '=':
		attempted(b, line, id, rest, ATTEMPT_DEFERRED);
		break;
	case 'C' << 8 | 'o':
		if (slice_starts(s, SLICE_LIT("Completed")))
			senders_gone(&b->senders, sender_id(&b->senders, id));
		break;
	default:
		break;
	}
}

bool
log_exim(struct batch *b, struct slice line)
{
	struct slice s;
	size_t n;

	if (line.n < 37 || line.p[4] != '-' || line.p[10] != ' ' ||
	    line.p[13] != ':')
		return false;
	s = slice_from(line, 20);
	if (line.p[19] == '.' && log_until(&s, ' ').p == NULL)
		return false;
	s = skip_extras(s);
	n = id_length(s);
	if (n == 0)
		return false;
	flagged(b, line, slice_sub(s, 0, n), slice_from(s, n + 1));
	return true;
}
