#include <stdlib.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/limits.h"
#include "checks/check.h"

/* ---- asking ------------------------------------------------------------ */

const struct answer *
check_ask(struct check_run *run, const struct question *q)
{
	const struct answer *a = evidence_ask(run->asker, q);

	if (a == NULL)
		run->waiting = true;
	return a;
}

const struct answer *
check_ask_dns(struct check_run *run, struct slice name, uint16_t type)
{
	return check_ask(run, &(struct question){ .kind = QUESTION_DNS,
				  .name = name,
				  .type = type });
}

const struct answer *
check_ask_server(struct check_run *run, struct slice name, uint16_t type,
    const struct ip *server)
{
	return check_ask(run, &(struct question){ .kind = QUESTION_DNS,
				  .name = name,
				  .type = type,
				  .addresses = server,
				  .n_addresses = 1 });
}

const struct answer *
check_ask_smtp(struct check_run *run, struct slice host, const struct ip *ip,
    uint16_t port)
{
	return check_ask(run, &(struct question){ .kind = QUESTION_SMTP,
				  .name = host,
				  .type = port,
				  .addresses = ip,
				  .n_addresses = 1 });
}

const struct answer *
check_ask_https(struct check_run *run, struct slice url,
    const struct ip *addresses, size_t n)
{
	return check_ask(run, &(struct question){ .kind = QUESTION_HTTP,
				  .name = url,
				  .type = 443,
				  .addresses = addresses,
				  .n_addresses = n });
}

const struct answer *
check_ask_post(struct check_run *run, struct slice url,
    const struct ip *addresses, size_t n)
{
	return check_ask(run, &(struct question){ .kind = QUESTION_POST,
				  .name = url,
				  .type = 443,
				  .addresses = addresses,
				  .n_addresses = n });
}

/* Each family has half of the room, and what the other one leaves. */
static void
take_addresses(const struct answer *a, size_t room, struct ip *ips,
    struct addresses *out)
{
	const struct dns_answer *d = &a->as.dns;

	if (d->n_chain > 0) {
		out->alias = true;
		out->target = d->chain[d->n_chain - 1].as.name;
	}
	if (!answer_known(a))
		return;
	out->authentic = out->authentic && d->authentic;
	for (size_t i = 0; a->seen == SEEN_ANSWERED && i < d->n_records; i++) {
		if (i < room)
			ips[out->n++] = d->records[i].as.address;
		else
			out->cut = true;
	}
}

static size_t
count_records(const struct answer *a)
{
	return a->seen == SEEN_ANSWERED ? a->as.dns.n_records : 0;
}

struct addresses
check_ask_addresses(struct check_run *run, struct slice host)
{
	const struct answer *v4 = check_ask_dns(run, host, DNS_A);
	const struct answer *v6 = check_ask_dns(run, host, DNS_AAAA);
	struct addresses out = { .seen = SEEN_ABSENT, .authentic = true };
	const struct answer *lost;
	size_t half = LIMIT_MX_ADDRESSES / 2, n6;
	struct ip *ips;

	if (v4 == NULL || v6 == NULL)
		return (struct addresses){ .waiting = true };
	ips = arena_new_of(run->arena, struct ip, LIMIT_MX_ADDRESSES);
	if (ips == NULL)
		return (struct addresses){ .seen = SEEN_NOT_ASKED,
			.cause = CAUSE_LIMIT };
	n6 = count_records(v6);
	take_addresses(v4, 2 * half - (n6 < half ? n6 : half), ips, &out);
	take_addresses(v6, 2 * half - out.n, ips, &out);
	out.ips = ips;
	out.nxdomain = v4->seen == SEEN_ABSENT && v4->as.dns.rcode == 3;
	if (answer_known(v4) && answer_known(v6)) {
		out.seen = out.n > 0 ? SEEN_ANSWERED : SEEN_ABSENT;
		return out;
	}
	lost = answer_known(v4) ? v6 : v4;
	out.seen = lost->seen;
	out.cause = lost->cause;
	out.detail = lost->detail;
	return out;
}

/* ---- gaps -------------------------------------------------------------- */

void
check_gap(struct check_run *run, const char *fact, enum cause cause,
    struct slice detail)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "fact", json_string(fact));
	(void)json_object_set_new(o, "cause", json_string(cause_name(cause)));
	(void)json_object_set_new(o, "detail", check_json(detail));
	(void)json_array_append_new(run->gaps, o);
}

void
check_gap_answer(struct check_run *run, const char *fact,
    const struct answer *a, struct slice what)
{
	struct slice detail = what;

	if (a->detail.n > 0)
		detail = arena_slicef(run->arena, "%.*s: %.*s", SLICE_FMT(what),
		    SLICE_FMT(a->detail));
	check_gap(run, fact, a->cause, detail);
}

/* ---- facts ------------------------------------------------------------- */

json_t *
check_json(struct slice s)
{
	struct buf b;
	json_t *j;

	if (utf8_valid(s) && (s.n == 0 || memchr(s.p, '\0', s.n) == NULL))
		return json_stringn_nocheck(s.n > 0 ? (const char *)s.p : "",
		    s.n);
	buf_init(&b, LIMIT_EVIDENCE_LINE);
	escape_octets(&b, s);
	j = b.failed ? NULL : json_stringn((const char *)b.p, b.n);
	buf_free(&b);
	return j;
}

void
check_fact_text(json_t *object, const char *key, struct slice s)
{
	(void)json_object_set_new(object, key, check_json(s));
}

void
check_fact_bool(json_t *object, const char *key, bool value)
{
	(void)json_object_set_new(object, key, json_boolean(value));
}

void
check_fact_null(json_t *object, const char *key)
{
	(void)json_object_set_new(object, key, json_null());
}

json_t *
check_problem(json_t *object, const char *key, const char *code,
    struct slice detail)
{
	json_t *list = json_object_get(object, key), *o;

	if (list == NULL) {
		list = json_array();
		(void)json_object_set_new(object, key, list);
	}
	if (json_array_size(list) > LIMIT_PROBLEMS)
		return NULL;
	if (json_array_size(list) == LIMIT_PROBLEMS) {
		code = "problems.more";
		detail = SLICE_LIT("there are more of them");
	}
	o = json_object();
	(void)json_object_set_new(o, "code", json_string(code));
	(void)json_object_set_new(o, "detail", check_json(detail));
	return json_array_append_new(list, o) == 0 ? o : NULL;
}

void
check_facts_none(struct check_run *run, const struct fact_doc *doc)
{
	for (; doc->path != NULL; doc++) {
		bool list = strcmp(doc->type, "list") == 0;

		if (strpbrk(doc->path, ".[") == NULL)
			(void)json_object_set_new(run->facts, doc->path,
			    list ? json_array() : json_null());
	}
}

struct slice
check_text(struct arena *a, const struct dns_record *r)
{
	unsigned char *p, *at;
	size_t n = 0;

	if (r->as.text.n == 1)
		return r->as.text.strings[0];
	for (size_t i = 0; i < r->as.text.n; i++)
		n += r->as.text.strings[i].n;
	p = at = arena_new_of(a, unsigned char, n + 1);
	if (p == NULL)
		return SLICE_NONE;
	for (size_t i = 0; i < r->as.text.n; i++) {
		const struct slice *s = &r->as.text.strings[i];

		if (s->n > 0)
			memcpy(at, s->p, s->n);
		at += s->n;
	}
	return slice_of(p, n);
}

bool
checks_may_be_null(const struct check *check, const struct fact_doc *fact)
{
	const struct fact_doc *f = check->facts;

	if (strstr(fact->meaning, "null") != NULL)
		return true;
	for (; f->path != NULL; f++) {
		if (strstr(f->meaning, "null") != NULL &&
		    strstr(f->meaning, "all else") != NULL)
			return true;
	}
	return false;
}
