/*
 * Addresses from standard input, one a line in hexadecimal; on standard output
 * what the lint says of each as the value of To: its codes with blanks between.
 * "list" is not an address alone; "-" has nothing wrong with it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "message/address.h"
#include "message/fields.h"

enum { LINE = 64 * 1024 };

static const char name[] = "To:";

/* name and the octets behind it. */
static struct slice
unhex(struct arena *a, const char *line)
{
	unsigned char *p = arena_new_of(a, unsigned char, strlen(line) + 4);
	size_t n = sizeof(name) - 1;

	if (p == NULL)
		abort();
	memcpy(p, name, n);
	for (; ascii_hex((unsigned char)line[0]) >= 0; line += 2)
		p[n++] =
		    (unsigned char)(ascii_hex((unsigned char)line[0]) << 4 |
				    ascii_hex((unsigned char)line[1]));
	return slice_of(p, n);
}

static bool
is_alone(struct arena *a, struct slice value)
{
	struct address_list l;

	if (address_list_parse(a, value, &l) != RC_OK)
		abort();
	return l.fault != ADDRESS_FINE ||
	       (l.n == 1 && l.groups == 0 && l.mailboxes[0].display.p == NULL &&
		   l.mailboxes[0].at == l.mailboxes[0].local_at);
}

static void
judge(struct arena *a, struct slice octets)
{
	struct field f = { slice_sub(octets, 0, sizeof(name) - 2),
		slice_from(octets, sizeof(name) - 1), 1, 1 };
	struct message m = { .octets = octets,
		.line = 1,
		.header = octets,
		.fields = &f,
		.n_fields = 1 };
	struct lint l = { .arena = a };
	struct fields fields;
	const char *blank = "";

	fields_find(&m, &fields);
	if (fields_lint(&l, &m, &fields, 0) != RC_OK)
		abort();
	for (size_t i = 0; i < l.n; i++) {
		/* What is missing beside it has no place. */
		if (l.problems[i].line == 0)
			continue;
		(void)printf("%s%s", blank, l.problems[i].kind->code);
		blank = " ";
	}
	if (*blank == '\0')
		(void)printf("%s", is_alone(a, f.value) ? "-" : "list");
	(void)printf("\n");
}

int
main(void)
{
	struct arena *a = arena_new(16 * 1024 * 1024, 4096);
	static char line[LINE];

	if (a == NULL)
		return 1;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		arena_reset(a);
		judge(a, unhex(a, line));
	}
	arena_free(a);
	return ferror(stdin) ? 1 : 0;
}
