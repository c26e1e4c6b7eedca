"""Who may do what over /ws (W-IDOR, W-WSAUTHZ): every type of message, by everybody, as a table; and that both doors agree."""

import pathlib
import re
import unittest

from signald_access_test import ORDER, rows as http_rows
from support.meeting_world import ROLES, People, Things
from support.signald_case import UNLIMITED, SignaldCase

ROOT = pathlib.Path(__file__).parents[2]
# The message types as the parser knows them, and the actions of `moderate`.
TYPES = re.findall(r'ClientType{"([\w-]+)"', (ROOT / "signaling/protocol/client_table.cpp").read_text())
ACTIONS = re.findall(r'"([\w-]+)"', re.search(r"kModerateActions = {(.*?)}", (
    ROOT / "signaling/protocol/client_message.cpp").read_text(), re.DOTALL)[1])

# What answers the message: ok (or what the type is answered with), or the code of the error. `member` and `host` are in the
# meeting, `ex` was; anonymous has not authenticated. A row with ~ says the same about something else.
OUTSIDE = "unauthenticated not_joined not_joined {} not_joined {} not_joined"
GROUP = "unauthenticated forbidden forbidden {} forbidden {} forbidden"
TABLE = {
    "ping": "ok ok ok ok ok ok ok",
    "auth": "unauthenticated conflict conflict conflict conflict conflict conflict",
    "auth-refresh": "unauthenticated ok ok ok ok ok ok",
    "auth-refresh ~of another": "unauthenticated forbidden forbidden forbidden forbidden ok forbidden",
    "join": "unauthenticated not_invited forbidden ok ok ok not_invited",
    "join ~as the host": "unauthenticated forbidden forbidden forbidden forbidden ok forbidden",
    "join ~his seat": "unauthenticated not_invited forbidden ok ok ok not_invited",
    "leave": OUTSIDE.format("ok", "ok"),
    "end": OUTSIDE.format("forbidden", "ok"),
    "end_meeting": OUTSIDE.format("forbidden", "ok"),
    "offer": OUTSIDE.format("ok", "ok"),
    "answer": OUTSIDE.format("ok", "ok"),
    "description": OUTSIDE.format("ok", "ok"),
    "ice-candidate": OUTSIDE.format("ok", "ok"),
    "candidate": OUTSIDE.format("ok", "ok"),
    "offer ~into another room": OUTSIDE.format("peer_not_found", "peer_not_found"),
    "ice-request": OUTSIDE.format("ok", "ok"),
    "media": OUTSIDE.format("ok", "ok"),
    "hand": OUTSIDE.format("ok", "ok"),
    "reaction": OUTSIDE.format("ok", "ok"),
    "caption": OUTSIDE.format("ok", "ok"),
    "data": OUTSIDE.format("ok", "ok"),
    "data ~into another room": OUTSIDE.format("peer_not_found", "peer_not_found"),
    "typing": OUTSIDE.format("ok", "ok"),
    "typing ~of the group": GROUP.format("ok", "ok"),
    "chat": OUTSIDE.format("ok", "ok"),
    "chat ~of the group": GROUP.format("ok", "ok"),
    "chat ~of the meeting": GROUP.format("ok", "ok"),
    "chat ~to one in another room": OUTSIDE.format("peer_not_found", "peer_not_found"),
    "chat_message": OUTSIDE.format("ok", "ok"),
    "chat-edit": "unauthenticated not_found not_found forbidden not_found ok not_found",
    "chat-delete": "unauthenticated not_found not_found forbidden not_found ok ok",
    "chat-react": "unauthenticated not_found not_found ok not_found ok not_found",
    "chat-clear": GROUP.format("forbidden", "ok"),
    "chat-clear ~of the meeting": GROUP.format("forbidden", "ok"),
    "chat-read": GROUP.format("ok", "ok"),
    "chat-history": GROUP.format("ok", "ok"),
    "chat-history ~of the meeting": GROUP.format("ok", "ok"),
    "chat-history ~searched": GROUP.format("ok", "ok"),
    "subscribe": GROUP.format("ok", "ok"),
    "subscribe ~of the meeting": GROUP.format("ok", "ok"),
    "subscribe ~presence": "unauthenticated ok ok ok ok ok ok",
    "subscribe ~notifications": "unauthenticated ok ok ok ok ok ok",
    "subscribe ~meetings": "unauthenticated ok ok ok ok ok ok",
    "subscribe ~logs": "unauthenticated forbidden forbidden forbidden forbidden forbidden ok",
    "subscribe ~stats": "unauthenticated forbidden forbidden forbidden forbidden forbidden ok",
    "unsubscribe": "unauthenticated ok ok ok ok ok ok",
    "call": "unauthenticated not_found not_found ok not_found not_found not_found",
    "admit": OUTSIDE.format("forbidden", "ok"),
    "deny": OUTSIDE.format("forbidden", "ok"),
    **{f"moderate ~{action}": OUTSIDE.format("forbidden", "ok") for action in ACTIONS},
    "recording": OUTSIDE.format("forbidden", "ok"),
    "stats": OUTSIDE.format("ok", "ok"),
}

# The same deed at both doors: who may do it at one may do it at the other.
TWINS = {
    "join": "POST /api/meeting/join/{id}", "leave": "POST /api/meeting/leave/{id}", "end": "POST /api/meeting/end/{id}",
    "moderate ~kick": "POST /api/meeting/{id}/participants/{pid}/kick",
    "moderate ~mute": "POST /api/meeting/{id}/participants/{pid}/mute",
    "moderate ~ask-unmute": "POST /api/meeting/{id}/participants/{pid}/ask-unmute",
    "moderate ~role": "POST /api/meeting/{id}/participants/{pid}/role",
    "moderate ~settings": "PATCH /api/meeting/{id}", "moderate ~lock": "PATCH /api/meeting/{id}",
    "admit": "GET /api/meeting/{id}/join-requests", "recording": "POST /api/meeting/{id}/recordings",
    "chat ~of the group": "POST /api/conversations/{id}/messages",
    "chat ~of the meeting": "POST /api/conversations/{id}/messages ~of the meeting",
    "chat-edit": "PATCH /api/conversations/{id}/messages/{mid}", "chat-delete": "DELETE /api/conversations/{id}/messages/{mid}",
    "chat-react": "PUT /api/conversations/{id}/messages/{mid}/reactions/{kind}",
    "chat-clear": "POST /api/conversations/{id}/clear", "chat-read": "PUT /api/conversations/{id}/read",
    "chat-history": "GET /api/conversations/{id}/messages",
    "chat-history ~searched": "GET /api/conversations/{id}/messages ~search",
    "chat-history ~of the meeting": "GET /api/conversations/{id}/messages ~of the meeting",
    "subscribe ~logs": "GET /api/logs",
}


class Scene:
    """A meeting in which host and member are with a socket, and for each role the socket that asks."""

    def __init__(self, case, people, row):
        self.type, _, self.variant = row.partition(" ~")
        self.people, self.case = people, case
        self.things = Things(people)
        self.sockets, self.peers = {}, {}
        self.role = self.person = self.socket = self.call = None
        if self.type not in ("join", "call"):  # whose own sockets join
            for name in ("host", "member"):
                self.enter(name, self.things.meeting)

    def enters(self, role):
        """The next who asks."""
        self.role, self.person = role, getattr(self.things, role)
        self.socket = self.sockets.get(role) or self.log_in(role)
        if role == "ex" and self.sockets:
            self.enter(role, self.things.meeting, self.socket)
            assert self.socket.ask({"type": "leave"})["type"] == "ok"
            while self.seats_taken() > 2:  # it is stored after the answer
                pass

    def seats_taken(self):
        return self.things.do("GET", f"/api/meeting/{self.things.meeting}/participants/")["count"]

    def log_in(self, name):
        client = self.case.connect()
        token = getattr(self.things, name).token
        if token:
            assert client.log_in(token)["type"] == "auth-ok"
        return client

    def enter(self, name, meeting, client=None):
        client = client or self.log_in(name)
        joined = client.ask({"type": "join", "meetingId": meeting}, f"join {name}")
        assert joined["type"] == "joined", joined
        self.sockets[name], self.peers[name] = client, joined["selfId"]
        return joined["selfId"]

    def elsewhere(self):
        """The peer of somebody in another room."""
        other = Things(self.people)
        client = self.case.connect()
        client.log_in(other.host.token)
        return client.ask({"type": "join", "meetingId": other.meeting})["selfId"]

    def meeting_chat(self):
        return str(self.things.do("GET", f"/api/meeting/{self.things.meeting}/")["conversation_id"])

    def ringing(self):
        """A call of the host to the member."""
        if self.call is None:
            self.log_in("member")
            made = self.log_in("host").ask({"type": "call", "action": "invite", "to": str(self.things.member.id)})
            assert made["type"] == "ok", made
            self.call = made["callId"]
        return self.call

    def members(self):
        """What the message says besides its type."""
        if self.type == "moderate":
            return self.moderation()
        things = self.things
        target = lambda: self.elsewhere() if "another room" in self.variant else self.peers["member" if self.role == "host" else "host"]
        conversation = lambda: self.meeting_chat() if self.variant == "of the meeting" else str(things.conversation)
        makers = {
            "auth": lambda: {"token": self.person.token or "a guess"},
            "auth-refresh": lambda: {"token": (things.host if self.variant else self.person).token or "a guess"},
            "join": self.joining,
            "offer": lambda: {"targetId": target(), "offer": {"type": "offer", "sdp": "v=0"}},
            "answer": lambda: {"targetId": target(), "answer": {"type": "answer", "sdp": "v=0"}},
            "description": lambda: {"targetId": target(), "description": {"type": "offer", "sdp": "v=0"}},
            "ice-candidate": lambda: {"targetId": target(), "candidate": None},
            "candidate": lambda: {"targetId": target(), "candidate": None},
            "media": lambda: {"audio": False}, "hand": lambda: {"raised": True}, "reaction": lambda: {"kind": "clap"},
            "caption": lambda: {"text": "words", "final": True},
            "data": lambda: {"topic": "x", "payload": 1, **({"targetId": target()} if self.variant else {})},
            "typing": lambda: {"isTyping": True, **({"conversationId": self.subscribed(conversation())} if self.variant else {})},
            "chat": lambda: {"message": "words", **(
                {} if not self.variant else {"targetId": target()} if "room" in self.variant else {"conversationId": conversation()})},
            "chat_message": lambda: {"message": "words"},
            "chat-edit": lambda: {"messageId": str(things.message), "message": "changed"},
            "chat-delete": lambda: {"messageId": str(things.message)},
            "chat-react": lambda: {"messageId": str(things.message), "kind": "clap"},
            "chat-clear": lambda: {"conversationId": conversation()},
            "chat-read": lambda: {"conversationId": conversation(), "seq": 1},
            "chat-history": lambda: {"conversationId": conversation(), **({"q": "words"} if self.variant == "searched" else {})},
            "subscribe": lambda: {"topic": self.variant} if self.variant and "of" not in self.variant else
                                 {"conversationId": conversation()},
            "unsubscribe": lambda: {"topic": "presence"},
            "call": lambda: {"action": "accept", "callId": self.ringing()},
            "admit": lambda: {"all": True}, "deny": lambda: {"all": True},
            "recording": lambda: {"action": "start"}, "stats": lambda: {"peers": {}},
        }
        return makers.get(self.type, dict)()

    def subscribed(self, conversation):
        """Who types in a conversation has subscribed to it, if he may."""
        if self.role != "anonymous":
            self.socket.ask({"type": "subscribe", "conversationId": conversation}, "first")
        return conversation

    def joining(self):
        if self.variant == "as the host":
            return {"meetingId": self.things.meeting, "userId": str(self.things.host.id)}
        if self.variant == "his seat":  # a peerId is no proof of whose it is
            peer = self.peers.get("host") or self.enter("host", self.things.meeting, self.log_in("host"))
            return {"meetingId": self.things.meeting, "replace": True, "peerId": peer}
        return {"meetingId": self.things.meeting}

    def moderation(self):
        values = {"role": "co_host", "settings": {"enableChat": False}, "spotlight": False}
        untargeted = ("lock", "unlock", "mute-all", "lower-hands", "settings", "spotlight")
        return {"action": self.variant, **({"value": values[self.variant]} if self.variant in values else {}),
                **({} if self.variant in untargeted else {"targetId": self.peers["member" if self.role == "host" else "host"]})}

    def outcome(self):
        members = self.members()
        answer = self.socket.ask({"type": self.type, **members}, "asked")
        if answer["type"] == "error":
            return answer["code"]
        if self.variant == "his seat" and (answer["selfId"] == members["peerId"]) != (self.role == "host"):
            return f"ok as {answer['selfId']}"
        return "ok"


class SocketAccessTest(SignaldCase):
    configuration = {"limits": UNLIMITED}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = People(cls.signald)

    def test_every_type_and_action_has_a_row(self):
        self.assertGreater(len(TYPES), 30)
        self.assertGreater(len(ACTIONS), 10)
        self.assertEqual({row.partition(" ~")[0] for row in TABLE}, set(TYPES))

    def test_everybody_gets_what_the_table_says(self):
        wrong = []
        for row, outcomes in TABLE.items():
            expected = dict(zip(ROLES, outcomes.split(), strict=True))
            scene = Scene(self, self.people, row)
            for role in ORDER:
                scene.enters(role)
                outcome = scene.outcome()
                if outcome != expected[role]:
                    wrong.append(f"{row} by {role}: {outcome}, not {expected[role]}")
                if outcome == "ok" or role == ORDER[-1]:
                    self.doCleanups()  # everybody's sockets
                    scene = Scene(self, self.people, row)
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_both_doors_let_the_same_people_through(self):
        http = {f"{operation}{variant and ' ~' + variant}": codes for (operation, variant), codes in http_rows().items()}
        for row, operation in TWINS.items():
            by_socket = {role for role, outcome in zip(ROLES, TABLE[row].split()) if outcome == "ok"}
            by_http = {role for role, code in http[operation].items() if code < 300}
            self.assertEqual(by_socket, by_http, f"{row} and {operation}")

    def test_the_server_says_who_speaks(self):
        """W-SPOOF: what a client claims about itself goes nowhere."""
        scene = Scene(self, self.people, "offer")
        host, member = scene.sockets["host"], scene.sockets["member"]
        claims = {"fromId": scene.peers["host"], "from": "host", "userId": str(scene.things.host.id), "username": "host",
                  "timestamp": "2001-01-01T00:00:00.000Z", "s": 999, "room": "other", "seq": 1, "type": "offer"}
        member.say({**claims, "targetId": scene.peers["host"], "offer": {"type": "offer", "sdp": "v=0"}})
        heard = host.hear("offer")
        self.assertEqual(heard["fromId"], scene.peers["member"])
        self.assertEqual(set(heard), {"type", "fromId", "targetId", "offer", "s"})
        member.say({**claims, "type": "chat", "message": "words"})
        line = host.hear("chat")
        self.assertEqual((line["fromId"], line["userId"]), (scene.peers["member"], str(scene.things.member.id)))
        self.assertNotEqual(line["timestamp"][:4], "2001")
        outsider = scene.log_in("user")
        outsider.say({"type": "offer", "targetId": scene.peers["host"], "offer": {"type": "offer", "sdp": "v=0"}})
        self.assertEqual(outsider.hear("error")["code"], "not_joined")
        member.ask({"type": "data", "topic": "last", "payload": 1})
        self.assertEqual(host.hear("offer", "data")["type"], "data", "nothing of the outsider has come")


if __name__ == "__main__":
    unittest.main()
