#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"
#include "mail_signer.h"
#include "with_arena.h"

WITH_ARENA(1 << 24, 4096)

/* What signatures do for DMARC: alignment by both ways, and the result. */

#define RECORD(name, tags) \
	FOUND("_dmarc." name, "TXT", \
	    TXT("v=DMARC1; " tags "; rua=mailto:d@example.com"))
#define NONE(name) NXDOMAIN("_dmarc." name, "TXT")
#define HERE(tags) \
	RECORD("example.com", tags) \
	NONE("com") FOUND("example.com", "SOA", SOA("example.com"))
#define KEY(domain) \
	FOUND("s._domainkey." domain, "TXT", TXT("v=DKIM1; p=@rsa@"))
#define LOST(domain)     TIMEOUT("s._domainkey." domain, "TXT")
#define SPF(what)        FOUND("example.com", "TXT", TXT("v=spf1 " what))
#define FAILS            SPF("-all")
#define NOT_HERE(domain) NONE(domain)

#define HEADER \
	"From: News <news@example.com>\r\n" \
	"To: joe@example.org\r\nSubject: What is new\r\n"

#define WAYS(result, aligned) \
	{ "result", result }, { "aligned_dkim", aligned }, \
	    { "psl.result", result }, \
	{ \
		"psl.aligned_dkim", aligned \
	}
#define BOTH(cause) \
	"psl.aligned_dkim " cause "; psl.result " cause \
	"; aligned_dkim " cause "; result " cause

struct mail {
	const char *title;
	const char *recording;
	const char *signer; /* d=; NULL: no signature */
	const char *second; /* d= of one more, above it; NULL: none */
	bool altered;       /* the Subject, after it was signed */
	struct expected_fact facts[SCENE_FACTS];
	const char *gaps;
};

static const struct mail mails[] = {
	{ "a signature of the domain itself is enough",
	    FAILS HERE("p=none") KEY("example.com"), "example.com", NULL, false,
	    { WAYS("\"pass\"", "true") }, NULL },
	{ "one of the same organization",
	    FAILS HERE("p=none") KEY("mail.example.com")
		NOT_HERE("mail.example.com"),
	    "mail.example.com", NULL, false, { WAYS("\"pass\"", "true") },
	    NULL },
	{ "adkim=s wants the domain itself",
	    FAILS HERE("p=none; adkim=s") KEY("mail.example.com")
		NOT_HERE("mail.example.com"),
	    "mail.example.com", NULL, false, { WAYS("\"fail\"", "false") },
	    NULL },
	{ "adkim=s has the domain itself",
	    FAILS HERE("p=none; adkim=s") KEY("example.com"), "example.com",
	    NULL, false, { WAYS("\"pass\"", "true") }, NULL },
	{ "another organization's does not help",
	    FAILS HERE("p=none") KEY("example.net") NOT_HERE("example.net")
		NONE("net"),
	    "example.net", NULL, false, { WAYS("\"fail\"", "false") }, NULL },
	{ "nor does one that fails", FAILS HERE("p=none") KEY("example.com"),
	    "example.com", NULL, true, { WAYS("\"fail\"", "false") }, NULL },
	{ "no signature at all", FAILS HERE("p=none"), NULL, NULL, false,
	    { WAYS("\"fail\"", "false") }, NULL },
	{ "one of two is enough",
	    FAILS HERE("p=none") KEY("example.com") KEY("example.net")
		NOT_HERE("example.net") NONE("net"),
	    "example.com", "example.net", false, { WAYS("\"pass\"", "true") },
	    NULL },
	{ "without a record nothing is done",
	    FAILS NONE("example.com") NONE("com") FOUND("example.com", "SOA",
		SOA("example.com")) KEY("example.com"),
	    "example.com", NULL, false, { WAYS("\"none\"", "true") }, NULL },
	{ "a lost key may make it pass",
	    FAILS HERE("p=none") LOST("example.com"), "example.com", NULL,
	    false, { WAYS(NULL, NULL) }, BOTH("timeout") },
	{ "a lost key of another organization does not",
	    FAILS HERE("p=none") LOST("example.net") NOT_HERE("example.net")
		NONE("net"),
	    "example.net", NULL, false, { WAYS("\"fail\"", "false") }, NULL },
	{ "a lost key beside SPF that passes",
	    SPF("ip4:192.0.2.1 -all") HERE("p=none") LOST("example.com"),
	    "example.com", NULL, false,
	    { { "result", "\"pass\"" }, { "aligned_dkim", NULL } },
	    "psl.aligned_dkim timeout; aligned_dkim timeout" },
	{ "a lost walk of the signer is one way's alone",
	    FAILS HERE("p=none") KEY("mail.example.com")
		TIMEOUT("_dmarc.mail.example.com", "TXT"),
	    "mail.example.com", NULL, false,
	    { { "result", NULL }, { "aligned_dkim", NULL },
		{ "psl.result", "\"pass\"" }, { "psl.aligned_dkim", "true" } },
	    "aligned_dkim timeout; result timeout" },
	{ "SPF that is lost makes no fail",
	    TIMEOUT("example.com", "TXT") HERE("p=none"), NULL, NULL, false,
	    { { "result", NULL }, { "aligned_dkim", "false" } },
	    "psl.result timeout; result timeout" },
	{ "SPF that is lost does not matter beside a signature",
	    TIMEOUT("example.com", "TXT") HERE("p=none") KEY("example.com"),
	    "example.com", NULL, false, { WAYS("\"pass\"", "true") }, NULL },
};

static void
play(const struct mail *m)
{
	struct scene scene = { .title = m->title,
		.ips = { "192.0.2.1" },
		.mail_from_domain = "example.com",
		.gaps = m->gaps };
	const char *text = HEADER "\r\nHello.\r\n", *domains[2];
	size_t i;

	domains[0] = m->signer;
	domains[1] = m->second;
	for (i = 0; i < 2 && domains[i] != NULL; i++) {
		struct signing signing = { .domain = domains[i] };
		char *header = arena_printf(arena, "%s", text);

		/* The signature goes on top of all that is there. */
		*strstr(header, "\r\n\r\n") = '\0';
		text = mail_sign(arena, &signing,
		    arena_printf(arena, "%s\r\n", header), "Hello.\r\n");
	}
	if (m->altered)
		text = mail_replace(arena, text, "What is", "Look what is");
	scene.message = text;
	scene.recording = signer_expand(arena, m->recording);
	memcpy(scene.facts, m->facts, sizeof(scene.facts));
	scene_play(&check_dmarc, &scene);
}

static void
a_signature_that_passes_and_is_aligned_is_enough(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++)
		play(&mails[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_signature_that_passes_and_is_aligned_is_enough, setup,
		    teardown),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	signer_close();
	return failed;
}
