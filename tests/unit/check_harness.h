#ifndef TESTS_UNIT_CHECK_HARNESS_H
#define TESTS_UNIT_CHECK_HARNESS_H

#include "checks/check.h"
#include "message/message.h"

/*
 * Runs one check over a recording that stands in the test, by way of a store
 * that asks: round by round, as the engine does.
 */

/* ---- a recording, line by line ----------------------------------------- */

#define ASKED(name, type) \
	"{\"question\":{\"kind\":\"dns\",\"name\":\"" name \
	"\",\"type\":\"" type "\"},"
#define FOUND(name, type, records) \
	ASKED(name, type) \
	"\"seen\":\"answered\",\"dns\":{\"records\":[" records "]}}\n"
/* The same, proven by DNSSEC. */
#define PROVEN(name, type, records) \
	ASKED(name, type) \
	"\"seen\":\"answered\",\"dns\":{\"authentic\":true,\"records\":[" records \
	"]}}\n"
#define PROVEN_NODATA(name, type) \
	ASKED(name, type) \
	"\"seen\":\"absent\",\"dns\":{\"authentic\":true}}\n"
/* By way of a CNAME. */
#define ALIASED(name, type, target, records) \
	ASKED(name, type) \
	"\"seen\":\"answered\",\"dns\":{\"chain\":[{\"type\":" \
	"\"CNAME\",\"name\":\"" target "\"}],\"records\":[" records "]}}\n"
#define NXDOMAIN(name, type) \
	ASKED(name, type) "\"seen\":\"absent\",\"dns\":{\"rcode\":3}}\n"
#define NODATA(name, type) ASKED(name, type) "\"seen\":\"absent\",\"dns\":{}}\n"
/* Nothing of that type; the authority section names the zone. */
#define NODATA_IN(name, type, zone) \
	ASKED(name, type) \
	"\"seen\":\"absent\",\"dns\":{\"soa_owner\":\"" zone "\"}}\n"
#define TIMEOUT(name, type) \
	ASKED(name, type) "\"seen\":\"temporary\",\"cause\":\"timeout\"}\n"

/* Of a name server that is asked by itself. */
#define ASKED_AT(ip, name, type) \
	"{\"question\":{\"kind\":\"dns\",\"name\":\"" name \
	"\",\"type\":\"" type "\",\"addresses\":[\"" ip "\"]},"
#define FOUND_AT(ip, name, type, records) \
	ASKED_AT(ip, name, type) \
	"\"seen\":\"answered\",\"dns\":{\"authoritative\":true,\"records\":[" records \
	"]}}\n"
#define NODATA_AT(ip, name, type) \
	ASKED_AT(ip, name, type) \
	"\"seen\":\"absent\",\"dns\":{\"authoritative\":true}}\n"
#define REFUSED_AT(ip, name, type) \
	ASKED_AT(ip, name, type) \
	"\"seen\":\"temporary\",\"cause\":\"refused\",\"dns\":{\"rcode\":5}}\n"

/* An SMTP conversation; the answer is the inside of "smtp". */
#define SMTP(host, address, answer) \
	"{\"question\":{\"kind\":\"smtp\",\"name\":\"" host \
	"\",\"port\":25,\"addresses\":[\"" address \
	"\"]},\"seen\":\"answered\",\"smtp\":{\"stage\":\"done\"," answer \
	"}}\n"
#define SMTP_LOST(host, address, cause) \
	"{\"question\":{\"kind\":\"smtp\",\"name\":\"" host \
	"\",\"port\":25,\"addresses\":[\"" address \
	"\"]},\"seen\":\"temporary\",\"cause\":\"" cause "\"}\n"
#define TLS(version, chain) \
	"\"starttls_offered\":true,\"starttls_code\":220,\"tls\":{" \
	"\"version\":\"" version \
	"\",\"cipher\":\"AES\",\"cipher_bits\":256,\"chain\":[" chain "]}"
#define HTTPS(url, answer) \
	"{\"question\":{\"kind\":\"https\",\"name\":\"" url \
	"\"},\"seen\":\"answered\",\"https\":{" answer "}}\n"
#define HTTPS_LOST(url, cause) \
	"{\"question\":{\"kind\":\"https\",\"name\":\"" url \
	"\"},\"seen\":\"temporary\",\"cause\":\"" cause "\"}\n"

#define POST(url, answer) \
	"{\"question\":{\"kind\":\"post\",\"name\":\"" url \
	"\"},\"seen\":\"answered\",\"post\":{" answer "}}\n"
#define POST_LOST(url, seen, cause) \
	"{\"question\":{\"kind\":\"post\",\"name\":\"" url \
	"\"},\"seen\":\"" seen "\",\"cause\":\"" cause "\"}\n"

#define A(address)    "{\"type\":\"A\",\"address\":\"" address "\"}"
#define AAAA(address) "{\"type\":\"AAAA\",\"address\":\"" address "\"}"
#define NS(host)      "{\"type\":\"NS\",\"name\":\"" host "\"}"
#define PTR(host)     "{\"type\":\"PTR\",\"name\":\"" host "\"}"
#define SOA(owner)    "{\"type\":\"SOA\",\"owner\":\"" owner "\"}"
#define TXT(text)     "{\"type\":\"TXT\",\"strings\":[\"" text "\"]}"
#define TXT2(one, two) \
	"{\"type\":\"TXT\",\"strings\":[\"" one "\",\"" two "\"]}"
#define TLSA(usage, selector, matching, hex) \
	"{\"type\":\"TLSA\",\"usage\":" #usage ",\"selector\":" #selector \
	",\"matching\":" #matching ",\"data\":\"" hex "\"}"
#define MX(preference, name) \
	"{\"type\":\"MX\",\"preference\":" #preference ",\"host\":\"" name "\"}"

/* A public suffix list, in text, that no system's changes. */
extern const char scene_suffixes[];

/* ---- a case ------------------------------------------------------------ */

enum { SCENE_FACTS = 24, SCENE_IPS = 4, SCENE_SELECTORS = 4 };

/* json NULL: the fact must be absent. */
struct expected_fact {
	const char *path; /* "ips[0].confirmed" */
	const char *json;
};

struct scene {
	const char *title;
	const char *recording; /* lines made of the macros above */
	const char *domain;    /* NULL: example.com */
	const char *ips[SCENE_IPS];
	const char *helo;
	/* "": the null sender; NULL: only the domain, or nothing at all */
	const char *mail_from;
	const char *mail_from_domain;
	const char *message;
	const char *selectors[SCENE_SELECTORS];
	const char *anchors; /* PEM; NULL: none could be read */
	const struct blocklist_zones *blocklists; /* NULL: none */
	bool no_suffixes; /* else the list that scene_suffixes is */
	bool ips_named;
	bool unsubscribe; /* --probe-unsubscribe */
	const char *zone; /* text of a zone file; NULL: none */
	bool authoritative;
	bool postmaster; /* --postmaster */
	const struct spam_rates *spam_rates;
	struct expected_fact facts[SCENE_FACTS];
	/* "fact cause" of each gap, in order, with "; " between. */
	const char *gaps;
	size_t rounds; /* at most so many times of asking; 0: any */
};

/*
 * Runs the scene and asserts its facts and gaps; then again with each of its
 * questions lost (timeout, SERVFAIL): what is said then must be what was said
 * before, or less, and less only with a gap; then under every arena ceiling.
 */
void scene_play(const struct check *, const struct scene *);

/* The facts of a scene, without any assertion; the caller's. */
json_t *scene_facts(const struct check *, const struct scene *);

/* All scenes of an array. */
#define scenes_play(check, scenes) \
	do { \
		for (size_t i_ = 0; i_ < sizeof(scenes) / sizeof(*scenes); \
		     i_++) \
			scene_play((check), &(scenes)[i_]); \
	} while (0)

#endif
