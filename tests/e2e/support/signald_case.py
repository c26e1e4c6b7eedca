"""Tests that share a signald."""

import unittest

from support.signald import Signald
from support.websocket import WebSocket

# Every rate and count off: for what has to be made often.
UNLIMITED = {"login": "0", "join": "0", "meeting_password": "0", "meetings": "0", "turn_credentials": "0", "messages": "0",
             "sockets_per_ip": 0, "sockets_per_user": 0, "rate_total": "0", "rate_chat": "0", "rate_candidates": "0",
             "rate_join": "0", "rate_stats": "0", "rate_data": "0"}


class SignaldCase(unittest.TestCase):
    """One signald for all tests of a class, with the class's `configuration` and `environment`."""

    configuration = {}
    environment = {}

    @classmethod
    def setUpClass(cls):
        cls.signald = cls.enterClassContext(Signald(cls.configuration, environment=cls.environment))

    def connect(self, path="/ws", **headers):
        """A WebSocket, closed at the end of the test."""
        return self.enterContext(WebSocket(self.signald.port, path, **headers))

    def member(self, token):
        """A WebSocket that has logged in."""
        client = self.connect()
        self.assertEqual(client.log_in(token)["type"], "auth-ok")
        return client
