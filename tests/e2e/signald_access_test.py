"""Who may do what over HTTP (W-IDOR): every operation of the API, by everybody, as a table of status codes.

The operations are those of /api/openapi.json, which another test holds to the routes: a new route without a row fails.
"""

import re
import unittest

from support.meeting_world import ROLES, People, Things
from support.signald_case import UNLIMITED, SignaldCase

# "METHOD path": what anonymous, user, guest, member, ex, host and admin get, of the host's things where the path names any.
# A row with ~ is the same operation with something else: `own` of the caller, or what stands in VARIANTS.
TABLE = """
                                                               anonymous user guest member ex  host admin
GET /health                                                          200  200  200  200  200  200  200
GET /livez                                                           200  200  200  200  200  200  200
GET /healthz                                                         200  200  200  200  200  200  200
GET /readyz                                                          200  200  200  200  200  200  200
GET /version                                                         200  200  200  200  200  200  200
GET /metrics                                                         200  200  200  200  200  200  200
GET /api                                                             200  200  200  200  200  200  200
GET /api/openapi.json                                                200  200  200  200  200  200  200
GET /api-json                                                        200  200  200  200  200  200  200
GET /api-yaml                                                        200  200  200  200  200  200  200

GET /api/chat/messages/recent                                        200  200  200  200  200  200  200
GET /api/chat/messages/user                                          200  200  200  200  200  200  200
GET /api/chat/messages                                               200  200  200  200  200  200  200
POST /api/chat/messages                                              201  201  201  201  201  201  201
POST /api/chat/messages ~as the host                                 409  201  409  201  201  201  201
DELETE /api/chat/messages/{id}                                       401  403  403  403  403  200  200
GET /api/chat/users                                                  200  200  200  200  200  200  200
GET /api/chat/stats                                                  200  200  200  200  200  200  200
POST /api/chat/clear                                                 401  403  403  403  403  403  200

GET /api/conversations                                               401  200  403  200  200  200  200
POST /api/conversations                                              401  201  403  201  201  201  201
POST /api/conversations/direct/{userId}                              401  201  403  201  201  400  201
GET /api/conversations/{id}                                          401  404  404  200  404  200  404
PATCH /api/conversations/{id}                                        401  404  404  403  404  200  404
GET /api/conversations/{id}/members                                  401  404  404  200  404  200  404
POST /api/conversations/{id}/members                                 401  404  404  403  404  201  404
DELETE /api/conversations/{id}/members/{userId}                      401  404  404  200  404  200  404
DELETE /api/conversations/{id}/members/{userId} ~the host            401  404  404  403  404  200  404
PUT /api/conversations/{id}/read                                     401  404  404  200  404  200  404
POST /api/conversations/{id}/clear                                   401  404  404  403  404  200  404
GET /api/conversations/{id}/messages                                 401  404  404  200  404  200  404
GET /api/conversations/{id}/messages ~search                         401  404  404  200  404  200  404
GET /api/conversations/{id}/messages ~of the meeting                 401  404  404  200  404  200  404
POST /api/conversations/{id}/messages                                401  404  404  201  404  201  404
POST /api/conversations/{id}/messages ~of the meeting                401  404  404  201  404  201  404
PATCH /api/conversations/{id}/messages/{mid}                         401  404  404  403  404  200  404
PATCH /api/conversations/{id}/messages/{mid} ~of another             401  404  404  404  404  404  404
DELETE /api/conversations/{id}/messages/{mid}                        401  404  404  403  404  200  200
DELETE /api/conversations/{id}/messages/{mid} ~of another            401  404  404  404  404  404  404
PUT /api/conversations/{id}/messages/{mid}/reactions/{kind}          401  404  404  200  404  200  404
DELETE /api/conversations/{id}/messages/{mid}/reactions/{kind}       401  404  404  200  404  200  404

GET /api/blogs                                                       200  200  200  200  200  200  200
POST /api/blogs                                                      401  201  403  201  201  201  201
GET /api/blogs/{id}                                                  200  200  200  200  200  200  200
PUT /api/blogs/{id}                                                  401  403  403  403  403  200  200
PATCH /api/blogs/{id}                                                401  403  403  403  403  200  200
DELETE /api/blogs/{id}                                               401  403  403  403  403  200  200

GET /api/turn/config                                                 200  200  200  200  200  200  200
GET /api/turn/stats                                                  200  200  200  200  200  200  200
GET /api/turn/health                                                 503  503  503  503  503  503  503
GET /api/turn/sessions                                               401  403  403  403  403  403  200
POST /api/turn/test-event                                            401  403  403  403  403  403  200
GET /api/turn/nodes                                                  401  403  403  403  403  403  200
GET /turn/credentials                                                401  401  401  401  401  401  401
POST /api/rooms                                                      401  401  401  401  401  401  401
POST /api/rooms/{id}/token                                           401  401  401  401  401  401  401
POST /api/rooms/{id}/send                                            401  401  401  401  401  401  401
POST /api/rooms/{id}/disconnect                                      401  401  401  401  401  401  401

GET /api/logs                                                        401  403  403  403  403  403  200
DELETE /api/logs                                                     401  403  403  403  403  403  200
GET /api/logs/recent                                                 401  403  403  403  403  403  200
GET /api/logs/stats                                                  401  403  403  403  403  403  200
GET /api/logs/user/{user}                                            401  403  403  403  403  403  200

POST /api/meeting/create                                             401  201  403  201  201  201  201
POST /api/meetings                                                   401  201  403  201  201  201  201
POST /meetings                                                       401  201  403  201  201  201  201
GET /api/meetings                                                    401  200  403  200  200  200  200
GET /api/meeting/{id}                                                401  403  403  200  200  200  403
PATCH /api/meeting/{id}                                              401  403  403  403  403  200  403
DELETE /api/meeting/{id}                                             401  403  403  403  403  200  403
POST /api/meeting/join/{id}                                          401  403  403  200  200  200  403
POST /api/meeting/join/{id} ~as a guest                              403  403  403  200  200  200  403
POST /api/meeting/leave/{id}                                         401  400  403  200  400  200  400
POST /api/meeting/end/{id}                                           401  403  403  403  403  200  403
GET /api/meeting/{id}/participants                                   401  403  403  200  403  200  403
POST /api/meeting/{id}/participants/{pid}/mute                       401  403  403  403  403  200  403
POST /api/meeting/{id}/participants/{pid}/mute ~of another           401  403  403  403  403  404  403
POST /api/meeting/{id}/participants/{pid}/ask-unmute                 401  403  403  403  403  200  403
POST /api/meeting/{id}/participants/{pid}/kick                       401  403  403  403  403  200  403
POST /api/meeting/{id}/participants/{pid}/kick ~of another           401  403  403  403  403  404  403
POST /api/meeting/{id}/participants/{pid}/role                       401  403  403  403  403  200  403
POST /api/meeting/{id}/participants/{pid}/role ~of another           401  403  403  403  403  404  403
GET /api/meeting/{id}/join-requests                                  401  403  403  403  403  200  403
POST /api/meeting/join-request/{request_id}/respond                  401  404  404  404  404  200  404
GET /api/meeting/{id}/join-request/{request_id}/status               404  404  404  404  404  404  404
GET /api/meeting/{id}/join-request/{request_id}/status ~with secret  200  200  200  200  200  200  200
POST /api/meeting/{id}/invite                                        401  403  403  403  403  200  403
GET /api/meeting/{id}/invites                                        401  403  403  403  403  200  403
POST /api/meeting/invite/{invite_id}/respond                         404  404  404  200  404  404  404
GET /api/meeting/{id}/calendar.ics                                   401  403  403  200  200  200  403
GET /api/meetings/calendar.ics                                       404  404  404  404  404  404  404
POST /api/meetings/calendar-key                                      401  200  403  200  200  200  200
POST /api/meeting/{id}/recordings                                    401  403  403  403  403  201  403
POST /api/meeting/{id}/recordings ~recorded                          401  403  403  201  403  201  403
GET /api/meeting/{id}/recordings                                     401  403  403  403  403  200  403
GET /api/meeting/{id}/recordings ~recorded                           401  403  403  200  200  200  403
GET /api/meeting/{id}/recordings/{rid}                               401  403  403  403  403  200  403
GET /api/meeting/{id}/recordings/{rid} ~recorded                     401  403  403  200  200  200  403
GET /api/meeting/{id}/recordings/{rid} ~of another                   401  403  403  403  403  404  403
DELETE /api/meeting/{id}/recordings/{rid}                            401  403  403  403  403  200  403
DELETE /api/meeting/{id}/recordings/{rid} ~recorded                  401  403  403  403  403  200  403
PUT /api/meeting/{id}/recordings/{rid}/parts/{n}                     401  403  403  403  403  200  403
PUT /api/meeting/{id}/recordings/{rid}/parts/{n} ~recorded           401  403  403  403  403  200  403
POST /api/meeting/{id}/recordings/{rid}/complete                     401  403  403  403  403  200  403

POST /api/auth/signup                                                201  201  201  201  201  201  201
POST /api/auth/login                                                 401  401  401  401  401  401  401
POST /api/auth/refresh                                               401  401  401  401  401  401  401
POST /api/auth/logout ~own                                           401  200  200  200  200  200  200
POST /api/auth/logout-all ~own                                       401  200  403  200  200  200  200
POST /api/auth/guest                                                 201  201  201  201  201  201  201
GET /api/auth/me                                                     401  200  200  200  200  200  200
POST /api/auth/password ~own                                         401  200  403  200  200  200  200
POST /api/auth/forgot                                                202  202  202  202  202  202  202
POST /api/auth/reset                                                 400  400  400  400  400  400  400
POST /api/auth/verify                                                400  400  400  400  400  400  400

GET /api/users                                                       401  200  403  200  200  200  200
POST /api/users                                                      401  403  403  403  403  403  201
GET /api/users/{id}                                                  401  403  403  403  403  200  200
GET /api/users/{id} ~own                                             401  200  403  200  200  200  200
PUT /api/users/{id}                                                  401  403  403  403  403  200  200
PUT /api/users/{id} ~own                                             401  200  403  200  200  200  200
PATCH /api/users/{id}                                                401  403  403  403  403  200  200
PATCH /api/users/{id} ~own                                           401  200  403  200  200  200  200
DELETE /api/users/{id} ~own                                          401  200  403  200  200  200  200
DELETE /api/users/{id} ~a stranger                                   401  403  403  403  403  403  200

POST /api/participants                                               200  200  200  200  200  200  200
POST /api/participants ~as the host                                  409  409  409  409  409  200  409
GET /api/participants                                                200  200  200  200  200  200  200
POST /api/participants/leave                                         200  200  200  200  200  200  200
POST /api/participants/leave ~as the host                            403  403  403  403  403  200  403
GET /api/participants/online                                         200  200  200  200  200  200  200
GET /api/participants/stats                                          200  200  200  200  200  200  200

GET /api/notifications                                               401  200  403  200  200  200  200
GET /api/notifications/unread-count                                  401  200  403  200  200  200  200
POST /api/notifications/mark-as-read                                 401  200  403  200  200  200  200
POST /api/notifications/mark-all-as-read                             401  200  403  200  200  200  200
DELETE /api/notifications/{id}                                       401  404  403  200  404  404  404
"""

# Two paths for one operation.
ALIASES = (("/api/posts", "/api/blogs"), ("/api/meeting/detail/{id}", "/api/meeting/{id}"),
           ("/api/participants/join", "/api/participants"))
RECORDED = {"is_recorded": True, "allow_recording_access": True}
# Those who are refused first: what they leave behind is what the next one finds.
ORDER = ("anonymous", "user", "guest", "admin", "ex", "member", "host")


def rows():
    """(operation, variant): the code of each role."""
    parsed = {}
    for line in TABLE.strip().splitlines()[1:]:
        if not line.strip():
            continue
        name, codes = re.fullmatch(r"(\S+ \S+(?: ~[a-z ]+?)?)((?: +\d{3}){7})", line.rstrip()).groups()
        operation, _, variant = name.partition(" ~")
        parsed[operation, variant] = dict(zip(ROLES, map(int, codes.split()), strict=True))
    return parsed


def canonical(method, path):
    if path.startswith("/auth/"):
        path = "/api" + path
    for alias, path_of_table in ALIASES:
        if path == alias or path.startswith(alias + "/") and alias != "/api/participants/join":
            path = path_of_table + path[len(alias):]
    return f"{method} {path}"


class Cell:
    """One operation by one person: where it goes and what it carries."""

    def __init__(self, operation, variant, role, things):
        self.operation, self.variant, self.role = operation, variant, role
        self.people, self.things = things.people, things
        self.person = self.people.fresh(role) if variant == "own" else getattr(things, role)

    def path(self):
        path = self.operation.split(" ")[1]
        for name in re.findall(r"{(\w+)}", path):
            path = path.replace(f"{{{name}}}", str(self.parameter(path, name)))
        query = {"GET /api/users": "?query=host", "GET /api/conversations/{id}/messages": "?q=hello"
                 if self.variant == "search" else ""}.get(self.operation, "")
        if self.variant == "with secret":
            query = f"?request_secret={self.things.request[2]}"
        return path + query

    def parameter(self, path, name):
        things, other = self.things, Things(self.people)
        is_of_another = self.variant == "of another"
        if name == "id":
            if "{request_id}" in self.operation:
                return things.request[0]
            kinds = {"/api/meeting/": lambda: things.meeting, "/api/rooms/": lambda: things.meeting,
                     "/api/blogs/": lambda: things.post,
                     "/api/notifications/": lambda: things.notification, "/api/chat/": lambda: things.line,
                     "/api/users/": self.user, "/api/conversations/": self.conversation}
            return next(make() for prefix, make in kinds.items() if path.startswith(prefix))
        makers = {"pid": lambda: (other if is_of_another else things).member_seat, "n": lambda: 1, "kind": lambda: "thumbs",
                  "request_id": lambda: things.request[1], "invite_id": lambda: things.invite,
                  "user": lambda: things.host.name, "mid": lambda: (other if is_of_another else things).message,
                  "userId": lambda: things.host.id if self.variant == "the host" or "direct" in path else things.member.id,
                  "rid": lambda: self.recording(other if is_of_another else things)}
        return makers[name]()

    def recording(self, things):
        return things.recording if self.operation.startswith(("GET", "DELETE")) else things.upload

    def user(self):
        if self.variant == "own":
            return self.person.id or self.things.host.id
        return self.people.account("victim").id if self.variant == "a stranger" else self.things.host.id

    def conversation(self):
        if self.variant != "of the meeting":
            return self.things.conversation
        return self.things.do("GET", f"/api/meeting/{self.things.meeting}/")["conversation_id"]

    def body(self):
        things, name = self.things, self.people.new_name()
        if self.variant == "as a guest":
            return {"guest_name": "Gil"}
        if self.variant == "as the host":
            return {"username": things.host.name, "message": "I am the host"}
        if self.operation == "POST /api/participants/leave":
            things.do("POST", "/api/participants", {"username": name}, "anonymous")
        if self.operation.startswith("POST /api/participants"):
            return {"username": name}
        bodies = {
            "POST /api/chat/messages": lambda: {"username": name, "message": "hello"},
            "POST /api/conversations": lambda: {"title": "Mine", "members": [things.member.id]},
            "PATCH /api/conversations/{id}": lambda: {"title": "Renamed"},
            "POST /api/conversations/{id}/members": lambda: {"userId": things.user.id},
            "PUT /api/conversations/{id}/read": lambda: {"seq": 1},
            "POST /api/conversations/{id}/messages": lambda: {"content": "hello"},
            "PATCH /api/conversations/{id}/messages/{mid}": lambda: {"content": "changed"},
            "POST /api/blogs": lambda: {"title": "A post", "content": "text"},
            "PUT /api/blogs/{id}": lambda: {"title": "Changed"},
            "PATCH /api/blogs/{id}": lambda: {"title": "Changed"},
            "PATCH /api/meeting/{id}": lambda: {"title": "Changed"},
            "POST /api/meeting/{id}/participants/{pid}/role": lambda: {"role": "co_host"},
            "POST /api/meeting/join-request/{request_id}/respond": lambda: {"action": "approve"},
            "POST /api/meeting/{id}/invite": lambda: {"emails": ["new@example.org"]},
            "POST /api/meeting/invite/{invite_id}/respond": lambda: {"action": "accept"},
            "POST /api/meeting/{id}/recordings": lambda: {"mime": "video/webm"},
            "POST /api/meeting/{id}/recordings/{rid}/complete": lambda: {"parts": 1},
            "POST /api/auth/signup": lambda: {"email": f"{name}@example.org", "password": "correct horse"},
            "POST /api/auth/login": lambda: {"email": f"{things.host.name}@example.org", "password": "a guess"},
            "POST /api/auth/refresh": lambda: {"refresh_token": "a guess"},
            "POST /api/auth/guest": lambda: {"name": name},
            "POST /api/auth/password": lambda: {"current_password": "correct horse", "new_password": "another horse"},
            "POST /api/auth/forgot": lambda: {"email": f"{name}@example.org"},
            "POST /api/auth/reset": lambda: {"token": "a guess", "password": "another horse"},
            "POST /api/auth/verify": lambda: {"token": "a guess"},
            "POST /api/users": lambda: {"email": f"{name}@example.org", "password": "correct horse"},
            "PUT /api/users/{id}": lambda: {"name": "Changed"},
            "PATCH /api/users/{id}": lambda: {"name": "Changed"},
            "POST /api/notifications/mark-as-read": lambda: {"notification_ids": [things.notification]},
        }
        make = bodies.get(self.operation)
        return make() if make else None if self.operation.startswith(("GET", "DELETE")) else {}

    def status(self):
        signald, method = self.people.signald, self.operation.split(" ")[0]
        path, token = self.path(), self.person.token
        if "/parts/" in self.operation:
            return signald.ask(method, path, b"webm", token, Content_Type="video/webm").status
        return signald.ask(method, path, self.body(), token).status


class AccessTest(SignaldCase):
    configuration = {"limits": UNLIMITED}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = People(cls.signald)

    def test_every_operation_has_a_row(self):
        paths = self.signald.ask("GET", "/api/openapi.json").body["paths"]
        operations = {canonical(method.upper(), path) for path, methods in paths.items()
                      for method in set(methods).intersection(("get", "put", "post", "delete", "patch"))}
        self.assertEqual({operation for operation, _ in rows()}, operations)

    def test_everybody_gets_what_the_table_says(self):
        wrong = []
        for (operation, variant), codes in rows().items():
            options = RECORDED if variant == "recorded" else {}
            things = Things(self.people, **options)
            for role in ORDER:
                status = Cell(operation, variant, role, things).status()
                if status != codes[role]:
                    wrong.append(f"{operation} {variant and '~' + variant} by {role}: {status}, not {codes[role]}")
                if status < 300 and not operation.startswith("GET"):
                    things = Things(self.people, **options)
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_what_somebody_may_not_do_has_not_happened(self):
        """A refusal that comes after the deed would have its code all the same."""
        things = Things(self.people)
        for role in ("anonymous", "user", "guest", "ex", "member"):
            token = getattr(things, role).token
            for method, path, body in (("PATCH", f"/api/meeting/{things.meeting}/", {"title": "Mine"}),
                                       ("DELETE", f"/api/meeting/{things.meeting}/", None),
                                       ("POST", f"/api/meeting/end/{things.meeting}/", {}),
                                       ("POST", f"/api/meeting/{things.meeting}/participants/{things.member_seat}/kick", {}),
                                       ("DELETE", f"/api/meeting/{things.meeting}/recordings/{things.recording}", None),
                                       ("POST", f"/api/conversations/{things.conversation}/clear", {}),
                                       ("DELETE", f"/api/conversations/{things.conversation}/messages/{things.message}", None),
                                       ("PATCH", f"/api/users/{things.host.id}", {"name": "Mine", "role": "user"}),
                                       ("DELETE", f"/api/users/{things.host.id}", None),
                                       ("DELETE", f"/api/blogs/{things.post}", None)):
                self.assertIn(self.signald.ask(method, path, body, token).status, (401, 403, 404), f"{method} {path} {role}")
        meeting = things.do("GET", f"/api/meeting/{things.meeting}/")
        self.assertEqual((meeting["title"], meeting["status"], meeting["participants_count"]), ("Private matters", "active", 2))
        self.assertEqual(len(things.do("GET", f"/api/meeting/{things.meeting}/recordings")["recordings"]), 1)
        messages = things.do("GET", f"/api/conversations/{things.conversation}/messages")["data"]
        self.assertEqual([message["content"] for message in messages], ["hello"])
        self.assertEqual(things.do("GET", f"/api/users/{things.host.id}")["data"]["name"], things.host.name)
        self.assertEqual(things.do("GET", f"/api/blogs/{things.post}")["data"]["title"], "A post")


if __name__ == "__main__":
    unittest.main()
