#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every ceiling of the program, with its reason.  Reaching one is said in the
 * output, never a silent cut.
 */

enum {
	/* --- files --------------------------------------------------- */
	/* A message: twice what Gmail takes (50 MB) still is read. */
	LIMIT_MESSAGE = 100 * 1024 * 1024,
	/* Header fields of one message; Gmail refuses over 5,000. */
	LIMIT_HEADER_FIELDS = 100 * 1000,
	/* Addresses in one header field. */
	LIMIT_ADDRESSES = 10 * 1000,
	/* Nested comments or groups in one header field. */
	LIMIT_COMMENT_DEPTH = 50,
	/* A domain name as typed: 253 code points of UTF-8. */
	LIMIT_DOMAIN_TEXT = 1012,
	/* Internationalized domains of one mail; most have none. */
	LIMIT_IDN_DOMAINS = 32,
	/* Received fields looked at: RFC 5321 6.3 takes 100 for a loop. */
	LIMIT_RECEIVED = 100,
	/* One trace field (Received, Authentication-Results, ...). */
	LIMIT_TRACE_FIELD = 16 * 1024,
	/* One header field taken apart; Gmail refuses over 32 KB of most. */
	LIMIT_FIELD = 1024 * 1024,
	/* What taking it apart may hold. */
	LIMIT_FIELD_ARENA = 8 * 1024 * 1024,
	/* Parts of one message; Gmail refuses far fewer attachments. */
	LIMIT_MIME_PARTS = 1000,
	/* Parts within parts: as Postfix and Dovecot have it. */
	LIMIT_MIME_DEPTH = 100,
	/* Parameters of one Content-Type; sections of RFC 2231 count. */
	LIMIT_MIME_PARAMETERS = 64,
	/* One parameter, decoded: a file name has 255 octets. */
	LIMIT_MIME_PARAMETER = 1024,
	/* Of one text, decoded, what is looked at; Gmail shows 102 KB. */
	LIMIT_MIME_TEXT = 1024 * 1024,
	/* Of HTML, decoded, what Gmail shows before "[Message clipped]". */
	GMAIL_CLIPS = 102 * 1024,
	/* One name or value of a trace field as it is shown; a host has 253. */
	LIMIT_HOP_TEXT = 256,
	/* Results of all Authentication-Results fields; one has some five. */
	LIMIT_AUTH_RESULTS = 200,
	/* Properties of one of them. */
	LIMIT_AUTH_PROPERTIES = 20,
	/* A rule pack. */
	LIMIT_PACK = 1024 * 1024,
	/* What a provider's dashboard exports: a year of days has 10 KiB. */
	LIMIT_SPAM_EXPORT = 4 * 1024 * 1024,
	/* Days after which what a provider published may well have changed. */
	LIMIT_FRESH_DAYS = 180,
	/* Nesting of one rule expression. */
	LIMIT_EXPRESSION_DEPTH = 100,
	/* Different facts that one rule expression names. */
	LIMIT_EXPRESSION_FACTS = 256,
	/* Rules of which each extends the next; two are usual. */
	LIMIT_RULE_EXTENDS = 16,
	/* Combinations of what facts can be, in which a rule is tried. */
	LIMIT_DOUBT_TRIES = 20 * 1000,
	/* A fallback of a fallback is already hard to read. */
	LIMIT_TEMPLATE_DEPTH = 4,
	/* Work of one evaluation: nested any() over long lists multiplies. */
	LIMIT_EXPRESSION_STEPS = 1000 * 1000,
	/* One regular expression over one text, as PCRE2 counts. */
	LIMIT_REGEX_MATCHES = 10 * 1000,
	LIMIT_REGEX_DEPTH = 1000,
	LIMIT_REGEX_HEAP_KIB = 1024,
	/* A pattern; also bounds what its compilation takes. */
	LIMIT_REGEX_PATTERN = 4096,
	/* One line of a recording: an HTTP body at its ceiling, escaped. */
	LIMIT_EVIDENCE_LINE = 8 * 1024 * 1024,
	/* A question or an answer as a report shows it; a key has 800. */
	LIMIT_EVIDENCE_TEXT = 4096,
	/* A recording, read whole for --replay. */
	LIMIT_RECORDING = 1 << 30,
	/* A file of trust anchors; the system's has 200 KiB. */
	LIMIT_CA_FILE = 16 * 1024 * 1024,
	/* A public suffix list; that of 2026 has 330 KiB. */
	LIMIT_SUFFIX_LIST = 4 * 1024 * 1024,
	/* A saved document that a pipe brings, which goes to disk first. */
	LIMIT_DOCUMENT = 1024 * 1024 * 1024,
	/* What of one is held at a time: an audit, or all but its audits. */
	LIMIT_DOCUMENT_PART = 128 * 1024 * 1024,
	/* Brackets in brackets; documents have a dozen, jansson takes 2,048. */
	LIMIT_JSON_DEPTH = 1000,
	/* One of two that are compared: 3,000 audits and more. */
	LIMIT_DIFF_DOCUMENT = 256 * 1024 * 1024,
	/* Facts of one audit that differ; who changed that many, changed all. */
	LIMIT_DIFF_FACTS = 1000,
	/* A list of domains: one line. */
	LIMIT_LIST_LINE = 64 * 1024,
	/* A zone file; a million records have some 60 MB. */
	LIMIT_ZONE_FILE = 128 * 1024 * 1024,
	/* What it may hold, taken apart. */
	LIMIT_ZONE_ARENA = 512 * 1024 * 1024,
	/* Records of one; senders' zones have a hundred. */
	LIMIT_ZONE_RECORDS = 1000 * 1000,
	/* One of them as written: 64 KiB, with four octets for each. */
	LIMIT_ZONE_ENTRY = 512 * 1024,

	/* --- HTML bodies --------------------------------------------- */
	/* Gmail shows 102 KB of one. */
	LIMIT_HTML = 1024 * 1024,
	/* Elements in each other; libxml2 makes no tree of more either. */
	LIMIT_HTML_DEPTH = 256,
	/* What it takes and reports nothing: it is quadratic in attributes. */
	LIMIT_HTML_TOKEN = 256 * 1024,
	LIMIT_HTML_LINKS = 10 * 1000,
	/* Stretches of hidden text that are kept. */
	LIMIT_HTML_HIDDEN = 1000,
	/* On either side of a link: a sentence of words. */
	HTML_AROUND = 200,
	/* Of one line of plain text; mail has 998 (RFC 5322 2.1.1). */
	LIMIT_TEXT_LINE = 16 * 1024,

	/* --- memory -------------------------------------------------- */
	/* What one audit may hold besides its evidence. */
	LIMIT_AUDIT_ARENA = 16 * 1024 * 1024,
	/* All rule packs of one run, compiled. */
	LIMIT_RULES_ARENA = 32 * 1024 * 1024,
	/* What one answer may hold. */
	LIMIT_ANSWER_ARENA = 4 * 1024 * 1024,
	/* Answers kept for reuse once no audit holds them. */
	LIMIT_STORE_IDLE = 2 * 1024 * 1024,
	/* One audit's questions; a guard against a check that runs away. */
	LIMIT_QUESTIONS = 2000,
	/* Lists, paths and packs of one command: a million domains fit. */
	LIMIT_COMMAND_ARENA = 256 * 1024 * 1024,
	/* Audits that wait for an earlier one's output. */
	LIMIT_AUDITS_WAITING = 256,
	/* One audit as a view shows it: all its facts as JSON and more. */
	LIMIT_RENDERED = 64 * 1024 * 1024,
	/* What is rendered before its place has come; more goes into a file. */
	LIMIT_SPOOL = 4 * 1024 * 1024,
	/* Audits, clusters and facts that a ticket tells in full: it is read. */
	LIMIT_MARKDOWN_DETAILED = 20,

	/* --- DNS ----------------------------------------------------- */
	LIMIT_DNS_MESSAGE = 65535, /* RFC 1035 4.2.2 */
	LIMIT_DNS_RECORDS = 4096,  /* more than fits in 64 KiB of use */
	LIMIT_DNS_CNAMES = 16,     /* as BIND and unbound follow */
	LIMIT_DNS_POINTERS = 128,  /* compression pointers in one name */
	DNS_EDNS_SIZE = 1232,      /* DNS flag day 2020 */
	LIMIT_DNS_RESOLVERS = 16,
	LIMIT_DNS_UNDER_WAY = 2000, /* queries at one resolver */
	/*
	 * Of these, so many that it may not have read yet (DNS_UNREAD_MS): at
	 * 1,024 octets of the kernel's memory each they fit into three quarters
	 * of a receive buffer of the usual 212,992 octets; the kernel may be
	 * slow to free the rest.  Without this some were lost three times.
	 */
	LIMIT_DNS_BURST = 128,
	DNS_UNREAD_MS = 50,
	DNS_EPOCH_MS = 10, /* over which answers are counted */
	/* Times that a resolver may fail to know EDNS, till it is not used. */
	LIMIT_DNS_FORMERR = 8,
	/* What waits in a socket, in octets: no burst of answers is lost. */
	LIMIT_DNS_SOCKET = 4 * 1024 * 1024,
	/* Name servers asked directly whose sockets are kept, though idle. */
	DNS_DIRECT_KEPT = 64,
	LIMIT_DNS_DIRECT = 400, /* at once; each a descriptor or two */

	/* --- SMTP ---------------------------------------------------- */
	LIMIT_SMTP_LINE = 2048, /* RFC 5321 4.5.3.1.5 asks for 512 */
	LIMIT_SMTP_REPLY_LINES = 128,
	LIMIT_SMTP_TRANSCRIPT = 32 * 1024,
	LIMIT_SMTP_AT_ONCE = 64,    /* conversations; each a descriptor */
	LIMIT_SMTP_PER_ADDRESS = 4, /* as servers limit what one client has */
	LIMIT_CERTIFICATES = 16,
	LIMIT_CERTIFICATE = 64 * 1024,

	/* --- HTTP ---------------------------------------------------- */
	LIMIT_HTTP_HEADERS = 64 * 1024,
	LIMIT_HTTP_BODY = 64 * 1024, /* RFC 8461 3.2 suggests 64 KB */
	/* Of the answer to a POST, which is kept as long as the run. */
	LIMIT_POST_BODY = 1024,

	/* --- Gmail Postmaster Tools ---------------------------------- */
	/* A file of credentials; Google's have 400 octets. */
	LIMIT_CREDENTIALS = 64 * 1024,
	/* An answer of the API: a page of 200 rows has 50 KB. */
	LIMIT_POSTMASTER_BODY = 256 * 1024,
	/* An answer with an access token, which has 2 KB at most. */
	LIMIT_TOKEN_BODY = 16 * 1024,
	/* Pages of one query; 30 days of 10 metrics take two. */
	LIMIT_POSTMASTER_PAGES = 20,
	/* Octets of a text of Google's that are shown. */
	LIMIT_POSTMASTER_TEXT = 300,

	/* --- what is asked ------------------------------------------- */
	LIMIT_PTR_NAMES = 32,    /* of one address, resolved back */
	LIMIT_MX_HOSTS = 32,     /* of one domain, looked at */
	LIMIT_MX_ADDRESSES = 16, /* of one host, connected to */
	LIMIT_TREE_WALK = 8,     /* RFC 9989 4.10 */
	/* Of rua and ruf, whose targets are asked; 2 of each must be used. */
	LIMIT_REPORT_URIS = 16,
	/* Different domains in From that are told apart; one is right. */
	LIMIT_AUTHOR_DOMAINS = 16,
	/* Different domains in Reply-To that are asked for; one is usual. */
	LIMIT_REPLY_DOMAINS = 16,
	LIMIT_ZONE_NEEDS = 200, /* names and types of a zone file, asked for */
	LIMIT_ZONE_VALUES = 64, /* records of one of them that are compared */
	/* Addresses of a zone's name servers; the root's have 26. */
	LIMIT_AUTHORITIES = 26,
	/* Names and types that each of them is asked for. */
	LIMIT_AUTHORITY_NEEDS = 20,

	/* --- SPF ----------------------------------------------------- */
	SPF_LOOKUPS = 10,   /* RFC 7208 4.6.4: terms that ask */
	SPF_VOIDS = 2,      /* the same: void lookups */
	SPF_MX_NAMES = 10,  /* the same: names of one mx */
	SPF_PTR_NAMES = 10, /* the same: names of one ptr, or of %{p} */
	SPF_SECONDS = 20,   /* the same: for all of an evaluation */
	/* Octets of a record that is kept in parts, and not read each time. */
	LIMIT_SPF_KEPT = 512,
	/* A DNS message has no room for more. */
	LIMIT_SPF_TERMS = 32 * 1024,
	/* One macro string expanded; a name has 253 octets of it. */
	LIMIT_SPF_EXPANSION = 64 * 1024,
	/* Records of one tree that are read; those in use have under 30. */
	LIMIT_SPF_RECORDS = 300,
	/* Rows of a tree that are kept. */
	LIMIT_SPF_ROWS = 2000,
	/* Steps of all the traces of one audit: a hundred addresses fit. */
	LIMIT_SPF_STEPS = 10 * 1000,
	/* Terms of one tree whose name is asked for; ten are evaluated. */
	LIMIT_SPF_ASKED = 100,

	/* --- DKIM ---------------------------------------------------- */
	/* Signatures verified of one message; those in use have under 10. */
	LIMIT_DKIM_SIGNATURES = 50,
	/* One signature field, of which a usual one has 1,000 octets. */
	LIMIT_DKIM_FIELD = 64 * 1024,
	/* Tags of one list; there are 14 in all. */
	LIMIT_DKIM_TAGS = 64,
	/* Names in one h=, of which each that is there takes a field. */
	LIMIT_DKIM_NAMES = 1000,
	DKIM_KEY_BITS_MIN = 1024,     /* RFC 8301 3.2: not under it */
	DKIM_KEY_BITS_ADVISED = 2048, /* the same: signers should */
	/* RSA; RFC 8301 3.2 wants 4096.  Time grows by the square of it. */
	LIMIT_DKIM_KEY_BITS = 8192,
	/* Keys kept decoded, for the next message. */
	LIMIT_DKIM_KEYS = 256,
	/* Octets of a key record that is kept in parts; RSA-4096 has 750. */
	LIMIT_DKIM_KEPT = 1024,
	/* Octets hashed to find out why signatures of one message fail. */
	LIMIT_DKIM_TRIED = 128 * 1024 * 1024,
	/* What is written for that: header fields as they may have been. */
	LIMIT_DKIM_TRIAL = 1024 * 1024,
	/* Line ends, from the last, at which the signed body may have ended. */
	LIMIT_DKIM_ENDS = 10 * 1000,
	/* Selectors that are looked up without a message. */
	LIMIT_DKIM_SELECTORS = 50,

	/* --- ARC ----------------------------------------------------- */
	LIMIT_ARC_SETS = 50, /* RFC 8617 4.2.1: the highest instance */

	/* --- blocklists ---------------------------------------------- */
	/* A file of zones. */
	LIMIT_BLOCKLIST_FILE = 64 * 1024,
	LIMIT_BLOCKLISTS = 64, /* zones in it; those in wide use are fewer */
	/* Meanings of answers of one zone, and answers that are shown. */
	LIMIT_BLOCKLIST_CODES = 32,
	/* Domains of one audit: links of a newsletter have some five. */
	LIMIT_BLOCKLIST_NAMES = 64,
	/* Of one audit: with the reasons it stays below LIMIT_QUESTIONS. */
	LIMIT_BLOCKLIST_LOOKUPS = 600,
	LIMIT_BLOCKLIST_REASON = 512, /* of what a list says, in octets */

	/* --- logs ---------------------------------------------------- */
	/* What a batch holds besides the block of lines that it is of: over
	 * half of it may be texts of one bounce message, decoded. */
	LIMIT_BATCH_ARENA = 8 * 1024 * 1024,
	/* Attempts of one, of 400 octets each, and what of the arena they may
	 * take: beyond these the block is read again for those that follow.
	 * A block of usual lines has 2,000 at most. */
	LIMIT_BATCH_ATTEMPTS = 8 * 1024,
	LIMIT_BATCH_TEXTS = 2 * 1024 * 1024,
	/* Room of long records that wait, over that of usual blocks. */
	LIMIT_PIECES_HELD = 8 * 1024 * 1024,
	/* Threads that read; each has 3 MiB of blocks and of known replies. */
	THREADS_MAX = 16,
	/* Folders in folders; a Maildir of archives has five. */
	LIMIT_FOLDER_DEPTH = 32,
	/* One line; Exim and Postfix cut theirs at a few KiB. */
	LIMIT_LOG_LINE = 1024 * 1024,
	/* Lists and objects of one line of JSON: services send 1,000 events. */
	LIMIT_JSON_PARTS = 32 * 1024,
	/* One message or report; what tells of the bounce stands first. */
	LIMIT_RECORD = 16 * 1024 * 1024,
	/* --- bounce messages ----------------------------------------- */
	/* One message; what returned comes last in it. */
	LIMIT_MAIL = 4 * 1024 * 1024,
	/* Its parts, of which reports have three; and parts in parts. */
	LIMIT_BOUNCE_PARTS = 64,
	LIMIT_BOUNCE_DEPTH = 8,
	/* Of the text of a part; a notice has a few KiB. */
	LIMIT_BOUNCE_TEXT = 128 * 1024,
	/* Of a delivery status: some 3,000 recipients. */
	LIMIT_BOUNCE_STATUS = 1024 * 1024,
	/* Recipients that one tells of in words; servers group up to 50. */
	LIMIT_BOUNCE_RECIPIENTS = 100,
	/* Of a message that ends its lines by CR alone. */
	LIMIT_BOUNCE_CR = 512 * 1024,
	/* First octets of a file by which such a message is known. */
	LIMIT_BOUNCE_HEAD = 4096,
	/* Lines between a notice and the header of what returned. */
	LIMIT_BOUNCE_LEAD = 8,
	/* Octets of a word of a report that are shown. */
	LIMIT_BOUNCE_WORD = 64,
	/* Members of an archive that is part of a message; unpacked, all that
	 * is in one message has LIMIT_RECORD. */
	LIMIT_BOUNCE_MEMBERS = 16,
	/* Octets of one value of a DMARC report. */
	LIMIT_DMARC_VALUE = 512,
	/* Of the names of elements in each other; reports need 60. */
	LIMIT_DMARC_PATH = 256,
	/* Messages of one record of it. */
	LIMIT_DMARC_COUNT = 1000 * 1000 * 1000,
	/* --- inputs -------------------------------------------------- */
	/* The begin of an input, whose lines name the columns of a table. */
	LIMIT_PREFACE = 8 * 1024,
	/* Unpacked, before the ratio to what is packed is looked at; logs come
	 * out ten to a hundred times as large as they are packed. */
	LIMIT_UNPACKED = 256 * 1024 * 1024,
	LIMIT_UNPACK_RATIO = 500,
	/* All that is counted: a run stays under 64 MiB whatever it reads. */
	LIMIT_TALLY_ARENA = 24 * 1024 * 1024,
	/* Provider, reply, reason and kind; a year of logs has some 300. */
	LIMIT_CLUSTERS = 2000,
	/* Sender domains of one cluster that are counted one by one. */
	LIMIT_CLUSTER_DOMAINS = 1000,
	/* Of these, so many are shown, and how many more there are. */
	LIMIT_SHOWN_DOMAINS = 100,
	/* Hours times providers times reasons: a year and more of logs. */
	LIMIT_HOURS = 100 * 1000,
	/* All of these of one input whose times have no year, until it ends. */
	LIMIT_OPEN_HOURS_ARENA = 8 * 1024 * 1024,
	/* Different texts that no pattern knows. */
	LIMIT_UNKNOWN_TEXTS = 10 * 1000,
	/* Of a reply, as it is shown. */
	LIMIT_SAMPLE = 2048,
	/* Half as many recipients are counted exactly, of all clusters. */
	LIMIT_DISTINCT_SLOTS = 1024 * 1024,
	/* Queue ids whose sender is known, from one block to the next. */
	LIMIT_SENDERS = 200 * 1000,
	/* --- bounces ------------------------------------------------- */
	/* One reply, of which Gmail's longest has 700 octets. */
	LIMIT_GIST = 4096,
	/* What is read to be explained: a reply with all around it. */
	LIMIT_EXPLAINED = 64 * 1024,
	/* Meanings of one code, of which Gmail's 5.7.1 has some twenty. */
	LIMIT_MEANINGS = 40,
	/* Who else uses a code: enough to see that the text settles it. */
	LIMIT_OTHER_MEANINGS = 8,

	/* --- what is said -------------------------------------------- */
	/* Problems in one list: who mends the first will see the rest. */
	LIMIT_PROBLEMS = 100,
};

#endif
