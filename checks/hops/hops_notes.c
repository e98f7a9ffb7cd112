#include "checks/hops/hops_notes.h"

#include "base/limits.h"
#include "message/received_spf.h"
#include "message/receiver.h"

/* One field, parsed; what is kept of it is copied. */
enum { SCRATCH_LIMIT = 4 * 1024 * 1024, SCRATCH_BLOCK = 4096 };

static const char *const names[] = {
	[NOTE_RESULTS] = "Authentication-Results",
	[NOTE_ORIGINAL] = "Authentication-Results-Original",
	[NOTE_ARC] = "ARC-Authentication-Results",
	[NOTE_SPF] = "Received-SPF",
};

struct reader {
	struct arena *arena, *scratch;
	const struct hops *hops;
	struct hop_notes *out;
	struct hop_note *list;
	size_t cap;
	size_t seen[NOTE_KINDS];
	size_t results; /* of all so far */
	size_t above;   /* index of the lowest hop passed; hops->n: none */
};

const char *
hop_note_name(enum hop_note_kind kind)
{
	return kind < NOTE_KINDS ? names[kind] : "";
}

struct slice
hop_note_property(const struct auth_result *r, const char *ptype,
    const char *name)
{
	for (size_t i = 0; i < r->n_properties; i++) {
		const struct auth_property *p = &r->properties[i];

		if (slice_eq_nocase(p->ptype, slice_str(ptype)) &&
		    slice_eq_nocase(p->name, slice_str(name)))
			return p->value;
	}
	return SLICE_NONE;
}

/* ---- what is kept ------------------------------------------------------ */

static struct slice
kept(struct reader *rd, struct slice s)
{
	return s.p != NULL ? arena_copy(rd->arena, hop_shown(rd->arena, s)) : s;
}

static void
result_keep(struct reader *rd, const struct auth_result *from,
    struct auth_result *to)
{
	size_t n = from->n_properties;
	struct auth_property *properties;

	if (n > LIMIT_AUTH_PROPERTIES) {
		n = LIMIT_AUTH_PROPERTIES;
		rd->out->cut = true;
	}
	properties = arena_new_of(rd->arena, struct auth_property, n + 1);
	if (properties == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		properties[i].ptype = kept(rd, from->properties[i].ptype);
		properties[i].name = kept(rd, from->properties[i].name);
		properties[i].value = kept(rd, from->properties[i].value);
	}
	to->method = kept(rd, from->method);
	to->result = kept(rd, from->result);
	to->reason = kept(rd, from->reason);
	to->properties = properties;
	to->n_properties = n;
}

static void
results_keep(struct reader *rd, struct hop_note *note,
    const struct auth_result *from, size_t n)
{
	struct auth_result *to;

	if (n > LIMIT_AUTH_RESULTS - rd->results) {
		n = LIMIT_AUTH_RESULTS - rd->results;
		rd->out->cut = true;
	}
	to = arena_new_of(rd->arena, struct auth_result, n + 1);
	if (to == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		result_keep(rd, &from[i], &to[i]);
	rd->results += n;
	note->results = to;
	note->n = n;
}

/* ---- the kinds --------------------------------------------------------- */

/*
 * arc-authres-header = "ARC-Authentication-Results:" [CFWS] arc-info
 * arc-info           = instance [CFWS] ";" authres-payload
 */
static struct slice
arc_payload(struct slice value)
{
	struct slice instance, payload;

	return slice_cut(value, ';', &instance, &payload) ? payload : value;
}

static void
results_take(struct reader *rd, struct hop_note *note, struct slice value)
{
	struct auth_results ar;

	if (auth_results_parse(rd->scratch, value, &ar) != RC_OK) {
		rd->out->cut = true;
		return;
	}
	note->server = kept(rd, ar.server);
	note->malformed = ar.malformed;
	results_keep(rd, note, ar.results, ar.n);
}

static void
spf_take(struct reader *rd, struct hop_note *note, struct slice value)
{
	struct auth_property pairs[7];
	struct auth_result one = { .method = SLICE_LIT("spf"),
		.properties = pairs };
	struct received_spf spf;

	if (received_spf_parse(rd->scratch, value, &spf) != RC_OK) {
		rd->out->cut = true;
		return;
	}
	const struct auth_property all[] = {
		{ SLICE_NONE, SLICE_LIT("client-ip"), spf.client_ip },
		{ SLICE_NONE, SLICE_LIT("envelope-from"), spf.envelope_from },
		{ SLICE_NONE, SLICE_LIT("helo"), spf.helo },
		{ SLICE_NONE, SLICE_LIT("receiver"), spf.receiver },
		{ SLICE_NONE, SLICE_LIT("identity"), spf.identity },
		{ SLICE_NONE, SLICE_LIT("mechanism"), spf.mechanism },
		{ SLICE_NONE, SLICE_LIT("problem"), spf.problem },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].value.p != NULL)
			pairs[one.n_properties++] = all[i];
	}
	one.result = spf.result;
	one.reason = spf.comment;
	note->server = kept(rd, spf.receiver);
	note->malformed = spf.malformed;
	results_keep(rd, note, &one, 1);
}

static void
field_take(struct reader *rd, struct hop_note *note, const struct field *f)
{
	arena_reset(rd->scratch);
	switch (note->kind) {
	case NOTE_RESULTS:
	case NOTE_ORIGINAL:
		results_take(rd, note, f->value);
		break;
	case NOTE_ARC:
		results_take(rd, note, arc_payload(f->value));
		break;
	case NOTE_SPF:
		spf_take(rd, note, f->value);
		break;
	case NOTE_KINDS:
		break;
	}
}

/* ---- whose it is ------------------------------------------------------- */

static bool
is_of(const struct hop *h, struct slice house)
{
	return slice_eq_nocase(receiver_house(h->received.by), house);
}

/*
 * Most servers write above their Received field, some milters below it.
 * Nobody but Microsoft leaves the name out, and it writes above.
 */
static size_t
hop_of(const struct reader *rd, const struct hop_note *note)
{
	struct slice house = receiver_house(note->server);
	const struct hops *h = rd->hops;

	if (rd->above > 0 && rd->above <= h->n &&
	    (house.n == 0 || is_of(&h->list[rd->above - 1], house)))
		return h->list[rd->above - 1].number;
	if (rd->above < h->n && is_of(&h->list[rd->above], house))
		return h->list[rd->above].number;
	return 0;
}

static void
note_add(struct reader *rd, enum hop_note_kind kind, const struct field *f)
{
	struct hop_note note = { .kind = kind, .line = f->line }, *more;

	if (rd->seen[kind]++ >= LIMIT_RECEIVED ||
	    f->value.n > LIMIT_TRACE_FIELD ||
	    rd->results >= LIMIT_AUTH_RESULTS) {
		rd->out->cut = true;
		return;
	}
	field_take(rd, &note, f);
	note.hop = hop_of(rd, &note);
	note.trusted = kind != NOTE_ARC &&
		       (kind != NOTE_ORIGINAL || rd->hops->last.has_gateway) &&
		       last_hop_wrote(&rd->hops->last, note.line, note.server);
	more =
	    arena_grow(rd->arena, rd->list, rd->out->n, &rd->cap, sizeof(note));
	if (more == NULL)
		return;
	rd->list = more;
	rd->list[rd->out->n++] = note;
}

static void
field_look(struct reader *rd, const struct field *f)
{
	if (rd->above > 0 &&
	    f->line == rd->hops->list[rd->above - 1].received.line) {
		rd->above--;
		return;
	}
	for (size_t k = 0; k < NOTE_KINDS; k++) {
		if (slice_eq_nocase(f->name, slice_str(names[k])))
			note_add(rd, (enum hop_note_kind)k, f);
	}
}

enum rc
hop_notes_read(struct arena *a, const struct message *m,
    const struct hops *hops, struct hop_notes *out)
{
	struct reader rd = { .arena = a,
		.scratch = arena_new(SCRATCH_LIMIT, SCRATCH_BLOCK),
		.hops = hops,
		.out = out,
		.above = hops->n };

	*out = (struct hop_notes){ 0 };
	if (rd.scratch == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < m->n_fields && !arena_failed(a); i++)
		field_look(&rd, &m->fields[i]);
	arena_free(rd.scratch);
	out->list = rd.list;
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
