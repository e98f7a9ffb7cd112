#include "bounces/mail_fields.h"
#include "bounces/mail_kinds.h"

/* Complaints, automatic replies, and what a message is. */

/* ---- ARF (RFC 5965) ---------------------------------------------------- */

struct feedback_fields {
	struct slice type, mail_from, removal, arrival, received, failure;
};

static const struct field_row feedback_rows[] = {
	FIELD_ROW(struct feedback_fields, type, "Feedback-Type"),
	FIELD_ROW(struct feedback_fields, mail_from, "Original-Mail-From"),
	FIELD_ROW(struct feedback_fields, removal, "Removal-Recipient"),
	FIELD_ROW(struct feedback_fields, arrival, "Arrival-Date"),
	FIELD_ROW(struct feedback_fields, received, "Received-Date"),
	FIELD_ROW(struct feedback_fields, failure, "Auth-Failure"),
};

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

/* As much of a word as is shown. */
static struct slice
shown(struct batch *b, struct slice word)
{
	if (word.n > LIMIT_BOUNCE_WORD)
		batch_cut(b, CUT_VALUE);
	return slice_sub(word, 0, LIMIT_BOUNCE_WORD);
}

/* The words that the packs know; RFC 5965 3.5 and RFC 6591 3.1. */
static struct slice
text_of(struct batch *b, const struct feedback_fields *f)
{
	struct slice s;

	if (slice_starts_nocase(f->type, SLICE_LIT("auth-failure")))
		s = arena_slicef(b->arena, "Feedback-Type: auth-failure (%.*s)",
		    SLICE_FMT(shown(b, f->failure)));
	else if (slice_starts_nocase(f->type, SLICE_LIT("abuse")))
		return SLICE_LIT(
		    "Feedback-Type: abuse (a complaint by the recipient)");
	else
		s = arena_slicef(b->arena,
		    "Feedback-Type: %.*s (a complaint by the recipient)",
		    SLICE_FMT(shown(b, f->type)));
	b->failed |= s.p == NULL;
	return s;
}

static void
add(struct batch *b, const struct mail_context *x,
    const struct feedback_fields *f, struct slice recipient)
{
	struct attempt a = { .kind = ATTEMPT_BOUNCED,
		.recipient = recipient,
		.sender = field_address(f->mail_from),
		.time =
		    mail_moment(f->arrival.n > 0 ? f->arrival : f->received) };

	if (!batch_wants(b))
		return;
	a.text = text_of(b, f);
	mail_add(b, x, &a);
}

/* RFC 5965 3.2: there may be a field for each recipient. */
static bool
add_each(struct batch *b, const struct mail_context *x,
    const struct feedback_fields *f, struct slice fields)
{
	const struct slice name = SLICE_LIT("Original-Rcpt-To:");
	struct slice line;
	size_t n = 0;

	while (slice_line(&fields, &line)) {
		if (!slice_starts_nocase(line, name))
			continue;
		add(b, x, f, field_address(slice_from(line, name.n)));
		n++;
	}
	return n > 0;
}

bool
mail_feedback(struct batch *b, const struct mail_context *x,
    struct slice fields)
{
	struct feedback_fields f = { .type = SLICE_NONE };
	struct slice before, rest = fields, recipient;

	do {
		before = rest;
		(void)fields_take(&rest, feedback_rows, ROWS(feedback_rows),
		    &f);
	} while (f.type.n == 0 && rest.n > 0 && rest.n < before.n);
	if (f.type.n == 0)
		return false;
	/* RFC 6430: the recipient says that it is wanted. */
	if (slice_starts_nocase(f.type, SLICE_LIT("not-spam")) ||
	    add_each(b, x, &f, fields))
		return true;
	recipient = field_address(f.removal);
	add(b, x, &f, recipient.n > 0 ? recipient : x->original_to);
	return true;
}

/* ---- who wrote it ------------------------------------------------------ */

static bool
starts_with(struct slice s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_starts_nocase(s, slice_str(words[i])))
			return true;
	}
	return false;
}

static bool
has(struct slice s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_find_nocase(s, slice_str(words[i])) != SIZE_MAX)
			return true;
	}
	return false;
}

bool
mail_is_bounce(const struct mail *m)
{
	static const char *const senders[] = {
		"mailer-daemon",
		"mailer_daemon",
		"postmaster",
		"mail delivery",
		"mail deliver sys",
		"system administrator",
		"mmsc ndr",
		"bounce",
		"<>",
	};
	static const char *const subjects[] = {
		"undeliver",
		"returned mail",
		"delivery",
		"failure notice",
		"failed",
		"not delivered",
		"could not be",
		"cannot send",
		"mail error",
		"mail system",
		"warning: ",
		"rejected",
		"loop alert",
		"notification message",
	};

	return m->failed_recipients.n > 0 ||
	       has(m->from, senders, ROWS(senders)) ||
	       has(m->return_path, senders, ROWS(senders)) ||
	       has(m->subject, subjects, ROWS(subjects));
}

bool
mail_is_automatic(const struct mail *m)
{
	static const char *const subjects[] = {
		"auto:",
		"auto-reply",
		"auto reply",
		"autoreply",
		"auto response",
		"auto-response",
		"automatic reply",
		"automated reply",
		"out of office",
		"out of the office",
		"vacation",
		"on vacation",
		"away from my mail",
		"automatische antwort",
		"abwesenheit",
		"absence",
		"absent du bureau",
		"r\xc3\xa9ponse automatique",
		"respuesta autom",
		"risposta automatica",
		"fuera de",
	};
	static const char *const daemons[] = {
		"mailer-daemon",
		"postmaster",
		"<>",
	};

	if (m->failed_recipients.n > 0 || has(m->from, daemons, ROWS(daemons)))
		return false;
	return slice_starts_nocase(m->auto_submitted,
		   SLICE_LIT("auto-replied")) ||
	       m->auto_reply.n > 0 || m->auto_response.n > 0 ||
	       slice_starts_nocase(m->precedence, SLICE_LIT("auto_reply")) ||
	       starts_with(m->subject, subjects, ROWS(subjects));
}

bool
mail_is_delayed(const struct mail_context *x)
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

	return slice_starts_nocase(x->mail->subject, SLICE_LIT("warning: ")) ||
	       has(x->words, words, ROWS(words));
}

bool
mail_notice_tells(const struct mail_context *x)
{
	static const char *const words[] = {
		"could not be delivered",
		"cannot be delivered",
		"was not delivered",
		"undeliver",
		"unable to deliver",
		"delivery failed",
		"delivery has failed",
		"delivery to the following",
		"did not reach the following",
		"error message below",
	};

	return has(x->words, words, ROWS(words));
}
