/*
 * What libopendmarc says to the cases on its standard input: a line each, of
 * policy, alignment, result, the strictness of both alignments, its error, and
 * the questions that it asked.
 */
#include <sys/types.h>

#include <netinet/in.h>

#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <opendmarc/dmarc.h>

#include "tests/differential/cases.h"

enum { TEXT_MAX = 255, TEXT_OCTETS = 4096, NAME_OCTETS = 256 };

/* ---- its DNS: the zone of the case ------------------------------------- */

/* What the resolver's callback below looks into. */
static struct test_case *current;

struct wire {
	unsigned char *p;
	size_t n;
	size_t cap;
};

static void
put(struct wire *w, const void *p, size_t n)
{
	if (n > w->cap - w->n)
		abort();
	memcpy(w->p + w->n, p, n);
	w->n += n;
}

static void
put16(struct wire *w, size_t v)
{
	unsigned char b[2] = { (unsigned char)(v >> 8), (unsigned char)v };

	put(w, b, sizeof(b));
}

static void
put_name(struct wire *w, const char *name)
{
	while (*name != '\0') {
		size_t n = strcspn(name, ".");
		unsigned char length = (unsigned char)n;

		if (n > 0) {
			put(w, &length, 1);
			put(w, name, n);
		}
		name += n + (name[n] == '.');
	}
	put(w, "", 1);
}

static void
put_text(struct wire *w, char *data)
{
	unsigned char octets[TEXT_OCTETS], length;
	struct wire rdata = { octets, 0, sizeof(octets) };
	char *s;

	while ((s = case_text(&data)) != NULL) {
		if (strlen(s) > TEXT_MAX)
			abort();
		length = (unsigned char)strlen(s);
		put(&rdata, &length, 1);
		put(&rdata, s, length);
		free(s);
	}
	put16(w, rdata.n);
	put(w, octets, rdata.n);
}

static void
put_header(struct wire *w, const char *name, size_t answers)
{
	put16(w, 1);
	put16(w, 0x8180);
	put16(w, 1);
	put16(w, answers);
	put16(w, 0);
	put16(w, 0);
	put_name(w, name);
	put16(w, ns_t_txt);
	put16(w, ns_c_in);
}

static void
put_owner(struct wire *w, const char *name, ns_type type)
{
	put_name(w, name);
	put16(w, type);
	put16(w, ns_c_in);
	put16(w, 0);
	put16(w, 60);
}

static void
put_alias(struct wire *w, const char *name, const char *target)
{
	unsigned char octets[NAME_OCTETS];
	struct wire rdata = { octets, 0, sizeof(octets) };

	put_name(&rdata, target);
	put_owner(w, name, ns_t_cname);
	put16(w, rdata.n);
	put(w, octets, rdata.n);
}

/* The name of libc's: what libopendmarc asks ends here. */
int
res_nquery(res_state state, const char *name, int class, int type,
    unsigned char *answer, int size)
{
	struct found_records *found = malloc(sizeof(*found));
	struct wire w = { answer, 0, (size_t)size };
	size_t i;

	(void)state;
	(void)class;
	(void)type;
	if (found == NULL)
		abort();
	case_find(current, name, "TXT", found);
	h_errno = found->found == FOUND            ? NETDB_SUCCESS
		  : found->found == FOUND_NODATA   ? NO_DATA
		  : found->found == FOUND_NXDOMAIN ? HOST_NOT_FOUND
						   : TRY_AGAIN;
	if (found->found == FOUND) {
		put_header(&w, name, found->n + found->n_chain);
		for (i = 0; i < found->n_chain; i++)
			put_alias(&w, i > 0 ? found->chain[i - 1] : name,
			    found->chain[i]);
		for (i = 0; i < found->n; i++) {
			put_owner(&w, found->name, ns_t_txt);
			put_text(&w, found->records[i]->data);
		}
	}
	free(found);
	return h_errno == NETDB_SUCCESS ? (int)w.n : -1;
}

/* ---- a case ------------------------------------------------------------ */

/* Octets that the library takes as its own kind of text. */
static unsigned char *
as_octets(const char *s)
{
	return (unsigned char *)(uintptr_t)s;
}

struct verdict {
	OPENDMARC_STATUS_T status;
	OPENDMARC_STATUS_T policy;
	int aspf, adkim;
};

static struct verdict
judge(struct test_case *c, int spf)
{
	DMARC_POLICY_T *p =
	    opendmarc_policy_connect_init(as_octets("192.0.2.1"), 0);
	struct verdict v = { .policy = DMARC_POLICY_ABSENT };

	if (p == NULL)
		abort();
	(void)opendmarc_policy_store_from_domain(p,
	    as_octets(case_value(c, "domain")));
	(void)opendmarc_policy_store_spf(p, as_octets(case_value(c, "sender")),
	    spf, DMARC_POLICY_SPF_ORIGIN_MAILFROM, NULL);
	v.status =
	    opendmarc_policy_query_dmarc(p, as_octets(case_value(c, "domain")));
	if (v.status == DMARC_PARSE_OKAY) {
		v.policy = opendmarc_get_policy_to_enforce(p);
		(void)opendmarc_policy_fetch_aspf(p, &v.aspf);
		(void)opendmarc_policy_fetch_adkim(p, &v.adkim);
	}
	(void)opendmarc_policy_connect_shutdown(p);
	return v;
}

static const char *
policy_name(struct verdict v)
{
	if (v.policy == DMARC_POLICY_REJECT)
		return "reject";
	if (v.policy == DMARC_POLICY_QUARANTINE)
		return "quarantine";
	if (v.policy == DMARC_POLICY_NONE)
		return "none";
	return v.status == DMARC_DNS_ERROR_TMPERR ? "temperror" : "absent";
}

static const char *
strictness(int how)
{
	return how == DMARC_RECORD_A_STRICT    ? "strict"
	       : how == DMARC_RECORD_A_RELAXED ? "relaxed"
					       : "";
}

static void
ask(struct test_case *c)
{
	struct verdict failed = judge(c, DMARC_POLICY_SPF_OUTCOME_FAIL);
	struct verdict passed = judge(c, DMARC_POLICY_SPF_OUTCOME_PASS);
	bool known = failed.status == DMARC_PARSE_OKAY;
	bool aligned = known && passed.policy == DMARC_POLICY_PASS;
	const char *result = "none";

	if (known)
		result = aligned && strcmp(case_value(c, "spf"), "pass") == 0
			     ? "pass"
			     : "fail";
	if (failed.status == DMARC_DNS_ERROR_TMPERR)
		result = "temperror";
	(void)printf("%s\t%s\t%s\t%s\t%s\t%s", policy_name(failed),
	    !known    ? ""
	    : aligned ? "aligned"
		      : "not",
	    result, strictness(failed.aspf), strictness(failed.adkim),
	    opendmarc_policy_status_to_str(failed.status));
	case_reply_end(c, stdout);
}

int
main(int argc, char **argv)
{
	OPENDMARC_LIB_T lib = { .tld_type = OPENDMARC_TLD_TYPE_MOZILLA };

	current = calloc(1, sizeof(*current));
	if (current == NULL)
		return 2;
	if (argc > 1) {
		(void)snprintf((char *)lib.tld_source_file,
		    sizeof(lib.tld_source_file), "%s", argv[1]);
		if (opendmarc_policy_library_init(&lib) != DMARC_PARSE_OKAY)
			return 2;
	}
	while (case_read(stdin, current))
		ask(current);
	case_clear(current);
	free(current);
	return 0;
}
