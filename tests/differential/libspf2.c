/*
 * What libspf2 says to the cases on its standard input: a line each, of
 * result, explanation, its error, and the questions that it asked.
 */
#include <sys/types.h>

#include <netinet/in.h>

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <spf2/spf.h>

#include "tests/differential/cases.h"

#define DEFAULT_EXPLANATION "none-published"

/* ---- its DNS: the zone of the case ------------------------------------- */

static const char *
type_name(ns_type type)
{
	if (type == ns_t_a)
		return "A";
	if (type == ns_t_aaaa)
		return "AAAA";
	if (type == ns_t_mx)
		return "MX";
	if (type == ns_t_ptr)
		return "PTR";
	return type == ns_t_txt ? "TXT" : "SPF";
}

static void
put(SPF_dns_rr_t *rr, int i, const void *data, size_t n)
{
	size_t room =
	    n > sizeof(SPF_dns_rr_data_t) ? n : sizeof(SPF_dns_rr_data_t);

	if (SPF_dns_rr_buf_realloc(rr, i, room) != SPF_E_SUCCESS)
		abort();
	memcpy(rr->rr[i], data, n);
	rr->num_rr = i + 1;
}

static void
put_text(SPF_dns_rr_t *rr, int i, char *data)
{
	char *text = NULL, *part;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	if (out == NULL)
		abort();
	while ((part = case_text(&data)) != NULL) {
		(void)fputs(part, out);
		free(part);
	}
	(void)fclose(out);
	put(rr, i, text, n + 1);
	free(text);
}

static void
put_record(SPF_dns_rr_t *rr, int i, const struct case_record *r)
{
	const char *host = r->data;
	struct in6_addr six;
	struct in_addr four;

	if (rr->rr_type == ns_t_a) {
		(void)inet_pton(AF_INET, r->data, &four);
		put(rr, i, &four, sizeof(four));
	} else if (rr->rr_type == ns_t_aaaa) {
		(void)inet_pton(AF_INET6, r->data, &six);
		put(rr, i, &six, sizeof(six));
	} else if (rr->rr_type == ns_t_txt) {
		put_text(rr, i, r->data);
	} else {
		if (rr->rr_type == ns_t_mx)
			host = case_host(r->data);
		put(rr, i, host, strlen(host) + 1);
	}
}

static SPF_dns_rr_t *
lookup(SPF_dns_server_t *dns, const char *domain, ns_type type, int cache)
{
	static const int herrno[] = { [FOUND] = NETDB_SUCCESS,
		[FOUND_NODATA] = NO_DATA,
		[FOUND_NXDOMAIN] = HOST_NOT_FOUND,
		[FOUND_SERVFAIL] = TRY_AGAIN,
		[FOUND_TIMEOUT] = TRY_AGAIN };
	struct found_records *found = malloc(sizeof(*found));
	SPF_dns_rr_t *rr;
	size_t i;

	(void)cache;
	if (found == NULL)
		abort();
	case_find(dns->hook, domain, type_name(type), found);
	rr = SPF_dns_rr_new_init(dns, domain, type, 60, herrno[found->found]);
	for (i = 0; i < found->n; i++)
		put_record(rr, (int)i, found->records[i]);
	free(found);
	return rr;
}

/* ---- a case ------------------------------------------------------------ */

/*
 * Where it has no record that it can use it leaves the result open, and says
 * by its error what it was.
 */
static const char *
result_name(SPF_response_t *r, SPF_errcode_t err)
{
	int i;

	if (SPF_response_result(r) != SPF_RESULT_INVALID)
		return SPF_strresult(SPF_response_result(r));
	if (err == SPF_E_DNS_ERROR)
		return "temperror";
	if (err != SPF_E_NOT_SPF)
		return "permerror";
	for (i = 0; i < SPF_response_messages(r); i++)
		if (strncmp(SPF_error_message(SPF_response_message(r, i)),
			"Failed to compile", strlen("Failed to compile")) == 0)
			return "permerror";
	return "none";
}

static void
reply(struct test_case *c, SPF_response_t *r, SPF_errcode_t err)
{
	const char *why = SPF_response_get_explanation(r);
	const char *name = result_name(r, err);
	int i;

	/* It explains more than a fail. */
	if (why == NULL || strcmp(why, DEFAULT_EXPLANATION) == 0 ||
	    SPF_response_result(r) != SPF_RESULT_FAIL)
		why = "";
	(void)printf("%s\t", name);
	case_encode(stdout, why, strlen(why));
	(void)putchar('\t');
	if (err != SPF_E_SUCCESS)
		(void)fputs(SPF_strerror(err), stdout);
	for (i = 0; i < SPF_response_messages(r); i++) {
		const char *m = SPF_error_message(SPF_response_message(r, i));

		(void)fputs("; ", stdout);
		if (m != NULL)
			case_encode(stdout, m, strlen(m));
	}
	case_reply_end(c, stdout);
}

static void
ask(struct test_case *c, SPF_server_t *server)
{
	SPF_request_t *request = SPF_request_new(server);
	SPF_response_t *response = NULL;
	const char *ip = case_value(c, "ip");
	const char *domain = case_value(c, "domain");
	char *from = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&from, &n);
	SPF_errcode_t err;

	if (out == NULL)
		abort();
	if (strncmp(ip, "::ffff:", 7) == 0)
		ip += 7;
	if (strchr(ip, ':') != NULL)
		(void)SPF_request_set_ipv6_str(request, ip);
	else
		(void)SPF_request_set_ipv4_str(request, ip);
	(void)SPF_request_set_helo_dom(request, case_value(c, "helo"));
	(void)fprintf(out, "%s@%s", case_value(c, "local"), domain);
	(void)fclose(out);
	(void)SPF_request_set_env_from(request, from);
	err = SPF_request_query_mailfrom(request, &response);
	reply(c, response, err);
	free(from);
	SPF_response_free(response);
	SPF_request_free(request);
}

int
main(void)
{
	struct test_case *c = calloc(1, sizeof(*c));
	SPF_dns_server_t dns = { .lookup = lookup, .name = "zone", .hook = c };
	SPF_server_t *server = SPF_server_new_dns(&dns, 0);
	SPF_response_t *response = NULL;

	if (c == NULL || server == NULL)
		return 2;
	(void)SPF_server_set_rec_dom(server, "receiver.example.net");
	(void)SPF_server_set_sanitize(server, 0);
	(void)SPF_server_set_explanation(server, DEFAULT_EXPLANATION,
	    &response);
	while (case_read(stdin, c))
		ask(c, server);
	SPF_server_free(server);
	case_clear(c);
	free(c);
	return 0;
}
