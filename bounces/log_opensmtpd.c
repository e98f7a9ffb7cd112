#include "bounces/log_parts.h"

/*
 * OpenSMTPD since 6.0, as smtpd:
 *   SESSION mta delivery evpid=.. from=<..> to=<..> rcpt=<-> source=".."
 *   relay="IP (HOST)" delay=1s result="PermFail" stat="550 5.1.1 .."
 * and before:
 *   relay: PermFail for EVPID: session=.., from=<..>, to=<..>, rcpt=<->,
 *   source=.., relay=IP (HOST), delay=1s, stat=550 5.1.1 ..
 */

/* name=<value> or name="value". */
static struct slice
value_of(struct slice s, struct slice name, unsigned char end)
{
	size_t at = slice_find(s, name);
	struct slice rest;

	if (at == SIZE_MAX)
		return SLICE_NONE;
	rest = slice_from(s, at + name.n);
	return log_until(&rest, end);
}

static bool
kind_of(struct slice word, enum attempt_kind *kind)
{
	if (slice_starts(word, SLICE_LIT("Ok")))
		*kind = ATTEMPT_DELIVERED;
	else if (slice_starts(word, SLICE_LIT("TempFail")))
		*kind = ATTEMPT_DEFERRED;
	else if (slice_starts(word, SLICE_LIT("PermFail")) ||
		 slice_starts(word, SLICE_LIT("Expired")))
		*kind = ATTEMPT_BOUNCED;
	else
		return false;
	return true;
}

/* "IP (HOST)" */
static void
take_relay(struct slice s, struct attempt *a)
{
	struct slice ip, host, rest;

	if (!slice_cut(s, ' ', &ip, &host))
		return;
	a->ip = ip;
	rest = log_inside(slice_trim(host), '(', ')');
	a->host = rest;
}

static void
take(struct batch *b, const struct syslog_line *l, struct attempt *a)
{
	struct slice s = l->text;

	if (a->kind == ATTEMPT_DELIVERED && !b->all) {
		b->delivered++;
		return;
	}
	a->time = log_moment(l->stamp);
	a->sender = value_of(s, SLICE_LIT("from=<"), '>');
	a->recipient = value_of(s, SLICE_LIT("to=<"), '>');
	batch_add(b, a);
}

static void
read_text(struct batch *b, const struct syslog_line *l)
{
	struct slice s = l->text;
	struct attempt a = { .kind = ATTEMPT_DELIVERED };
	size_t at = slice_find(s, SLICE_LIT(" result=\"")), stat;

	if (at != SIZE_MAX &&
	    slice_find(s, SLICE_LIT(" delivery ")) != SIZE_MAX) {
		if (!kind_of(slice_from(s, at + 9), &a.kind))
			return;
		take_relay(value_of(s, SLICE_LIT(" relay=\""), '"'), &a);
		stat = slice_find(s, SLICE_LIT(" stat=\""));
		if (stat != SIZE_MAX)
			a.text = slice_from(s, stat + 7);
		if (a.text.n > 0 && a.text.p[a.text.n - 1] == '"')
			a.text.n--;
		take(b, l, &a);
		return;
	}
	if (!slice_starts(s, SLICE_LIT("relay: ")) ||
	    !kind_of(slice_from(s, 7), &a.kind))
		return;
	take_relay(log_field(s, SLICE_LIT(", relay=")), &a);
	stat = slice_find(s, SLICE_LIT(", stat="));
	if (stat != SIZE_MAX)
		a.text = slice_from(s, stat + 7);
	take(b, l, &a);
}

bool
log_opensmtpd(struct batch *b, const struct syslog_line *l)
{
	if (!slice_eq(l->program, SLICE_LIT("smtpd")))
		return false;
	read_text(b, l);
	return true;
}
