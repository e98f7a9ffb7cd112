/*
 * lint_bench [FILE]
 *
 * Parses and lints a message again and again: all at once, and each part by
 * itself.  Prints microseconds and megabytes a second of each.  Without a file
 * it is a plain one of 10 KB.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "message/fields.h"
#include "message/lines.h"
#include "message/mime.h"

enum { TIMES = 20000, ROUNDS = 5, PLAIN = 10 * 1024, BLOCK = 64 * 1024 };

static const char head[] =
    "Return-Path: <bounces+7731@shop.example>\r\n"
    "Received: from mailer.shop.example (mailer.shop.example. "
    "[203.0.113.25])\r\n"
    "        by mx.google.com with ESMTPS id d2e1a72fcca58-77e4c6\r\n"
    "        for <reader@gmail.com>\r\n"
    "        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\r\n"
    "        Fri, 20 Nov 2026 02:14:09 -0800 (PST)\r\n"
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=shop.example;\r\n"
    "        s=s2026; h=from:to:subject:date:message-id:mime-version;\r\n"
    "        bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n"
    "        b=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZVoG4ZHRNiYzR\r\n"
    "Date: Fri, 20 Nov 2026 10:14:03 +0000\r\n"
    "From: \"The Shop\" <news@shop.example>\r\n"
    "To: Reader <reader@gmail.com>\r\n"
    "Subject: Winter coats: 20 % off until Sunday\r\n"
    "Message-ID: <20261120101403.7731@mailer.shop.example>\r\n"
    "List-Unsubscribe: <https://shop.example/unsubscribe?c=7731&r=Zk3uQ9>\r\n"
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "\r\n";

static const char line[] =
    "Winter coats are 20 % off until Sunday, and so are boots (all sizes).\r\n";

static void
die(const char *why)
{
	(void)fprintf(stderr, "lint_bench: %s\n", why);
	exit(2);
}

static struct slice
plain_message(void)
{
	static unsigned char text[PLAIN + sizeof(line)];
	size_t n = sizeof(head) - 1;

	memcpy(text, head, n);
	for (; n < PLAIN; n += sizeof(line) - 1)
		memcpy(text + n, line, sizeof(line) - 1);
	return slice_of(text, n);
}

static struct slice
file_message(const char *path)
{
	unsigned char *text = malloc(LIMIT_MESSAGE);
	FILE *f = fopen(path, "rb");
	size_t n;

	if (text == NULL || f == NULL)
		die("cannot read the message");
	n = fread(text, 1, LIMIT_MESSAGE, f);
	(void)fclose(f);
	return slice_of(text, n);
}

static double
seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- what is measured -------------------------------------------------- */

struct job {
	struct arena *arena;
	struct slice octets;
	struct message message;
	struct lint lint;
};

static void
do_parse(struct job *j)
{
	if (message_parse(j->arena, j->octets, &j->message) != RC_OK)
		die("cannot parse the message");
}

static void
do_lines(struct job *j)
{
	(void)lines_lint(&j->lint, &j->message);
}

static void
do_fields(struct job *j)
{
	struct fields f;

	fields_find(&j->message, &f);
	if (fields_lint(&j->lint, &j->message, &f, 1795287031) != RC_OK)
		die("cannot lint the header");
}

static void
do_mime(struct job *j)
{
	struct mime mime;

	if (mime_parse(j->arena, &j->message, &j->lint, &mime) != RC_OK)
		die("cannot take the message apart");
}

static void
do_all(struct job *j)
{
	do_parse(j);
	do_lines(j);
	do_fields(j);
	do_mime(j);
}

/* The best of some rounds: what disturbs only ever takes longer. */
static void
measure(struct job *j, const char *name, void (*what)(struct job *))
{
	size_t times = TIMES * (size_t)PLAIN / (j->octets.n + 1) + 1;
	double best = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double start = seconds_now(), each;

		for (size_t i = 0; i < times; i++) {
			arena_reset(j->arena);
			j->lint = (struct lint){ .arena = j->arena };
			if (what != do_all)
				do_parse(j);
			if (what != do_parse)
				what(j);
		}
		each = (seconds_now() - start) / (double)times;
		if (round == 0 || each < best)
			best = each;
	}
	(void)printf("%s %.0f MB/s, %.2f us, %zu problems\n", name,
	    (double)j->octets.n / best / 1e6, best * 1e6, j->lint.n);
}

int
main(int argc, char **argv)
{
	struct job j = { .arena = arena_new(LIMIT_AUDIT_ARENA, BLOCK) };

	if (j.arena == NULL)
		die("out of memory");
	j.octets = argc > 1 ? file_message(argv[1]) : plain_message();
	measure(&j, "all", do_all);
	measure(&j, "parse", do_parse);
	measure(&j, "parse+lines", do_lines);
	measure(&j, "parse+fields", do_fields);
	measure(&j, "parse+mime", do_mime);
	arena_free(j.arena);
	return 0;
}
