"""Two headless Chromium pages in a call, with their signaling, as one object."""

import collections
import http.server
import json
import pathlib
import subprocess
import tempfile
import threading

PAGE = pathlib.Path(__file__).parent.parent / "browser" / "call.html"
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required",
    "--ignore-certificate-errors",
]


class Call:
    """`with Call(ice_servers) as call:` — `call.reports["caller"]` is the newest report of that page."""

    def __init__(self, ice_servers):
        self.ice_servers = ice_servers
        self.reports = {}
        self._mail = collections.defaultdict(list)
        self._lock = threading.Lock()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._pages = []

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        for role in ("callee", "caller"):
            # Its helper processes may write for a moment longer than it lives.
            profile = tempfile.TemporaryDirectory(prefix="turnd-chromium-", ignore_cleanup_errors=True)
            url = f"http://127.0.0.1:{self._server.server_port}/call.html?role={role}"
            process = subprocess.Popen(["chromium", *FLAGS, f"--user-data-dir={profile.name}", url],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self._pages.append((process, profile))
        return self

    def __exit__(self, *_):
        for process, profile in self._pages:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            profile.cleanup()
        self._server.shutdown()
        self._server.server_close()

    def both(self, predicate):
        """True when the newest reports of both pages satisfy `predicate`."""
        return len(self.reports) == 2 and all(predicate(report) for report in list(self.reports.values()))

    def _handler(self):
        call = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                path = self.path.split("?")[0]
                if path == "/call.html":
                    self._answer(PAGE.read_bytes(), "text/html")
                elif path == "/ice-servers":
                    self._answer(json.dumps(call.ice_servers).encode())
                elif path.startswith("/signal/"):
                    with call._lock:
                        mail, call._mail[path[8:]] = call._mail[path[8:]], []
                    self._answer(json.dumps(mail).encode())
                else:
                    self.send_error(404)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                kind, role = self.path.strip("/").split("/")
                with call._lock:
                    if kind == "signal":
                        call._mail[role].append(body)
                    else:
                        call.reports[role] = body
                self._answer(b"{}")

            def _answer(self, body, kind="application/json"):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler
