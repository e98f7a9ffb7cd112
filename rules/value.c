#include "rules/pack.h"

enum rc
value_url(struct pack_reader *r, const struct value *v)
{
	const struct slice https = SLICE_LIT("https://");
	size_t i = https.n;

	if (!slice_starts(v->text, https) || v->text.n == https.n ||
	    !ascii_is_alnum(v->text.p[https.n]))
		return value_fail(r, v, 0,
		    SLICE_LIT("expected a URL that begins with https:// and a "
			      "host"));
	while (i < v->text.n && v->text.p[i] > ' ' && v->text.p[i] < 0x7f)
		i++;
	if (i < v->text.n)
		return value_fail(r, v, i,
		    SLICE_LIT("a URL holds neither spaces nor octets outside "
			      "ASCII"));
	return RC_OK;
}
