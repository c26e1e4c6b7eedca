"""What the tests of turnctl share: a turnd of their own, and turnctl run against it."""

import json
import subprocess
import time

from . import PEER4, SERVER4
from .turn_client import TurnClient
from .turnd import BIN
from .turnd_case import TurndCase

USER, PASSWORD = "alice", "correct horse battery staple"
TURNCTL = BIN / "turnctl"


def run(*arguments, **options):
    """turnctl with nothing but these arguments."""
    return subprocess.run([TURNCTL, *map(str, arguments)], capture_output=True, text=True, timeout=60, **options)


class RunningTurnd(TurndCase):
    configuration = {
        "auth": {"users": {USER: {"password": PASSWORD}},
                 "secrets": [{"id": "file", "value": "a secret of the configuration file"}]},
        "peers": {"allow": [PEER4]},
    }

    def turnctl(self, *arguments, status=0, **options):
        done = self.turnd.turnctl(*arguments, check=False, **options)
        self.assertEqual(done.returncode, status, f"{arguments}\n{done.stdout}{done.stderr}")
        return done

    def json(self, *arguments, status=0):
        return json.loads(self.turnctl("--json", *arguments, status=status).stdout)

    def file(self, text):
        path = self.folder / f"file-{time.monotonic_ns()}"
        path.write_text(text)
        return path

    def allocation(self, user=USER, password=PASSWORD):
        return TurnClient(SERVER4, user, password)

    def sessions_of(self, user):
        return self.json("sessions", "list", "--user", user)["items"]
