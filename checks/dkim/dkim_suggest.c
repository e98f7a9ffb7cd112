#include "base/limits.h"
#include "checks/dkim/dkim_report.h"

/* ---- h= ---------------------------------------------------------------- */

/* RFC 6376 5.4.1, RFC 8058 4, and what a reader sees. */
const char *const dkim_important[] = { "From", "To", "Cc", "Subject", "Date",
	"Message-ID", "Reply-To", "Sender", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding", "In-Reply-To", "References", "List-Id",
	"List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", NULL };

/* 8.15: named once more than they are there, so that none can be added. */
static bool
to_be_oversigned(const char *name)
{
	static const char *const names[] = { "From", "To", "Subject", "Date" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

struct slice
dkim_suggested_names(const struct dkim_report *d)
{
	struct slice out = SLICE_LIT("");
	size_t i, k, n;

	for (i = 0; dkim_important[i] != NULL; i++) {
		const char *name = dkim_important[i];

		n = message_count(d->run->subject->message, name);
		/* RFC 5322 3.6 has each of them once. */
		n = (n > 0) + (size_t)to_be_oversigned(name);
		for (k = 0; k < n; k++)
			out = arena_slicef(d->run->arena, "%.*s%s%s",
			    SLICE_FMT(out), out.n > 0 ? ":" : "", name);
	}
	return out;
}

/* ---- a key record ------------------------------------------------------ */

static struct slice
with_tag(struct arena *arena, struct slice record, const char *name,
    struct slice value)
{
	return arena_slicef(arena, "%.*s; %s=%.*s", SLICE_FMT(record), name,
	    SLICE_FMT(value));
}

/* Of t= and of others that are lists: without one item; nothing: it is all. */
static struct slice
without_item(struct arena *arena, struct slice list, struct slice item)
{
	struct slice out = SLICE_NONE, one;

	while (dkim_list_next(&list, &one)) {
		if (one.n == 0 || slice_eq_nocase(one, item))
			continue;
		out = out.n == 0 ? one
				 : arena_slicef(arena, "%.*s:%.*s",
				       SLICE_FMT(out), SLICE_FMT(one));
	}
	return out;
}

static bool
is_to_be_mended(const struct dkim_key *k)
{
	const unsigned int mendable = DKIM_NOTE_NO_VERSION |
				      DKIM_NOTE_GRANULARITY |
				      DKIM_NOTE_SHA1_ONLY | DKIM_NOTE_UNPADDED;

	return k->fault == DKIM_VALID && k->type != DKIM_KEY_UNKNOWN &&
	       (k->testing || (k->notes & mendable) != 0);
}

/* "=" as it lacks. */
static const char *
padding(const struct dkim_key *k)
{
	if ((k->notes & DKIM_NOTE_UNPADDED) == 0)
		return "";
	return k->octets.n % 3 == 1 ? "==" : "=";
}

struct slice
dkim_suggested_key(struct arena *arena, const struct dkim_key *k)
{
	struct slice out = SLICE_LIT("v=DKIM1"), flags;
	struct dkim_tags tags;

	if (!is_to_be_mended(k) || !dkim_tags_read(k->text, &tags))
		return SLICE_NONE;
	out = with_tag(arena, out, "k", k->type_text);
	if (k->hashes.n > 0 && (k->notes & DKIM_NOTE_SHA1_ONLY) == 0)
		out = with_tag(arena, out, "h", k->hashes);
	if (k->services.n > 0)
		out = with_tag(arena, out, "s", k->services);
	flags =
	    without_item(arena, dkim_tags_value(&tags, "t"), SLICE_LIT("y"));
	if (flags.n > 0)
		out = with_tag(arena, out, "t", flags);
	out = with_tag(arena, out, "p", dkim_tags_value(&tags, "p"));
	return arena_slicef(arena, "%.*s%s", SLICE_FMT(out), padding(k));
}
