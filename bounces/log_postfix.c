#include "bounces/log_parts.h"

/*
 * What Postfix writes about a delivery (postfix(1), local agents too):
 *   QUEUEID: to=<RECIPIENT>, [orig_to=<..>, ]relay=HOST[IP]:PORT, delay=..,
 *   delays=.., dsn=D.S.N, status=WORD (TEXT)
 * and of the queue manager:
 *   QUEUEID: from=<SENDER>, size=.., nrcpt=.. (queue active)
 *   QUEUEID: removed
 */

/* "HOST[IP]" or "HOST[IP]:PORT". */
static void
take_peer(struct slice s, struct attempt *a)
{
	struct slice rest = s, host = log_until(&rest, '[');
	struct slice ip = log_until(&rest, ']');

	if (host.p == NULL || ip.p == NULL)
		return;
	a->host = host;
	a->ip = slice_starts(ip, SLICE_LIT("IPv6:")) ? slice_from(ip, 5) : ip;
}

/* What the reply was to, "(in reply to end of DATA command)", is cut off. */
static struct slice
without_command(struct slice s)
{
	size_t at = SIZE_MAX, next, from = 0;

	if (s.n == 0 || s.p[s.n - 1] != ')')
		return s;
	while ((next = slice_find(slice_from(s, from),
		    SLICE_LIT(" (in reply to "))) != SIZE_MAX) {
		at = from + next;
		from = at + 1;
	}
	return at != SIZE_MAX ? slice_sub(s, 0, at) : s;
}

/* "host HOST[IP] said: REPLY", or why there is none. */
static void
take_text(struct slice s, struct attempt *a)
{
	static const struct slice said[] = { { (const void *)" said: ", 7 },
		{ (const void *)" refused to talk to me: ", 24 } };
	size_t at;

	a->text = s;
	if (!slice_starts(s, SLICE_LIT("host ")))
		return;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		at = slice_find(s, said[i]);
		if (at == SIZE_MAX)
			continue;
		take_peer(slice_sub(s, 5, at - 5), a);
		a->text = without_command(slice_from(s, at + said[i].n));
		return;
	}
}

/* The value of a field between commas, as "relay=". */
static struct slice
field_of(struct slice s, struct slice name)
{
	size_t at = slice_find(s, name);
	struct slice value, rest;

	if (at == SIZE_MAX)
		return SLICE_NONE;
	(void)slice_cut(slice_from(s, at + name.n), ',', &value, &rest);
	return value;
}

static bool
kind_of(struct slice word, enum attempt_kind *kind)
{
	static const struct {
		struct slice word;
		enum attempt_kind kind;
	} words[] = {
		{ { (const void *)"sent", 4 }, ATTEMPT_DELIVERED },
		{ { (const void *)"deferred", 8 }, ATTEMPT_DEFERRED },
		{ { (const void *)"bounced", 7 }, ATTEMPT_BOUNCED },
		{ { (const void *)"expired", 7 }, ATTEMPT_BOUNCED },
		/* soft_bounce = yes */
		{ { (const void *)"SOFTBOUNCE", 10 }, ATTEMPT_DEFERRED },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (slice_starts(word, words[i].word)) {
			*kind = words[i].kind;
			return true;
		}
	}
	return false;
}

/* The fields before ", status=", the text behind it. */
static void
failed(struct batch *b, struct slice fields, struct slice text,
    struct attempt *a)
{
	struct slice rest = slice_from(fields, 4), said = text;

	a->recipient = log_until(&rest, '>');
	if (a->recipient.p == NULL)
		return;
	take_peer(field_of(rest, SLICE_LIT(" relay=")), a);
	a->status = field_of(rest, SLICE_LIT(" dsn="));
	(void)log_until(&said, '(');
	if (said.n > 0 && said.p[said.n - 1] == ')')
		said.n--;
	take_text(said, a);
	batch_add(b, a);
}

/* "to=<..>, ..., status=WORD (TEXT)" */
static void
delivery(struct batch *b, const struct syslog_line *l, struct slice id,
    struct slice s)
{
	static const struct slice status = { (const void *)", status=", 9 };
	size_t at = slice_find(s, status);
	struct attempt a = { .queue_id = id };
	struct slice word;

	if (at == SIZE_MAX)
		return;
	word = slice_from(s, at + status.n);
	if (!kind_of(word, &a.kind))
		return;
	if (a.kind == ATTEMPT_DELIVERED) {
		b->delivered++;
		return;
	}
	a.time = log_moment(l->stamp);
	(void)senders_get(&b->senders, sender_id(id), &a.sender);
	failed(b, slice_sub(s, 0, at), word, &a);
}

static void
sender(struct batch *b, struct slice id, struct slice s)
{
	struct slice rest = slice_from(s, 6), address = log_until(&rest, '>');

	if (address.p != NULL)
		senders_put(&b->senders, sender_id(id), address);
}

bool
log_postfix(struct batch *b, const struct syslog_line *l)
{
	struct slice s = l->text, id;
	size_t n = l->program.n;

	if (!slice_starts(l->program, SLICE_LIT("postfix")))
		return false;
	/* The one that takes mail says the most, and nothing of deliveries. */
	if (l->program.p[n - 1] == 'd' && l->program.p[n - 2] == 'p')
		return true;
	for (n = 0; n < s.n && ascii_is_alnum(s.p[n]); n++)
		continue;
	if (n + 2 >= s.n || s.p[n] != ':' || s.p[n + 1] != ' ')
		return true;
	id = slice_sub(s, 0, n);
	s = slice_from(s, n + 2);
	if (slice_starts(s, SLICE_LIT("to=<")))
		delivery(b, l, id, s);
	else if (slice_starts(s, SLICE_LIT("from=<")))
		sender(b, id, s);
	else if (slice_eq(s, SLICE_LIT("removed")))
		senders_gone(&b->senders, sender_id(id));
	return true;
}
