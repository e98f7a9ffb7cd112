#include "bounces/log_parts.h"

/*
 * What Postfix writes about a delivery (postfix(1), local agents too):
 *   QUEUEID: to=<RECIPIENT>, [orig_to=<..>, ]relay=HOST[IP]:PORT, delay=..,
 *   delays=.., dsn=D.S.N, status=WORD (TEXT)
 * and of the queue manager:
 *   QUEUEID: from=<SENDER>, size=.., nrcpt=.. (queue active)
 *   QUEUEID: removed
 */

/* What the reply was to, "(in reply to end of DATA command)", is cut off. */
static struct slice
without_command(struct slice s)
{
	struct slice head = s;
	const unsigned char *open;

	if (s.n == 0 || s.p[s.n - 1] != ')')
		return s;
	while (head.n > 0 && (open = memrchr(head.p, '(', head.n)) != NULL) {
		head.n = (size_t)(open - head.p);
		if (head.n > 0 && head.p[head.n - 1] == ' ' &&
		    slice_starts(slice_from(s, head.n),
			SLICE_LIT("(in reply to ")))
			return slice_sub(s, 0, head.n - 1);
	}
	return s;
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
		log_peer(slice_sub(s, 5, at - 5), a);
		a->text = without_command(slice_from(s, at + said[i].n));
		return;
	}
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

/* "ID: to=<..>, ..., status=WORD (TEXT)" taken apart. */
struct delivery {
	struct slice stamp, id;
	struct slice fields; /* before ", status=" */
	struct slice text;   /* behind it */
	enum attempt_kind kind;
};

static void
attempted(struct batch *b, const struct delivery *d)
{
	struct attempt a = { .kind = d->kind,
		.time = log_moment(d->stamp),
		.queue_id = d->id };
	struct slice rest = slice_from(d->fields, sizeof("to=") - 1);
	struct slice said = d->text;

	batch_sender(b, &a);
	(void)slice_cut(rest, ',', &a.recipient, &rest);
	a.recipient = log_inside(a.recipient, '<', '>');
	log_peer(log_field(rest, SLICE_LIT(" relay=")), &a);
	a.status = log_field(rest, SLICE_LIT(" dsn="));
	(void)log_until(&said, '(');
	if (said.n > 0 && said.p[said.n - 1] == ')')
		said.n--;
	take_text(said, &a);
	batch_add(b, &a);
}

/* Where ", status=WORD (TEXT)" begins: the last before a bracket, as a rule. */
static size_t
find_status(struct slice s)
{
	const struct slice status = SLICE_LIT(", status=");
	struct slice head, text;
	const unsigned char *comma;

	(void)slice_cut(s, '(', &head, &text);
	comma = memrchr(head.p, ',', head.n);
	if (comma != NULL &&
	    slice_starts(slice_from(head, (size_t)(comma - head.p)), status))
		return (size_t)(comma - head.p);
	return slice_find(s, status);
}

static void
delivery(struct batch *b, const struct syslog_line *l, struct slice id,
    struct slice s)
{
	struct delivery d = { .stamp = l->stamp, .id = id };
	size_t at = find_status(s);

	if (at == SIZE_MAX)
		return;
	d.fields = slice_sub(s, 0, at);
	d.text = slice_from(s, at + sizeof(", status=") - 1);
	if (!kind_of(d.text, &d.kind))
		return;
	if (d.kind == ATTEMPT_DELIVERED && !b->all)
		b->delivered++;
	else
		attempted(b, &d);
}

static void
expired(struct batch *b, const struct delivery *d, struct slice address)
{
	struct attempt a = { .kind = ATTEMPT_BOUNCED,
		.time = log_moment(d->stamp),
		.queue_id = d->id,
		.sender = address,
		.text = d->text };

	batch_add(b, &a);
}

/*
 * "from=<..>, size=.."; or "from=<..>, status=expired, returned to sender": the
 * queue manager gives all recipients that are left up.
 */
static void
sender(struct batch *b, const struct syslog_line *l, struct slice id,
    struct slice s)
{
	struct slice rest = slice_from(s, sizeof("from=<") - 1);
	struct slice address = log_until(&rest, '>');

	if (address.p == NULL)
		return;
	senders_put(&b->senders, sender_id(&b->senders, id), address);
	if (slice_starts(rest, SLICE_LIT(", status=expired")))
		expired(b,
		    &(struct delivery){ .stamp = l->stamp,
			.id = id,
			.text = slice_from(rest, sizeof(", status=") - 1) },
		    address);
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
	if (slice_starts(s, SLICE_LIT("to=")))
		delivery(b, l, id, s);
	else if (slice_starts(s, SLICE_LIT("from=<")))
		sender(b, l, id, s);
	else if (slice_eq(s, SLICE_LIT("removed")))
		senders_gone(&b->senders, sender_id(&b->senders, id));
	return true;
}
