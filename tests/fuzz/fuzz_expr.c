/*
 * An expression that parses prints as one that parses, prints the same and is
 * worth the same; what was absent is told only of what is unknown.  A
 * template of the same octets expands.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rules/expr.h"
#include "rules/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct fact_row facts_known[] = {
	{ "t", "bool", false },
	{ "f", "bool", false },
	{ "n", NULL, false },
	{ "u", NULL, false },
	{ "five", "number", false },
	{ "name", "text", false },
	{ "a.b", "text", false },
	{ "a.c", NULL, false },
	{ "hosts[].name", "mx1|mx2|m*", false },
	{ "hosts[].up", "bool", false },
	{ "hosts[].tls", NULL, false },
	{ "hosts[].addresses[]", NULL, false },
	{ "hosts[].peers[].up", NULL, false },
	{ "texts[]", NULL, false },
	{ "bare", "list", false },
	{ NULL, NULL, false },
};

static const char facts_text[] =
    "{\"t\": true, \"f\": false, \"n\": null, \"five\": 5,"
    " \"name\": \"Mail.Example.COM\", \"a\": {\"b\": \"192.0.2.1\"},"
    " \"hosts\": [{\"name\": \"mx1\", \"up\": true, \"tls\": \"TLSv1.2\","
    "   \"addresses\": [\"2001:db8::1\"], \"peers\": [{\"up\": true}]},"
    "  {\"name\": \"mx2\", \"tls\": \"TLSv1.3\", \"addresses\": [],"
    "   \"peers\": [{\"up\": false}, {}]}],"
    " \"texts\": [\"one\", \"two\", 3, null], \"bare\": [{\"x\": 1}]}";

static void
must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static const struct facts *
known(struct arena *a)
{
	const struct facts *known = NULL;

	must(facts_new(a, facts_known, &known) == RC_OK);
	return known;
}

static void
try_expr(struct arena *a, struct slice text, const json_t *facts)
{
	struct compile c = { .arena = a, .known = known(a) };
	json_t *absent = json_array();
	const struct expr *one, *two;
	struct buf first, second;
	enum rc rc = expr_parse(&c, text, &one);
	enum truth t;

	buf_init(&first, 1024 * 1024);
	buf_init(&second, 1024 * 1024);
	if (rc == RC_OK) {
		expr_print(one, &first);
		must(!first.failed);
		rc = expr_parse(&c, buf_slice(&first), &two);
		must(rc == RC_OK || rc == RC_NOMEM);
	}
	if (rc == RC_OK) {
		expr_print(two, &second);
		must(slice_eq(buf_slice(&first), buf_slice(&second)));
		t = expr_eval(one, facts, absent);
		must(t == expr_eval(two, facts, NULL));
		must(t == TRUTH_UNKNOWN || json_array_size(absent) == 0);
	} else if (rc == RC_INVALID) {
		must(c.at <= text.n && c.what.n > 0);
	}
	buf_free(&first);
	buf_free(&second);
	json_decref(absent);
}

static void
try_template(struct arena *a, struct slice text, const json_t *facts)
{
	struct compile c = { .arena = a, .known = known(a) };
	const struct template *t;
	struct buf out;
	enum rc rc = template_parse(&c, text, &t);

	buf_init(&out, 1024 * 1024);
	if (rc == RC_OK) {
		template_expand(t, facts, &out);
		must(slice_eq(template_source(t), text));
	} else if (rc == RC_INVALID) {
		must(c.at <= text.n && c.what.n > 0);
	}
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new(1024 * 1024, 4096);
	json_t *facts = json_loads(facts_text, 0, NULL);

	must(a != NULL && facts != NULL);
	try_expr(a, slice_of(data, n), facts);
	arena_reset(a);
	try_template(a, slice_of(data, n), facts);
	arena_free(a);
	json_decref(facts);
	return 0;
}
