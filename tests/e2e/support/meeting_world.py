"""People around one meeting and one conversation, for tables of who may do what."""

import dataclasses
import functools
import itertools

ROLES = ("anonymous", "user", "guest", "member", "ex", "host", "admin")
# An account invites 500 people a day.
MEETINGS_OF_A_HOST = 80


@dataclasses.dataclass
class Person:
    id: int | None
    name: str
    token: str | None


class People:
    """Those who stay the same: `user` is an account that has nothing to do with the meeting, `guest` holds a token for another
    one, `ex` was in and has left, `admin` administers the server and is in no meeting."""

    def __init__(self, signald):
        self.signald = signald
        self._numbers = itertools.count(1)
        self._hosted = 0
        self._host = None
        self.user, self.member, self.ex = (self.account(name) for name in ("user", "member", "ex"))
        self.admin = Person(*self._administrator("admin"))
        other = signald.ask("POST", "/api/meeting/create/", {}, self.account("stranger").token).body["meeting_id"]
        guest = signald.ask("POST", "/api/auth/guest", {"name": "Gil", "meetingId": other})
        assert guest.status == 201, guest.body
        self.guest = Person(None, "Gil", guest.body["access_token"])
        self.anonymous = Person(None, "", None)

    def new_name(self, prefix="name"):
        return f"{prefix}{next(self._numbers)}"

    def account(self, prefix):
        name = self.new_name(prefix)
        user, token = self.signald.sign_up(name)
        return Person(user, name, token)

    def _administrator(self, name):
        user, token = self.signald.make_administrator(name)
        return user, name, token

    def fresh(self, role):
        """Somebody of that role who may be thrown away."""
        if role in ("anonymous", "guest"):
            return getattr(self, role)
        person = self.account(role)
        if role == "admin":
            promoted = self.signald.ask("PATCH", f"/api/users/{person.id}", {"role": "admin"}, self.admin.token)
            assert promoted.status == 200, promoted.body
        return person

    def next_host(self):
        if self._hosted % MEETINGS_OF_A_HOST == 0:
            self._host = self.account("host")
        self._hosted += 1
        return self._host


class Things:
    """A private meeting of a host, a group conversation, and what hangs on them; each is made when it is asked for."""

    def __init__(self, people, **options):
        self.people = people
        self.host = people.next_host()
        self._options = options

    def __getattr__(self, role):
        return getattr(self.people, role)

    def do(self, method, path, body=None, who="host"):
        answer = self.people.signald.ask(method, path, body, getattr(self, who).token)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body}"
        return answer.body

    @functools.cached_property
    def _made(self):
        emails = [f"{self.people.member.name}@example.org", f"{self.people.ex.name}@example.org"]
        made = self.do("POST", "/api/meeting/create/",
                       {"title": "Private matters", "access_type": "private", "invites": emails, **self._options})
        self.seats = {"host": made["participant"]["id"]} if "participant" in made else {}
        for name in ("member", "ex"):
            joined = self.do("POST", f"/api/meeting/join/{made['meeting_id']}/", {}, name)
            self.seats[name] = joined["participant"]["id"]
        self.do("POST", f"/api/meeting/leave/{made['meeting_id']}/", {}, "ex")
        return made

    @property
    def meeting(self):
        return self._made["meeting_id"]

    @property
    def code(self):
        return self._made["meeting"]["code"]

    @property
    def member_seat(self):
        return self.meeting and self.seats["member"]

    @functools.cached_property
    def request(self):
        """Of a guest who waits to be let into another meeting of the same host: its meeting, id and secret."""
        made = self.do("POST", "/api/meeting/create/", {"waiting_room": True})
        waits = self.people.signald.ask("POST", f"/api/meeting/join/{made['meeting_id']}/", {"guest_name": "Wim"})
        assert waits.status == 202, waits.body
        return made["meeting_id"], waits.body["request_id"], waits.body["request_secret"]

    @functools.cached_property
    def invite(self):
        """That of the member."""
        mail = f"{self.people.member.name}@example.org"
        invites = self.do("GET", f"/api/meeting/{self.meeting}/invites")["invites"]
        return next(invite["id"] for invite in invites if invite["email"] == mail)

    @functools.cached_property
    def upload(self):
        """A recording of which the only part is there."""
        rid = self.do("POST", f"/api/meeting/{self.meeting}/recordings", {"mime": "video/webm"})["recording"]["id"]
        part = self.people.signald.ask("PUT", f"/api/meeting/{self.meeting}/recordings/{rid}/parts/1", b"webm",
                                       self.host.token, Content_Type="video/webm")
        assert part.status == 200, part.body
        return rid

    @functools.cached_property
    def recording(self):
        self.do("POST", f"/api/meeting/{self.meeting}/recordings/{self.upload}/complete", {"parts": 1})
        return self.upload

    @functools.cached_property
    def conversation(self):
        members = [self.people.member.id, self.people.ex.id]
        made = self.do("POST", "/api/conversations", {"title": "Group", "members": members})["data"]["id"]
        self.do("DELETE", f"/api/conversations/{made}/members/{self.people.ex.id}")
        return made

    @functools.cached_property
    def message(self):
        """Of the host, in the group."""
        return self.do("POST", f"/api/conversations/{self.conversation}/messages", {"content": "hello"})["data"]["id"]

    @functools.cached_property
    def line(self):
        """Of the host, in the lobby."""
        return self.do("POST", "/api/chat/messages", {"message": "hello"})["data"]["_id"]

    @functools.cached_property
    def post(self):
        return self.do("POST", "/api/blogs", {"title": "A post", "content": "<p>text</p>"})["data"]["id"]

    @functools.cached_property
    def notification(self):
        """Of the member."""
        assert self.meeting
        return self.do("GET", "/api/notifications", who="member")["notifications"][0]["id"]
