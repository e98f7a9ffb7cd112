#include "checks/hops/hops_indirect.h"

#include "message/receiver.h"

static void
sign(struct check_run *run, struct slice text)
{
	(void)json_array_append_new(json_object_get(run->facts,
					"indirect_signs"),
	    check_json(text));
}

/* ---- header fields that tell ------------------------------------------- */

enum by { BY_PERSON, BY_MAILBOX, BY_LIST };

static const struct {
	const char *name;
	const char *octet; /* that its value must have; NULL: none */
	enum by by;
	const char *text;
} fields[] = {
	/* RFC 5322 3.6.6 */
	{ "Resent-From", NULL, BY_PERSON, "a person sent it on (Resent-From)" },
	/* Gmail's own; with an address, so not a web server's of that name */
	{ "X-Forwarded-To", "@", BY_MAILBOX,
	    "a mailbox forwarded it (X-Forwarded-To)" },
	{ "X-Forwarded-For", "@", BY_MAILBOX,
	    "a mailbox forwarded it (X-Forwarded-For)" },
	/* RFC 2369 3.4; "NO" is of lists that nobody may post to */
	{ "List-Post", ":", BY_LIST, "a mailing list sent it on (List-Post)" },
	{ "X-BeenThere", "@", BY_LIST,
	    "a mailing list sent it on (X-BeenThere)" },
	{ "Mailing-List", NULL, BY_LIST,
	    "a mailing list sent it on (Mailing-List)" },
};

static void
field_signs(struct check_run *run)
{
	const struct message *m = run->subject->message;
	json_t *forward = json_array();
	bool list = false;

	(void)json_object_set_new(run->facts, "forward_fields", forward);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct field *f = message_field(m, fields[i].name, 0);

		if (f == NULL ||
		    (fields[i].octet != NULL &&
			slice_find(f->value, slice_str(fields[i].octet)) ==
			    SIZE_MAX))
			continue;
		sign(run, slice_str(fields[i].text));
		list |= fields[i].by == BY_LIST;
		if (fields[i].by == BY_MAILBOX)
			(void)json_array_append_new(forward,
			    json_string(fields[i].name));
	}
	check_fact_bool(run->facts, "mailing_list", list);
}

/* RFC 2919 3 */
static void
list_id(struct check_run *run)
{
	const struct field *f =
	    message_field(run->subject->message, "List-Id", 0);

	if (f != NULL)
		check_fact_text(run->facts, "list_id",
		    field_unfolded(run->arena, f));
	else
		check_fact_null(run->facts, "list_id");
}

/* ---- receivers on the way ---------------------------------------------- */

/*
 * A provider notes what SPF says of mail that it takes from outside.  Of its
 * own customers' mail Microsoft notes other things, and "compauth" never.
 */
static bool
has_judged(const struct hop_note *note)
{
	bool microsoft =
	    note->server.n == 0 ||
	    slice_eq(receiver_house(note->server), SLICE_LIT("outlook.com"));
	bool spf = false, compauth = !microsoft;

	if (note->kind == NOTE_ARC)
		return false;
	for (size_t i = 0; i < note->n; i++) {
		struct slice method = note->results[i].method;

		spf |= slice_eq_nocase(method, SLICE_LIT("spf"));
		compauth |= slice_eq_nocase(method, SLICE_LIT("compauth"));
	}
	return spf && (compauth || note->kind == NOTE_SPF);
}

/* Microsoft's word for where it goes: to the receiver, so it is a relay. */
static bool
is_for_receiver(const struct hop_note *note, struct slice receiver)
{
	for (size_t i = 0; i < note->n; i++) {
		struct slice domain = hop_note_property(&note->results[i],
		    "smtp", "rcpttodomain");

		if (domain.n > 0 &&
		    slice_eq_nocase(receiver_house(domain), receiver))
			return true;
	}
	return false;
}

static bool
is_judged(const struct hops *h, const struct hop_notes *notes,
    const struct hop *hop)
{
	struct slice house = receiver_house(hop->received.by);
	bool judged = false;

	for (size_t i = 0; i < notes->n; i++) {
		const struct hop_note *note = &notes->list[i];

		if (slice_eq_nocase(receiver_house(note->server), house) &&
		    is_for_receiver(note, h->last.receiver))
			return false;
		judged |= note->hop == hop->number && has_judged(note);
	}
	return judged;
}

static void
receiver_signs(struct check_run *run, const struct hops *h,
    const struct hop_notes *notes)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct hop *hop = &h->list[i];

		if (hop->side == HOP_SENDER &&
		    receiver_of(hop->received.by) != NULL &&
		    hop_is_handover(&hop->received) && is_judged(h, notes, hop))
			sign(run,
			    arena_slicef(run->arena,
				"%.*s took it as a receiver (hop %zu) and sent "
				"it on",
				SLICE_FMT(
				    hop_shown(run->arena, hop->received.by)),
				hop->number));
	}
}

void
hops_indirect(struct check_run *run, const struct hops *h,
    const struct hop_notes *notes)
{
	struct slice mail_from = h->last.mail_from;
	json_t *signs = json_array();

	(void)json_object_set_new(run->facts, "indirect_signs", signs);
	if (mail_from_is_rewritten(mail_from))
		sign(run,
		    arena_slicef(run->arena,
			"its envelope sender was rewritten to forward it: %.*s",
			SLICE_FMT(hop_shown(run->arena, mail_from))));
	field_signs(run);
	list_id(run);
	receiver_signs(run, h, notes);
	check_fact_bool(run->facts, "indirect", json_array_size(signs) > 0);
}

/* ---- relays ------------------------------------------------------------ */

static void
relay_add(struct check_run *run, const struct hop *hop,
    const struct received *delivery)
{
	struct arena *a = run->arena;
	struct slice by = hop_shown(a, hop->received.by);
	struct slice client = hop_shown(a, hop_client(&hop->received));
	json_t *o = json_object();

	(void)json_array_append_new(json_object_get(run->facts, "relays"), o);
	(void)json_object_set_new(o, "hop",
	    json_integer((json_int_t)hop->number));
	check_fact_text(o, "host", by);
	check_fact_text(o, "from", client);
	check_fact_text(o, "detail",
	    arena_slicef(a,
		"%.*s took the message from %.*s (hop %zu) and handed it on: "
		"receivers judge the host that delivers it%s%.*s, and SPF must "
		"allow the address of that one",
		SLICE_FMT(by), SLICE_FMT(client), hop->number,
		delivery != NULL ? ", " : "",
		SLICE_FMT(delivery != NULL ? hop_shown(a, hop_client(delivery))
					   : SLICE_LIT(""))));
}

void
hops_relays(struct check_run *run, const struct hops *h)
{
	(void)json_object_set_new(run->facts, "relays", json_array());
	for (int i = 0; i < h->delivery; i++) {
		const struct hop *hop = &h->list[i];

		if (hop_is_handover(&hop->received))
			relay_add(run, hop, &h->list[h->delivery].received);
	}
}
