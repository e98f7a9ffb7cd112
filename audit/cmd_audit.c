#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "audit/attest_files.h"
#include "audit/collect.h"
#include "audit/complain.h"
#include "audit/credential_files.h"
#include "audit/example.h"
#include "audit/files.h"
#include "audit/options.h"
#include "audit/output.h"
#include "audit/packs.h"
#include "audit/packs_used.h"
#include "audit/progress.h"
#include "audit/providers.h"
#include "audit/run.h"
#include "audit/spam_rates.h"
#include "audit/verbose.h"
#include "audit/zones.h"
#include "base/civil.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/suffix.h"
#include "checks/dkim/dkim_keys.h"

/* Everything of one run of the command, in the order it is set up. */
struct command_run {
	const struct settings *settings;
	struct arena *arena;
	struct slice error; /* one line, when an rc says so */

	struct audit_run run;
	struct inputs *inputs;
	struct rules *rules;
	struct outputs *outputs;
	struct outfile recording;
	struct progress *progress;
	json_t *header;
	json_t *held;      /* elements that wait for one that was judged */
	json_t *collected; /* elements, instead of outputs; or NULL */
	unsigned char *replay_text;
	unsigned char *ca_text;
	unsigned char *psl_text;
	struct slice anchors; /* PEM */
	struct credentials *credentials;
	unsigned char *blocklists_text;
	struct arena *hidden; /* emptied for each answer */
};

/* ---- evidence ---------------------------------------------------------- */

static struct slice
example(const char *name)
{
	const struct example_file *f = example_files;

	for (; f->name != NULL; f++) {
		if (strcmp(f->name, name) == 0)
			return slice_of(f->text, f->size);
	}
	return SLICE_NONE;
}

static void
observe(void *arg, const struct question *asked, const struct answer *answer)
{
	struct command_run *c = arg;
	struct question q = *asked;
	struct answer a = *answer;

	if (c->hidden != NULL) {
		arena_reset(c->hidden);
		/* Rather nothing than somebody's key. */
		if (blocklists_hide(&c->run.blocklists, c->hidden, &q, &a) !=
		    RC_OK)
			return;
	}
	if (c->settings->verbose)
		verbose_print(stderr, &q, &a);
	if (c->recording.f != NULL && c->recording.wrong == 0 &&
	    recording_write(c->recording.f, &q, &a) != RC_OK)
		c->recording.wrong = errno;
}

static enum rc
load_replay(struct command_run *c, const char *name, struct slice text)
{
	struct slice wrong = SLICE_NONE;
	int64_t as_of = 0;
	enum rc rc =
	    recording_load(c->run.store, text, &as_of, c->arena, &wrong);

	if (rc == RC_INVALID)
		c->error =
		    arena_slicef(c->arena, "%s: %.*s", name, SLICE_FMT(wrong));
	if (rc == RC_OK && !c->settings->has_as_of)
		c->run.as_of = as_of;
	return rc;
}

static enum rc
open_evidence(struct command_run *c)
{
	const struct settings *s = c->settings;
	enum rc rc = RC_OK;
	size_t n = 0;

	c->run.as_of = s->has_as_of ? s->as_of : (int64_t)time(NULL);
	c->run.store = store_new();
	if (c->run.store == NULL)
		return RC_NOMEM;
	if (s->example)
		return load_replay(c, "example", example("evidence.jsonl"));
	if (s->replay != NULL) {
		rc = file_read(s->replay, LIMIT_RECORDING, &c->replay_text, &n,
		    c->arena, &c->error);
		if (rc == RC_OK)
			rc = load_replay(c, s->replay,
			    slice_of(c->replay_text, n));
	}
	if (rc == RC_OK && s->record != NULL) {
		rc = outfile_open(&c->recording, s->record, s->force, c->arena,
		    &c->error);
		if (rc == RC_OK &&
		    recording_begin(c->recording.f, c->run.as_of) != RC_OK)
			c->recording.wrong = errno;
	}
	return rc;
}

/*
 * A recording needs no credentials, and whether it was made with them is in
 * it: so the same is asked again.
 */
static enum rc
open_credentials(struct command_run *c)
{
	const struct settings *s = c->settings;

	c->run.postmaster =
	    s->postmaster.n > 0 || store_holds(c->run.store, QUESTION_TOKEN);
	if (s->postmaster.n == 0 || s->replay != NULL || s->example)
		return RC_OK;
	return credential_files_read(&s->postmaster, c->arena, &c->credentials,
	    &c->error);
}

/* ---- trust anchors, public suffixes, resolvers ------------------------- */

static enum rc
open_anchors(struct command_run *c)
{
	static const char *const usual[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/cert.pem",
	};
	const char *path = c->settings->ca_file;
	struct slice pem = SLICE_NONE, ignored;
	enum rc rc = RC_OK;
	size_t n = 0;

	if (c->settings->example && path == NULL)
		pem = example("ca.pem");
	for (size_t i = 0; i < 3 && path == NULL && pem.p == NULL; i++) {
		if (access(usual[i], R_OK) == 0)
			path = usual[i];
	}
	if (pem.p == NULL && path != NULL) {
		rc = file_read(path, LIMIT_CA_FILE, &c->ca_text, &n, c->arena,
		    c->settings->ca_file != NULL ? &c->error : &ignored);
		if (rc == RC_OK)
			pem = slice_of(c->ca_text, n);
		else if (c->settings->ca_file != NULL)
			return rc;
	}
	c->anchors = pem;
	c->run.anchors = trust_anchors_new(pem);
	if (c->run.anchors == NULL)
		return RC_NOMEM;
	if (c->settings->ca_file == NULL || trust_anchors_any(c->run.anchors))
		return RC_OK;
	c->error =
	    arena_slicef(c->arena, "%s: holds no certificate in PEM", path);
	return RC_INVALID;
}

/* One that was named is read at once: whether it is a list is seen then. */
static enum rc
open_suffixes(struct command_run *c)
{
	const char *path = c->settings->psl_file;
	struct slice list = SLICE_NONE;
	size_t n = 0, line = 0;
	enum rc rc = RC_OK;

	if (path != NULL) {
		rc = file_read(path, LIMIT_SUFFIX_LIST, &c->psl_text, &n,
		    c->arena, &c->error);
		list = slice_of(c->psl_text, n);
	}
	if (rc == RC_OK)
		rc = suffix_list_new(path, list, &c->run.suffixes);
	if (rc || path == NULL)
		return rc;
	rc = suffix_list_load(c->run.suffixes, &line);
	if (rc == RC_INVALID && line > 0)
		c->error = arena_slicef(c->arena,
		    "%s: line %zu holds no rule of a public suffix list", path,
		    line);
	else if (rc == RC_INVALID)
		c->error = arena_slicef(c->arena,
		    "%s: holds no public suffix list", path);
	return rc;
}

/* A recording has labels in place of the names that may hold a key. */
static enum rc
open_blocklists(struct command_run *c)
{
	const char *path = c->settings->blocklists;
	struct blocklist_zones *zones = &c->run.blocklists;
	size_t n = 0;
	enum rc rc;

	if (path == NULL)
		return RC_OK;
	rc = file_read(path, LIMIT_BLOCKLIST_FILE, &c->blocklists_text, &n,
	    c->arena, &c->error);
	if (rc == RC_OK)
		rc = blocklists_read(path, slice_of(c->blocklists_text, n),
		    c->arena, zones, &c->error);
	if (rc)
		return rc;
	if (c->settings->replay != NULL)
		return blocklists_by_label(c->arena, zones);
	if (!blocklists_have_secrets(zones))
		return RC_OK;
	c->hidden = arena_new(LIMIT_ANSWER_ARENA, LIMIT_LIST_LINE);
	return c->hidden != NULL ? RC_OK : RC_NOMEM;
}

static enum rc
set_resolvers(struct command_run *c, struct probe_settings *p)
{
	enum { RESOLVERS_MAX = 8 };
	const struct settings *s = c->settings;
	struct resolver *list;
	struct slice ignored;
	unsigned char *text = NULL;
	size_t n = 0;

	p->resolvers = s->resolvers.items;
	p->n_resolvers = s->resolvers.n;
	if (p->n_resolvers > 0)
		return RC_OK;
	list = arena_new_of(c->arena, struct resolver, RESOLVERS_MAX);
	if (list == NULL)
		return RC_NOMEM;
	(void)file_read("/etc/resolv.conf", LIMIT_LIST_LINE, &text, &n,
	    c->arena, &ignored);
	p->resolvers = list;
	p->n_resolvers =
	    resolver_system(slice_of(text, n), list, RESOLVERS_MAX);
	free(text);
	return RC_OK;
}

static enum rc
open_probes(struct command_run *c)
{
	const struct settings *s = c->settings;
	struct probe_settings *p = &c->run.probe_settings;
	enum rc rc;

	p->connect_to = s->connect_to.items;
	p->n_connect_to = s->connect_to.n;
	p->timeout_ms = s->timeout_ms;
	p->retries = s->retries;
	p->offline = s->offline || s->example;
	p->allow_private = s->allow_private;
	p->post = s->probe_unsubscribe;
	p->ehlo = s->ehlo;
	p->credentials = c->credentials;
	p->anchors = c->anchors;
	p->deadline_ms = s->deadline_ms;
	rc = set_resolvers(c, p);
	if (rc)
		return rc;
	c->run.loop = loop_new();
	if (c->run.loop == NULL)
		return RC_NOMEM;
	return probes_new(c->run.loop, c->run.store, p, &c->run.probes);
}

/* ---- what is judged, and where it goes --------------------------------- */

static enum rc
no_such_check(struct command_run *c, const char *option, const char *name)
{
	struct buf b;

	buf_init(&b, LIMIT_LIST_LINE);
	buf_printf(&b, "%s: there is no check '", option);
	escape_terminal(&b, slice_str(name));
	buf_add_str(&b, "'; they are");
	for (size_t i = 0; checks[i] != NULL; i++)
		buf_printf(&b, "%s %s", i > 0 ? "," : "", checks[i]->name);
	c->error = arena_copy(c->arena, buf_slice(&b));
	buf_free(&b);
	return RC_INVALID;
}

static enum rc
check_names(struct command_run *c, const char *option,
    const struct string_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		size_t k = 0;

		while (checks[k] != NULL &&
		       strcmp(checks[k]->name, l->items[i]) != 0)
			k++;
		if (checks[k] == NULL && strcmp(l->items[i], "attest") != 0)
			return no_such_check(c, option, l->items[i]);
	}
	return RC_OK;
}

static enum rc
open_rules(struct command_run *c)
{
	const struct settings *s = c->settings;
	enum rc rc = packs_load_asked(s, c->arena, &c->rules, &c->error);
	struct scorecard_settings *sc = &c->run.scorecard;

	if (rc == RC_OK)
		rc = check_names(c, "--check", &s->checks);
	if (rc == RC_OK)
		rc = check_names(c, "--skip", &s->skip);
	if (rc == RC_OK)
		rc = providers_asked(s, c->rules, c->arena, &sc->providers,
		    &sc->n_providers, &c->error);
	sc->rules = c->rules;
	sc->audience = s->audience;
	sc->class = s->class;
	sc->advice = true;
	for (size_t i = 0; rc == RC_OK && i < sc->n_providers; i++) {
		if (slice_eq(sc->providers[i], SLICE_LIT("standards")))
			sc->advice = false;
	}
	return rc;
}

static enum rc
open_inputs(struct command_run *c)
{
	if (c->settings->example)
		return inputs_of_octets(c->arena, "example",
		    example("message.eml"), &c->inputs);
	return inputs_open(c->settings, c->arena, &c->inputs, &c->error);
}

static enum rc
open_outputs(struct command_run *c)
{
	char as_of[CIVIL_TEXT_MAX];
	enum rc rc;

	civil_rfc3339_format(c->run.as_of, as_of);
	c->header = json_pack("{s:s, s:s, s:s, s:o}", "schema", AUDIT_SCHEMA,
	    "generator", "presend " PACKAGE_VERSION, "as_of", as_of, "packs",
	    packs_used(&c->run.scorecard));
	c->held = json_array();
	if (c->header == NULL || c->held == NULL)
		return RC_NOMEM;
	if (c->collected != NULL)
		return RC_OK;
	rc = outputs_open(
	    &(struct output_wishes){
		.settings = c->settings,
		.document = DOCUMENT_AUDIT,
		.many = inputs_count(c->inputs) > 1,
		.beside = c->recording.path != NULL ? &c->recording : NULL,
	    },
	    c->arena, &c->outputs, &c->error);
	return rc == RC_OK ? outputs_begin(c->outputs, c->header, &c->error)
			   : rc;
}

/* ---- the run ----------------------------------------------------------- */

/*
 * What could not be read is held back till something was judged: when nothing
 * is, there is no report.
 */
static enum rc
emit(void *arg, json_t *element)
{
	struct command_run *c = arg;
	enum rc rc = RC_OK;
	json_t *held;
	size_t i;

	if (c->recording.wrong != 0)
		return outfile_finish(&c->recording, c->arena, &c->error);
	if (c->collected != NULL)
		return json_array_append(c->collected, element) == 0 ? RC_OK
								     : RC_NOMEM;
	if (c->run.judged == 0)
		return json_array_append(c->held, element) == 0 ? RC_OK
								: RC_NOMEM;
	json_array_foreach(c->held, i, held)
	{
		if (rc == RC_OK)
			rc = outputs_item(c->outputs, held, &c->error);
	}
	json_array_clear(c->held);
	return rc == RC_OK ? outputs_item(c->outputs, element, &c->error) : rc;
}

static void
tick(void *arg, size_t done, size_t in_flight)
{
	struct command_run *c = arg;

	if (c->outputs != NULL)
		outputs_flush(c->outputs);
	progress_show(c->progress, loop_now(c->run.loop), done, in_flight);
}

/* What the user tells of what is asked nobody else. */
static enum rc
open_told(struct command_run *c)
{
	enum rc rc =
	    zones_open(c->settings, c->arena, &c->run.zones, &c->error);

	if (rc == RC_OK)
		rc = spam_rates_read(c->settings, c->arena, &c->run.spam_rates,
		    &c->error);
	if (rc == RC_OK)
		rc = open_blocklists(c);
	if (rc == RC_OK)
		rc = open_suffixes(c);
	return rc;
}

/* They are of before the audit, whose time the evidence may bring. */
static enum rc
open_answers(struct command_run *c)
{
	return attest_files_read(c->settings, c->rules, c->run.as_of, c->arena,
	    &c->run.scorecard.attested, &c->error);
}

static enum rc
set_up(struct command_run *c)
{
	enum rc rc;

	c->run.dkim_keys = dkim_keys_new();
	if (c->run.dkim_keys == NULL)
		return RC_NOMEM;
	c->run.settings = c->settings;
	c->run.evidence = outputs_want_evidence(c->settings);
	c->run.emit = emit;
	c->run.tick = tick;
	c->run.arg = c;
	c->run.arena = c->arena;
	if ((rc = open_rules(c)) != RC_OK || (rc = open_inputs(c)) != RC_OK ||
	    (rc = open_told(c)) != RC_OK || (rc = open_anchors(c)) != RC_OK ||
	    (rc = open_evidence(c)) != RC_OK ||
	    (rc = open_answers(c)) != RC_OK ||
	    (rc = open_credentials(c)) != RC_OK ||
	    (rc = open_outputs(c)) != RC_OK || (rc = open_probes(c)) != RC_OK)
		return rc;
	c->run.inputs = c->inputs;
	store_observe(c->run.store, observe, c);
	return progress_new(isatty(STDERR_FILENO) == 1 && !c->settings->quiet &&
				!c->settings->verbose &&
				inputs_count(c->inputs) > 0,
	    inputs_count(c->inputs), &c->progress);
}

/* One line for all that could not be read. */
static struct slice
input_errors(const struct command_run *c)
{
	if (c->run.errors < 2)
		return c->run.first_error;
	return arena_slicef(c->arena, "%.*s; and %zu more like it",
	    SLICE_FMT(c->run.first_error), c->run.errors - 1);
}

static enum rc
perform(struct command_run *c)
{
	enum rc rc = audit_run(&c->run);

	progress_clear(c->progress);
	if (rc == RC_OK && c->run.errors > 0 && c->run.judged == 0) {
		c->error = input_errors(c);
		rc = RC_INVALID;
	}
	/* Nothing is put in its place before all of it is written. */
	if (rc == RC_OK && c->recording.f != NULL)
		rc = outfile_finish(&c->recording, c->arena, &c->error);
	if (rc == RC_OK && c->outputs != NULL)
		rc = outputs_finish(c->outputs, &c->error);
	if (rc == RC_OK)
		rc = outfile_commit(&c->recording, c->arena, &c->error);
	if (rc == RC_OK && c->outputs != NULL)
		rc = outputs_commit(c->outputs, &c->error);
	return rc;
}

static void
tear_down(struct command_run *c)
{
	progress_close(&c->progress);
	probes_close(&c->run.probes);
	loop_free(c->run.loop);
	outputs_close(&c->outputs);
	outfile_close(&c->recording);
	json_decref(c->header);
	json_decref(c->held);
	inputs_close(&c->inputs);
	rules_close(&c->rules);
	trust_anchors_close(&c->run.anchors);
	suffix_list_close(&c->run.suffixes);
	zones_close(&c->run.zones);
	dkim_keys_close(&c->run.dkim_keys);
	store_free(c->run.store);
	free(c->replay_text);
	free(c->ca_text);
	free(c->psl_text);
	credentials_close(&c->credentials);
	free(c->blocklists_text);
	arena_free(c->hidden);
}

static enum exit_status
status_of(const struct command_run *c)
{
	const struct scorecard_counts *n = &c->run.counts;
	bool failed = false;

	switch (c->settings->fail_on) {
	case FAIL_ON_SHOULD:
		failed = n->failed[LEVEL_SHOULD] + n->failed[LEVEL_MUST] > 0;
		break;
	case FAIL_ON_MUST:
		failed = n->failed[LEVEL_MUST] > 0;
		break;
	case FAIL_ON_NEVER:
		break;
	}
	if (failed)
		return STATUS_FAILED;
	/* What could not be read was not judged either. */
	if (n->unknown[LEVEL_MUST] > 0 || c->run.errors > 0)
		return STATUS_UNKNOWN;
	return STATUS_FINE;
}

enum rc
audit_collect(const struct settings *s, struct arena *a, json_t *audits,
    struct slice *error)
{
	struct command_run c = { .settings = s,
		.arena = a,
		.collected = audits };
	enum rc rc = set_up(&c);

	if (rc == RC_OK)
		rc = perform(&c);
	*error = c.error;
	tear_down(&c);
	return rc;
}

enum exit_status
cmd_audit(const struct settings *s, struct arena *a)
{
	struct command_run c = { .settings = s, .arena = a };
	enum exit_status status;
	enum rc rc;

	rc = set_up(&c);
	if (rc == RC_OK)
		rc = perform(&c);
	status = rc == RC_OK ? status_of(&c) : complain(rc, c.error);
	if (rc == RC_OK && c.run.errors > 0)
		(void)complain(RC_INVALID, input_errors(&c));
	tear_down(&c);
	return status;
}
