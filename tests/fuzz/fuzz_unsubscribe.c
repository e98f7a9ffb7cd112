#include "base/limits.h"
#include "checks/tags.h"
#include "checks/unsubscribe/unsubscribe_fields.h"
#include "message/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input is a header section, of which the two fields are looked at. */

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static void
check_fields(struct check_run *run, const struct unsubscribe_fields *f)
{
	struct slice rest, uri;
	struct unsubscribe_fields again;
	struct message m;

	check(f->https.n == 0 || uri_is_https(f->https));
	check(f->mailto.n == 0 || uri_is_mailto(f->mailto));
	check(!f->pair || (f->https.n > 0 && f->http.n == 0));
	check(f->https.n == 0 || f->uri.request.p != NULL);
	/* What is suggested is right, whatever was there. */
	rest = unsubscribe_suggest(run, f);
	if (rest.p == NULL || f->uri.kind == URI_HOST_ADDRESS)
		return;
	uri = arena_slicef(run->arena,
	    "List-Unsubscribe: %.*s\r\nList-Unsubscribe-Post: "
	    "List-Unsubscribe=One-Click\r\n\r\n",
	    SLICE_FMT(rest));
	if (uri.p == NULL || message_parse(run->arena, uri, &m) != RC_OK)
		return;
	run->subject = &(struct subject){ .domain = SLICE_LIT("example.com"),
		.message = &m };
	unsubscribe_fields_read(run, &again);
	check(arena_failed(run->arena) || again.https.n > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 8192);
	struct subject subject = { .domain = SLICE_LIT("example.com") };
	struct check_run run = { .subject = &subject,
		.arena = a,
		.facts = json_object(),
		.gaps = json_array() };
	struct unsubscribe_fields f;
	struct message m;

	if (a != NULL && message_parse(a, slice_of(data, size), &m) == RC_OK) {
		subject.message = &m;
		unsubscribe_fields_read(&run, &f);
		if (!arena_failed(a))
			check_fields(&run, &f);
	}
	json_decref(run.facts);
	json_decref(run.gaps);
	arena_free(a);
	return 0;
}
