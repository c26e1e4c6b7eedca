"""aiortc against turnd: two peer connections that may only use their relayed addresses."""

import asyncio
import unittest

import aioice
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection

from support import SERVER4, Turnd
from support.turnd_case import TurndCase


def relay_only(description):
    """aiortc has no transport policy: the other candidates are taken out of the description."""
    lines = description.sdp.splitlines()
    kept = [line for line in lines if not line.startswith("a=candidate:") or " typ relay" in line]
    assert any(line.startswith("a=candidate:") for line in kept), "no relayed candidate was gathered"
    description.sdp = "\r\n".join(kept) + "\r\n"
    return description


async def echo_through_relay(servers, messages):
    """Opens a data channel between two relayed peers; returns what came back for each message."""
    configuration = RTCConfiguration(iceServers=servers)
    caller, callee = RTCPeerConnection(configuration), RTCPeerConnection(configuration)
    answers = asyncio.Queue()
    channel = caller.createDataChannel("chat")

    @callee.on("datachannel")
    def on_channel(other):
        other.on("message", lambda text: other.send("echo " + text))

    channel.on("open", lambda: [channel.send(message) for message in messages])
    channel.on("message", answers.put_nowait)

    await caller.setLocalDescription(await caller.createOffer())
    await callee.setRemoteDescription(relay_only(caller.localDescription))
    await callee.setLocalDescription(await callee.createAnswer())
    await caller.setRemoteDescription(relay_only(callee.localDescription))
    try:
        return [await asyncio.wait_for(answers.get(), 15) for _ in messages]
    finally:
        await caller.close()
        await callee.close()


class AiortcTest(TurndCase):
    def server(self, uri):
        credential = self.turnd.credential("aiortc")
        return RTCIceServer(urls=[uri], username=credential["username"], credential=credential["password"])

    def test_a_data_channel_runs_through_two_relayed_addresses(self):
        for transport in ("udp", "tcp"):
            with self.subTest(transport=transport):
                messages = [f"message {number}" for number in range(20)]
                server = self.server(f"turn:{SERVER4}:3478?transport={transport}")
                answers = asyncio.run(echo_through_relay([server], messages))
                self.assertEqual(answers, ["echo " + message for message in messages])

    def test_clients_of_one_server_call_each_other_behind_a_one_to_one_nat(self):
        """Each is told the public address, which is no address of this machine: turnd finds the way back by itself."""
        public = "203.0.113.10"
        with Turnd({
            "realm": "example.org",
            "listen": [f"udp://{SERVER4}:3479"],
            "relay": {"addresses": [SERVER4], "external": {SERVER4: public}},
            "auth": {"users": {"alice": {"password": "password"}}},
            "workers": 4,
        }) as behind_nat:
            server = RTCIceServer(urls=[f"turn:{SERVER4}:3479"], username="alice", credential="password")
            for _ in range(4):  # the kernel spreads clients over the workers: same and different ones come up
                answers = asyncio.run(echo_through_relay([server], ["hello"]))
                self.assertEqual(answers, ["echo hello"])
            usage = behind_nat.wait_for(lambda: behind_nat.get("/v1/usage")["items"], seconds=5)
            self.assertTrue(all(relayed.startswith(public) for record in usage for relayed in record["relayed"]), usage)

    def test_a_wrong_password_gets_no_relay(self):
        async def allocate():
            connection = aioice.Connection(ice_controlling=True, turn_server=(SERVER4, 3478), turn_username="nobody",
                                           turn_password="wrong", use_ipv6=False)
            await connection.gather_candidates()
            kinds = [candidate.type for candidate in connection.local_candidates]
            await connection.close()
            return kinds

        try:
            kinds = asyncio.run(allocate())
        except aioice.stun.TransactionFailed as refused:
            self.assertEqual(refused.response.attributes["ERROR-CODE"][0], 401)
        else:
            self.assertNotIn("relay", kinds)


if __name__ == "__main__":
    unittest.main()
