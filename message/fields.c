#include "message/fields.h"

#include "base/limits.h"
#include "message/field_lint.h"

enum { SCRATCH_BLOCK = 4096 };

const struct lint_kind fields_duplicate = { "format.duplicate-field",
	LINT_ERROR, "RFC 5322 3.6", "Send the field once" };

const struct lint_kind fields_no_date = { "format.no-date", LINT_ERROR,
	"RFC 5322 3.6.1", "Put in a Date field with the time of sending" };

const struct lint_kind fields_no_from = { "format.no-from", LINT_ERROR,
	"RFC 5322 3.6.2", "Put in a From field with one address" };

const struct lint_kind fields_no_sender = { "format.no-sender", LINT_ERROR,
	"RFC 5322 3.6.2",
	"Have one address in From, or name the one who sends in Sender" };

const struct lint_kind fields_no_message_id = { "format.no-message-id",
	LINT_WARNING, "RFC 5322 3.6.4",
	"Put in a Message-ID field that no other message has" };

const struct lint_kind fields_no_subject = { "format.no-subject", LINT_WARNING,
	"RFC 5322 3.6.5", "Give the message a subject" };

const struct lint_kind fields_no_to = { "format.no-to", LINT_WARNING,
	"RFC 5322 3.6.3", "Name the recipient in To" };

const struct lint_kind fields_empty = { "format.empty-field", LINT_ERROR,
	"RFC 5322 3.6", "Put a value into the field, or leave the field out" };

const struct lint_kind fields_long = { "format.field-too-long", LINT_ERROR,
	"RFC 5322 2.1.1", "Make the field shorter" };

const struct lint_kind fields_bcc = { "format.bcc", LINT_WARNING,
	"RFC 5322 3.6.3", "Take Bcc out before the message is sent" };

/* ---- which there are --------------------------------------------------- */

/* What to do with the value. */
enum value {
	VALUE_ANY, /* judged by others, or by nobody */
	VALUE_ADDRESSES,
	VALUE_DATE,
	VALUE_RECEIVED,
	VALUE_ID,
	VALUE_REFERENCES,
	VALUE_SUBJECT,
};

static const struct known_field {
	const char *name;
	enum field_id id;
	enum value value;
	bool many;      /* may be there more than once */
	bool may_empty; /* or says so itself */
} known[] = {
	{ .name = "Date", .id = FIELD_DATE, .value = VALUE_DATE },
	{ .name = "From", .id = FIELD_FROM, .value = VALUE_ADDRESSES },
	{ .name = "Sender", .id = FIELD_SENDER, .value = VALUE_ADDRESSES },
	{ .name = "Reply-To", .id = FIELD_REPLY_TO, .value = VALUE_ADDRESSES },
	{ .name = "To", .id = FIELD_TO, .value = VALUE_ADDRESSES },
	{ .name = "Cc", .id = FIELD_CC, .value = VALUE_ADDRESSES },
	{ .name = "Bcc",
	    .id = FIELD_BCC,
	    .value = VALUE_ADDRESSES,
	    .may_empty = true },
	{ .name = "Message-ID", .id = FIELD_MESSAGE_ID, .value = VALUE_ID },
	{ .name = "In-Reply-To",
	    .id = FIELD_IN_REPLY_TO,
	    .value = VALUE_REFERENCES },
	{ .name = "References",
	    .id = FIELD_REFERENCES,
	    .value = VALUE_REFERENCES },
	{ .name = "Subject",
	    .id = FIELD_SUBJECT,
	    .value = VALUE_SUBJECT,
	    .may_empty = true },
	{ .name = "MIME-Version", .id = FIELD_MIME_VERSION },
	{ .name = "Content-Type", .id = FIELD_CONTENT_TYPE },
	{ .name = "Content-Transfer-Encoding", .id = FIELD_CONTENT_ENCODING },
	{ .name = "Content-ID", .id = FIELD_CONTENT_ID },
	{ .name = "Content-Description",
	    .id = FIELD_CONTENT_DESCRIPTION,
	    .may_empty = true },
	{ .name = "Content-Disposition", .id = FIELD_CONTENT_DISPOSITION },
	{ .name = "Received",
	    .id = FIELD_RECEIVED,
	    .value = VALUE_RECEIVED,
	    .many = true },
	{ .name = "Feedback-ID",
	    .id = FIELD_FEEDBACK_ID,
	    .many = true,
	    .may_empty = true },
};

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

static const struct known_field *
known_find(struct slice name)
{
	for (size_t i = 0; i < KNOWN; i++) {
		const char *known_name = known[i].name;

		if (ascii_lower(name.p[0]) ==
			ascii_lower((unsigned char)known_name[0]) &&
		    slice_eq_nocase(name, slice_str(known_name)))
			return &known[i];
	}
	return NULL;
}

enum field_id
field_id_of(struct slice name)
{
	const struct known_field *k = name.n > 0 ? known_find(name) : NULL;

	return k != NULL ? k->id : FIELD_OTHER;
}

void
fields_find(const struct message *m, struct fields *out)
{
	*out = (struct fields){ 0 };
	for (size_t i = 0; i < m->n_fields; i++) {
		enum field_id id = field_id_of(m->fields[i].name);

		if (out->count[id]++ == 0)
			out->first[id] = &m->fields[i];
	}
}

/* ---- to say something -------------------------------------------------- */

bool
field_wants(const struct field_job *job, const struct lint_kind *kind)
{
	return lint_wants(job->lint, kind, job->field->name);
}

/* The way from the field's first line on is short; it is a part of all. */
void
field_say(struct field_job *job, const struct lint_kind *kind, size_t at,
    struct slice detail)
{
	const struct field *f = job->field;
	struct lint_place place = { f->line, 1, f->name };
	struct slice all = job->m->octets, before, head;
	size_t begin = slice_offset(all, f->name);

	if (field_wants(job, kind)) {
		before = slice_sub(all, begin,
		    slice_offset(all, f->value) - begin + at);
		while (slice_cut(before, '\n', &head, &before))
			place.line++;
		place.column = head.n + 1;
	}
	lint_say(job->lint, kind, place, detail);
}

struct slice
field_quote(struct field_job *job, struct slice s)
{
	s = slice_trim(s);
	if (s.n <= FIELD_QUOTE)
		return arena_slicef(job->lint->arena, "\"%.*s\"", SLICE_FMT(s));
	return arena_slicef(job->lint->arena, "\"%.*s...\"", FIELD_QUOTE,
	    (const char *)s.p);
}

/* ---- one field --------------------------------------------------------- */

static void
value_lint(struct field_job *job, const struct known_field *k)
{
	switch (k->value) {
	case VALUE_ANY:
		return;
	case VALUE_ADDRESSES:
		field_addresses_lint(job, k->id);
		return;
	case VALUE_DATE:
		field_date_lint(job);
		return;
	case VALUE_RECEIVED:
		field_received_lint(job);
		return;
	case VALUE_ID:
		field_message_id_lint(job);
		return;
	case VALUE_REFERENCES:
		field_references_lint(job);
		return;
	case VALUE_SUBJECT:
		field_subject_lint(job);
		return;
	}
}

static void
known_lint(struct field_job *job, const struct known_field *k)
{
	const struct field *f = job->field;

	if (f->value.n > LIMIT_FIELD) {
		field_say(job, &fields_long, 0,
		    arena_slicef(job->lint->arena,
			"The field has %zu octets; servers refuse it, and what "
			"is in it is not looked at",
			f->value.n));
		return;
	}
	if (slice_trim(f->value).n > 0)
		value_lint(job, k);
	else if (k->id == FIELD_SUBJECT)
		field_say(job, &fields_no_subject, 0,
		    SLICE_LIT("The subject is empty"));
	else if (!k->may_empty)
		field_say(job, &fields_empty, 0,
		    SLICE_LIT("The field is empty"));
}

static void
again_lint(struct field_job *job, const struct field *first)
{
	struct lint_place at = { job->field->line, 1, job->field->name };
	struct slice detail = SLICE_NONE;

	if (field_wants(job, &fields_duplicate))
		detail = arena_slicef(job->lint->arena,
		    "The field is there again, after the one of line %zu; "
		    "receivers refuse such mail, or show either",
		    first->line);
	lint_say(job->lint, &fields_duplicate, at, detail);
}

static void
each_lint(struct field_job *job)
{
	const struct message *m = job->m;
	size_t received = 0;

	for (size_t i = 0; i < m->n_fields; i++) {
		const struct known_field *k = known_find(m->fields[i].name);
		const struct field *first;

		if (k == NULL)
			continue;
		job->field = &m->fields[i];
		first = job->fields->first[k->id];
		if (job->field != first && !k->many) {
			again_lint(job, first);
			continue;
		}
		if (k->id == FIELD_RECEIVED && ++received > LIMIT_RECEIVED)
			continue;
		arena_reset(job->scratch);
		known_lint(job, k);
	}
}

/* ---- all of them ------------------------------------------------------- */

static void
say_missing(struct field_job *job, const struct lint_kind *kind,
    const char *detail)
{
	lint_say(job->lint, kind, (struct lint_place){ 0, 0, SLICE_NONE },
	    slice_str(detail));
}

static void
missing_lint(struct field_job *job)
{
	const size_t *count = job->fields->count;

	if (count[FIELD_FROM] == 0)
		say_missing(job, &fields_no_from,
		    "There is no From field; receivers refuse such mail");
	if (count[FIELD_DATE] == 0)
		say_missing(job, &fields_no_date,
		    "There is no Date field, which every message must have");
	if (count[FIELD_MESSAGE_ID] == 0)
		say_missing(job, &fields_no_message_id,
		    "There is no Message-ID field; the receiver puts one in "
		    "that you never see, or refuses the message");
	if (count[FIELD_TO] + count[FIELD_CC] + count[FIELD_BCC] == 0)
		say_missing(job, &fields_no_to,
		    "There is no To field, as in mail that hides whom it is "
		    "for");
	if (count[FIELD_SUBJECT] == 0)
		say_missing(job, &fields_no_subject,
		    "There is no Subject field");
}

enum rc
fields_lint(struct lint *l, const struct message *m, const struct fields *f,
    int64_t as_of)
{
	struct field_job job = { .lint = l,
		.m = m,
		.fields = f,
		.as_of = as_of };
	bool starved, failed;

	if (l == NULL)
		return RC_OK;
	job.scratch = arena_new(LIMIT_FIELD_ARENA, SCRATCH_BLOCK);
	if (job.scratch == NULL)
		return RC_NOMEM;
	/* Of those that were left out, nobody knows which they are. */
	if (!m->too_many)
		missing_lint(&job);
	each_lint(&job);
	starved = arena_starved(job.scratch) || arena_starved(l->arena);
	failed = arena_failed(job.scratch) || arena_failed(l->arena);
	arena_free(job.scratch);
	if (starved)
		return RC_NOMEM;
	return failed ? RC_LIMIT : RC_OK;
}
