"""signald as socket.io-client 4.x sees it, unchanged: every transport, the lobby, conversations, meetings."""

import json
import os
import pathlib
import subprocess
import unittest

from support.signald import BIN, Signald

SCRIPTS = pathlib.Path(__file__).parent / "socketio"
# Where the build has laid the client's packages.
PACKAGES = BIN.parent / "socketio"
TRANSPORTS = ("polling", "websocket", "default")


class SocketioTest(unittest.TestCase):
    def run_script(self, script, url, transport, **facts):
        """Runs one of the scripts; it fails by its exit status, and says why."""
        done = subprocess.run(["node", SCRIPTS / script, url, transport, json.dumps(facts)], text=True, timeout=60,
                              env={**os.environ, "SOCKETIO_PACKAGES": str(PACKAGES)}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, f"{script} over {transport}:\n{done.stdout}")

    def on_each_transport(self, signald, script, make_facts=dict):
        for transport in TRANSPORTS:
            with self.subTest(transport=transport):
                self.run_script(script, signald.url, transport, **make_facts())

    def test_events_acknowledgements_and_binary_data_come_back(self):
        with Signald(arguments=["--compat-test"]) as signald:
            self.on_each_transport(signald, "echo.mjs")

    def test_the_lobby_speaks_both_dialects(self):
        with Signald({"limits": {"sockets_per_ip": 0}}) as signald:
            self.on_each_transport(signald, "lobby.mjs")

    def test_accounts_talk_in_their_conversations(self):
        with Signald() as signald:
            alice, alice_token = signald.sign_up("alice")
            bob, bob_token = signald.sign_up("bob")
            _, carol_token = signald.sign_up("carol")
            status, answer = signald.post(f"/api/conversations/direct/{bob}", {}, alice_token)
            self.assertEqual(status, 201, answer)
            facts = {"conversation": answer["data"]["id"], "alice": {"id": alice, "token": alice_token},
                     "bob": {"id": bob, "token": bob_token}, "carol": {"token": carol_token}}
            self.on_each_transport(signald, "conversation.mjs", lambda: facts)

    def test_socketio_and_native_clients_meet(self):
        with Signald() as signald:
            _, token = signald.sign_up("host")

            def new_meeting():
                status, answer = signald.post("/api/meeting/create/", {"title": "Both worlds"}, token)
                self.assertEqual(status, 201, answer)
                return {"meeting": answer["meeting"]["code"], "token": token}

            self.on_each_transport(signald, "meet.mjs", new_meeting)


if __name__ == "__main__":
    unittest.main()
