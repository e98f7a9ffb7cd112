#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probes/credentials.h"
#include "probes/postmaster.h"

/* ---- reading ----------------------------------------------------------- */

struct file {
	const char *text;
	const char *id, *secret, *refresh, *access; /* NULL: empty */
};

static const struct file good[] = {
	{ "", NULL, NULL, NULL, NULL },
	{ "# nothing\n\n \t\n", NULL, NULL, NULL, NULL },
	{ "client_id = i\nclient_secret=s\n\trefresh_token\t= r \r\n", "i", "s",
	    "r", NULL },
	{ "access_token = a=b==", NULL, NULL, NULL, "a=b==" },
	{ "token = a\n", NULL, NULL, NULL, "a" },
	/* gcloud auth application-default login */
	{ "{\"account\":\"\",\"client_id\":\"i\",\"client_secret\":\"s\","
	  "\"quota_project_id\":\"p\",\"refresh_token\":\"r\",\"type\":"
	  "\"authorized_user\",\"universe_domain\":\"googleapis.com\"}",
	    "i", "s", "r", NULL },
	/* the console's download of an OAuth client */
	{ "{\"installed\":{\"client_id\":\"i\",\"project_id\":\"p\","
	  "\"token_uri\":\"https://oauth2.googleapis.com/token\","
	  "\"client_secret\":\"s\",\"redirect_uris\":[\"http://localhost\"]}}",
	    "i", "s", NULL, NULL },
	{ " \n{\"web\":{\"client_id\":\"i\"}}\n", "i", NULL, NULL, NULL },
	/* google-auth for Python, and for Node */
	{ "{\"token\":\"a\",\"refresh_token\":\"r\",\"client_id\":\"i\","
	  "\"client_secret\":\"s\",\"scopes\":[\"x\"],\"expiry\":\"2026\"}",
	    "i", "s", "r", "a" },
	{ "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expiry_date\":1,"
	  "\"id_token\":null}",
	    NULL, NULL, "r", "a" },
	{ "{\"refresh_token\":null,\"access_token\":\"a\"}", NULL, NULL, NULL,
	    "a" },
	{ "{\"token\":\"a\",\"access_token\":\"a\"}", NULL, NULL, NULL, "a" },
	{ "{}", NULL, NULL, NULL, NULL },
};

static void
same(const char *is, const char *should)
{
	assert_string_equal(is, should != NULL ? should : "");
}

static void
files_of_googles_tools_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct credentials *c = credentials_new();

		assert_non_null(c);
		print_message("# %s\n", good[i].text);
		assert_null(credentials_read(c, slice_str(good[i].text)).text);
		same(c->client_id, good[i].id);
		same(c->client_secret, good[i].secret);
		same(c->refresh_token, good[i].refresh);
		same(c->access_token, good[i].access);
		credentials_close(&c);
		assert_null(c);
	}
}

static const struct {
	const char *text;
	size_t line;
	const char *what; /* of the fault */
} bad[] = {
	{ "client_id = i\nsecret = s\n", 2, "none of" },
	{ "nonsense", 1, "no key = value" },
	{ "\n\n= x\n", 3, "none of" },
	{ "client_id =\n", 1, "empty" },
	{ "client_id = a b\n", 1, "characters" },
	{ "client_id = \xc3\xa9\n", 1, "characters" },
	{ "client_id = a\nclient_id = b\n", 2, "another" },
	{ "{", 0, "JSON" },
	{ "{\"client_id\":\"i\"} x", 0, "JSON" },
	{ "{\"client_id\":7}", 0, "no string" },
	{ "{\"client_id\":\"\"}", 0, "empty" },
	{ "{\"client_id\":\"a\\nb\"}", 0, "characters" },
	{ "{\"client_id\":\"a\",\"client_id\":\"b\"}", 0, "JSON" },
	{ "{\"token\":\"a\",\"access_token\":\"b\"}", 0, "another" },
	{ "{\"type\":\"service_account\",\"private_key\":\"k\"}", 0,
	    "service account" },
	{ "{\"installed\":{\"client_id\":[]}}", 0, "no string" },
};

static void
what_is_wrong_is_said_without_an_octet_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct credentials *c = credentials_new();
		struct credentials_fault f;

		assert_non_null(c);
		print_message("# %s\n", bad[i].text);
		f = credentials_read(c, slice_str(bad[i].text));
		assert_non_null(f.text);
		assert_int_equal(f.line, bad[i].line);
		assert_true(slice_find(slice_str(f.text),
				slice_str(bad[i].what)) != SIZE_MAX);
		credentials_close(&c);
	}
}

static void
a_value_longer_than_googles_is_refused(void **state)
{
	static char text[CREDENTIAL_MAX + 16] = "client_id=";
	struct credentials *c = credentials_new();

	(void)state;
	assert_non_null(c);
	memset(text + 10, 'x', CREDENTIAL_MAX);
	assert_null(credentials_read(c, slice_str(text)).text);
	text[10 + CREDENTIAL_MAX] = 'x';
	assert_non_null(credentials_read(c, slice_str(text)).text);
	credentials_close(&c);
}

static void
a_refresh_token_needs_its_client(void **state)
{
	struct credentials *c = credentials_new();

	(void)state;
	assert_non_null(c);
	assert_non_null(credentials_lack(c));
	assert_null(credentials_read(c, SLICE_LIT("refresh_token=r")).text);
	assert_non_null(credentials_lack(c));
	assert_null(credentials_read(c, SLICE_LIT("client_id=i")).text);
	assert_non_null(credentials_lack(c));
	assert_null(credentials_read(c, SLICE_LIT("client_secret=s")).text);
	assert_null(credentials_lack(c));
	assert_true(credentials_renewable(c));
	credentials_close(&c);
	c = credentials_new();
	assert_non_null(c);
	assert_true(credentials_renew(c, SLICE_LIT("a")));
	assert_null(credentials_lack(c));
	assert_false(credentials_renewable(c));
	credentials_close(&c);
}

/* ---- use --------------------------------------------------------------- */

static void
a_form_is_encoded(void **state)
{
	static char form[CREDENTIAL_FORM_MAX];
	struct credentials *c = credentials_new();

	(void)state;
	assert_non_null(c);
	assert_null(credentials_read(c,
	    SLICE_LIT("client_id=a.b-c_d~1\nclient_secret=/+&=%\n"
		      "refresh_token=1//x"))
			.text);
	assert_true(credentials_form(c, form));
	assert_string_equal(form,
	    "client_id=a.b-c_d~1&client_secret=%2F%2B%26%3D%25"
	    "&refresh_token=1%2F%2Fx&grant_type=refresh_token");
	/* The longest there can be. */
	memset(c->client_id, '&', CREDENTIAL_MAX);
	memset(c->client_secret, '&', CREDENTIAL_MAX);
	memset(c->refresh_token, '&', CREDENTIAL_MAX);
	assert_true(credentials_form(c, form));
	credentials_close(&c);
}

static void
secrets_are_covered_wherever_they_stand(void **state)
{
	static const struct {
		const char *text, *hidden;
	} texts[] = {
		{ "Bearer access-token!", "Bearer ************!" },
		{ "access-tokenaccess-token", "************************" },
		{ "access-toke", "access-toke" },
		{ "<refresh-token>", "<*************>" },
		{ "short", "short" },
		{ "", "" },
	};
	struct credentials *c = credentials_new();

	(void)state;
	assert_non_null(c);
	assert_null(credentials_read(c,
	    SLICE_LIT("access_token=access-token\nclient_id=short\n"
		      "refresh_token=refresh-token\n"))
			.text);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char octets[64] = "";

		memcpy(octets, texts[i].text, strlen(texts[i].text));
		credentials_hide(c, (unsigned char *)octets,
		    strlen(texts[i].text));
		assert_string_equal(octets, texts[i].hidden);
	}
	credentials_close(&c);
}

static void
a_fresh_token_takes_the_place_of_the_old(void **state)
{
	struct credentials *c = credentials_new();

	(void)state;
	assert_non_null(c);
	assert_true(credentials_renew(c, SLICE_LIT("a-long-one")));
	assert_true(credentials_renew(c, SLICE_LIT("short")));
	assert_string_equal(c->access_token, "short");
	assert_false(credentials_renew(c, SLICE_LIT("")));
	assert_false(credentials_renew(c, SLICE_LIT("a\r\nX: b")));
	assert_string_equal(c->access_token, "");
	credentials_close(&c);
}

/* ---- how long to wait -------------------------------------------------- */

static void
a_server_says_how_long_to_wait(void **state)
{
	static const struct {
		const char *headers;
		unsigned int tries;
		int64_t wait; /* at 1994-11-06T08:49:37Z */
	} waits[] = {
		{ "", 1, 500 },
		{ "", 2, 1000 },
		{ "", 3, 2000 },
		{ "", 200, 3600000 },
		{ "Retry-After: 0\r\n", 3, 0 },
		{ "X: 1\r\nretry-after:  7\r\n", 1, 7000 },
		{ "Retry-After: 3601\r\n", 1, 3600000 },
		{ "Retry-After: 99999999999999999999\r\n", 1, 3600000 },
		{ "Retry-After: -1\r\n", 1, 500 },
		{ "Retry-After: soon\r\n", 2, 1000 },
		{ "Retry-After: Sun, 06 Nov 1994 08:49:40 GMT\r\n", 1, 3000 },
		{ "Retry-After: Sun, 06 Nov 1994 08:49:30 GMT\r\n", 1, 0 },
		{ "Retry-After: Sun, 06 Nov 2094 08:49:30 GMT\r\n", 1,
		    3600000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		print_message("# %s\n", waits[i].headers);
		assert_int_equal(postmaster_wait(slice_str(waits[i].headers),
				     waits[i].tries, 784111777000),
		    waits[i].wait);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_googles_tools_are_read),
		cmocka_unit_test(what_is_wrong_is_said_without_an_octet_of_it),
		cmocka_unit_test(a_value_longer_than_googles_is_refused),
		cmocka_unit_test(a_refresh_token_needs_its_client),
		cmocka_unit_test(a_form_is_encoded),
		cmocka_unit_test(secrets_are_covered_wherever_they_stand),
		cmocka_unit_test(a_fresh_token_takes_the_place_of_the_old),
		cmocka_unit_test(a_server_says_how_long_to_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
