#include "audit/complain.h"
#include "audit/options.h"
#include "base/limits.h"
#include "checks/check.h"

enum exit_status
cmd_checks(const struct settings *s, struct arena *a)
{
	enum exit_status status;
	struct buf out;

	(void)a;
	buf_init(&out, LIMIT_RENDERED);
	for (size_t i = 0; checks[i] != NULL; i++) {
		const struct check *c = checks[i];

		buf_printf(&out, "%s%s: %s (%s)\n", i > 0 ? "\n" : "", c->name,
		    c->summary, c->standards);
		if (s->quiet)
			continue;
		for (size_t k = 0; c->facts[k].path != NULL; k++)
			buf_printf(&out, "  %s.%s (%s)\n      %s\n", c->name,
			    c->facts[k].path, c->facts[k].type,
			    c->facts[k].meaning);
	}
	status = print_out(&out);
	buf_free(&out);
	return status;
}
