/*
 *  delivery-status = per-message 1*(EOL per-recipient)     (RFC 3464 2)
 *  diagnostic-code = type ";" text
 *  remote-mta      = type ";" name
 */
#include "bounces/mail_fields.h"
#include "bounces/mail_kinds.h"

struct message_fields {
	struct slice reporting_mta, arrival, postfix_id, postfix_sender;
};

static const struct field_row message_rows[] = {
	FIELD_ROW(struct message_fields, reporting_mta, "Reporting-MTA"),
	FIELD_ROW(struct message_fields, arrival, "Arrival-Date"),
	FIELD_ROW(struct message_fields, postfix_id, "X-Postfix-Queue-ID"),
	FIELD_ROW(struct message_fields, postfix_sender, "X-Postfix-Sender"),
};

struct recipient_fields {
	struct slice final, original, actual, action, status, remote, code,
	    last_attempt, log_id, smtp_response;
};

static const struct field_row recipient_rows[] = {
	FIELD_ROW(struct recipient_fields, final, "Final-Recipient"),
	FIELD_ROW(struct recipient_fields, original, "Original-Recipient"),
	FIELD_ROW(struct recipient_fields, actual, "X-Actual-Recipient"),
	FIELD_ROW(struct recipient_fields, action, "Action"),
	FIELD_ROW(struct recipient_fields, status, "Status"),
	FIELD_ROW(struct recipient_fields, remote, "Remote-MTA"),
	FIELD_ROW(struct recipient_fields, code, "Diagnostic-Code"),
	FIELD_ROW(struct recipient_fields, last_attempt, "Last-Attempt-Date"),
	FIELD_ROW(struct recipient_fields, log_id, "Final-Log-ID"),
	FIELD_ROW(struct recipient_fields, smtp_response, "X-SMTP-Response"),
};

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Behind "type;", which may lack. */
static struct slice
value_of(struct slice s)
{
	size_t n = 0;

	while (n < s.n &&
	       (ascii_is_alnum(s.p[n]) || s.p[n] == '-' || s.p[n] == ' '))
		n++;
	if (n == 0 || n == s.n || s.p[n] != ';')
		return slice_trim(s);
	return slice_trim(slice_from(s, n + 1));
}

/* RFC 3464 2.3.3; without it the class of the status tells (RFC 3463 2). */
static enum attempt_kind
kind_of(const struct recipient_fields *f)
{
	if (slice_starts_nocase(f->action, SLICE_LIT("fail")))
		return ATTEMPT_BOUNCED;
	if (slice_starts_nocase(f->action, SLICE_LIT("delay")))
		return ATTEMPT_DEFERRED;
	if (slice_starts_nocase(f->action, SLICE_LIT("deliver")) ||
	    slice_starts_nocase(f->action, SLICE_LIT("relay")) ||
	    slice_starts_nocase(f->action, SLICE_LIT("expand")))
		return ATTEMPT_DELIVERED;
	if (f->action.n == 0 && f->status.n > 0 && f->status.p[0] == '2')
		return ATTEMPT_DELIVERED;
	if (f->action.n == 0 && f->status.n > 0 && f->status.p[0] == '4')
		return ATTEMPT_DEFERRED;
	return ATTEMPT_BOUNCED;
}

/* Octets from a set. */
static size_t
span_of(struct slice s, const char *set)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '\0' && strchr(set, s.p[n]) != NULL)
		n++;
	return n;
}

/* "[IPv6:2001:db8::1]", "192.0.2.1", "(192.0.2.1, the server for ...)" */
static struct slice
take_ip(struct slice s)
{
	struct ip unused;

	s = slice_from(s, span_of(s, " ([\t\r\n"));
	if (slice_starts_nocase(s, SLICE_LIT("IPv6:")))
		s = slice_from(s, 5);
	s = slice_sub(s, 0, span_of(s, "0123456789abcdefABCDEF.:"));
	return ip_parse(s, &unused) ? s : SLICE_NONE;
}

/* "dns; mx.b.example (192.0.2.1)", "dns; [192.0.2.1]" */
static void
take_host(struct slice s, struct attempt *a)
{
	size_t n = 0;

	s = value_of(s);
	a->ip = take_ip(s);
	if (a->ip.n > 0)
		return;
	while (
	    n < s.n && !ascii_is_space(s.p[n]) && strchr("(;[", s.p[n]) == NULL)
		n++;
	a->host = slice_sub(s, 0, n);
	a->ip = take_ip(slice_from(s, n));
}

static struct slice
first_word(struct slice s)
{
	size_t n = 0;

	while (n < s.n && !ascii_is_space(s.p[n]) && s.p[n] != '(')
		n++;
	return slice_sub(s, 0, n);
}

static bool
has_words(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_alpha(s.p[i]) || s.p[i] >= 0x80)
			return true;
	}
	return false;
}

static void
add(struct batch *b, const struct mail_context *x,
    const struct message_fields *m, const struct recipient_fields *f)
{
	struct attempt a = { .kind = kind_of(f) };

	if ((a.kind != ATTEMPT_DELIVERED || b->all) && !batch_wants(b))
		return;
	a.recipient = field_address(f->final);
	if (a.recipient.n == 0)
		a.recipient = field_address(f->original);
	if (a.recipient.n == 0)
		a.recipient = field_address(x->mail->failed_recipients);
	if (a.recipient.n == 0)
		a.recipient = value_of(f->final);
	a.time = mail_moment(f->last_attempt);
	if (a.time.kind == MOMENT_NONE)
		a.time = x->date;
	if (a.time.kind == MOMENT_NONE)
		a.time = mail_moment(m->arrival);
	a.queue_id = m->postfix_id.n > 0 ? m->postfix_id : f->log_id;
	if (x->sender.p == NULL)
		a.sender = field_address(m->postfix_sender);
	take_host(f->remote, &a);
	a.status = first_word(f->status);
	a.text = mail_unfold(b,
	    value_of(f->code.n > 0 ? f->code : f->smtp_response));
	/* "X-Unix; 71" is all that some tell. */
	if (!has_words(a.text))
		mail_notice_of(b, x, &a);
	if (a.text.n == 0)
		a.text = slice_trim(slice_from(f->status, a.status.n));
	a.notice = x->words;
	mail_add(b, x, &a);
}

/* Some leave it out, or the empty line behind it. */
static void
take_message_fields(struct slice *fields, struct message_fields *m)
{
	struct recipient_fields f = { .final = SLICE_NONE };
	struct slice again = *fields, group = *fields;

	(void)fields_take(&group, message_rows, ROWS(message_rows), m);
	(void)fields_take(&again, recipient_rows, ROWS(recipient_rows), &f);
	if (f.final.n == 0 && f.original.n == 0)
		*fields = group;
}

bool
mail_status(struct batch *b, const struct mail_context *x, struct slice fields)
{
	struct message_fields m = { .arrival = SLICE_NONE };
	size_t n = 0;

	take_message_fields(&fields, &m);
	while (fields.n > 0) {
		struct recipient_fields f = { .final = SLICE_NONE };
		struct slice before = fields, line;

		if (!fields_take(&fields, recipient_rows, ROWS(recipient_rows),
			&f))
			(void)slice_line(&fields, &line); /* no field */
		if (fields.n == before.n)
			break;
		if (f.final.n == 0 && f.original.n == 0 && f.code.n == 0 &&
		    f.action.n == 0)
			continue;
		add(b, x, &m, &f);
		n++;
	}
	return n > 0;
}
