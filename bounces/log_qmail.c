#include "bounces/log_parts.h"

/*
 * qmail-send(8) and those that came of it, by syslog or by multilog(8):
 *   info msg 123: bytes 456 from <SENDER> qp 789 uid 1000
 *   starting delivery 12: msg 123 to remote RECIPIENT
 *   delivery 12: success: ...
 *   delivery 12: deferral: Connected_to_IP_but_.../Remote_host_said:_450_.../
 *   end msg 123
 * What a delivery is of is kept among the senders, by its number.
 */

/* Blanks are underlines there, and a slash ends the last line. */
static struct slice
words_of(struct batch *b, struct slice s)
{
	unsigned char *out = arena_new_of(b->arena, unsigned char, s.n + 1);

	if (out == NULL) {
		b->failed = true;
		return SLICE_NONE;
	}
	for (size_t i = 0; i < s.n; i++)
		out[i] = s.p[i] == '_' ? ' ' : s.p[i];
	if (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	return slice_of(out, s.n);
}

/* "123: ..." behind a word; nothing where no number stands there. */
static struct slice
number_after(struct slice s, struct slice word, struct slice *rest)
{
	struct slice number;

	*rest = SLICE_NONE;
	if (!slice_starts(s, word) ||
	    !slice_cut(slice_from(s, word.n), ':', &number, rest))
		return SLICE_NONE;
	*rest = slice_trim(*rest);
	return number;
}

uint64_t
log_delivery_id(const struct senders *s, struct slice number)
{
	return sender_id(s, number) ^ UINT64_C(0x8000000000000000);
}

/* "Connected to IP but ..." */
static void
take_ip(struct slice s, struct attempt *a)
{
	const struct slice before = SLICE_LIT("Connected to ");
	size_t at = slice_find(s, before);
	struct slice rest;

	if (at != SIZE_MAX)
		(void)slice_cut(slice_from(s, at + before.n), ' ', &a->ip,
		    &rest);
}

/* "msg 123 to remote RECIPIENT" */
void
log_qmail_start(struct slice s, struct attempt *a)
{
	struct slice number;

	if (!slice_starts(s, SLICE_LIT("msg ")))
		return;
	s = slice_from(s, 4);
	number = log_until(&s, ' ');
	(void)log_until(&s, ' '); /* to */
	(void)log_until(&s, ' '); /* remote, or local */
	a->queue_id = number;
	a->recipient = s;
}

static void
delivered(struct batch *b, struct slice stamp, struct slice number,
    struct slice s)
{
	struct attempt a = { .kind = ATTEMPT_DELIVERED, .delivery = number };
	struct slice word, text, start;

	(void)slice_cut(s, ':', &word, &text);
	if (slice_eq(word, SLICE_LIT("success"))) {
		if (!b->all) {
			b->delivered++;
			return;
		}
	} else if (slice_eq(word, SLICE_LIT("deferral"))) {
		a.kind = ATTEMPT_DEFERRED;
	} else if (slice_eq(word, SLICE_LIT("failure"))) {
		a.kind = ATTEMPT_BOUNCED;
	} else {
		return;
	}
	if (senders_get(&b->senders, log_delivery_id(&b->senders, number),
		&start) == SENDER_TOLD) {
		log_qmail_start(start, &a);
		batch_sender(b, &a);
	}
	senders_gone(&b->senders, log_delivery_id(&b->senders, number));
	a.time = log_moment(stamp);
	a.text = slice_trim(words_of(b, slice_trim(text)));
	take_ip(a.text, &a);
	batch_add(b, &a);
}

bool
log_qmail(struct batch *b, struct slice stamp, struct slice s)
{
	struct slice rest, number, address;
	size_t at;

	number = number_after(s, SLICE_LIT("delivery "), &rest);
	if (number.p != NULL) {
		delivered(b, stamp, number, rest);
		return true;
	}
	number = number_after(s, SLICE_LIT("starting delivery "), &rest);
	if (number.p != NULL) {
		senders_put(&b->senders, log_delivery_id(&b->senders, number),
		    rest);
		return true;
	}
	number = number_after(s, SLICE_LIT("info msg "), &rest);
	at = slice_find(rest, SLICE_LIT(" from <"));
	if (number.p != NULL && at != SIZE_MAX) {
		rest = slice_from(rest, at + 7);
		address = log_until(&rest, '>');
		if (address.p != NULL)
			senders_put(&b->senders, sender_id(&b->senders, number),
			    address);
		return true;
	}
	if (slice_starts(s, SLICE_LIT("end msg ")))
		senders_gone(&b->senders,
		    sender_id(&b->senders, slice_from(s, 8)));
	return number.p != NULL || slice_starts(s, SLICE_LIT("end msg ")) ||
	       slice_starts(s, SLICE_LIT("new msg ")) ||
	       slice_starts(s, SLICE_LIT("status: ")) ||
	       slice_starts(s, SLICE_LIT("bounce msg "));
}

/* "@" and 24 hexadecimal digits: TAI64N; or 16: TAI64. */
bool
log_multilog(struct batch *b, struct slice line)
{
	struct slice rest = line, stamp = log_until(&rest, ' ');

	if (stamp.n != 25 && stamp.n != 17)
		return false;
	return stamp.p[0] == '@' && log_moment(stamp).kind == MOMENT_FULL &&
	       log_qmail(b, stamp, rest);
}
