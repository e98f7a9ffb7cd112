#ifndef TESTS_UNIT_SPF_SCENE_H
#define TESTS_UNIT_SPF_SCENE_H

#include "check_harness.h"
#include "checks/spf/spf_eval.h"
#include "probes/store.h"

/*
 * Evaluations, run as a check that says what came out.  So each scene is
 * played with every one of its questions lost as well: what is said then is
 * the same, or nothing and why.  Of the scene count the domain, the first of
 * the addresses, the HELO name, and mail_from_domain as the local part.
 */
extern const struct check spf_scene, spf_scene_traced;

/* ---- what is in most scenes -------------------------------------------- */

#define IP4                "192.0.2.3"
#define IP6                "2001:db8::cb01"
#define SPF(text)          FOUND("example.com", "TXT", TXT("v=spf1 " text))
#define SPF_AT(name, text) FOUND(name, "TXT", TXT("v=spf1 " text))
#define QUOTED(s)          "\"" s "\""
#define RESULT(s) \
	{ \
		"result", QUOTED(s) \
	}
#define REASON(s) \
	{ \
		"reason", QUOTED(s) \
	}
#define MATCHED(s) \
	{ \
		"matched", QUOTED(s) \
	}
#define FAILING(s) \
	{ \
		"failing", QUOTED(s) \
	}
#define WHERE(s) \
	{ \
		"where", QUOTED(s) \
	}
/* A name that has another address. */
#define OTHER(host) FOUND(host, "A", A("198.51.100.1"))
#define LABEL_63 \
	"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg"

#define PLAYS(name, scenes, check) \
	static void name(void **state) \
	{ \
		(void)state; \
		scenes_play(&(check), scenes); \
	}

/* ---- a recording, and an arena as an audit has it ---------------------- */

struct desk {
	struct arena *arena;
	struct store *store;
	struct pins pins;
	struct asker asker;
	struct subject subject;
	struct check_run run;
	struct spf_records *records; /* of the first evaluation on */
};

/* The recording without its first line. */
void desk_open(struct desk *, const char *title, struct slice recording);
void desk_close(struct desk *);

/* Of IP4 and example.com; everything is in the recording. */
struct spf_outcome desk_evaluate(struct desk *, bool traced);

#endif
