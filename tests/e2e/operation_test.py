"""turnd as its operator meets it: start, refusals, signals, reload under load, drain, full and broken state."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from support import PEER4, SERVER4, Certificates, Turnd
from support.turnd import BIN

USERS = {"alice": {"password": "password"}}
BASIC = {"realm": "example.org", "listen": [f"udp://{SERVER4}:3478"], "relay": {"addresses": [SERVER4]},
         "auth": {"users": USERS}, "peers": {"allow": [PEER4]}}


def client(*flags, messages=50, interval=5):
    return ["turnutils_uclient", "-s", "-c", "-u", "alice", "-w", "password", "-p", "3478", "-n", str(messages), "-z",
            str(interval), "-e", PEER4, *flags, SERVER4]


class RefusedStartTest(unittest.TestCase):
    def start(self, text, environment=None):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = pathlib.Path(folder.name) / "turnd.yaml"
        if text is not None:
            file.write_text(text)
        state = {**os.environ, "STATE_DIRECTORY": folder.name + "/state", "RUNTIME_DIRECTORY": folder.name,
                 **(environment or {})}
        return file, subprocess.run([BIN / "turnd", "--config", file], capture_output=True, text=True, env=state,
                                    timeout=20)

    def test_all_problems_are_listed_with_line_key_value_and_remedy(self):
        file, done = self.start("realm: example.org\nlimits:\n  lifetme: 10m\n  channels: 5000\nlisten: [udp://nowhere]\n")
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 3, done.stderr)
        self.assertTrue(lines[0].startswith(f"{file}:3: limits.lifetme"), lines)
        self.assertIn('did you mean "lifetime"?', lines[0])
        self.assertTrue(lines[1].startswith(f"{file}:4: limits.channels = 5000: "), lines)
        self.assertTrue(lines[2].startswith(f'{file}:5: listen[0] = "udp://nowhere": '), lines)

    def test_what_the_world_refuses_is_one_sentence_and_exit_status_2(self):
        taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 34780))
        cases = {
            "a port in use": "listen: [udp://127.0.0.1:34780]\nrelay: {addresses: [127.0.0.1]}\n",
            "an address of another machine": "listen: [udp://203.0.113.1:3478]\n",
            "an unreadable secret": "auth: {secrets: [{id: a, value_file: /nonexistent/secret}]}\n",
            "an unreadable certificate": "tls: {certificate: /nonexistent/a.pem, key: /nonexistent/a.key}\n",
            "a missing configuration": None,
        }
        for name, text in cases.items():
            with self.subTest(name):
                _, done = self.start(text)
                self.assertEqual(done.returncode, 2, done.stderr)
                sentences = [line for line in done.stderr.splitlines() if line.startswith("turnd: ")]
                self.assertEqual(len(sentences), 1, done.stderr)
                self.assertRegex(sentences[0], r"^turnd: .+: .+; .+$")

    def test_a_live_control_socket_is_left_alone(self):
        with Turnd(BASIC) as running:
            second = {**BASIC, "listen": [f"udp://{SERVER4}:3480"], "control": {"socket": str(running.socket)}}
            _, done = self.start(json.dumps(second))
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(str(running.socket), done.stderr)
            self.assertTrue(running.get("/v1/status")["ready"])

    def test_a_broken_database_is_refused_and_not_replaced(self):
        with tempfile.TemporaryDirectory() as folder:
            database = pathlib.Path(folder) / "turnd.db"
            database.write_bytes(b"this is no database" * 100)
            _, done = self.start(json.dumps({**BASIC, "auth": {"users": USERS, "database": str(database)}}))
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertTrue(database.read_bytes().startswith(b"this is no database"))


class ClosedStreamsTest(unittest.TestCase):
    """What is opened first gets the lowest free number, and a socket with that of stderr would be written into."""

    def start(self, *command, **options):
        process = subprocess.Popen(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *map(str, command)], **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def assert_streams_are_null(self, turnd, process):
        files = pathlib.Path(f"/proc/{process.pid}/fd")
        self.assertTrue(turnd.wait_for((files / "3").exists))
        self.assertEqual([os.readlink(files / str(stream)) for stream in range(3)], ["/dev/null"] * 3)

    def test_turnd_and_turnctl_open_them_on_the_null_device(self):
        turnd = Turnd(BASIC)
        self.addCleanup(turnd._folder.cleanup)
        turnd.write_configuration()
        process = self.start(BIN / "turnd", "--config", turnd.file, env=turnd._environment)
        self.assertTrue(turnd.wait_for(lambda: turnd.turnctl("status", check=False).returncode == 0))
        self.assert_streams_are_null(turnd, process)
        watch = self.start(BIN / "turnctl", "--socket", turnd.socket, "sessions", "watch")
        self.assert_streams_are_null(turnd, watch)


class RunningTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        echo = subprocess.Popen(["turnutils_peer", "-L", PEER4, "-p", "3480"], stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
        cls.addClassCleanup(echo.wait)
        cls.addClassCleanup(echo.terminate)

    def assert_nothing_lost(self, output):
        sent, received = map(int, re.findall(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)", output)[-1])
        self.assertGreater(sent, 0, output)
        self.assertEqual(received, sent, output)

    def test_reloads_good_and_bad_lose_no_packet(self):
        with Turnd(BASIC) as turnd:
            calls = subprocess.Popen(client("-m", "10", messages=600), stdout=subprocess.PIPE, text=True)
            self.assertTrue(turnd.wait_for(lambda: len(turnd.sessions()) >= 10))
            for number in range(60):
                turnd.configuration["limits"] = {"permissions": 100 + number if number % 2 else "nonsense"}
                turnd.write_configuration()
                status, answer = turnd.request("POST", "/v1/reload", {})
                self.assertEqual(status, 200 if number % 2 else 422, answer)
            output, _ = calls.communicate(timeout=60)
            self.assert_nothing_lost(output)

    def test_a_reload_that_denies_a_peer_stops_it_within_a_second(self):
        with Turnd(BASIC) as turnd:
            call = subprocess.Popen(client(messages=2000), stdout=subprocess.DEVNULL)
            self.addCleanup(call.wait)
            self.addCleanup(call.kill)
            relayed = lambda: sum(s["traffic"]["to_peer"]["packets"] for s in turnd.sessions())
            self.assertTrue(turnd.wait_for(lambda: relayed() > 10))
            turnd.configuration["peers"] = {"allow": [PEER4], "deny": [PEER4]}
            turnd.write_configuration()
            turnd.process.send_signal(signal.SIGHUP)
            time.sleep(1)
            before = relayed()
            time.sleep(0.5)
            self.assertEqual(relayed(), before)

    def test_a_refused_sighup_leaves_everything_as_it_was(self):
        with Turnd(BASIC) as turnd:
            turnd.file.write_text("limits: { channels: many }\n")
            turnd.process.send_signal(signal.SIGHUP)
            self.assertTrue(turnd.wait_for(lambda: any("reload.refused" in line for line in turnd.lines)))
            self.assert_nothing_lost(subprocess.run(client(), capture_output=True, text=True, timeout=60).stdout)

    def test_drain_takes_no_new_session_and_ends_with_the_last(self):
        turnd = Turnd(BASIC)
        turnd.start()
        self.addCleanup(turnd._folder.cleanup)
        call = subprocess.Popen(client(messages=600), stdout=subprocess.PIPE, text=True)
        self.assertTrue(turnd.wait_for(turnd.sessions))
        turnd.process.send_signal(signal.SIGUSR1)
        self.assertTrue(turnd.wait_for(lambda: turnd.get("/v1/status")["draining"]))
        refused = subprocess.run(client(messages=5), capture_output=True, text=True, timeout=60)
        self.assertIn("508", refused.stdout + refused.stderr)
        output, _ = call.communicate(timeout=60)
        self.assert_nothing_lost(output)
        for session in turnd.sessions():  # what this client leaves behind
            turnd.request("DELETE", "/v1/sessions/" + session["id"])
        self.assertEqual(turnd.process.wait(10), 0)

    def test_a_second_sigterm_ends_it_at_once(self):
        turnd = Turnd({**BASIC, "shutdown_grace": "1h"})
        turnd.start()
        self.addCleanup(turnd._folder.cleanup)
        call = subprocess.Popen(client(messages=2000), stdout=subprocess.DEVNULL)
        self.addCleanup(call.wait)
        self.addCleanup(call.kill)
        self.assertTrue(turnd.wait_for(turnd.sessions))
        turnd.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        self.assertIsNone(turnd.process.poll())
        turnd.process.send_signal(signal.SIGTERM)
        self.assertEqual(turnd.process.wait(5), 0)

    def test_a_new_certificate_is_served_and_a_broken_one_is_not(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        certificates = Certificates(folder.name)
        certificate, key = certificates.issue("server")
        other, other_key = certificates.issue("other", hosts=("other.test",))
        served = lambda: subprocess.run(["openssl", "s_client", "-connect", f"{SERVER4}:5349", "-alpn", "stun.turn"],
                                        input="", capture_output=True, text=True, timeout=10).stdout
        with Turnd({**BASIC, "listen": [f"tls://{SERVER4}:5349"],
                    "tls": {"certificate": str(certificate), "key": str(key)}}) as turnd:
            self.assertIn("CN = turn.test", served())
            certificate.write_bytes(other.read_bytes())  # the key does not belong to it yet
            self.assertTrue(turnd.wait_for(lambda: any("certificate.refused" in l for l in turnd.lines), seconds=15))
            self.assertIn("CN = turn.test", served())
            key.write_bytes(other_key.read_bytes())
            self.assertTrue(turnd.wait_for(lambda: any("certificate.loaded" in l for l in turnd.lines), seconds=15))
            self.assertIn("CN = other.test", served())

    def test_a_restart_keeps_users_secrets_and_nonces(self):
        turnd = Turnd(BASIC)
        self.addCleanup(turnd._folder.cleanup)
        turnd.start()
        status, user = turnd.request("POST", "/v1/users", {"name": "bob"})
        self.assertEqual(status, 201, user)
        state = turnd.directory / "state"
        key = (state / "nonce.key").read_bytes()
        turnd.stop()
        turnd.start()
        self.assertIn("bob", [entry["name"] for entry in turnd.get("/v1/users")["items"]])
        self.assertEqual((state / "nonce.key").read_bytes(), key)
        for file in state.iterdir():
            self.assertEqual(file.stat().st_mode & 0o077, 0, file)
        turnd.stop()

    def test_without_a_writable_state_directory_it_relays_all_the_same(self):
        with Turnd(BASIC, {"STATE_DIRECTORY": "/proc/nowhere"}) as turnd:
            self.assert_nothing_lost(subprocess.run(client(), capture_output=True, text=True, timeout=60).stdout)
            status, problem = turnd.request("POST", "/v1/users", {"name": "bob"})
            self.assertEqual((status, problem["code"]), (503, "unavailable"))
            self.assertTrue(any("/proc/nowhere" in line for line in turnd.lines))

    def test_credentials_of_the_file_and_generated_ones_never_reach_the_log(self):
        with Turnd({**BASIC, "auth": {"users": {"alice": {"password": "hunter2hunter2"}},
                                      "secrets": [{"id": "a", "value": "s3cret-s3cret-s3cret"}]},
                    "log": {"level": "debug", "format": "json"}}) as turnd:
            turnd.credential()
            subprocess.run(["turnutils_uclient", "-s", "-c", "-u", "alice", "-w", "hunter2hunter2", "-p", "3478", "-n", "5",
                            "-e", PEER4, SERVER4], capture_output=True, timeout=60)
            log = "\n".join(turnd.lines)
            self.assertNotIn("hunter2", log)
            self.assertNotIn("s3cret", log)
            for line in turnd.lines:
                json.loads(line)


if __name__ == "__main__":
    unittest.main()
