"""The commit of a build (.cmake/commit.cmake): follows HEAD, costs nothing while HEAD stays, and may be missing."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from table import ROOT

SCRIPT = ROOT / ".cmake/commit.cmake"
CMAKE = shutil.which("cmake")


class Commit(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source = pathlib.Path(folder.name).resolve() / "tree"
        self.source.mkdir()
        self.output = self.source.parent / "commit.cpp"

    def git(self, *command: str) -> str:
        done = subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command], cwd=self.source,
                              stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("commit", "--quiet", "--allow-empty", "--message", "A commit")
        return self.git("rev-parse", "HEAD")

    def ask(self, source: pathlib.Path | None = None, **environment: str) -> str:
        subprocess.run([CMAKE, f"-DSOURCE={source or self.source}", f"-DOUTPUT={self.output}", "-P", SCRIPT], check=True,
                       env={**os.environ, **environment})
        return self.output.read_text().split('"')[3]

    def test_follows_head(self):
        self.git("init", "--quiet")
        self.assertEqual(self.ask(), "", "nothing is committed yet")
        self.assertEqual(self.commit(), self.ask())
        self.assertEqual(self.commit(), self.ask())

    def test_leaves_the_source_alone_while_head_stays(self):
        self.git("init", "--quiet")
        self.commit()
        self.ask()
        os.utime(self.output, (1000, 1000))
        self.ask()
        self.assertEqual(self.output.stat().st_mtime, 1000)

    def test_follows_head_in_a_worktree(self):
        self.git("init", "--quiet")
        first = self.commit()
        other = self.source.parent / "other"
        self.git("worktree", "add", "--quiet", "--detach", str(other))
        self.commit()
        self.assertEqual(self.ask(other), first)

    def test_is_empty_outside_of_a_checkout(self):
        self.assertEqual(self.ask(), "")

    def test_is_empty_in_a_tree_that_was_unpacked_inside_of_another(self):
        self.git("init", "--quiet")
        self.commit()
        unpacked = self.source / "unpacked"
        unpacked.mkdir()
        self.assertEqual(self.ask(unpacked), "")

    def test_is_empty_without_git(self):
        self.git("init", "--quiet")
        self.commit()
        empty = self.source.parent / "programs"
        empty.mkdir()
        subprocess.run([CMAKE, f"-DSOURCE={self.source}", f"-DOUTPUT={self.output}", "-DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF",
                        "-P", SCRIPT], check=True, env={"PATH": str(empty)})
        self.assertEqual(self.output.read_text().split('"')[3], "")


if __name__ == "__main__":
    unittest.main()
