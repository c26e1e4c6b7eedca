"""signald tells a broker what happens: the exchanges of the contract, confirmed, over TLS, and after a broker was away."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from support.amqp import Broker
from support.signald import BIN, Signald

PASSWORD = "a password of the broker"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class SignaldAmqpTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.password = self.folder / "password"
        self.password.write_text(PASSWORD + "\n")

    def configuration(self, broker, scheme="amqp", **more):
        return {"amqp": {"url": f"{scheme}://signald@localhost:{broker.port}", "password_file": str(self.password), **more}}

    def find(self, broker, event):
        return [message for message in broker.messages if message.properties["type"] == event]

    def test_it_declares_the_exchanges_and_publishes_every_event_to_them(self):
        with Broker("signald", PASSWORD) as broker, Signald(self.configuration(broker)) as signald:
            signald.sign_up("anna")
            self.assertTrue(broker.wait_for(lambda b: self.find(b, "user_registered")))
            self.assertEqual(broker.exchanges, {"logs": "direct", "webrtc_events": "topic"})
            self.assertEqual({key for _, exchange, key in broker.bindings if exchange == "logs"},
                             {"info", "warn", "error", "*"})
            self.assertEqual([key for _, exchange, key in broker.bindings if exchange == "webrtc_events"], ["webrtc.*"])
            message, = self.find(broker, "user_registered")
            self.assertEqual((message.exchange, message.key, message.queues), ("logs", "info", {"logs"}))
            self.assertEqual((message.properties["content_type"], message.properties["delivery_mode"]),
                             ("application/json", 2))
            entry = json.loads(message.body)
            self.assertEqual((entry["event"], entry["user"], str(entry["id"])),
                             ("user_registered", "anna", message.properties["message_id"]))
            self.assertEqual(message.properties["correlation_id"], entry["metadata"]["trace_id"])

    def test_it_sends_what_the_broker_did_not_take_again_and_once(self):
        with Broker("signald", PASSWORD, refuses=1) as broker, Signald(self.configuration(broker)) as signald:
            signald.sign_up("anna")
            self.assertTrue(broker.wait_for(lambda b: self.find(b, "user_registered")))
            self.assertEqual(len(self.find(broker, "user_registered")), 1)

    def test_it_keeps_events_while_the_broker_is_away_and_while_it_is_away_itself(self):
        with Broker("signald", PASSWORD) as broker:
            with Signald(self.configuration(broker)) as signald:
                signald.sign_up("anna")
                self.assertTrue(broker.wait_for(lambda b: self.find(b, "user_registered")))
                broker.stop()
                signald.sign_up("berta")
                broker.start()
                self.assertTrue(broker.wait_for(lambda b: len(self.find(b, "user_registered")) == 2, 60))
            self.assertGreaterEqual(broker.connections, 2)

    def test_it_filters(self):
        with Broker("signald", PASSWORD) as broker, Signald(self.configuration(broker, events=["login"])) as signald:
            signald.sign_up("anna")
            signald.post("/api/auth/login", {"email": "anna@example.org", "password": "correct horse"})
            self.assertTrue(broker.wait_for(lambda b: self.find(b, "user_login")))
            self.assertEqual({message.properties["type"] for message in broker.messages}, {"user_login"})

    def test_it_trusts_a_broker_by_its_certificate_alone(self):
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "2", "-subj", "/CN=broker", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                        certificate], check=True, stderr=subprocess.DEVNULL)
        with Broker("signald", PASSWORD, certificate=(certificate, key)) as broker:
            with Signald(self.configuration(broker, "amqps", ca_file=str(certificate))) as signald:
                signald.sign_up("anna")
                self.assertTrue(broker.wait_for(lambda b: self.find(b, "user_registered")))
            taken = len(broker.messages)
            with Signald(self.configuration(broker, "amqps")) as signald:
                signald.sign_up("berta")
                self.assertIsNotNone(signald.logged(level="warning"))
            self.assertEqual(len(broker.messages), taken, "nobody vouches for it")

    def test_a_password_has_no_place_in_the_address(self):
        file = self.folder / "signald.yaml"
        file.write_text("amqp: { url: 'amqp://signald:secret@broker.example.org' }\n")
        done = subprocess.run([BIN / "signald", "--config", file, "check-config"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("password_file", done.stdout)


if __name__ == "__main__":
    unittest.main()
