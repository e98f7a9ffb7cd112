#include "probes/probes.h"

#include <stdlib.h>

#include "probes/dns.h"
#include "probes/dns_direct.h"
#include "probes/http.h"
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
	free(p);
	*pp = NULL;
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
		return p->http != NULL
			   ? RC_OK
			   : http_new(p->loop, p->settings, &p->http);
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
	}
}

enum rc
probes_send(struct probes *p)
{
	struct entry *e;

	while ((e = store_next_wanted(p->store)) != NULL) {
		enum rc rc;

		if (p->settings->offline) {
			entry_fail(e, SEEN_NOT_ASKED, CAUSE_OFFLINE,
			    "nothing is asked offline");
			continue;
		}
		/* Whoever wants it, and whatever let it come this far. */
		if (entry_question(e)->kind == QUESTION_POST &&
		    !p->settings->post) {
			entry_fail(e, SEEN_NOT_ASKED, CAUSE_SKIPPED,
			    "only --probe-unsubscribe sends it");
			continue;
		}
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
