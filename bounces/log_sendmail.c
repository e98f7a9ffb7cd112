#include "bounces/log_parts.h"

/*
 * Sendmail (operations guide 2.1.1), as sendmail or sm-mta:
 *   QUEUEID: from=<SENDER>, size=.., class=.., nrcpts=.., ...
 *   QUEUEID: to=<RECIPIENT>[,<RECIPIENT>], delay=.., mailer=.., relay=HOST. [IP],
 *   dsn=D.S.N, [reply=REPLY, ]stat=WORDS
 */

static bool
is_sendmail(struct slice program)
{
	return slice_starts(program, SLICE_LIT("sendmail")) ||
	       slice_starts(program, SLICE_LIT("sm-mta")) ||
	       slice_starts(program, SLICE_LIT("sm-que"));
}

/* What comes last, and may have commas in it. */
static struct slice
last_field(struct slice s, struct slice name)
{
	size_t at = slice_find(s, name);

	return at != SIZE_MAX ? slice_from(s, at + name.n) : SLICE_NONE;
}

static bool
kind_of(struct slice stat, struct slice dsn, enum attempt_kind *kind)
{
	if (slice_starts(stat, SLICE_LIT("Sent")))
		*kind = ATTEMPT_DELIVERED;
	else if (slice_starts(stat, SLICE_LIT("Deferred")) ||
		 (dsn.n > 0 && dsn.p[0] == '4'))
		*kind = ATTEMPT_DEFERRED;
	else if (slice_starts(stat, SLICE_LIT("queued")))
		return false;
	else
		*kind = ATTEMPT_BOUNCED;
	return true;
}

/* "Deferred: 451 4.7.1 ...": the reply behind what Sendmail says of it. */
static struct slice
text_of(struct slice s, struct slice stat)
{
	struct slice reply = last_field(s, SLICE_LIT(", reply="));
	size_t end = slice_find(reply, SLICE_LIT(", stat="));

	if (reply.n > 0)
		return end != SIZE_MAX ? slice_sub(reply, 0, end) : reply;
	if (slice_starts(stat, SLICE_LIT("Deferred: ")))
		return slice_from(stat, sizeof("Deferred: ") - 1);
	return stat;
}

/* One attempt for each of "to=<a@b>,<c@d>". */
static void
each_recipient(struct batch *b, struct slice s, struct attempt *a)
{
	struct slice list = slice_from(s, sizeof("to=") - 1), one;
	size_t end = slice_find(list, SLICE_LIT(", "));

	list = slice_sub(list, 0, end != SIZE_MAX ? end : list.n);
	while (list.n > 0) {
		(void)slice_cut(list, ',', &one, &list);
		a->recipient = log_inside(one, '<', '>');
		if (a->kind == ATTEMPT_DELIVERED && !b->all)
			b->delivered++;
		else
			batch_add(b, a);
	}
}

static void
delivery(struct batch *b, const struct syslog_line *l, struct slice id,
    struct slice s)
{
	struct slice stat = last_field(s, SLICE_LIT(", stat="));
	struct attempt a = { .queue_id = id,
		.status = log_field(s, SLICE_LIT(", dsn=")) };

	if (stat.p == NULL || !kind_of(stat, a.status, &a.kind))
		return;
	a.time = log_moment(l->stamp);
	a.text = text_of(s, stat);
	log_peer(log_field(s, SLICE_LIT(", relay=")), &a);
	batch_sender(b, &a);
	each_recipient(b, s, &a);
}

bool
log_sendmail(struct batch *b, const struct syslog_line *l)
{
	struct slice s = l->text, id, address, rest;

	if (!is_sendmail(l->program))
		return false;
	id = log_until(&s, ':');
	if (id.p == NULL)
		return true;
	s = slice_trim(s);
	if (slice_starts(s, SLICE_LIT("from="))) {
		(void)slice_cut(slice_from(s, sizeof("from=") - 1), ',',
		    &address, &rest);
		senders_put(&b->senders, sender_id(&b->senders, id),
		    log_inside(address, '<', '>'));
	} else if (slice_starts(s, SLICE_LIT("to="))) {
		delivery(b, l, id, s);
	}
	return true;
}
