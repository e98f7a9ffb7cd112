#include "bounces/csv.h"

#include "base/limits.h"
#include "bounces/log_parts.h"

/*
 *  file   = [header EOL] record *(EOL record)
 *  record = field *("," field)
 *  field  = DQUOTE *(any but DQUOTE / 2DQUOTE) DQUOTE / *(any but "," and EOL)
 */

/* What is wanted of a record; the names of its columns are in the tables. */
enum column {
	COLUMN_WHAT, /* its word tells what came of it */
	COLUMN_TIME,
	COLUMN_SENDER,
	COLUMN_RECIPIENT,
	COLUMN_STATUS,
	COLUMN_TEXT,
	COLUMN_HOST,
	COLUMN_IP,
	COLUMN_ID,
};

enum { COLUMNS = COLUMN_ID + 1 };

struct word {
	const char *word;
	enum attempt_kind kind;
};

struct table_kind {
	const char *columns[COLUMNS];
	const struct word *words;
};

static const struct word powermta_words[] = {
	{ "b", ATTEMPT_BOUNCED },
	{ "rb", ATTEMPT_BOUNCED },
	{ "f", ATTEMPT_BOUNCED },
	{ "t", ATTEMPT_DEFERRED },
	{ "tq", ATTEMPT_DEFERRED },
	{ "d", ATTEMPT_DELIVERED },
	{ NULL, ATTEMPT_DELIVERED },
};
static const struct word exchange_words[] = {
	{ "FAIL", ATTEMPT_BOUNCED },
	{ "DEFER", ATTEMPT_DEFERRED },
	{ "DELIVER", ATTEMPT_DELIVERED },
	{ "SENDEXTERNAL", ATTEMPT_DELIVERED },
	{ "SEND", ATTEMPT_DELIVERED },
	{ NULL, ATTEMPT_DELIVERED },
};
static const struct word trace_words[] = {
	{ "Failed", ATTEMPT_BOUNCED },
	{ "FilteredAsSpam", ATTEMPT_BOUNCED },
	{ "Quarantined", ATTEMPT_BOUNCED },
	{ "Pending", ATTEMPT_DEFERRED },
	{ "Delivered", ATTEMPT_DELIVERED },
	{ "Expanded", ATTEMPT_DELIVERED },
	{ NULL, ATTEMPT_DELIVERED },
};

static const struct table_kind kinds[] = {
	{ { [COLUMN_WHAT] = "type",
	      [COLUMN_TIME] = "timeLogged",
	      [COLUMN_SENDER] = "orig",
	      [COLUMN_RECIPIENT] = "rcpt",
	      [COLUMN_STATUS] = "dsnStatus",
	      [COLUMN_TEXT] = "dsnDiag",
	      [COLUMN_HOST] = "dsnMta",
	      [COLUMN_IP] = "dlvDestinationIp",
	      [COLUMN_ID] = "jobId" },
	    powermta_words },
	{ { [COLUMN_WHAT] = "event-id",
	      [COLUMN_TIME] = "date-time",
	      [COLUMN_SENDER] = "sender-address",
	      [COLUMN_RECIPIENT] = "recipient-address",
	      [COLUMN_TEXT] = "recipient-status",
	      [COLUMN_HOST] = "server-hostname",
	      [COLUMN_IP] = "server-ip",
	      [COLUMN_ID] = "internal-message-id" },
	    exchange_words },
	{ { [COLUMN_WHAT] = "Status",
	      [COLUMN_TIME] = "Received",
	      [COLUMN_SENDER] = "SenderAddress",
	      [COLUMN_RECIPIENT] = "RecipientAddress",
	      [COLUMN_TEXT] = "Detail",
	      [COLUMN_IP] = "ToIP",
	      [COLUMN_ID] = "MessageId" },
	    trace_words },
};

/* Where the columns that are wanted stand; SIZE_MAX: nowhere. */
struct layout {
	const struct table_kind *kind; /* NULL: no table that is known */
	size_t at[COLUMNS];
};

/* ---- records ----------------------------------------------------------- */

/* Pairs of quotes become one. */
static struct slice
unpaired(struct slice s, struct arena *a)
{
	unsigned char *out = arena_new_of(a, unsigned char, s.n);
	size_t n = 0;

	for (size_t i = 0; out != NULL && i < s.n; i++) {
		out[n++] = s.p[i];
		if (s.p[i] == '"')
			i++;
	}
	return slice_of(out, n);
}

/* Behind the opening quote; takes the closing one too. */
static struct slice
quoted(struct slice *rest, struct arena *a)
{
	bool pairs = false;
	struct slice inside;
	size_t n = 0;

	for (; n < rest->n; n++) {
		if (rest->p[n] != '"')
			continue;
		if (n + 1 == rest->n || rest->p[n + 1] != '"')
			break;
		pairs = true;
		n++;
	}
	inside = slice_sub(*rest, 0, n);
	*rest = slice_from(*rest, n + 1);
	return pairs ? unpaired(inside, a) : inside;
}

bool
csv_field(struct slice *rest, struct arena *a, struct slice *field, bool *more)
{
	bool is_quoted = rest->n > 0 && rest->p[0] == '"';
	size_t n = 0;

	if (rest->n == 0)
		return false;
	if (is_quoted) {
		struct slice inside = slice_from(*rest, 1);

		*field = quoted(&inside, a);
		*rest = inside;
	}
	while (n < rest->n && rest->p[n] != ',' && rest->p[n] != '\n')
		n++;
	if (!is_quoted)
		*field = slice_trim(slice_sub(*rest, 0, n));
	*more = n < rest->n && rest->p[n] == ',';
	*rest = slice_from(*rest, n + 1);
	return true;
}

/* The end of the record that begins there: a line end outside of quotes. */
static size_t
record_end(struct slice s, size_t at)
{
	bool inside = false;

	for (; at < s.n; at++) {
		if (s.p[at] == '"')
			inside = !inside;
		else if (s.p[at] == '\n' && !inside)
			return at + 1;
	}
	return SIZE_MAX;
}

size_t
csv_cut(struct slice block)
{
	size_t at = 0, end;

	while ((end = record_end(block, at)) != SIZE_MAX)
		at = end;
	return at;
}

/* ---- the header -------------------------------------------------------- */

static bool
take_layout(struct slice header, struct arena *a, const struct table_kind *k,
    struct layout *out)
{
	struct slice field;
	bool more = true;

	for (size_t i = 0; i < COLUMNS; i++)
		out->at[i] = SIZE_MAX;
	for (size_t n = 0; more; n++) {
		if (!csv_field(&header, a, &field, &more))
			break;
		for (size_t i = 0; i < COLUMNS; i++) {
			if (k->columns[i] != NULL &&
			    slice_eq_nocase(field, slice_str(k->columns[i])))
				out->at[i] = n;
		}
	}
	out->kind = k;
	return out->at[COLUMN_WHAT] != SIZE_MAX &&
	       out->at[COLUMN_RECIPIENT] != SIZE_MAX &&
	       out->at[COLUMN_SENDER] != SIZE_MAX;
}

/* The first line, or that behind "#Fields: ". */
static struct slice
header_of(struct slice preface)
{
	const struct slice mark = SLICE_LIT("#Fields: ");
	const struct slice bom = SLICE_LIT("\xef\xbb\xbf");
	struct slice line;

	if (slice_starts(preface, bom))
		preface = slice_from(preface, bom.n);
	while (slice_line(&preface, &line)) {
		if (slice_starts(line, mark))
			return slice_from(line, mark.n);
		if (line.n > 0 && line.p[0] != '#')
			return line;
	}
	return SLICE_NONE;
}

static bool
layout_of(struct slice preface, struct arena *a, struct layout *out)
{
	struct slice header = header_of(preface);

	/* Of names of columns that are cut off no table can be made. */
	if (preface.n == LIMIT_PREFACE &&
	    slice_offset(preface, header) + header.n == preface.n)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (take_layout(header, a, &kinds[i], out))
			return true;
	}
	return false;
}

bool
csv_recognise(struct slice head)
{
	struct arena *a = arena_new(LIMIT_BATCH_ARENA, LIMIT_PREFACE);
	struct layout l;
	bool known =
	    a != NULL && layout_of(slice_sub(head, 0, LIMIT_PREFACE), a, &l);

	arena_free(a);
	return known;
}

/* ---- attempts ---------------------------------------------------------- */

/* Exchange's "[{LED=550 5.1.10 ...};{MSG=};{FQDN=mx};{IP=..};..]". */
static struct slice
inside_led(struct slice s, struct attempt *a)
{
	const struct slice led = SLICE_LIT("{LED="), fqdn = SLICE_LIT("{FQDN=");
	const struct slice ip = SLICE_LIT("{IP=");
	size_t at = slice_find(s, led);
	struct slice rest;

	if (at == SIZE_MAX)
		return s;
	rest = slice_from(s, at + led.n);
	if ((at = slice_find(s, fqdn)) != SIZE_MAX) {
		a->host = slice_from(s, at + fqdn.n);
		a->host = log_until(&a->host, '}');
	}
	if ((at = slice_find(s, ip)) != SIZE_MAX) {
		a->ip = slice_from(s, at + ip.n);
		a->ip = log_until(&a->ip, '}');
	}
	at = slice_find(rest, SLICE_LIT("};{"));
	return slice_sub(rest, 0, at != SIZE_MAX ? at : rest.n);
}

/* PowerMTA: "5.1.1 (bad destination mailbox address)", "mx (192.0.2.1)". */
static struct slice
before_bracket(struct slice s)
{
	struct slice head, tail;

	(void)slice_cut(s, '(', &head, &tail);
	return slice_trim(head);
}

static bool
kind_of(const struct layout *l, struct slice word, enum attempt_kind *kind)
{
	for (const struct word *w = l->kind->words; w->word != NULL; w++) {
		if (slice_eq_nocase(word, slice_str(w->word))) {
			*kind = w->kind;
			return true;
		}
	}
	return false;
}

static void
take_record(struct batch *b, const struct layout *l,
    const struct slice values[COLUMNS])
{
	struct attempt a = { .sender_gone = true };

	if (!kind_of(l, values[COLUMN_WHAT], &a.kind))
		return;
	if (a.kind == ATTEMPT_DELIVERED && !b->all) {
		b->delivered++;
		return;
	}
	a.time = log_moment(values[COLUMN_TIME]);
	a.sender = values[COLUMN_SENDER];
	a.recipient = values[COLUMN_RECIPIENT];
	a.status = before_bracket(values[COLUMN_STATUS]);
	a.queue_id = values[COLUMN_ID];
	a.host = before_bracket(values[COLUMN_HOST]);
	a.ip = values[COLUMN_IP];
	a.text = inside_led(values[COLUMN_TEXT], &a);
	if (a.text.n == 0)
		a.text = values[COLUMN_WHAT];
	batch_add(b, &a);
}

static void
take_line(struct batch *b, bool known)
{
	b->lines++;
	b->of[known ? LOG_CSV : LOG_NONE]++;
}

static void
read_record(struct batch *b, const struct layout *l, struct slice record)
{
	struct slice values[COLUMNS] = { SLICE_NONE }, field;
	bool more = true;

	for (size_t n = 0; more; n++) {
		if (!csv_field(&record, b->arena, &field, &more))
			break;
		for (size_t i = 0; i < COLUMNS; i++) {
			if (l->at[i] == n)
				values[i] = field;
		}
	}
	b->failed |= arena_failed(b->arena);
	take_record(b, l, values);
}

void
csv_read(struct batch *b, struct slice block, struct slice preface)
{
	struct slice record;
	struct layout l;
	size_t at = 0, end;
	bool known = layout_of(preface, b->arena, &l);

	for (; at < block.n; at = end) {
		end = record_end(block, at);
		if (end == SIZE_MAX)
			end = block.n;
		take_line(b, known);
		record = slice_sub(block, at, end - at);
		if (known && block.p[at] != '#')
			read_record(b, &l, record);
		/* Lines within quotes are lines of the file too. */
		while (log_until(&record, '\n').p != NULL && record.n > 0)
			take_line(b, known);
	}
}
