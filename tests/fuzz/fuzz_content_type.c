#include "message/mime_value.h"

/* Any octets as a Content-Type and as a Content-Disposition. */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static void
check_parameter(struct arena *a, struct mime_value *v, size_t i)
{
	const struct mime_parameter *p = &v->parameters[i];
	struct slice said;
	char name[64];

	check(p->name.n < 2000000 && p->section >= -1);
	if (p->name.n >= sizeof(name))
		return;
	memcpy(name, p->name.p, p->name.n);
	name[p->name.n] = '\0';
	if (strlen(name) < p->name.n)
		return;
	said = mime_value_get(a, v, name, false);
	check(said.p != NULL || arena_failed(a));
	check(said.n <= 4 * LIMIT_MIME_PARAMETER + 64);
	(void)mime_value_get(a, v, name, true);
}

static void
check_value(struct arena *a, struct slice all, bool subtype)
{
	struct mime_value v;

	mime_value_parse(all, subtype, &v);
	check(v.n <= LIMIT_MIME_PARAMETERS);
	check((v.type.n == 0) == (v.faults[MIME_FAULT_TYPE].count > 0));
	check(!subtype || (v.type.n > 0) == (v.subtype.n > 0));
	for (size_t i = 0; i < v.n; i++)
		check_parameter(a, &v, i);
	for (size_t i = 0; i < MIME_FAULTS; i++)
		check(v.faults[i].at <= all.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1024 * 1024, 4096);

	if (a == NULL)
		return 0;
	check_value(a, slice_of(data, size), true);
	check_value(a, slice_of(data, size), false);
	arena_free(a);
	return 0;
}
