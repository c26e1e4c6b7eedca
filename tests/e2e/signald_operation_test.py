"""signald as its operator meets it: traces, reload, the version."""

import json
import signal
import subprocess
import unittest
import urllib.request

from support.signald import Signald

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def ask(signald, path, **fields):
    """Status, header fields and body."""
    request = urllib.request.Request(signald.url + path, headers=fields)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.headers, answer.read()


class SignaldOperationTest(unittest.TestCase):
    def test_a_trace_is_found_in_the_answer_in_the_log_and_in_the_events(self):
        with Signald({"compat": {"open_logs": True}}) as signald:
            _, fields, _ = ask(signald, "/api/turn/config", traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
            self.assertEqual(fields["X-Request-Id"], TRACE)
            line = signald.logged(trace_id=TRACE)
            self.assertEqual((line["message"], line["route"], line["status"], line["level"]),
                             ("request", "/api/turn/config", 200, "info"))

            signald.sign_up("anna")
            self.assertRegex(signald.events("user_registered")[0]["metadata"]["trace_id"], "^[0-9a-f]{32}$")

    def test_a_request_without_a_trace_has_an_id_of_its_own_and_no_line_at_info(self):
        with Signald() as signald:
            ids = {ask(signald, "/api/turn/config")[1]["X-Request-Id"] for _ in range(3)}
            self.assertEqual(len(ids), 3)
            self.assertNotIn('"message":"request"', "".join(signald.lines))

    def test_a_reload_names_what_it_applied_and_what_waits(self):
        with Signald() as signald:
            signald.rewrite({"limits": {"login": "50/h", "resume": "5s"}, "auth": {"signup": False}})
            signald.process.send_signal(signal.SIGHUP)
            waiting = signald.logged(message="changes that wait for a restart")
            self.assertEqual(waiting["keys"], "auth.signup")
            applied = signald.logged(message="configuration reloaded")
            self.assertEqual(applied["applied"], "limits.login, limits.resume")

    def test_events_are_replayed_beside_a_daemon_that_runs(self):
        with Signald({"compat": {"open_logs": True}}) as signald:
            for name in ("anna", "bert"):
                signald.sign_up(name)
            logs = signald.events("user_registered", count=2)
            lines = signald.command("replay", "--events", "signup,meeting_created").splitlines()
            self.assertEqual([json.loads(line) for line in lines], logs)
            after = signald.command("replay", "--events", "user_registered", "--after", str(logs[0]["id"]))
            self.assertEqual(json.loads(after), logs[1])
            with self.assertRaises(subprocess.CalledProcessError):
                signald.command("replay", "--to", "webhooks")

    def test_health_counts_who_is_connected_and_names_the_commit(self):
        with Signald() as signald:
            health = json.loads(ask(signald, "/health")[2])
            version = json.loads(ask(signald, "/version")[2])
            self.assertEqual((health["version"], health["commit"]), (version["version"], version["commit"]))
            self.assertRegex(version["commit"], "^([0-9a-f]{40})?$")
            metrics = ask(signald, "/metrics")[2].decode()
            self.assertIn(f'signald_build_info{{commit="{version["commit"]}",version="{version["version"]}"}} 1', metrics)


if __name__ == "__main__":
    unittest.main()
