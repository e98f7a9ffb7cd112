#include "probes/probes.h"

#include <stdlib.h>

#include "probes/dns.h"
#include "probes/dns_direct.h"
#include "probes/http.h"
#include "probes/postmaster.h"
#include "probes/smtp.h"

/* Each probe is made at its first question. */
struct probes {
	struct loop *loop;
	struct store *store;
	const struct probe_settings *settings;
	struct dns *dns;
	struct dns_direct *direct;
	struct smtp *smtp;
	struct http *http;
	struct postmaster *postmaster;
};

enum rc
probes_new(struct loop *loop, struct store *store,
    const struct probe_settings *settings, struct probes **out)
{
	struct probes *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return RC_NOMEM;
	*p = (struct probes){
		.loop = loop,
		.store = store,
		.settings = settings,
	};
	*out = p;
	return RC_OK;
}

void
probes_close(struct probes **pp)
{
	struct probes *p = *pp;

	if (p == NULL)
		return;
	if (p->dns != NULL)
		dns_close(&p->dns);
	dns_direct_close(&p->direct);
	if (p->smtp != NULL)
		smtp_close(&p->smtp);
	if (p->http != NULL)
		http_close(&p->http);
	postmaster_close(&p->postmaster);
	free(p);
	*pp = NULL;
}

static enum rc
make_http(struct probes *p)
{
	return p->http != NULL ? RC_OK
			       : http_new(p->loop, p->settings, &p->http);
}

static enum rc
make_postmaster(struct probes *p)
{
	enum rc rc = make_http(p);

	if (rc || p->postmaster != NULL)
		return rc;
	return postmaster_new(p->loop, p->settings, p->http, &p->postmaster);
}

/* Of a name server, not of the resolvers. */
static bool
is_direct(const struct question *q)
{
	return q->kind == QUESTION_DNS && q->n_addresses > 0;
}

static enum rc
make_probe(struct probes *p, const struct question *q)
{
	if (is_direct(q))
		return p->direct != NULL
			   ? RC_OK
			   : dns_direct_new(p->loop, p->settings, &p->direct);
	switch (q->kind) {
	case QUESTION_DNS:
		return p->dns != NULL ? RC_OK
				      : dns_new(p->loop, p->settings, &p->dns);
	case QUESTION_SMTP:
		return p->smtp != NULL
			   ? RC_OK
			   : smtp_new(p->loop, p->settings, &p->smtp);
	case QUESTION_HTTP:
	case QUESTION_POST:
		return make_http(p);
	case QUESTION_TOKEN:
	case QUESTION_POSTMASTER:
		return make_postmaster(p);
	}
	return RC_BUG;
}

static void
ask(struct probes *p, struct entry *e)
{
	const struct question *q = entry_question(e);

	switch (q->kind) {
	case QUESTION_DNS:
		if (is_direct(q))
			dns_direct_ask(p->direct, e);
		else
			dns_ask(p->dns, e);
		return;
	case QUESTION_SMTP:
		smtp_ask(p->smtp, e);
		return;
	case QUESTION_HTTP:
	case QUESTION_POST:
		http_ask(p->http, e);
		return;
	case QUESTION_TOKEN:
	case QUESTION_POSTMASTER:
		postmaster_ask(p->postmaster, e);
		return;
	}
}

/* Whoever wants it, and whatever let it come this far; whether it did not. */
static bool
hold_back(const struct probes *p, struct entry *e)
{
	const struct probe_settings *s = p->settings;
	enum question_kind kind = entry_question(e)->kind;

	if (s->offline)
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_OFFLINE,
		    "nothing is asked offline");
	else if (kind == QUESTION_POST && !s->post)
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_SKIPPED,
		    "only --probe-unsubscribe sends it");
	else if ((kind == QUESTION_TOKEN || kind == QUESTION_POSTMASTER) &&
		 s->credentials == NULL)
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_NEEDS_POSTMASTER,
		    "no credentials are given");
	else
		return false;
	return true;
}

enum rc
probes_send(struct probes *p)
{
	struct entry *e;

	while ((e = store_next_wanted(p->store)) != NULL) {
		enum rc rc;

		if (hold_back(p, e))
			continue;
		rc = make_probe(p, entry_question(e));
		if (rc) {
			entry_fail(e, SEEN_NOT_ASKED, CAUSE_LIMIT,
			    "the probe could not be made");
			return rc;
		}
		ask(p, e);
	}
	return RC_OK;
}
