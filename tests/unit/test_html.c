#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena_sweep.h"
#include "base/buf.h"
#include "base/limits.h"
#include "message/html.h"
#include "with_arena.h"

WITH_ARENA(LIMIT_AUDIT_ARENA, 4096)

static struct html
read_html(struct slice body)
{
	struct html h;

	arena_reset(arena);
	assert_int_equal(html_read(arena, body, &h), RC_OK);
	assert_null(h.missing);
	return h;
}

static void
is_text(const char *title, struct slice got, const char *want)
{
	if (!slice_eq(got, slice_str(want)))
		fail_msg("%s: \"%.*s\", not \"%s\"", title, SLICE_FMT(got),
		    want);
}

/* ---- links ------------------------------------------------------------- */

static const struct {
	const char *title;
	const char *body;
	const char *href; /* of the first; NULL: there is no link */
	const char *text;
	const char *label;
	enum html_way hidden;
	size_t line;
} links[] = {
	{ "a link", "<p>See <a href=\"https://a.test/\">here</a>.</p>",
	    "https://a.test/", "here", "", HTML_SHOWN, 1 },
	{ "without quotes, in capitals, on the third line",
	    "\n\n<A HREF= https://a.test/x >now</A>", "https://a.test/x", "now",
	    "", HTML_SHOWN, 3 },
	{ "spaces around and within",
	    "<a href=' https://a.test '>\n un <b>sub</b>\tscribe \n</a>",
	    "https://a.test", "un sub scribe", "", HTML_SHOWN, 1 },
	{ "entities",
	    "<a href='https://a.test/?a=1&amp;b=2'>D&eacute;sabonner"
	    "&nbsp;&#x20AC;</a>",
	    "https://a.test/?a=1&b=2", "D\303\251sabonner \342\202\254", "",
	    HTML_SHOWN, 1 },
	{ "broken entities", "<a href='x?a&copy=&#xfffffff;'>&amp&nosuch;&</a>",
	    "x?a&copy=", "&amp&nosuch;&", "", HTML_SHOWN, 1 },
	{ "an image", "<a href=u><img src=i alt='Unsubscribe'></a>", "u",
	    "Unsubscribe", "", HTML_SHOWN, 1 },
	{ "an image without words", "<a href=u><img src=i></a>", "u", "", "",
	    HTML_SHOWN, 1 },
	{ "a title", "<a href=u title=' Leave '>x</a>", "u", "x", "Leave",
	    HTML_SHOWN, 1 },
	{ "aria-label before title", "<a href=u title=a aria-label=b>x</a>",
	    "u", "x", "b", HTML_SHOWN, 1 },
	{ "an area of an image map", "<map><area href=u alt=Leave></map>", "u",
	    "Leave", "", HTML_SHOWN, 1 },
	{ "no end", "<a href=u>all the rest", "u", "all the rest", "",
	    HTML_SHOWN, 1 },
	{ "an anchor is no link", "<a name=u>x</a>", NULL, "", "", HTML_SHOWN,
	    0 },
	{ "in a comment", "<!-- <a href=u>x</a> -->", NULL, "", "", HTML_SHOWN,
	    0 },
	{ "in a script", "<script>'<a href=u>x</a>'</script>", NULL, "", "",
	    HTML_SHOWN, 0 },
	{ "for Outlook alone", "<!--[if mso]><a href=u>x</a><![endif]-->", NULL,
	    "", "", HTML_SHOWN, 0 },
	{ "hidden by itself", "<a href=u style='display:none'>x</a>", "u", "x",
	    "", HTML_DISPLAY, 1 },
	{ "hidden around it",
	    "<div style='x:y; DISPLAY : none !important'><p><a href=u>x</a>",
	    "u", "x", "", HTML_DISPLAY, 1 },
	{ "what follows is not hidden",
	    "<div style='display:none'>y</div><a href=u>x</a>", "u", "x", "",
	    HTML_SHOWN, 1 },
	{ "hidden within", "<a href=u><span style='font-size:0'>x</span></a>",
	    "u", "", "", HTML_SHOWN, 1 },
};

static void
links_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		struct html h = read_html(slice_str(links[i].body));
		const char *title = links[i].title;

		if (h.n_links != (links[i].href != NULL))
			fail_msg("%s: %zu links", title, h.n_links);
		assert_null(h.cut);
		if (h.n_links == 0)
			continue;
		is_text(title, h.links[0].href, links[i].href);
		is_text(title, h.links[0].text, links[i].text);
		is_text(title, h.links[0].label, links[i].label);
		if (h.links[0].hidden != links[i].hidden)
			fail_msg("%s: %s", title,
			    html_way_name(h.links[0].hidden));
		if (h.links[0].line != links[i].line)
			fail_msg("%s: line %zu", title, h.links[0].line);
	}
}

static void
what_stands_around_a_link_is_known(void **state)
{
	struct html h = read_html(
	    SLICE_LIT("<p>One.</p><td>To leave us, <a href=1>click</a> now."
		      "<br>Or <a href=2>stay</a></td>"));

	(void)state;
	assert_int_equal(h.n_links, 2);
	is_text("first", h.links[0].around, "To leave us, click now.");
	is_text("second", h.links[1].around, "Or stay");
	is_text("all", h.text, "One.\nTo leave us, click now.\nOr stay\n");
}

/* ---- hidden text ------------------------------------------------------- */

#define HIDE(style) "<p>a</p><p style=\"" style "\">b</p>"

static const struct {
	const char *title;
	const char *body;
	const char *text; /* of the first stretch; NULL: none is hidden */
	enum html_way way;
	bool preheader;
} hidden[] = {
	{ "nothing", "<p>a</p>", NULL, HTML_SHOWN, false },
	{ "display:none", HIDE("display:none"), "b", HTML_DISPLAY, false },
	{ "visibility", HIDE("visibility: hidden"), "b", HTML_VISIBILITY,
	    false },
	{ "no size", HIDE("font-size:0"), "b", HTML_FONT_SIZE, false },
	{ "one pixel", HIDE("font-size: 1px;"), "b", HTML_FONT_SIZE, false },
	{ "half a pixel", HIDE("font-size:.5px"), "b", HTML_FONT_SIZE, false },
	{ "two pixels", HIDE("font-size:2px"), NULL, HTML_SHOWN, false },
	{ "one and a half", HIDE("font-size:1.5px"), NULL, HTML_SHOWN, false },
	{ "one em", HIDE("font-size:1em"), NULL, HTML_SHOWN, false },
	{ "ten pixels", HIDE("font-size:10px"), NULL, HTML_SHOWN, false },
	{ "a size in words", HIDE("font-size:small"), NULL, HTML_SHOWN, false },
	{ "opacity", HIDE("opacity:0.0"), "b", HTML_OPACITY, false },
	{ "little opacity", HIDE("opacity:.01"), NULL, HTML_SHOWN, false },
	{ "no height", HIDE("max-height:0px;overflow:hidden"), "b", HTML_HEIGHT,
	    false },
	{ "no height, but it overflows", HIDE("height:0"), NULL, HTML_SHOWN,
	    false },
	{ "white on white",
	    "<p>a</p><table bgcolor=FFFFFF><tr><td style='color:#fff'>b", "b",
	    HTML_COLOR, false },
	{ "white on white in other words",
	    HIDE("background-color:rgb(255, 255, 255);color:white"), "b",
	    HTML_COLOR, false },
	{ "white on blue", HIDE("background:#00f;color:white"), NULL,
	    HTML_SHOWN, false },
	{ "white on an image", HIDE("background:url(x);color:white"), NULL,
	    HTML_SHOWN, false },
	{ "white on what is not said", HIDE("color:white"), NULL, HTML_SHOWN,
	    false },
	{ "the attribute", "<p>a</p><p hidden>b</p>", "b", HTML_DISPLAY,
	    false },
	{ "no size around, but a size within",
	    "<p>a</p><td style='font-size:0px'><p style='font-size:13px'>b</p>",
	    NULL, HTML_SHOWN, false },
	{ "visible within invisible",
	    "<p>a</p><div style='visibility:hidden'><p "
	    "style='visibility:visible'>b",
	    NULL, HTML_SHOWN, false },
	{ "displayed within what is not",
	    "<p>a</p><div style='display:none'><p style='display:block'>b", "b",
	    HTML_DISPLAY, false },
	{ "at the very start", "<div style='display:none'>b</div><p>a</p>", "b",
	    HTML_DISPLAY, true },
	{ "filled up with what has no ink",
	    "<div style='display:none'>b&nbsp;&zwnj;&nbsp;&zwnj;&#847;</div>a",
	    "b", HTML_DISPLAY, true },
	{ "only blanks", "<p>a</p><div style='display:none'>&nbsp; </div>",
	    NULL, HTML_SHOWN, false },
	{ "a script is not hidden text", "<p>a</p><script>b</script>", NULL,
	    HTML_SHOWN, false },
	{ "nor is a title", "<head><title>b</title></head><p>a</p>", NULL,
	    HTML_SHOWN, false },
};

static void
hidden_text_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++) {
		struct html h = read_html(slice_str(hidden[i].body));
		const char *title = hidden[i].title;

		if (h.n_hidden != (hidden[i].text != NULL))
			fail_msg("%s: %zu stretches", title, h.n_hidden);
		if (h.n_hidden == 0)
			continue;
		is_text(title, h.hidden[0].text, hidden[i].text);
		if (h.hidden[0].way != hidden[i].way)
			fail_msg("%s: %s", title,
			    html_way_name(h.hidden[0].way));
		if (h.hidden[0].preheader != hidden[i].preheader)
			fail_msg("%s: preheader", title);
	}
}

/* ---- limits ------------------------------------------------------------ */

struct repeated {
	const char *title;
	const char *before;
	const char *again; /* to the size wanted */
	size_t size;
	const char *cut;
	size_t links;
};

static const struct repeated bombs[] = {
	{ "links", "", "<a href=u>x</a>", 1 << 20,
	    "there are more links than are looked at", LIMIT_HTML_LINKS },
	{ "nested", "<a href=u>x</a>", "<div>", 1 << 20,
	    "its elements are too deep in each other", 1 },
	{ "ends without a beginning", "<b><b><b><b><b><a href=u>x</a>", "</i>",
	    1 << 20, NULL, 1 },
	{ "an endless tag", "<a href=u>x</a><b ", "a ", 1 << 20,
	    "a tag or a stretch of text in it is too long", 1 },
	{ "an endless comment", "<a href=u>x</a><!--", "- >", 1 << 20,
	    "a tag or a stretch of text in it is too long", 1 },
	{ "one too long", "<a href=u>x</a>", "<br>", (1 << 20) + 4,
	    "it is longer than one MiB", 1 },
	{ "hidden, shown, hidden", "<a href=u>x</a>",
	    "<i hidden>a</i><b style=font-size:0>b</b>", 1 << 20,
	    "there is more hidden text than is kept", 1 },
};

static void
limits_are_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bombs) / sizeof(*bombs); i++) {
		const struct repeated *b = &bombs[i];
		struct buf all;
		struct html h;

		buf_init(&all, 2 * LIMIT_HTML);
		buf_add_str(&all, b->before);
		while (all.n + strlen(b->again) <= b->size)
			buf_add_str(&all, b->again);
		assert_false(all.failed);
		h = read_html(buf_slice(&all));
		buf_free(&all);
		if ((h.cut == NULL) != (b->cut == NULL) ||
		    (h.cut != NULL && strcmp(h.cut, b->cut) != 0))
			fail_msg("%s: %s", b->title, h.cut);
		if (h.n_links != b->links)
			fail_msg("%s: %zu links", b->title, h.n_links);
		is_text(b->title, h.links[0].text, "x");
	}
}

static void
any_octets_are_read(void **state)
{
	static const unsigned char odd[] = "<a href=u>x\0y\377\376</a>\0<";
	struct html h = read_html(slice_of(odd, sizeof(odd) - 1));

	(void)state;
	assert_int_equal(h.n_links, 1);
	h = read_html(SLICE_LIT(""));
	assert_int_equal(h.n_links, 0);
	assert_int_equal(h.text.n, 0);
}

static enum rc
run_html(struct arena *a)
{
	struct html h;
	enum rc rc = html_read(a,
	    SLICE_LIT("<div style=display:none>b</div><a href=u title=t>x</a>"
		      "<a href=v><img alt=w></a><a href=w>a</a><a href=x>b</a>"
		      "<a href=y>c</a><p hidden>d"),
	    &h);

	if (rc)
		return rc;
	assert_int_equal(h.n_links, 5);
	assert_int_equal(h.n_hidden, 2);
	return RC_OK;
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	arena_sweep(run_html);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_are_read),
		cmocka_unit_test(what_stands_around_a_link_is_known),
		cmocka_unit_test(hidden_text_is_found),
		cmocka_unit_test(limits_are_said),
		cmocka_unit_test(any_octets_are_read),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
