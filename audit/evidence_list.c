#include "audit/evidence_list.h"

#include "audit/evidence_text.h"
#include "base/civil.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "probes/recording.h"

enum { ARENA_BLOCK = 64 * 1024 };

struct listing {
	const struct blocklist_zones *zones;
	struct arena *hidden;  /* emptied for each answer */
	struct arena *scratch; /* emptied for each check */
	struct sha256 *sum;
	struct buf line;
	json_t *list;
	int64_t first, last; /* milliseconds since 1970; 0: nothing was asked */
	bool failed;
};

static const char *
kind_name(enum question_kind kind)
{
	switch (kind) {
	case QUESTION_DNS:
		return "dns";
	case QUESTION_SMTP:
		return "smtp";
	case QUESTION_HTTP:
		return "http";
	case QUESTION_POST:
		return "post";
	case QUESTION_TOKEN:
		return "token";
	case QUESTION_POSTMASTER:
		return "postmaster";
	}
	return "";
}

/* How much of it is shown: whole characters. */
static size_t
shown(struct slice s)
{
	size_t n = LIMIT_EVIDENCE_TEXT;

	if (s.n <= n)
		return s.n;
	while (n > 0 && (s.p[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* The line, with an ellipsis where it is cut; whether it is. */
static bool
put_line(json_t *o, const char *key, struct buf *line)
{
	size_t n = shown(buf_slice(line));
	bool cut = n < line->n;

	(void)json_object_set_new(o, key,
	    json_sprintf("%.*s%s", (int)n, n > 0 ? (const char *)line->p : "",
		cut ? "\xe2\x80\xa6" : ""));
	return cut;
}

static json_t *
time_json(int64_t milliseconds)
{
	char text[CIVIL_TEXT_MAX];

	if (milliseconds == 0)
		return json_null();
	civil_rfc3339_format(milliseconds / 1000, text);
	return json_string(text);
}

static json_t *
record_json(struct listing *l, const struct dns_record *r, bool *cut)
{
	json_t *o = json_object();
	char type[12];

	dns_type_name(r->type, type);
	buf_reset(&l->line);
	evidence_text_name(&l->line, r->owner);
	*cut |= put_line(o, "name", &l->line);
	(void)json_object_set_new(o, "ttl", json_integer(r->ttl));
	(void)json_object_set_new(o, "type", json_string(type));
	buf_reset(&l->line);
	evidence_text_record(&l->line, r);
	*cut |= put_line(o, "value", &l->line);
	return o;
}

/* Aliases that were followed come first, as they did in the answer. */
static json_t *
records_json(struct listing *l, const struct dns_answer *d, bool *cut)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n_chain; i++)
		(void)json_array_append_new(list,
		    record_json(l, &d->chain[i], cut));
	for (size_t i = 0; i < d->n_records; i++)
		(void)json_array_append_new(list,
		    record_json(l, &d->records[i], cut));
	return list;
}

static json_t *
element(struct listing *l, const struct question *q, const struct answer *a)
{
	json_t *o = json_object();
	bool cut;

	(void)json_object_set_new(o, "kind", json_string(kind_name(q->kind)));
	buf_reset(&l->line);
	evidence_text_question(&l->line, q);
	cut = put_line(o, "question", &l->line);
	buf_reset(&l->line);
	evidence_text_answer(&l->line, q, a);
	cut |= put_line(o, "answer", &l->line);
	if (q->kind == QUESTION_DNS && answer_known(a))
		(void)json_object_set_new(o, "records",
		    records_json(l, &a->as.dns, &cut));
	(void)json_object_set_new(o, "asked", time_json(a->when));
	(void)json_object_set_new(o, "from",
	    a->asked_of.n > 0 ? check_json(a->asked_of) : json_null());
	if (!answer_known(a))
		(void)json_object_set_new(o, "cause",
		    json_string(cause_name(a->cause)));
	if (cut)
		(void)json_object_set_new(o, "cut", json_true());
	return o;
}

static int
add_to_sum(const char *p, size_t n, void *arg)
{
	struct listing *l = arg;

	sha256_add(l->sum, slice_of(p, n));
	return 0;
}

static void
note_time(struct listing *l, int64_t when)
{
	if (when == 0)
		return;
	if (l->first == 0 || when < l->first)
		l->first = when;
	if (when > l->last)
		l->last = when;
}

static void
witness(void *arg, const struct question *asked, const struct answer *answer)
{
	struct listing *l = arg;
	struct question q = *asked;
	struct answer a = *answer;

	arena_reset(l->hidden);
	if (blocklists_hide(l->zones, l->hidden, &q, &a) != RC_OK) {
		l->failed = true;
		return;
	}
	note_time(l, a.when);
	if (recording_dump(&q, &a, add_to_sum, l) != RC_OK ||
	    json_array_append_new(l->list, element(l, &q, &a)) != 0 ||
	    l->line.failed)
		l->failed = true;
}

/* What the check says is known; what it asks for that is listed. */
static void
run_again(struct listing *l, struct audit *a, const struct task *t,
    struct memos *memos)
{
	struct asker asker = {
		.store = t->asker.store,
		.pins = &a->pins,
	};
	struct check_run run = {
		.subject = &a->subject,
		.asker = &asker,
		.arena = l->scratch,
		.facts = json_object(),
		.gaps = json_array(),
		.memos = memos,
	};

	arena_reset(l->scratch);
	(void)t->check->run(&run);
	if (arena_starved(l->scratch) || run.facts == NULL || run.gaps == NULL)
		l->failed = true;
	json_decref(run.facts);
	json_decref(run.gaps);
}

static json_t *
summary(struct listing *l)
{
	char sum[SHA256_TEXT];
	json_t *o = json_object();

	sha256_end(l->sum, sum);
	(void)json_object_set_new(o, "sha256", json_string(sum));
	(void)json_object_set_new(o, "questions",
	    json_integer((json_int_t)json_array_size(l->list)));
	(void)json_object_set_new(o, "first", time_json(l->first));
	(void)json_object_set_new(o, "last", time_json(l->last));
	(void)json_object_set(o, "list", l->list);
	return o;
}

static void
close_all(struct listing *l, struct memos *memos)
{
	arena_free(l->hidden);
	arena_free(l->scratch);
	arena_free(memos->arena);
	sha256_close(&l->sum);
	buf_free(&l->line);
	json_decref(l->list);
}

json_t *
evidence_list_make(struct audit *a, const struct blocklist_zones *zones)
{
	struct listing l = {
		.zones = zones,
		.hidden = arena_new(LIMIT_ANSWER_ARENA, LIMIT_LIST_LINE),
		.scratch = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK),
		.sum = sha256_new(),
		.list = json_array(),
	};
	struct memos memos = {
		.arena = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK),
	};
	json_t *made = NULL;

	buf_init(&l.line, LIMIT_EVIDENCE_LINE);
	if (l.hidden != NULL && l.scratch != NULL && memos.arena != NULL &&
	    l.sum != NULL && l.list != NULL) {
		a->pins.witness = witness;
		a->pins.witness_arg = &l;
		for (size_t i = 0; checks[i] != NULL; i++) {
			if (a->tasks[i].check != NULL)
				run_again(&l, a, &a->tasks[i], &memos);
		}
		a->pins.witness = NULL;
		if (!l.failed)
			made = summary(&l);
	}
	close_all(&l, &memos);
	return made;
}
