"""turnctl against a running turnd: its commands, their exit status, and what they say to people and to scripts."""

import json
import re
import signal
import subprocess
import time
import unittest

from support import PEER4, SERVER4, Refused
from support.turnctl_case import PASSWORD, TURNCTL, USER, RunningTurnd, run


class SessionsTest(RunningTurnd):
    def test_status_names_the_listeners_and_counts_sessions(self):
        text = self.turnctl("status").stdout
        for word in ("ready", "example.org", f"tls://{SERVER4}:5349", SERVER4):
            self.assertIn(word, text)
        self.assertEqual(self.json("status")["realm"], "example.org")

    def test_no_sessions_is_said_on_stderr_and_is_no_failure(self):
        done = self.turnctl("sessions", "list", "--user", "nobody")
        self.assertEqual((done.stdout, done.stderr), ("", "no sessions\n"))

    def test_a_live_session_is_listed_shown_and_killed(self):
        with self.allocation() as client:
            listed = self.turnctl("sessions", "list").stdout
            self.assertRegex(listed, r"^ID +USER +TRANSPORT +CLIENT")
            self.assertIn(client.address, listed)
            self.assertNotIn("\x1b", listed)
            (session,) = self.sessions_of(USER)
            self.assertIn(client.address, self.turnctl("sessions", "show", session["id"]).stdout)
            self.assertEqual(self.json("sessions", "show", session["id"])["client"], client.address)
            self.turnctl("sessions", "kill", session["id"])
            with self.assertRaises(Refused) as refusal:
                client.refresh()
            self.assertEqual(refusal.exception.code, 437)
        self.assertEqual(self.sessions_of(USER), [])

    def test_all_sessions_of_a_user_are_killed_at_once(self):
        with self.allocation(), self.allocation():
            self.assertEqual(self.json("sessions", "kill", "--user", USER), {"closed": 2})
        self.turnctl("sessions", "kill", "no-such-session", status=1)

    def test_a_kill_without_anybody_named_ends_nobody(self):
        with self.allocation() as client:
            self.turnctl("sessions", "kill", status=1)
            self.turnctl("sessions", "kill", "--json", status=1)
            client.refresh()

    def test_watch_streams_the_life_of_a_session_until_it_is_interrupted(self):
        command = [TURNCTL, "--socket", self.turnd.socket, "--json", "sessions", "watch", "--interval", "200ms"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watch:
            with self.allocation() as client:
                opened = json.loads(watch.stdout.readline())
                self.assertEqual((opened["type"], opened["session"]["client"]), ("session.opened", client.address))
            closed = json.loads(watch.stdout.readline())
            self.assertEqual((closed["type"], closed["reason"]), ("session.closed", "client_closed"))
            watch.send_signal(signal.SIGINT)
            self.assertEqual(watch.wait(5), 0)

    def test_watch_ends_with_status_two_when_turnd_goes(self):
        command = [TURNCTL, "--socket", self.turnd.socket, "--json", "sessions", "watch"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watch:
            with self.allocation():
                self.assertEqual(json.loads(watch.stdout.readline())["type"], "session.opened")
            self.turnd.stop()
            self.addCleanup(self.turnd.start)
            self.assertEqual(watch.wait(5), 2)
            self.assertEqual(json.loads(watch.stderr.read())["code"], "unreachable")

    def test_usage_is_there_two_seconds_after_the_end(self):
        with self.allocation() as client:
            address = client.address
        time.sleep(2)
        newest = self.json("usage", "--user", USER, "--limit", 1)["items"][0]
        self.assertEqual((newest["client"], newest["reason"]), (address, "client_closed"))
        self.assertIn(address, self.turnctl("usage").stdout)
        self.assertEqual(self.json("usage", "--since", "2100-01-01T00:00:00Z")["items"], [])
        self.turnctl("usage", "--since", "yesterday", status=1)


class CredentialsTest(RunningTurnd):
    def test_a_new_user_allocates_at_once_and_is_gone_once_removed(self):
        self.turnctl("user", "add", "bob", "--password-file", self.file("bob's own\n"))
        self.addCleanup(self.turnd.turnctl, "user", "remove", "bob", check=False)
        self.assertIn("bob", self.turnctl("user", "list").stdout)
        with self.allocation("bob", "bob's own") as client:
            self.assertEqual(self.json("user", "remove", "bob", "--kill"), {"closed": 1})
            with self.assertRaises(Refused) as refusal:
                client.refresh()
            self.assertIn(refusal.exception.code, (401, 437))
        self.assertNotIn("bob", self.turnctl("user", "list").stdout)

    def test_a_password_comes_from_stdin_or_is_made_by_turnd(self):
        self.turnctl("user", "add", "carol", "--password-file", "-", input="from stdin\n")
        with self.allocation("carol", "from stdin"):
            pass
        made = self.json("user", "add", "dave")["password"]
        with self.allocation("dave", made):
            pass
        self.assertEqual([user["name"] for user in self.json("user", "list")["items"]], ["alice", "carol", "dave"])
        self.turnctl("user", "remove", "carol")
        self.turnctl("user", "remove", "dave")

    def test_what_stands_already_or_in_the_file_is_refused_with_a_reason(self):
        for arguments in (("user", "add", USER), ("user", "remove", USER), ("secret", "remove", "file"),
                          ("user", "remove", "nobody")):
            done = self.turnctl(*arguments, status=1)
            self.assertRegex(done.stderr, "^turnctl: .+\n$")
            self.assertEqual(done.stdout, "")
            self.assertEqual(json.loads(self.turnctl(*arguments, "--json", status=1).stderr)["type"], "about:blank")

    def test_a_secret_signs_and_its_credential_allocates(self):
        value = self.json("secret", "add", "2026-11")["value"]
        self.assertRegex(value, "^[0-9a-f]{64}$")
        self.assertIn("2026-11", self.turnctl("secret", "list").stdout)
        self.assertNotIn(value, self.turnctl("secret", "list", "--json").stdout)
        credential = self.json("credential", "erin", "--ttl", "5m")
        self.assertEqual((credential["secret_id"], credential["ttl"]), ("2026-11", 300))
        self.assertIn("password:", self.turnctl("credential", "erin").stdout)
        with self.allocation(credential["username"], credential["password"]):
            self.assertEqual(len(self.sessions_of("erin")), 1)
        self.turnctl("secret", "remove", "2026-11")
        with self.assertRaises(Refused) as refusal, self.allocation(credential["username"], credential["password"]):
            pass
        self.assertEqual(refusal.exception.code, 401)

    def test_a_secret_comes_from_a_file(self):
        self.assertNotIn("value", self.json("secret", "add", "given", "--value-file", self.file("a given value\n")))
        self.turnctl("secret", "remove", "given")


class OperationTest(RunningTurnd):
    def test_reload_shows_the_changes_applies_them_and_refuses_a_broken_file(self):
        self.assertIn("no changes", self.turnctl("reload").stderr)
        before = self.turnd.file.read_text()
        self.addCleanup(self.turnctl, "reload")
        self.addCleanup(self.turnd.file.write_text, before)
        self.turnd.configuration["peers"]["deny"] = ["203.0.113.0/24"]
        self.turnd.write_configuration()
        self.assertRegex(self.turnctl("reload", "--dry-run").stdout, r"peers\.deny +.*203\.0\.113\.0/24.\] +now")
        self.turnctl("acl", "test", "203.0.113.7", status=1)
        (change,) = self.json("reload")["changes"]
        self.assertEqual((change["key"], change["effect"]), ("peers.deny", "now"))
        self.assertIn("203.0.113.0/24", self.turnctl("acl", "test", "203.0.113.7", status=1).stdout)

        self.turnd.file.write_text("realm: example.org\nlisten: 7\nreallm: x\n")
        refused = self.turnctl("reload", status=1)
        checked = self.turnctl("config", "check", self.turnd.file, status=1)
        self.assertEqual(refused.stdout, "")
        self.assertRegex(refused.stderr, re.escape(str(self.turnd.file)) + r":3: reallm: ")
        self.assertEqual(refused.stderr, checked.stderr)
        problem = json.loads(self.turnctl("reload", "--json", status=1).stderr)
        self.assertEqual([error["line"] for error in problem["errors"]], [2, 3])

    def test_a_drained_turnd_takes_new_sessions_after_undrain(self):
        with self.allocation():
            self.assertTrue(self.json("drain", "--deadline", "10m")["draining"])
            self.assertIn("draining", self.turnctl("status").stdout)
            with self.assertRaises(Refused) as refusal, self.allocation():
                pass
            self.assertEqual(refusal.exception.code, 508)
            self.assertRegex(self.turnctl("undrain").stdout, "draining: +no")
            with self.allocation():
                pass

    def test_acl_test_answers_in_its_exit_status(self):
        allowed = self.turnctl("acl", "test", f"{PEER4}:5000")
        self.assertRegex(allowed.stdout, "decision: +allow")
        self.assertRegex(self.turnctl("acl", "test", "127.0.0.1", status=1).stdout, "decision: +deny")
        self.assertEqual(self.json("acl", "test", "169.254.169.254", status=1)["decision"], "deny")
        self.assertEqual(run("--socket", self.folder / "absent", "acl", "test", PEER4).returncode, 2)

    def test_config_show_is_yaml_that_loads_again_and_shows_no_secret(self):
        shown = self.turnctl("config", "show").stdout
        self.assertIn('realm: "example.org"', shown)
        self.assertNotIn(PASSWORD, shown)
        self.assertNotIn("a secret of the configuration file", shown)
        self.assertEqual(self.turnctl("config", "check", self.file(shown)).returncode, 0)
        self.assertEqual(self.json("config", "show")["realm"], "example.org")

    def test_config_check_says_what_turnd_says(self):
        good, bad = self.turnd.file, self.file("reallm: x\n")
        unreadable = self.file("auth: { secrets: [{ id: one, value_file: /nonexistent/secret }] }\n")
        for file, status in ((good, 0), (bad, 1), (unreadable, 2), (self.folder / "absent", 2)):
            with self.subTest(status=status):
                ours = self.turnctl("config", "check", file, status=status)
                turnd = subprocess.run([TURNCTL.parent / "turnd", "--check-config", "--config", file],
                                       capture_output=True, text=True, timeout=20)
                self.assertEqual((ours.stdout, ours.stderr, ours.returncode),
                                 (turnd.stdout, turnd.stderr, turnd.returncode))
        document = self.json("config", "check", bad, status=1)
        self.assertEqual(document["file"], str(bad))
        self.assertEqual((document["problems"][0]["line"], document["problems"][0]["key"]), (1, "reallm"))


class CommandLineTest(unittest.TestCase):
    @staticmethod
    def commands():
        """Every command, as fish's completion has them."""
        places = re.search(r"(?m)^      case (.*)$", run("completion", "fish").stdout).group(1)
        return [place.strip("'").strip("/").split("/") for place in places.split()]

    def test_completion_knows_the_commands_of_the_help(self):
        listed = re.findall(r"(?m)^  ([a-z]+)  ", run("--help").stdout.split("Subcommands:")[1])
        self.assertEqual([command[0] for command in self.commands() if len(command) == 1], listed)
        for command in self.commands():
            self.assertEqual(run(*command, "--help").returncode, 0, command)

    def test_completion_scripts_are_valid(self):
        for shell in ("bash", "zsh", "fish"):
            self.assertEqual(run("completion", shell).returncode, 0)
        script = run("completion", "bash").stdout
        ask = script + '\nCOMP_WORDS=(turnctl sessions ""); COMP_CWORD=2; _turnctl; printf "%s " "${COMPREPLY[@]}"'
        offered = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True).stdout.split()
        self.assertEqual(offered[:4], ["list", "show", "kill", "watch"])
        self.assertEqual(run("completion", "powershell").returncode, 1)

    def test_no_secret_is_an_argument(self):
        for command in self.commands():
            options = re.findall(r"--[a-z-]+", run(*command, "--help").stdout)
            for option in options:
                if re.search("password|secret|key|value", option):
                    self.assertTrue(option.endswith("-file"), (command, option))

    def test_without_turnd_the_exit_status_is_two_and_the_path_is_named(self):
        for arguments in (["status"], ["sessions", "list"], ["sessions", "show", "x"], ["sessions", "kill", "x"],
                          ["sessions", "watch"], ["user", "list"], ["user", "add", "x"], ["user", "remove", "x"],
                          ["secret", "list"], ["secret", "add", "x"], ["secret", "remove", "x"], ["credential"], ["usage"],
                          ["reload"], ["drain"], ["undrain"], ["config", "show"], ["acl", "test", "192.0.2.1"]):
            done = run("--socket", "/nonexistent/turnd.sock", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertRegex(done.stderr, "^turnctl: .*/nonexistent/turnd.sock: .+; .+\n$")
            problem = json.loads(run(*arguments, "--json", "--socket", "/nonexistent/turnd.sock").stderr)
            self.assertEqual(problem["code"], "unreachable")

    def test_a_wrong_command_line_is_exit_status_one(self):
        for arguments in ([], ["nonsense"], ["status", "--nonsense"], ["sessions"], ["acl", "test"],
                          ["probe", "turn:a", "--user", "x"], ["sessions", "list", "--limit", "0"]):
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stdout), (1, ""), arguments)
            self.assertRegex(done.stderr, "^turnctl: .+\n$")

    def test_help_and_version_go_to_stdout(self):
        for arguments in (["--help"], ["--version"], ["probe", "--help"]):
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("turnctl", done.stdout)


if __name__ == "__main__":
    unittest.main()
