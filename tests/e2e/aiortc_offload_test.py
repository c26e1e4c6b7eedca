"""aiortc at the far end of a link: its data channels through the sockets, and relayed in the kernel by each program."""

import asyncio
import unittest

import aiortc_test
from aiortc import RTCIceServer
from support import SERVER4
from support.offload_case import MODES, PASSWORD, USER, OffloadCase

MESSAGES = [f"message {number}" for number in range(20)]


class AiortcOffloadTest(OffloadCase):
    def test_a_data_channel_runs_through_two_relayed_addresses(self):
        server = RTCIceServer(urls=[f"turn:{SERVER4}:3478"], username=USER, credential=PASSWORD)
        for mode in MODES:
            with self.subTest(mode):
                turnd = self.start(mode)
                with self.watched(turnd) as channels, self.far.entered():
                    answers = asyncio.run(aiortc_test.echo_through_relay([server], MESSAGES))
                self.assertEqual(answers, ["echo " + message for message in MESSAGES])
                self.assert_relayed_by(mode, max(channels, default=0))
            self.doCleanups()


if __name__ == "__main__":
    unittest.main()
