#include "base/limits.h"
#include "checks/postmaster/postmaster_read.h"
#include "probes/credentials.h"
#include "probes/postmaster.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * What Google's servers answer, and what a file of credentials holds: each
 * reader over the same octets.
 */

static void
must(bool holds)
{
	if (!holds)
		__builtin_trap();
}

static void
read_answers(struct arena *a, struct slice in)
{
	struct postmaster_status status;
	struct postmaster_page page;
	struct postmaster_error error;
	bool is_status = postmaster_status_read(a, in, &status);
	bool is_page = postmaster_page_read(a, in, &page);

	if (postmaster_error_read(a, in, &error))
		must(!is_status && !is_page);
	for (size_t i = 0; is_page && i < page.n; i++) {
		must(page.rows[i].rate >= 0 && page.rows[i].rate <= 1);
		must(page.rows[i].day >= 0 && page.rows[i].metric.n > 0);
	}
	for (size_t i = 0; is_status && i < POSTMASTER_REQUIREMENTS; i++)
		must(status.registrable.there ||
		     status.registrable.requirements[i].p == NULL);
}

static bool
is_clean(const char *value)
{
	return strcspn(value, " \t\r\n\177") == strlen(value);
}

static void
read_credentials(struct arena *a, struct slice in)
{
	static char form[CREDENTIAL_FORM_MAX];
	struct credentials *c = credentials_new();
	struct slice copy = arena_copy(a, in);

	if (c == NULL || copy.p == NULL) {
		credentials_close(&c);
		return;
	}
	(void)credentials_read(c, in);
	must(strlen(c->client_id) <= CREDENTIAL_MAX);
	must(is_clean(c->client_id) && is_clean(c->client_secret) &&
	     is_clean(c->refresh_token) && is_clean(c->access_token));
	must(credentials_form(c, form) && is_clean(form));
	credentials_hide(c, (unsigned char *)(uintptr_t)copy.p, copy.n);
	if (strlen(c->access_token) >= 8)
		must(slice_find(copy, slice_str(c->access_token)) == SIZE_MAX ||
		     strchr(c->access_token, '*') != NULL);
	credentials_close(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct slice in = slice_of(data, size);
	int64_t wait;

	if (a == NULL)
		return 0;
	read_answers(a, in);
	read_credentials(a, in);
	wait = postmaster_wait(in, 1, 0);
	must(wait >= 0 && wait <= 3600 * 1000);
	arena_free(a);
	return 0;
}
