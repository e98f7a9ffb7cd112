"""Real servers on loopback for the end-to-end tests: knot for DNS, Postfix for
SMTP with STARTTLS, nginx for HTTPS, and certificates of a throw-away authority.

Everything lives in one temporary folder and ends with the Lab.  Nothing leaves
the machine: the names are under .test, the addresses are documentation ones,
and the program is told with --connect-to where they really are.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PRESEND = os.environ.get("PRESEND", "./presend")
NEEDED = ("knotd", "postfix", "nginx", "openssl")
PORTS = 10
WAIT = 30  # seconds until a server that has been started must answer


def find(name):
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return shutil.which(name, path=path)


def missing():
    """Why the lab cannot be set up here, or None."""
    for name in NEEDED:
        if not find(name):
            return f"{name} is not installed"
    if os.geteuid() != 0:
        return "Postfix has to be started by root"
    return None


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(condition, what):
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    raise RuntimeError(f"{what} does not come up")


def connects(port):
    with contextlib.suppress(OSError):
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    return False


def run(*args, **more):
    return subprocess.run(args, check=True, capture_output=True, **more)


class Lab:
    """Started by with; the folder is self.dir."""

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="presend-lab-")
        os.chmod(self.dir, 0o755)
        self.children = []
        self.postfix_dir = None
        return self

    def __exit__(self, *_):
        if self.postfix_dir:
            subprocess.run([find("postfix"), "-c", self.postfix_dir, "stop"],
                           capture_output=True, check=False)
        for child in reversed(self.children):
            child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    # ---- certificates ------------------------------------------------------

    def authority(self):
        """A root certificate; its path."""
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
            "-keyout", self.path("ca.key"), "-out", self.path("ca.pem"),
            "-days", "3650", "-subj", "/CN=Test Authority")
        return self.path("ca.pem")

    def certificate(self, name, hosts, days=3650, own=False):
        """(cert, key) for hosts; own: signed by itself."""
        cert, key = self.path(name + ".pem"), self.path(name + ".key")
        ext = self.write(name + ".ext", "subjectAltName=" + ",".join(
            "DNS:" + h for h in hosts) + "\n")
        if own:
            run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                "-keyout", key, "-out", cert, "-days", str(days), "-subj",
                "/CN=" + hosts[0], "-addext",
                "subjectAltName=" + ",".join("DNS:" + h for h in hosts))
            return cert, key
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
            "-out", self.path(name + ".csr"), "-subj", "/CN=" + hosts[0])
        run("openssl", "x509", "-req", "-in", self.path(name + ".csr"), "-CA",
            self.path("ca.pem"), "-CAkey", self.path("ca.key"),
            "-CAcreateserial", "-out", cert, "-days", str(days),
            "-extfile", ext)
        return cert, key

    # ---- servers -----------------------------------------------------------

    def spawn(self, *args):
        log = open(self.path("servers.log"), "ab")
        child = subprocess.Popen(args, stdout=log, stderr=log,
                                 stdin=subprocess.DEVNULL)
        log.close()
        self.children.append(child)
        return child

    def scripted(self, script, *args):
        """A fake server of this folder that prints "port N"; the port."""
        child = subprocess.Popen(
            [sys.executable, os.path.join(HERE, script), *map(str, args)],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.children.append(child)
        word, port = child.stdout.readline().split()
        assert word == "port"
        return int(port)

    def knot(self, zones):
        """zones: {origin: text of the zone file}; the port."""
        text = ""
        os.makedirs(self.path("knot"), exist_ok=True)
        for origin, zone in zones.items():
            path = self.write(f"zones/{origin}", zone)
            text += (f"  - domain: {origin}\n    file: {path}\n"
                     "    zonefile-sync: -1\n    journal-content: none\n")
        # A port that is free for UDP may be taken for TCP, or by another
        # test meanwhile: then knot ends, and another port is tried.
        for _ in range(PORTS):
            port = free_port(socket.SOCK_DGRAM)
            if self.knot_at(port, text, next(iter(zones))):
                return port
        raise RuntimeError("knot does not come up")

    def knot_at(self, port, zones, origin):
        """Whether it runs there."""
        conf = self.write("knot.conf", (
            f"server:\n    rundir: {self.dir}\n"
            f"    listen: 127.0.0.1@{port}\n"
            f"database:\n    storage: {self.dir}/knot\n"
            f"log:\n  - target: stderr\n    any: warning\nzone:\n{zones}"))
        child = self.spawn(find("knotd"), "-c", conf)
        wait_for(lambda: child.poll() is not None or
                 self.answers(port, origin), "knot")
        return child.poll() is None

    @staticmethod
    def answers(port, origin):
        """Whether the server answers for the zone with authority."""
        name = b"".join(bytes([len(x)]) + x.encode()
                        for x in origin.rstrip(".").split(".")) + b"\0"
        query = b"\x12\x34\0\0\0\1\0\0\0\0\0\0" + name + b"\0\6\0\1"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(0.3)
            with contextlib.suppress(OSError):
                s.sendto(query, ("127.0.0.1", port))
                reply = s.recv(4096)
                return reply[3] & 15 == 0 and reply[7] > 0
        return False

    def postfix(self, services):
        """services: {name: [smtpd options]}; {name: port}."""
        base = self.path("postfix")
        for d in ("", "/queue", "/data"):
            os.makedirs(base + d, exist_ok=True)
        run("chown", "postfix", base + "/data")
        self.write("postfix/main.cf", "\n".join((
            "compatibility_level = 3.6", f"queue_directory = {base}/queue",
            f"data_directory = {base}/data", "myhostname = mail.lab.test",
            "mydestination =", "inet_interfaces = 127.0.0.1",
            "inet_protocols = ipv4", "alias_maps =", "alias_database =",
            "local_recipient_maps =", f"maillog_file = {base}/maillog",
            f"maillog_file_prefixes = {base}", "smtpd_peername_lookup = no",
            "smtpd_tls_loglevel = 0", "tls_random_source = dev:/dev/urandom",
            "smtpd_tls_session_cache_database =", "")))
        ports, rows = {}, []
        for name, options in services.items():
            ports[name] = free_port()
            rows.append(f"127.0.0.1:{ports[name]} inet n - n - - smtpd" +
                        "".join(f"\n  -o {o}" for o in options))
        rows += ["postlog unix-dgram n - n - 1 postlogd",
                 "cleanup unix n - n - 0 cleanup",
                 "qmgr unix n - n 300 1 qmgr",
                 "rewrite unix - - n - - trivial-rewrite",
                 "bounce unix - - n - 0 bounce",
                 "defer unix - - n - 0 bounce",
                 "proxymap unix - - n - - proxymap",
                 "tlsmgr unix - - n 1000? 1 tlsmgr",
                 "anvil unix - - n - 1 anvil", ""]
        self.write("postfix/master.cf", "\n".join(rows))
        self.postfix_dir = base
        subprocess.run([find("postfix"), "-c", base, "start"], check=True,
                       capture_output=True)
        for name, port in ports.items():
            wait_for(lambda p=port: connects(p), "Postfix service " + name)
        return ports

    def nginx(self, servers):
        """servers: text of server blocks with {port}; the port."""
        port = free_port()
        conf = self.write("nginx.conf", "\n".join((
            "daemon off;", "worker_processes 1;", "user root;",
            f"pid {self.dir}/nginx.pid;", f"error_log {self.dir}/nginx.err;",
            "events { worker_connections 64; }", "http {",
            "access_log off;", "server_names_hash_bucket_size 128;",
            *(f"{kind}_temp_path {self.dir}/nginx-{kind};" for kind in
              ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")),
            servers.replace("{port}", f"127.0.0.1:{port} ssl"), "}")))
        self.spawn(find("nginx"), "-c", conf, "-p", self.dir, "-e",
                   self.path("nginx.err"))
        wait_for(lambda: connects(port), "nginx")
        return port
