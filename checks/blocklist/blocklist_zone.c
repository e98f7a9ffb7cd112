#include "checks/blocklist/blocklist_zone.h"

#include "base/buf.h"
#include "base/limits.h"

struct slice
blocklist_hide(struct arena *a, const struct blocklist_zone *zone,
    struct slice text)
{
	struct slice out;
	struct buf b;
	size_t at = slice_find_nocase(text, zone->name);

	if (at == SIZE_MAX || slice_eq(zone->name, zone->label))
		return text;
	buf_init(&b, LIMIT_EVIDENCE_LINE);
	for (; at != SIZE_MAX; at = slice_find_nocase(text, zone->name)) {
		buf_add(&b, slice_sub(text, 0, at));
		buf_add(&b, zone->label);
		text = slice_from(text, at + zone->name.n);
	}
	buf_add(&b, text);
	out = b.failed ? SLICE_NONE : arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}
