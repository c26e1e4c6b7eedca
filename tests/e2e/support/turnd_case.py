"""What a test of one running turnd starts with: turnd on every transport, with a certificate."""

import pathlib
import tempfile
import unittest

from . import SERVER4
from .certificates import Certificates
from .turnd import Turnd


class TurndCase(unittest.TestCase):
    configuration = {}  # what a test adds

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.certificates = Certificates(folder.name)
        certificate, key = cls.certificates.issue("server")
        cls.turnd = cls.enterClassContext(Turnd({
            "realm": "example.org",
            "listen": [f"{scheme}://{SERVER4}:{port}" for scheme, port in
                       (("udp", 3478), ("tcp", 3478), ("tls", 5349), ("dtls", 5349))],
            "relay": {"addresses": [SERVER4]},
            "tls": {"certificate": str(certificate), "key": str(key)},
            **cls.configuration,
        }))
