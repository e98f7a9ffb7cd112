#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "message/words.h"
#include "with_arena.h"

WITH_ARENA(1 << 20, 4096)

/* ---- folding ----------------------------------------------------------- */

static const struct {
	const char *text;
	const char *folded;
} folds[] = {
	{ "Unsubscribe HERE", "unsubscribe here" },
	{ "  a \t b\n c-d ", "a b\nc d " },
	{ "D\u00c9SABONNER d\u00e9sabonner", "desabonner desabonner" },
	/* The same with combining accents. */
	{ "De\u0301sabonner", "desabonner" },
	/* Turkish: dotted and dotless, in both cases. */
	{ "ABONEL\u0130KTEN \u00c7IKI\u015e \u0131i", "abonelikten cikis ii" },
	/* German sz, small and capital. */
	{ "Stra\u00dfe STRASSE STRA\u1e9eE K\u00fcndigen",
	    "strasse strasse strasse kundigen" },
	/* Greek: capitals have no accents, and a final sigma is a sigma. */
	{ "\u0394\u0399\u0391\u0393\u03a1\u0391\u03a6\u0397 "
	  "\u03b4\u03b9\u03b1\u03b3\u03c1\u03b1\u03c6\u03ae "
	  "\u039b\u038c\u0393\u039f\u03a3 \u03bb\u03cc\u03b3\u03bf\u03c2",
	    "\u03b4\u03b9\u03b1\u03b3\u03c1\u03b1\u03c6\u03b7 "
	    "\u03b4\u03b9\u03b1\u03b3\u03c1\u03b1\u03c6\u03b7 "
	    "\u03bb\u03bf\u03b3\u03bf\u03c3 \u03bb\u03bf\u03b3\u03bf\u03c3" },
	/* Cyrillic, with io, short i and Ukrainian ji and g. */
	{ "\u041e\u0422\u041f\u0418\u0421\u0410\u0422\u042c\u0421\u042f "
	  "\u0401\u0439\u0407\u0490",
	    "\u043e\u0442\u043f\u0438\u0441\u0430\u0442\u044c\u0441\u044f "
	    "\u0435\u0438\u0456\u0491" },
	{ "\u0531\u0562 \u1c90", "\u0561\u0562 \u10d0" },
	{ "\u1ee6y \u0110\u0103ng K\u00fd", "uy dang ky" },
	{ "\uff35\uff2e\uff33\uff35\uff22 \uff01", "unsub !" },
	{ "un\u00adsub\u200bscribe a\u00a0b", "unsubscribe a b" },
	{ "don\u2019t \u2014 x", "don't x" },
	{ "\u0625\u0644\u063a\u0627\u0621", "\u0627\u0644\u063a\u0627\u0621" },
	{ "bad \377\200 octets", "bad \377\200 octets" },
	{ "\u914d\u4fe1\u3000\u505c\u6b62 \U0001f600",
	    "\u914d\u4fe1 \u505c\u6b62 \U0001f600" },
	{ "", "" },
};

static void
text_is_folded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(folds) / sizeof(*folds); i++) {
		struct slice got = fold_text(arena, slice_str(folds[i].text));

		assert_true(got.p != NULL);
		if (!slice_eq(got, slice_str(folds[i].folded)))
			fail_msg("\"%s\": \"%.*s\"", folds[i].text,
			    SLICE_FMT(got));
		/* What is folded stays as it is. */
		assert_true(slice_eq(fold_text(arena, got), got));
	}
}

static void
no_code_point_grows(void **state)
{
	(void)state;
	for (uint32_t c = 0x80; c < 0x30000; c++) {
		unsigned char four[4] = { (unsigned char)(0xf0 | c >> 18),
			(unsigned char)(0x80 | (c >> 12 & 0x3f)),
			(unsigned char)(0x80 | (c >> 6 & 0x3f)),
			(unsigned char)(0x80 | (c & 0x3f)) };
		unsigned char three[3] = { (unsigned char)(0xe0 | c >> 12),
			four[2], four[3] };
		unsigned char two[2] = { (unsigned char)(0xc0 | c >> 6),
			four[3] };
		struct slice in = slice_of(four, 4), out;

		if (c < 0x800)
			in = slice_of(two, 2);
		else if (c < 0x10000)
			in = slice_of(three, 3);
		if (!utf8_valid(in))
			continue;
		arena_reset(arena);
		out = fold_text(arena, in);
		if (out.p == NULL || out.n > in.n || !utf8_valid(out))
			fail_msg("U+%04X", c);
	}
}

/* ---- finding ----------------------------------------------------------- */

static const struct {
	const char *text;
	enum words_kind kind;
} texts[] = {
	/* a line a language, as such mail has it */
	{ "Click here to UNSUBSCRIBE.", WORDS_UNSUBSCRIBE },
	{ "Vom Newsletter abmelden", WORDS_UNSUBSCRIBE },
	{ "NEWSLETTER K\u00dcNDIGEN", WORDS_UNSUBSCRIBE },
	{ "Se d\u00e9sabonner", WORDS_UNSUBSCRIBE },
	{ "SE DESINSCRIRE", WORDS_UNSUBSCRIBE },
	{ "Darse de baja", WORDS_UNSUBSCRIBE },
	{ "Cancelar suscripci\u00f3n", WORDS_UNSUBSCRIBE },
	{ "CANCELAR INSCRI\u00c7\u00c3O", WORDS_UNSUBSCRIBE },
	{ "Annulla l\u2019iscrizione", WORDS_UNSUBSCRIBE },
	{ "Uitschrijven", WORDS_UNSUBSCRIBE },
	{ "Avregistrera dig h\u00e4r", WORDS_UNSUBSCRIBE },
	{ "Afmeld nyhedsbrev", WORDS_UNSUBSCRIBE },
	{ "Meld deg av nyhetsbrevet", WORDS_UNSUBSCRIBE },
	{ "Peruuta tilaus", WORDS_UNSUBSCRIBE },
	{ "Afskr\u00e1 mig", WORDS_UNSUBSCRIBE },
	{ "Wypisz si\u0119", WORDS_UNSUBSCRIBE },
	{ "ODHL\u00c1SIT SE", WORDS_UNSUBSCRIBE },
	{ "Odhl\u00e1si\u0165 sa", WORDS_UNSUBSCRIBE },
	{ "Odjava", WORDS_UNSUBSCRIBE },
	{ "Leiratkoz\u00e1s a h\u00edrlev\u00e9lr\u0151l", WORDS_UNSUBSCRIBE },
	{ "Dezabonare", WORDS_UNSUBSCRIBE },
	{ "\u041e\u0422\u041f\u0418\u0421\u0410\u0422\u042c\u0421\u042f",
	    WORDS_UNSUBSCRIBE },
	{ "\u0412\u0456\u0434\u043f\u0438\u0441\u0430\u0442\u0438\u0441\u044f",
	    WORDS_UNSUBSCRIBE },
	{ "\u041e\u0442\u043f\u0438\u0441\u0432\u0430\u043d\u0435",
	    WORDS_UNSUBSCRIBE },
	{ "\u0394\u0399\u0391\u0393\u03a1\u0391\u03a6\u0397",
	    WORDS_UNSUBSCRIBE },
	{ "ABONEL\u0130KTEN \u00c7IK", WORDS_UNSUBSCRIBE },
	{ "abonelikten \u00e7\u0131kmak i\u00e7in", WORDS_UNSUBSCRIBE },
	{ "Loobu uudiskirjast", WORDS_UNSUBSCRIBE },
	{ "Atrakst\u012bties", WORDS_UNSUBSCRIBE },
	{ "Atsisakyti naujienlai\u0161kio", WORDS_UNSUBSCRIBE },
	{ "Cancel\u00b7lar la subscripci\u00f3", WORDS_UNSUBSCRIBE },
	{ "\u0625\u0644\u063a\u0627\u0621 "
	  "\u0627\u0644\u0627\u0634\u062a\u0631\u0627\u0643",
	    WORDS_UNSUBSCRIBE },
	{ "\u05dc\u05d4\u05e1\u05e8\u05d4 \u05de\u05e8\u05e9\u05d9\u05de\u05ea",
	    WORDS_UNSUBSCRIBE },
	{ "\u0644\u063a\u0648 \u0627\u0634\u062a\u0631\u0627\u06a9",
	    WORDS_UNSUBSCRIBE },
	{ "\u0e22\u0e01\u0e40\u0e25\u0e34\u0e01\u0e01\u0e32\u0e23\u0e23\u0e31"
	  "\u0e1a\u0e02\u0e48\u0e32\u0e27",
	    WORDS_UNSUBSCRIBE },
	{ "H\u1ee7y \u0111\u0103ng k\u00fd", WORDS_UNSUBSCRIBE },
	{ "Berhenti berlangganan", WORDS_UNSUBSCRIBE },
	{ "\u3053\u306e\u30e1\u30fc\u30eb\u306e\u914d\u4fe1\u505c\u6b62\u306f"
	  "\u3053\u3061\u3089",
	    WORDS_UNSUBSCRIBE },
	{ "\u70b9\u51fb\u8fd9\u91cc\u9000\u8ba2\u90ae\u4ef6",
	    WORDS_UNSUBSCRIBE },
	{ "\u53d6\u6d88\u8a02\u95b1", WORDS_UNSUBSCRIBE },
	{ "\uc218\uc2e0\uac70\ubd80\ub97c \uc6d0\ud558\uc2dc\uba74",
	    WORDS_UNSUBSCRIBE },
	/* ASCII among letters that need no spaces */
	{ "unsubscribe\u306f\u3053\u3061\u3089", WORDS_UNSUBSCRIBE },
	{ "To opt-out, click", WORDS_UNSUBSCRIBE },
	{ "If you don\u2019t want to receive", WORDS_UNSUBSCRIBE },
	{ "un\u00adsub\u00adscribe", WORDS_UNSUBSCRIBE },
	/* to a page of preferences */
	{ "Manage your preferences", WORDS_PREFERENCES },
	{ "E-Mail-Einstellungen", WORDS_PREFERENCES },
	{ "G\u00e9rer mes pr\u00e9f\u00e9rences", WORDS_PREFERENCES },
	{ "\u914d\u4fe1\u8a2d\u5b9a", WORDS_PREFERENCES },
	{ "Manage preferences or unsubscribe", WORDS_UNSUBSCRIBE },
	/* neither */
	{ "Subscribe to our newsletter", WORDS_NONE },
	{ "Jetzt anmelden", WORDS_NONE },
	{ "The adoption of our laptops", WORDS_NONE },
	{ "unsubtle", WORDS_NONE },
	{ "laptop outlet", WORDS_NONE },
	{ "\u041f\u043e\u0434\u043f\u0438\u0441\u0430\u0442\u044c\u0441\u044f",
	    WORDS_NONE },
	{ "\u914d\u4fe1", WORDS_NONE },
	{ "x", WORDS_NONE },
	{ "", WORDS_NONE },
	{ "\377\200\301", WORDS_NONE },
};

static void
words_of_many_languages_are_found(void **state)
{
	const struct words *words;

	(void)state;
	arena_reset(arena);
	words = words_new(arena);
	assert_non_null(words);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct slice folded =
		    fold_text(arena, slice_str(texts[i].text));

		if (words_find(words, folded) != texts[i].kind)
			fail_msg("%s: kind %d", texts[i].text,
			    (int)words_find(words, folded));
	}
}

/* Each word of the file is found in itself, as it is and in the middle. */
static void
each_word_is_found_in_itself(void **state)
{
	struct slice text = slice_of(words_files[0].text, words_files[0].size),
		     line;
	const struct words *words;
	size_t n = 0, sections = 0;

	(void)state;
	arena_reset(arena);
	words = words_new(arena);
	while (slice_line(&text, &line)) {
		if (slice_starts(line, SLICE_LIT("[unsubscribe ")))
			sections++;
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == '[')
			continue;
		assert_true(utf8_valid(line));
		n++;
		line = arena_slicef(arena, "(%.*s)", SLICE_FMT(line));
		if (words_find(words, fold_text(arena, line)) == WORDS_NONE)
			fail_msg("%.*s", SLICE_FMT(line));
	}
	assert_true(sections >= 40);
	assert_true(n > 700);
}

/* As arena_sweep() has it, but there is too much for steps of eight. */
static void
every_allocation_may_fail(void **state)
{
	const struct words *words = NULL;
	size_t limit, failures = 0;

	(void)state;
	for (limit = 16; words == NULL && limit < 1 << 20; limit += 160) {
		struct arena *a = arena_new(limit, 16);

		assert_non_null(a);
		words = words_new(a);
		assert_int_equal(words == NULL, arena_failed(a));
		failures += words == NULL;
		arena_free(a);
	}
	assert_non_null(words);
	assert_true(failures > 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_folded),
		cmocka_unit_test(no_code_point_grows),
		cmocka_unit_test(words_of_many_languages_are_found),
		cmocka_unit_test(each_word_is_found_in_itself),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
