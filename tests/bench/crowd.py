"""A crowd of sessions that come, relay and end beside a call, from namespaces that are joined to the server's."""

import concurrent.futures
import resource
import time

from side_by_side import Namespace

# Of one turnctl bench. Each session is a socket of the server and two of the program's, with a port each.
MOST_OF_ONE = 10_000
OF_AN_ADDRESS = 50_000  # of its 64,511 ports: the last ones are long to find
SPARE_FILES = 500
SECONDS = 5  # that they relay, so that all of them stand at once
MOST_CALL_SECONDS = 240
SMOKE_SESSIONS, SMOKE_SECONDS, SMOKE_CALL_SECONDS = 10, 0.3, 4


class Crowd:
    """So many sessions as are wanted and the limit of open files allows, in as many programs as it takes."""

    def __init__(self, far, wanted, smoke):
        """`far`: the server's FarNamespace."""
        self.is_short = smoke
        self.wanted = SMOKE_SESSIONS if smoke else wanted
        self.limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        files = self.wanted * 2 if self.limit == resource.RLIM_INFINITY else self.limit - SPARE_FILES
        most_of_one = max(1, SMOKE_SESSIONS // 2 if smoke else min(MOST_OF_ONE, files // 2))
        sessions = max(1, min(self.wanted, files))
        programs = -(-sessions // most_of_one)
        self.each = sessions // programs
        self.sessions = self.each * programs
        self.call_seconds = SMOKE_CALL_SECONDS if smoke else min(MOST_CALL_SECONDS, 20 + self.sessions // 500)
        self.seconds = SMOKE_SECONDS if smoke else SECONDS
        # A call that shares its core with the crowd is not held up by it, so that what holds the call up is the server. A
        # short run counts, and has to end where others are busy too.
        self._rank = [] if smoke else ["chrt", "--idle", "0"]
        self.relays = self._more_addresses(far, (self.wanted - 1) // OF_AN_ADDRESS)
        self._places = [Place(far, number) for number in range(1, programs + 1)]

    @staticmethod
    def _more_addresses(far, count):
        """Of the server, beside its first."""
        made = [f"198.18.0.{100 + number}" for number in range(count)]
        for address in made:
            far.run("ip", "address", "add", f"{address}/24", "dev", "bench1")
        return made

    def said(self):
        """How many there are, and why not more."""
        text = f"crowd: {self.sessions:,} of {self.wanted:,} sessions, relay addresses: {1 + len(self.relays)}"
        if self.sessions < self.wanted:
            text += f"; the limit of {self.limit:,} open files allows no more"
        return text

    def entering(self, place):
        """A command's beginning: it runs there."""
        return [*place.enter, *self._rank]

    def beside(self, call, comers):
        """`call(seconds)` runs while all sessions are set up, relay and end, by `comers(sessions, place)`; its figures."""
        with concurrent.futures.ThreadPoolExecutor(len(self._places) + 1) as pool:
            running = pool.submit(call, self.call_seconds)
            time.sleep(1)
            crowd = [pool.submit(comers, self.each, place) for place in self._places]
            concurrent.futures.wait(crowd)
            was_within = not running.done()
            for comer in crowd:
                comer.result()
            run = running.result()
        if not was_within and not self.is_short:
            raise RuntimeError(f"{self.sessions} sessions took longer than the call")
        return run

    def close(self):
        for place in self._places:
            place.close()


class Place(Namespace):
    """Where one program of the crowd is, with ports of its own."""

    def __init__(self, far, number):
        super().__init__()
        network, near = f"198.18.{number}", f"crowd{number}"
        self.address = f"{network}.2"
        far.run("ip", "link", "add", near, "type", "veth", "peer", "name", "comers", "netns", self.pid)
        far.run("ip", "address", "add", f"{network}.1/24", "dev", near)
        far.run("ip", "link", "set", near, "up")
        for words in (["address", "add", f"{self.address}/24", "dev", "comers"], ["link", "set", "comers", "up"],
                      ["route", "add", "default", "via", f"{network}.1"]):
            self.run("ip", *words)
        self.run("sh", "-c", "echo 1024 65535 > /proc/sys/net/ipv4/ip_local_port_range")
