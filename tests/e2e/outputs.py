#!/usr/bin/env python3
"""Where reports go, of each command that has --output: into the form that the
name says, several at once, into a pipe, a terminal, a full disk; the file that
was there stays as it was when anything goes wrong.  TAP.
"""

import json
import os
import pathlib
import pty
import resource
import signal
import subprocess
import tempfile

import tap

PRESEND = os.environ.get("PRESEND", "./presend")
CASES = (pathlib.Path(os.environ.get("top_srcdir", ".")) /
         "tests/cases/views").resolve()
FORMS = {"text": "txt", "json": "json", "jsonl": "jsonl", "csv": "csv",
         "xlsx": "xlsx", "html": "html", "junit": "junit.xml",
         "sarif": "sarif", "markdown": "md"}
LOG = ("2026-01-05 00:00:01 1vWFOK-mOl00L-1n <= a@news.example.com H=x "
       "[10.0.0.1] P=esmtpsa S=6\n"
       "2026-01-05 00:00:02 1vWFOK-mOl00L-1n ** u@gmail.com R=d T=s "
       "H=gmail-smtp-in.l.google.com [142.250.27.26]: SMTP error from remote "
       "mail server after end of data: 550 5.7.26 This message does not have "
       "authentication information\n")


class Work:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "mail.log").write_text(LOG, encoding="utf-8")
        (self.folder / "folder").mkdir()
        # What each command takes, and what it exits with when all is well.
        self.commands = {
            "audit": (["audit", "--offline", "x.example"], 3),
            "bounces": (["bounces", "mail.log"], 0),
            "explain": (["explain", "5.7.26"], 0),
            "view": (["view", str(CASES / "ten_domains.json")], 0),
            "diff": (["diff", str(CASES / "compliant.json"),
                      str(CASES / "failures.json")], 1),
        }

    def run(self, command, *args, **more):
        return subprocess.run(
            [PRESEND, *self.commands[command][0], *args], check=False,
            capture_output="stdout" not in more, cwd=self.folder,
            env={**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm"}, **more)

    def good(self, command):
        return self.commands[command][1]

    def names(self):
        return sorted(x.name for x in self.folder.iterdir())


def is_refused(out, status, words):
    """By one line, with that status."""
    said = out.stderr.decode()
    return (out.returncode == status and words in said and
            said.startswith("presend: ") and said.count("\n") == 1 and
            not out.stdout)


def shown_forms(w, command):
    """Those in which the command can write."""
    forms = []
    for form, extension in FORMS.items():
        out = w.run(command, "-o", f"probe.{extension}")
        path = w.folder / f"probe.{extension}"
        if path.exists():
            forms.append(form)
            path.unlink()
        elif f"no {form} of" not in out.stderr.decode() and \
                "no form has the extension" not in out.stderr.decode() and \
                "--format" not in out.stderr.decode():
            forms.append(form + "?")
    return forms


def names_and_forms(t, w):
    """A file is what its name says; -o - is what -f says."""
    for command in w.commands:
        forms = shown_forms(w, command)
        t.point(forms[:2] == ["text", "json"] and
                not any(f.endswith("?") for f in forms),
                f"{command}: its forms", forms)
        for form in forms:
            path = f"made.{FORMS[form]}"
            by_name = w.run(command, "-o", path)
            by_option = w.run(command, "-f", form, "-o", "-")
            plain = w.run(command, "-f", form)
            made = (w.folder / path).read_bytes()
            same = made == by_option.stdout == plain.stdout
            # A workbook tells when it was made.
            if made.startswith(b"PK"):
                same = by_option.stdout.startswith(b"PK")
            t.point(by_name.returncode == w.good(command) == plain.returncode
                    and same and made and not by_name.stdout,
                    f"{command}: {form} by name, to -o - and to standard "
                    "output", by_name.stderr, by_option.stderr)
            (w.folder / path).unlink()
    for name in ("report.pdf", "report.docx", "x.json.bak", "a.b.odd", "x."):
        out = w.run("audit", "-o", name)
        good = name == "x."
        t.point((out.returncode == 3 and (w.folder / name).exists())
                if good else is_refused(out, 2, "no form has the extension"),
                f"a name that no form has: {name}", out.stderr)
    (w.folder / "x.").unlink()
    for name in ("report", "report.txt", "report.log", ".hidden", "Report.TXT",
                 "a.b/report"):
        (w.folder / "a.b").mkdir(exist_ok=True)
        out = w.run("audit", "-o", name)
        path = w.folder / name
        t.point(out.returncode == 3 and
                path.read_bytes().startswith(b"x.example"),
                f"text into {name}", out.stderr)
        path.unlink()
    out = w.run("audit", "-f", "json", "-o", "report.pdf")
    t.point(out.returncode == 3 and
            json.loads((w.folder / "report.pdf").read_bytes()),
            "any name, with --format", out.stderr)
    (w.folder / "report.pdf").unlink()


def several(t, w):
    out = w.run("bounces", "-o", "x.csv", "-o", "y.json", "-o", "-",
                "--audit", "news.example.com", "--replay", "none.rec")
    t.point(is_refused(out, 2, "none.rec: No such file") and
            "x.csv" not in w.names(),
            "an audit beside the bounces that cannot be: nothing is written",
            out.stderr)
    rec = {"schema": "presend.evidence/1", "generator": "test",
           "as_of": "2026-01-06T00:00:00Z"}
    (w.folder / "r.rec").write_text(json.dumps(rec) + "\n", encoding="utf-8")
    out = w.run("bounces", "-o", "x.csv", "-o", "y.json", "-o", "-",
                "--audit", "news.example.com", "--replay", "r.rec")
    document = json.loads((w.folder / "y.json").read_bytes())
    rows = (w.folder / "x.csv").read_bytes().split(b"\r\n")
    t.point(out.returncode == 0 and b"WHAT TO MEND FIRST" in out.stdout and
            document["clusters"][0]["today"] == "unknown" and
            document["audit"]["subject"]["domain"] == "news.example.com" and
            len(rows) == 3 and b"5.7.26" in rows[1],
            "bounces beside an audit, in three forms", out.stderr, rows)
    for name in ("x.csv", "y.json"):
        (w.folder / name).unlink()
    out = w.run("bounces", "--events", "-o", "x.csv", "-o", "y.jsonl")
    event = json.loads((w.folder / "y.jsonl").read_bytes())
    t.point(out.returncode == 0 and event["status"] == "5.7.26" and
            b"5.7.26" in (w.folder / "x.csv").read_bytes(),
            "events in two forms", out.stderr)
    for name in ("x.csv", "y.jsonl"):
        (w.folder / name).unlink()
    for command, table in (("audit", "days"), ("bounces", "verdicts"),
                           ("diff", "results")):
        out = w.run(command, "-f", "csv", "--table", table)
        t.point(is_refused(out, 2, "--table: of "),
                f"{command} has no table {table}", out.stderr)
    out = w.run("audit", "--table", "verdicts", "-o", "a.json")
    t.point(is_refused(out, 2, "--table: only csv is one table") and
            "a.json" not in w.names(), "a table, and no csv", out.stderr)


def refusals(t, w):
    """By every command; what was there stays, and nothing else comes."""
    old = w.folder / "old.json"
    old.write_text("old\n", encoding="utf-8")
    (w.folder / "link").symlink_to("nowhere")
    before = w.names()
    rows = [
        (2, "old.json: exists; --force", ["-o", "old.json"]),
        (2, "folder: is a folder", ["-o", "folder", "--force"]),
        (2, "none/x: No such file", ["-o", "none/x"]),
        (2, "old.json/x: Not a directory", ["-o", "old.json/x"]),
        (2, "link: is a link that leads nowhere", ["-o", "link", "--force"]),
        (2, "new.json: two outputs", ["-o", "new.json", "-o", "./new.json"]),
        (2, "standard output: two outputs", ["-o", "-", "-o", "-"]),
        (2, "no form has the extension .pdf", ["-o", "x.json", "-o", "x.pdf"]),
    ]
    if os.path.exists("/dev/full"):
        rows += [
            (4, "/dev/full: No space left", ["-o", "/dev/full"]),
            (4, "/dev/full: No space left",
             ["--force", "-o", "old.json", "-o", "/dev/full"]),
            (4, "/dev/full: No space left",
             ["--force", "-o", "/dev/full", "-o", "old.json"]),
        ]
    for command in w.commands:
        for status, words, args in rows:
            if words.startswith("standard output: two"):
                words = "-: two outputs"
            out = w.run(command, *args)
            t.point(is_refused(out, status, words) and w.names() == before
                    and old.read_text(encoding="utf-8") == "old\n",
                    f"{command} {' '.join(args)}", out.returncode,
                    out.stderr, w.names())
        out = w.run(command, "--force", "-o", "old.json")
        t.point(out.returncode == w.good(command) and
                json.loads(old.read_bytes()) and w.names() == before,
                f"{command} --force", out.stderr)
        old.write_text("old\n", encoding="utf-8")
    out = subprocess.run(
        [PRESEND, "view", "--force", "-o", "old.json", "mail.log"],
        cwd=w.folder, capture_output=True, check=False)
    t.point(out.returncode == 2 and
            old.read_text(encoding="utf-8") == "old\n",
            "--force, and no document", out.stderr)
    cut = (CASES / "ten_domains.json").read_bytes()[:60000]
    out = subprocess.run(
        [PRESEND, "view", "--force", "-o", "old.json", "-"], input=cut,
        cwd=w.folder, capture_output=True, check=False)
    t.point(out.returncode == 2 and
            old.read_text(encoding="utf-8") == "old\n" and
            w.names() == before, "--force, and half a document", out.stderr)
    old.unlink()
    (w.folder / "link").unlink()


def little_room(t, w):
    """A disk that is full after some octets, as ulimit makes one."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))

    for form in ("json", "csv", "html"):
        name = f"large.{form}"
        probe = w.run("view", "-o", name)
        if probe.returncode != 0:
            t.skip(f"{form} on a full disk", "there is no such form")
            continue
        (w.folder / name).write_text("old\n", encoding="utf-8")
        before = w.names()
        out = w.run("view", "--force", "-o", name, preexec_fn=limit)
        t.point(is_refused(out, 4, f"{name}: File too large") and
                w.names() == before and
                (w.folder / name).read_text(encoding="utf-8") == "old\n",
                f"{form} on a full disk", out.returncode, out.stderr)
        (w.folder / name).unlink()


def nobody(t, w):
    """A folder that may not be written."""
    (w.folder / "folder").chmod(0o555)
    os.chmod(w.folder, 0o755)

    def become():
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)

    try:
        probe = w.run("explain", preexec_fn=become)
    except OSError:
        probe = None
    if probe is None or probe.returncode != 0:
        t.skip("a folder that may not be written", "nobody may run it")
        return
    out = w.run("explain", "-o", "folder/x", preexec_fn=become)
    t.point(is_refused(out, 2, "folder/x: Permission denied"),
            "a folder that may not be written", out.stderr)


def pipes(t, w):
    """The reader goes: one line and status 4, whatever the form."""
    for command in w.commands:
        for form in shown_forms(w, command):
            read, write = os.pipe()
            os.close(read)
            out = subprocess.run(
                [PRESEND, *w.commands[command][0], "-f", form],
                stdout=write, stderr=subprocess.PIPE, check=False,
                cwd=w.folder)
            os.close(write)
            t.point(out.returncode == 4 and
                    out.stderr == b"presend: standard output: Broken pipe\n",
                    f"{command} -f {form} into a pipe that is closed",
                    out.returncode, out.stderr)


def terminals(t, w):
    """What no terminal shows is not sent to one."""
    for form in ("xlsx",):
        if form not in shown_forms(w, "audit"):
            t.skip(f"{form} to a terminal", "there is no such form")
            continue
        master, slave = pty.openpty()
        for args in (["-f", form], ["-f", form, "-o", "/dev/stdout"]):
            out = subprocess.run(
                [PRESEND, *w.commands["audit"][0], *args], stdout=slave,
                stderr=subprocess.PIPE, check=False, cwd=w.folder)
            t.point(out.returncode == 2 and
                    b"is not for a terminal" in out.stderr and
                    out.stderr.count(b"\n") == 1,
                    f"{form} to a terminal: {' '.join(args)}", out.stderr)
        os.close(slave)
        os.close(master)


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        w = Work(folder)
        for part in (names_and_forms, several, refusals, little_room, pipes,
                     terminals, nobody):
            part(t, w)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
