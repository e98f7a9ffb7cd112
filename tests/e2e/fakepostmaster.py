#!/usr/bin/env python3
"""The Gmail Postmaster Tools API v2 and Google's token endpoint, in small.

fakepostmaster.py --cert FILE --key FILE [--log FILE] WORLD

WORLD is a JSON file:

    client, secret, refresh   what a form must hold to get a token
    tokens                    access tokens, given out one by one, the last
                              again and again
    good                      those of them that the API takes
    domains                   {domain: {"status": object, "stats": {metric:
                              {"2026-11-20": rate}}}}
    page                      rows in a page at most
    faults                    [[what the request line holds, status, {field:
                              value}, body]]: each is used once, in order

It listens on 127.0.0.1, prints "port N", and runs until it is ended.  A
connection serves several requests.  What is asked against the published schema
is answered by 400, as Google does.
"""

import argparse
import datetime
import json
import socket
import ssl
import sys
import threading
import urllib.parse

import fakehttps

METRICS = {
    "SPAM_RATE": (None,),
    "AUTH_SUCCESS_RATE": ('auth_type = "spf"', 'auth_type = "dkim"',
                          'auth_type = "dmarc"'),
    "TLS_ENCRYPTION_RATE": ('traffic_direction = "inbound"',
                            'traffic_direction = "outbound"'),
    "DELIVERY_ERROR_RATE": tuple(
        f'error_type = "{t}" AND error_reason = "{r}"' for t, r in (
            ("reject", "bad_attachment"),
            ("reject", "bad_or_missing_ptr_record"),
            ("reject", "ip_in_rbls"), ("reject", "low_domain_reputation"),
            ("reject", "low_ip_reputation"), ("reject", "spammy_content"),
            ("reject", "stamp_policy_error"), ("reject", "other"),
            ("temp_fail", "anomalous_traffic_pattern"),
            ("temp_fail", "other"))),
}
LOCK = threading.Lock()


class Refused(Exception):
    """HTTP status, google.rpc.Code, message, reason."""


def error(status, code, message, reason=None):
    body = {"error": {"code": status, "message": message, "status": code}}
    if reason:
        body["error"]["details"] = [{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason, "domain": "googleapis.com"}]
    return status, {}, json.dumps(body, indent=2)


def need(condition, what):
    if not condition:
        raise Refused(400, "INVALID_ARGUMENT", what)


def day_of(o):
    need(set(o) <= {"year", "month", "day"}, f"a date of {sorted(o)}")
    return datetime.date(o["year"], o["month"], o["day"])


def query_of(body):
    """(names of metrics, first day, last day, page size, token)"""
    try:
        q = json.loads(body)
    except ValueError as e:
        raise Refused(400, "INVALID_ARGUMENT", "no JSON") from e
    need(set(q) <= {"metricDefinitions", "timeQuery", "pageSize", "pageToken",
                    "aggregationGranularity"}, f"fields {sorted(q)}")
    need(q.get("aggregationGranularity", "DAILY") == "DAILY", "granularity")
    names = []
    for m in q["metricDefinitions"]:
        need(set(m) <= {"name", "baseMetric", "filter"}, f"metric {m}")
        standard = m["baseMetric"]["standardMetric"]
        need(m.get("filter") in METRICS.get(standard, ()), f"metric {m}")
        names.append(m["name"])
    ranges = q["timeQuery"]["dateRanges"]["dateRanges"]
    need(len(ranges) == 1, "ranges")
    size = q.get("pageSize", 10)
    need(0 < size <= 200, "pageSize")
    return (names, day_of(ranges[0]["start"]), day_of(ranges[0]["end"]), size,
            q.get("pageToken"))


class World:
    def __init__(self, text):
        self.__dict__.update({"page": 200, "faults": [], **json.loads(text)})

    def fault(self, line):
        for i, (where, *answer) in enumerate(self.faults):
            if where in line:
                del self.faults[i]
                return answer
        return None

    def token(self, body):
        form = urllib.parse.parse_qs(body)
        if form.get("client_secret") != [self.secret] or \
                form.get("client_id") != [self.client]:
            return 401, {}, json.dumps({
                "error": "invalid_client",
                "error_description": "The OAuth client was not found."})
        if form.get("refresh_token") != [self.refresh] or \
                form.get("grant_type") != ["refresh_token"]:
            return 400, {}, json.dumps({
                "error": "invalid_grant",
                "error_description": "Token has been expired or revoked."})
        token = self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]
        return 200, {}, json.dumps({
            "access_token": token, "expires_in": 3599, "token_type": "Bearer",
            "scope": "https://www.googleapis.com/auth/"
                     "postmaster.traffic.readonly"}, indent=2)

    def stats(self, domain, body):
        names, first, last, size, token = query_of(body)
        rows = []
        for name in names:
            for day, rate in sorted(domain.get("stats", {}).get(
                    name, {}).items()):
                date = datetime.date.fromisoformat(day)
                if first <= date <= last:
                    rows.append((date, name, rate))
        rows.sort()
        start = int(token) if token else 0
        size = min(size, self.page)
        out = {"domainStats": [{
            "name": "domains/x/domainStats/0", "metric": name,
            "date": {"year": d.year, "month": d.month, "day": d.day},
            "value": {"doubleValue": rate}}
            for d, name, rate in rows[start:start + size]]}
        if start + size < len(rows):
            out["nextPageToken"] = str(start + size)
        return 200, {}, json.dumps(out, indent=2)

    def api(self, method, path, fields, body):
        if fields.get("authorization", "") not in [
                "Bearer " + t for t in self.good]:
            raise Refused(401, "UNAUTHENTICATED", "Request had invalid "
                          "authentication credentials.")
        parts = path.split("/")
        need(parts[:3] == ["", "v2", "domains"] and len(parts) == 5, path)
        domain = self.domains.get(parts[3])
        if domain is None:
            raise Refused(404, "NOT_FOUND", "Requested entity was not found.")
        if domain.get("shared") is False:
            raise Refused(403, "PERMISSION_DENIED",
                          "The caller does not have permission")
        if (method, parts[4]) == ("GET", "complianceStatus"):
            return 200, {}, json.dumps({
                "name": path[4:], **domain.get("status", {})}, indent=2)
        need((method, parts[4]) == ("POST", "domainStats:query"), path)
        need(fields.get("content-type") == "application/json", "type")
        return self.stats(domain, body)

    def answer(self, host, request):
        top, _, body = request.partition("\r\n\r\n")
        line, *rest = top.split("\r\n")
        fields = {k.lower(): v.strip() for k, v in
                  (f.split(":", 1) for f in rest)}
        method, path, _ = line.split()
        with LOCK:
            found = self.fault(line)
            if found:
                return found
            try:
                if host == "oauth2.googleapis.com":
                    need((method, path) == ("POST", "/token"), line)
                    return self.token(body)
                return self.api(method, path, fields, body)
            except Refused as e:
                return error(*e.args)


def say(conn, status, fields, body):
    kind = "text/html" if body.startswith("<") else "application/json"
    fields = {"Content-Type": kind, "Content-Length": len(body.encode()),
              **fields}
    conn.sendall(fakehttps.head(f"{status} Status", *(
        f"{k}: {v}" for k, v in fields.items())) + body.encode())


def serve(conn, args, context):
    try:
        with conn, context.wrap_socket(conn, server_side=True) as tls:
            while request := fakehttps.read_request(tls):
                if args.log:
                    with LOCK, open(args.log, "ab") as f:
                        f.write(b"SNI: %s\n" % tls.sni.encode()
                                + request.replace(b"\r\n", b"\n") + b"\n")
                say(tls, *args.world.answer(tls.sni, request.decode()))
    except OSError:
        pass  # the other side had enough


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--cert", required=True)
    p.add_argument("--key", required=True)
    p.add_argument("--log")
    p.add_argument("world")
    args = p.parse_args()
    with open(args.world, encoding="utf-8") as f:
        args.world = World(f.read())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(args.cert, args.key)
    ssl.SSLSocket.sni = None
    context.sni_callback = fakehttps.note_name
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    print("port", listener.getsockname()[1], flush=True)
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(conn, args, context),
                         daemon=True).start()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
