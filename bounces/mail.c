#include "bounces/mail.h"

#include "base/civil.h"
#include "base/limits.h"
#include "bounces/log_parts.h"
#include "bounces/mail_fields.h"
#include "bounces/mail_kinds.h"

struct original_fields {
	struct slice return_path, from, to;
};

static const struct field_row original_rows[] = {
	FIELD_ROW(struct original_fields, return_path, "Return-Path"),
	FIELD_ROW(struct original_fields, from, "From"),
	FIELD_ROW(struct original_fields, to, "To"),
};

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

struct moment
mail_moment(struct slice date)
{
	struct civil_stamp stamp;

	if (date.n == 0)
		return (struct moment){ .kind = MOMENT_NONE };
	switch (civil_rfc5322_parse(date, &stamp)) {
	case CIVIL_UNREADABLE:
	case CIVIL_IMPOSSIBLE:
		return (struct moment){ .kind = MOMENT_NONE };
	case CIVIL_FINE:
	case CIVIL_ZONE:
	case CIVIL_WEEKDAY:
	case CIVIL_OBSOLETE:
		break;
	}
	return (struct moment){ .kind = MOMENT_FULL,
		.seconds = stamp.unix_seconds };
}

struct slice
mail_unfold(struct batch *b, struct slice s)
{
	struct slice line;
	unsigned char *out;
	size_t n = 0;

	if (s.n == 0 || memchr(s.p, '\n', s.n) == NULL)
		return s;
	out = arena_alloc(b->arena, s.n, 1);
	b->failed |= out == NULL;
	while (out != NULL && slice_line(&s, &line)) {
		line = slice_trim(line);
		if (n > 0)
			out[n++] = '\n';
		if (line.n > 0)
			memcpy(out + n, line.p, line.n);
		n += line.n;
	}
	return slice_of(out, n);
}

void
mail_add(struct batch *b, const struct mail_context *x, struct attempt *a)
{
	if (a->kind == ATTEMPT_DELIVERED && !b->all) {
		b->delivered++;
		return;
	}
	if (a->sender.n == 0)
		a->sender = x->sender;
	/* No other message tells it. */
	a->sender_gone = true;
	if (a->time.kind == MOMENT_NONE)
		a->time = x->date;
	batch_add(b, a);
}

/* ---- one message ------------------------------------------------------- */

/* Who sent what came back, and to whom. */
static void
take_original(struct batch *b, const struct mail *m, struct mail_context *x,
    struct slice rest)
{
	const struct mail_part *p = mail_part(m, PART_ORIGINAL);
	struct original_fields f = { .from = SLICE_NONE };
	struct slice line, header, body;
	bool cut = false;

	if (p != NULL) {
		rest = mail_text(b, p, &cut);
		fields_split(rest, &header, &body);
		/* Its body may be as long as it likes. */
		if (cut && body.n == 0)
			batch_cut(b, CUT_TEXT);
	}
	/* What leads to it may be lines that are no fields. */
	for (size_t i = 0; i < LIMIT_BOUNCE_LEAD && rest.n > 0; i++) {
		if (!fields_take(&rest, original_rows, ROWS(original_rows), &f))
			(void)slice_line(&rest, &line);
		if (f.from.n > 0 || f.return_path.n > 0)
			break;
	}
	x->sender = field_address(f.return_path);
	if (x->sender.n == 0)
		x->sender = field_address(f.from);
	/* A bounce goes to the envelope's sender. */
	if (x->sender.n == 0)
		x->sender = field_address(m->to);
	x->original_to = field_address(f.to);
}

static void
take_context(struct batch *b, const struct mail *m, struct mail_context *x)
{
	const struct mail_part *p = mail_part(m, PART_TEXT);
	struct slice text = SLICE_NONE;
	bool cut = false;
	size_t at;

	if (p != NULL)
		text = mail_text(b, p, &cut);
	if (slice_trim(text).n == 0 && (p = mail_part(m, PART_HTML)) != NULL)
		text = mail_text(b, p, &cut);
	at = mail_original_at(text);
	/* What came back may be as long as it likes. */
	if (cut && at == text.n)
		batch_cut(b, CUT_TEXT);
	x->mail = m;
	x->date = mail_moment(m->date);
	x->text = text;
	x->words = slice_trim(slice_sub(text, 0, at));
	x->returned = at < text.n || mail_part(m, PART_ORIGINAL) != NULL;
	take_original(b, m, x, slice_from(text, at));
}

static bool
add_automatic(struct batch *b, const struct mail_context *x)
{
	struct attempt a = { .kind = ATTEMPT_DEFERRED,
		.recipient = field_address(x->mail->from),
		.sender = field_address(x->mail->to),
		.text = SLICE_LIT("Auto-Submitted: auto-replied (an automatic "
				  "reply by the recipient)") };

	mail_add(b, x, &a);
	return true;
}

/* Amazon's events by mail are JSON, whose lines may have been folded. */
static bool
add_event(struct batch *b, struct slice notice)
{
	struct slice rest = notice, line, end;
	unsigned char *out;
	size_t n = 0;

	end = SLICE_LIT("\n--");
	rest = slice_sub(rest, 0,
	    slice_find(rest, end) != SIZE_MAX ? slice_find(rest, end) : rest.n);
	out = arena_alloc(b->arena, rest.n + 1, 1);
	b->failed |= out == NULL;
	while (out != NULL && slice_line(&rest, &line)) {
		if (line.n > 0)
			memcpy(out + n, line.p, line.n);
		n += line.n;
	}
	return out != NULL && log_json(b, slice_of(out, n));
}

/* Where the part is missing, its fields may be in a text. */
static bool
add_status_within(struct batch *b, const struct mail_context *x,
    struct slice text)
{
	static const char *const first[] = { "\nReporting-MTA:",
		"\nOriginal-Recipient:", "\nFinal-Recipient:" };
	size_t at = SIZE_MAX;

	for (size_t i = 0; i < ROWS(first) && at == SIZE_MAX; i++)
		at = slice_find(text, slice_str(first[i]));
	if (at == SIZE_MAX)
		return false;
	text = slice_from(text, at + 1);
	if (!mail_status(b, x, slice_sub(text, 0, LIMIT_BOUNCE_STATUS)))
		return false;
	if (text.n > LIMIT_BOUNCE_STATUS)
		batch_cut(b, CUT_STATUS);
	return true;
}

/* The part that RFC 3464 has for it. */
static bool
add_status(struct batch *b, const struct mail_context *x)
{
	const struct mail_part *p = mail_part(x->mail, PART_STATUS);
	bool cut = false;

	if (p == NULL || !mail_status(b, x, mail_text(b, p, &cut)))
		return false;
	if (cut)
		batch_cut(b, CUT_STATUS);
	return true;
}

static bool
add_bounce(struct batch *b, const struct mail_context *x)
{
	if (add_status(b, x) || add_status_within(b, x, x->text))
		return true;
	if (!mail_is_bounce(x->mail) && !mail_notice_tells(x))
		return false;
	/* A bounce that has gone through other hands tells its own. */
	return mail_notice_add(b, x) ||
	       (x->returned && add_status_within(b, x, x->mail->body)) ||
	       mail_notice_unnamed(b, x);
}

static bool
add_feedback(struct batch *b, const struct mail_context *x)
{
	const struct mail_part *p = mail_part(x->mail, PART_FEEDBACK);
	bool cut = false;

	if (p == NULL || !mail_feedback(b, x, mail_text(b, p, &cut)))
		return false;
	if (cut)
		batch_cut(b, CUT_TEXT);
	return true;
}

static bool
read_one(struct batch *b, const struct mail *m)
{
	struct notice told;
	struct mail_context x = { .told = &told };
	uint64_t room = LIMIT_RECORD;

	told.read = told.cut = false;
	if (m->parts_cut)
		batch_cut(b, CUT_PARTS);
	for (size_t i = 0; i < m->n_parts; i++) {
		if (m->parts[i].kind == PART_FILE &&
		    mail_report(b, &m->parts[i], &room))
			return true;
	}
	take_context(b, m, &x);
	if (add_feedback(b, &x))
		return true;
	if (x.words.n > 0 && x.words.p[0] == '{' && add_event(b, x.words))
		return true;
	if (mail_is_automatic(m) && mail_part(m, PART_STATUS) == NULL)
		return add_automatic(b, &x);
	return add_bounce(b, &x);
}

/* Old Macintoshes ended lines by CR alone. */
static struct slice
with_lines(struct batch *b, struct slice s)
{
	unsigned char *out;

	if (memchr(s.p, '\n', s.n) != NULL || memchr(s.p, '\r', s.n) == NULL)
		return s;
	if (s.n > LIMIT_BOUNCE_CR)
		batch_cut(b, CUT_LENGTH);
	s = slice_sub(s, 0, LIMIT_BOUNCE_CR);
	out = arena_alloc(b->arena, s.n, 1);
	b->failed |= out == NULL;
	for (size_t i = 0; out != NULL && i < s.n; i++)
		out[i] = s.p[i] == '\r' ? '\n' : s.p[i];
	return slice_of(out, out != NULL ? s.n : 0);
}

void
mail_read(struct batch *b, struct slice message)
{
	struct arena_mark before = arena_mark(b->arena);
	size_t n = b->n;
	struct mail m;

	if (message.n == 0)
		return;
	b->lines++;
	message = with_lines(b, message);
	mail_parse(message, &m);
	if (!read_one(b, &m))
		b->of[LOG_NONE]++;
	batch_end_record(b);
	if (b->n == n)
		arena_rewind(b->arena, before);
}

bool
mail_recognise(struct slice head)
{
	unsigned char room[LIMIT_BOUNCE_HEAD];
	size_t n = head.n < sizeof(room) ? head.n : sizeof(room);

	if (n == 0 || memchr(head.p, '\n', head.n) != NULL)
		return fields_begin(head);
	for (size_t i = 0; i < n; i++)
		room[i] = head.p[i] == '\r' ? '\n' : head.p[i];
	return fields_begin(slice_of(room, n));
}
