#include <jansson.h>

#include "base/civil.h"
#include "base/limits.h"
#include "bounces/log_parts.h"

/*
 * Events as JSON, one or a list of them a line: what mail services send to a
 * webhook and keep as logs, KumoMTA's log, and the journal's export.
 */

/* A word of an event and what it says of the attempt. */
struct word {
	const char *word;
	enum attempt_kind kind;
	const char *text; /* of an event that has no reply; or NULL */
};

/* Members are named by their way: "response.content". */
struct service {
	const char *event; /* its words tell which service it is */
	const char *also;  /* and this, which it has too; or NULL */
	const struct word *words;
	const char *each; /* a list of recipients; or NULL: the event is one */
	const char *recipient;
	const char *sender;
	const char *time;
	const char *text[3]; /* the first that is there */
	const char *code;    /* to be set before the text; or NULL */
	const char *status;
	const char *host;
	const char *ip;
	const char *id;
};

#define COMPLAINT "Feedback-Type: abuse (a complaint by the recipient)"

static const struct word kumo_words[] = {
	{ "Bounce", ATTEMPT_BOUNCED, NULL },
	{ "AdminBounce", ATTEMPT_BOUNCED, NULL },
	{ "OOB", ATTEMPT_BOUNCED, NULL },
	{ "Expiration", ATTEMPT_BOUNCED, NULL },
	{ "Feedback", ATTEMPT_BOUNCED, COMPLAINT },
	{ "TransientFailure", ATTEMPT_DEFERRED, NULL },
	{ "Delivery", ATTEMPT_DELIVERED, NULL },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};
static const struct word ses_bounce[] = {
	{ "Bounce", ATTEMPT_BOUNCED, NULL },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};
static const struct word ses_delay[] = {
	{ "DeliveryDelay", ATTEMPT_DEFERRED, NULL },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};
static const struct word ses_complaint[] = {
	{ "Complaint", ATTEMPT_BOUNCED, COMPLAINT },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};
static const struct word ses_delivery[] = {
	{ "Delivery", ATTEMPT_DELIVERED, NULL },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};
static const struct word sendgrid_words[] = {
	{ "bounce", ATTEMPT_BOUNCED, NULL },
	{ "blocked", ATTEMPT_BOUNCED, NULL },
	{ "dropped", ATTEMPT_BOUNCED, NULL },
	{ "spamreport", ATTEMPT_BOUNCED, COMPLAINT },
	{ "deferred", ATTEMPT_DEFERRED, NULL },
	{ "delivered", ATTEMPT_DELIVERED, NULL },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};
static const struct word mailgun_failed[] = {
	{ "permanent", ATTEMPT_BOUNCED, NULL },
	{ "temporary", ATTEMPT_DEFERRED, NULL },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};
static const struct word mailgun_words[] = {
	{ "rejected", ATTEMPT_BOUNCED, NULL },
	{ "complained", ATTEMPT_BOUNCED, COMPLAINT },
	{ "delivered", ATTEMPT_DELIVERED, NULL },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};
static const struct word postmark_words[] = {
	{ "HardBounce", ATTEMPT_BOUNCED, NULL },
	{ "BadEmailAddress", ATTEMPT_BOUNCED, NULL },
	{ "Blocked", ATTEMPT_BOUNCED, NULL },
	{ "DMARCPolicy", ATTEMPT_BOUNCED, NULL },
	{ "SpamNotification", ATTEMPT_BOUNCED, NULL },
	{ "SpamComplaint", ATTEMPT_BOUNCED, COMPLAINT },
	{ "SMTPApiError", ATTEMPT_BOUNCED, NULL },
	{ "Unknown", ATTEMPT_BOUNCED, NULL },
	{ "SoftBounce", ATTEMPT_DEFERRED, NULL },
	{ "Transient", ATTEMPT_DEFERRED, NULL },
	{ "DnsError", ATTEMPT_DEFERRED, NULL },
	{ "AutoResponder", ATTEMPT_DEFERRED, NULL },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};
static const struct word sparkpost_words[] = {
	{ "bounce", ATTEMPT_BOUNCED, NULL },
	{ "out_of_band", ATTEMPT_BOUNCED, NULL },
	{ "policy_rejection", ATTEMPT_BOUNCED, NULL },
	{ "generation_rejection", ATTEMPT_BOUNCED, NULL },
	{ "spam_complaint", ATTEMPT_BOUNCED, COMPLAINT },
	{ "delay", ATTEMPT_DEFERRED, NULL },
	{ "delivery", ATTEMPT_DELIVERED, NULL },
	{ NULL, ATTEMPT_DELIVERED, NULL },
};

static const struct service services[] = {
	{ .event = "type",
	    .also = "queue",
	    .words = kumo_words,
	    .recipient = "recipient",
	    .sender = "sender",
	    .time = "timestamp",
	    .text = { "response.content" },
	    .code = "response.code",
	    .status = "response.enhanced_code",
	    .host = "peer_address.name",
	    .ip = "peer_address.addr",
	    .id = "id" },
	{ .event = "eventType",
	    .also = "bounce.bouncedRecipients",
	    .words = ses_bounce,
	    .each = "bounce.bouncedRecipients",
	    .recipient = "emailAddress",
	    .sender = "mail.source",
	    .time = "bounce.timestamp",
	    .text = { "diagnosticCode" },
	    .status = "status",
	    .id = "mail.messageId" },
	{ .event = "eventType",
	    .also = "deliveryDelay.delayedRecipients",
	    .words = ses_delay,
	    .each = "deliveryDelay.delayedRecipients",
	    .recipient = "emailAddress",
	    .sender = "mail.source",
	    .time = "deliveryDelay.timestamp",
	    .text = { "diagnosticCode" },
	    .status = "status",
	    .id = "mail.messageId" },
	{ .event = "eventType",
	    .also = "complaint.complainedRecipients",
	    .words = ses_complaint,
	    .each = "complaint.complainedRecipients",
	    .recipient = "emailAddress",
	    .sender = "mail.source",
	    .time = "complaint.timestamp",
	    .text = { "diagnosticCode" },
	    .status = "status",
	    .id = "mail.messageId" },
	{ .event = "eventType",
	    .also = "delivery.recipients",
	    .words = ses_delivery,
	    .each = "delivery.recipients",
	    .sender = "mail.source",
	    .time = "delivery.timestamp",
	    .id = "mail.messageId" },
	{ .event = "event",
	    .also = "email",
	    .words = sendgrid_words,
	    .recipient = "email",
	    .time = "timestamp",
	    .text = { "reason", "response" },
	    .status = "status",
	    .id = "sg_message_id" },
	{ .event = "severity",
	    .also = "delivery-status",
	    .words = mailgun_failed,
	    .recipient = "recipient",
	    .sender = "envelope.sender",
	    .time = "timestamp",
	    .text = { "delivery-status.message",
		"delivery-status.description" },
	    .code = "delivery-status.code",
	    .status = "delivery-status.enhanced-code",
	    .host = "delivery-status.mx-host",
	    .id = "id" },
	{ .event = "event",
	    .also = "recipient",
	    .words = mailgun_words,
	    .recipient = "recipient",
	    .sender = "envelope.sender",
	    .time = "timestamp",
	    .text = { "reject.reason" },
	    .id = "id" },
	{ .event = "Type",
	    .also = "Email",
	    .words = postmark_words,
	    .recipient = "Email",
	    .sender = "From",
	    .time = "BouncedAt",
	    .text = { "Details", "Description" },
	    .id = "MessageID" },
	{ .event = "type",
	    .also = "rcpt_to",
	    .words = sparkpost_words,
	    .recipient = "rcpt_to",
	    .sender = "msg_from",
	    .time = "timestamp",
	    .text = { "raw_reason", "reason" },
	    .code = "error_code",
	    .id = "message_id" },
};

/* ---- members ----------------------------------------------------------- */

static const json_t *
at(const json_t *o, const char *way)
{
	struct slice rest = slice_str(way), name;

	while (o != NULL && rest.n > 0) {
		(void)slice_cut(rest, '.', &name, &rest);
		o = json_object_getn(o, (const char *)name.p, name.n);
	}
	return o;
}

static struct slice
text_at(const json_t *o, const char *way)
{
	const json_t *v = way != NULL ? at(o, way) : NULL;

	return slice_of(json_string_value(v), json_string_length(v));
}

static struct slice
copy(struct batch *b, struct slice s)
{
	struct slice out = SLICE_NONE;

	if (s.p == NULL)
		return out;
	out = arena_copy(b->arena, s);
	if (out.p == NULL)
		b->failed = true;
	return out;
}

/* RFC 3339, or seconds as a number or its digits. */
static struct moment
moment_of(const json_t *v)
{
	struct slice s = slice_of(json_string_value(v), json_string_length(v));
	struct moment m = { .kind = MOMENT_FULL };
	uint64_t n;

	if (json_is_number(v))
		m.seconds = (int64_t)json_number_value(v);
	else if (slice_number(s, UINT32_MAX, &n))
		m.seconds = (int64_t)n;
	else if (!civil_rfc3339_parse(s, &m.seconds))
		m.kind = MOMENT_NONE;
	return m;
}

/* "5.1.1", or the three numbers of KumoMTA. */
static struct slice
status_of(struct batch *b, const json_t *v)
{
	const json_t *class = at(v, "class");
	struct slice s;

	if (class == NULL)
		return copy(b,
		    slice_of(json_string_value(v), json_string_length(v)));
	s = arena_slicef(b->arena, "%lld.%lld.%lld",
	    (long long)json_integer_value(class),
	    (long long)json_integer_value(at(v, "subject")),
	    (long long)json_integer_value(at(v, "detail")));
	b->failed |= s.p == NULL;
	return s;
}

/* The code, if the text does not begin with it. */
static struct slice
with_code(struct batch *b, const json_t *code, struct slice text)
{
	struct slice digits =
	    slice_of(json_string_value(code), json_string_length(code));
	struct slice s;

	if (json_is_integer(code) && json_integer_value(code) > 0)
		digits = arena_slicef(b->arena, "%lld",
		    (long long)json_integer_value(code));
	if (digits.n != 3 || slice_starts(slice_trim(text), digits))
		return copy(b, text);
	s = arena_slicef(b->arena, "%.*s %.*s", SLICE_FMT(digits),
	    SLICE_FMT(text));
	b->failed |= s.p == NULL;
	return s;
}

/* ---- events ------------------------------------------------------------ */

/* An event of one or more recipients. */
struct event {
	const json_t *json;
	const struct service *service;
	const struct word *word;
	/* What all of its attempts share; copied with the first. */
	struct attempt shared;
	bool copied;
};

static void
copy_shared(struct batch *b, struct event *e)
{
	const struct service *s = e->service;

	if (e->copied)
		return;
	e->copied = true;
	e->shared = (struct attempt){ .kind = e->word->kind,
		.sender = copy(b, text_at(e->json, s->sender)),
		.time = moment_of(at(e->json, s->time)),
		.host = copy(b, text_at(e->json, s->host)),
		.ip = copy(b, text_at(e->json, s->ip)),
		.queue_id = copy(b, text_at(e->json, s->id)),
		.sender_gone = true /* no other line tells it */ };
}

static void
take_attempt(struct batch *b, struct event *e, const json_t *one)
{
	const struct service *s = e->service;
	const struct word *w = e->word;
	struct slice text = SLICE_NONE;
	struct attempt a;

	if (w->kind == ATTEMPT_DELIVERED && !b->all) {
		b->delivered++;
		return;
	}
	if (!batch_wants(b))
		return;
	copy_shared(b, e);
	a = e->shared;
	for (size_t i = 0; i < 3 && text.n == 0; i++)
		text = text_at(one, s->text[i]);
	if (text.n == 0 && w->text != NULL)
		text = slice_str(w->text);
	a.text = with_code(b, s->code != NULL ? at(one, s->code) : NULL, text);
	a.recipient = copy(b,
	    s->recipient != NULL
		? text_at(one, s->recipient)
		: slice_of(json_string_value(one), json_string_length(one)));
	if (s->status != NULL)
		a.status = status_of(b, at(one, s->status));
	batch_add(b, &a);
}

static const struct word *
word_of(const struct service *s, const json_t *event)
{
	struct slice said = text_at(event, s->event);

	if (said.n == 0 && strcmp(s->event, "eventType") == 0)
		said = text_at(event, "notificationType");
	if (said.n == 0 || (s->also != NULL && at(event, s->also) == NULL))
		return NULL;
	for (const struct word *w = s->words; w->word != NULL; w++) {
		if (slice_eq(said, slice_str(w->word)))
			return w;
	}
	return NULL;
}

static bool
take_event(struct batch *b, const json_t *json)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		const struct service *s = &services[i];
		struct event e = { .json = json, .service = s };
		const json_t *one;
		size_t k;

		e.word = word_of(s, json);
		if (e.word == NULL)
			continue;
		if (s->each == NULL) {
			take_attempt(b, &e, json);
			return true;
		}
		json_array_foreach(at(json, s->each), k, one)
		    take_attempt(b, &e, one);
		return true;
	}
	return false;
}

/* journalctl -o json */
static bool
take_journal(struct batch *b, const json_t *o)
{
	struct slice text = text_at(o, "MESSAGE");
	struct slice micros = text_at(o, "__REALTIME_TIMESTAMP");
	struct syslog_line l = { .program = text_at(o, "SYSLOG_IDENTIFIER") };
	char stamp[CIVIL_TEXT_MAX];
	uint64_t n;

	if (text.p == NULL || l.program.n == 0 ||
	    !slice_number(micros, UINT64_MAX / 2, &n))
		return false;
	civil_rfc3339_format((int64_t)(n / 1000000), stamp);
	l.stamp = slice_str(stamp);
	l.host = text_at(o, "_HOSTNAME");
	/* Its slices outlive the JSON. */
	l.text = copy(b, text);
	l.program = copy(b, l.program);
	if (!b->failed)
		(void)log_program(b, &l);
	return true;
}

/*
 * NULL: it is no JSON, or of so many parts that each would take forty times the
 * octets that it has.
 */
static json_t *
load(struct slice s)
{
	size_t parts = 0;

	for (size_t i = 0; i < s.n; i++)
		parts += s.p[i] == '{' || s.p[i] == '[';
	if (parts > LIMIT_JSON_PARTS)
		return NULL;
	return json_loadb((const char *)s.p, s.n, JSON_REJECT_DUPLICATES, NULL);
}

/* What the event is wrapped in, as SNS, Mailgun and SparkPost do. */
static bool
take_object(struct batch *b, const json_t *o)
{
	static const char *const wraps[] = { "event-data", "msys.message_event",
		"msys.unsubscribe_event" };
	struct slice inner = text_at(o, "Message");
	json_t *message;
	bool known;

	for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++) {
		if (at(o, wraps[i]) != NULL)
			return take_event(b, at(o, wraps[i]));
	}
	if (inner.n > 0 && text_at(o, "Type").n > 0) {
		message = load(inner);
		known = json_is_object(message) && take_event(b, message);
		json_decref(message);
		return known;
	}
	return take_event(b, o) || take_journal(b, o);
}

bool
log_json(struct batch *b, struct slice line)
{
	json_t *root = load(line);
	bool known = json_is_object(root) && take_object(b, root);
	const json_t *one;
	size_t i;

	json_array_foreach(root, i, one) known |=
	    json_is_object(one) && take_object(b, one);
	json_decref(root);
	return known;
}
