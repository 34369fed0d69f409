"""Several servers of one county behind nginx, and what may befall any of them while the others work."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from tests.support.nginx import running_nginx
from tests.support.postgres import Cluster
from tests.support.seaweed import Seaweed
from tests.support.server import Server
from tests.support.tools import ROOT
from tests.uploads.line import Answer

SECRET = "one key for all machines, since phones go from one to the next"
#: How many of the machines have a worker.
WORKERS = 2
#: What befalls them, one after the other.
FAULTS = (
    "node killed",
    "volume server killed",
    "object store killed",
    "connections to the database ended",
    "database killed",
)


class Nodes:
    """The machines by number: nothing is shared but what the settings name."""

    may_be_set_back = False

    def __init__(self, folder: Path, postgres: Cluster, database_url: str, files: Seaweed, number: int = 3) -> None:
        self._postgres, self._files = postgres, files
        self._database_url = database_url
        shared = {"database_url": database_url, "blobs_url": files.url(), "secret_key": SECRET}
        settings = {**shared, "enrolment_uses": 1000, "log_level": "warning"}
        self._servers = [Server(folder / f"node {n}", **settings) for n in range(number)]
        for server in self._servers:
            server.words = ("serve", "--part", "web")
        self._workers: dict[int, subprocess.Popen[bytes]] = {}
        self._down: set[int] = set()
        self._files_down = ""
        self._next_fault = itertools.cycle(FAULTS)
        self.environment = self._servers[0].environment
        self.ports = [server.port for server in self._servers]
        self.port = 0

    @property
    def url(self) -> str:
        """The one address phones know."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start every machine; they all bring the database up to date, and one of them does."""
        for number in range(len(self._servers)):
            self._start(number)

    def kill(self) -> None:
        """Cut the power of all machines."""
        for number in range(len(self._servers)):
            self.kills(number)

    def kills(self, number: int) -> None:
        """Cut the power of one machine: its server and its worker."""
        self._servers[number].kill()
        worker = self._workers.pop(number, None)
        if worker is not None:
            # With the process that opens photos for it: nobody else would end that.
            for process in (*psutil.Process(worker.pid).children(recursive=True), worker):
                process.kill()
            worker.wait()
        self._down.add(number)

    def loses_a_volume_server(self, number: int) -> None:
        """Cut the power of one of the two that hold every file: the other shows them, and none can be added."""
        self._loses_files(f"volume {number}")

    def loses_its_object_store(self) -> None:
        """Cut the power of the store's one door: no photo is taken or shown, and all text is, until it is back."""
        self._loses_files("s3")

    def _loses_files(self, program: str) -> None:
        self._files_down = program
        self._files.kill(program)

    def loses_its_connections(self) -> None:
        """End every connection to the database at once, as when it is moved to another machine."""
        name = self._database_url.rpartition("/")[2]
        with psycopg.connect(self._postgres.url.replace("+psycopg", "") + "/postgres", autocommit=True) as operator:
            operator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    def loses_its_database(self) -> None:
        """Cut the power of all of PostgreSQL and start it again: it recovers while phones and workers ask for it."""
        self._postgres.kill()
        self._postgres.start()

    def heals(self) -> None:
        """Start again whatever is down."""
        if self._files_down:
            self._files.start(self._files_down)
            self._files_down = ""
        for number in sorted(self._down):
            self._start(number)

    def told_of_strangers(self) -> list[str]:
        """Nothing here: what the eyes of its machines saw is told at the end of the test."""
        return []

    def falters(self, dice: random.Random) -> str:
        """Put right what was wrong, let something else go wrong, and say what."""
        self.heals()
        what = next(self._next_fault)
        if what == "node killed":
            self.kills(dice.randrange(len(self._servers)))
        elif what == "volume server killed":
            self.loses_a_volume_server(dice.choice((1, 2)))
        elif what == "object store killed":
            self.loses_its_object_store()
        elif what == "database killed":
            self.loses_its_database()
        else:
            self.loses_its_connections()
        return what

    def which_served(self, answer: Answer) -> int:
        """The machine that answered; of a request that was passed on, the last."""
        return self.ports.index(int(answer.headers["served-by"].rpartition(":")[2]))

    def _start(self, number: int) -> None:
        server = self._servers[number]
        server.start()
        self._down.discard(number)
        if number < WORKERS:
            with server.log.open("ab") as log:
                self._workers[number] = subprocess.Popen(
                    [sys.executable, "-m", "fieldsvc", "serve", "--part", "jobs"],
                    env={**os.environ, **server.environment},
                    cwd=ROOT,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )


@contextmanager
def nodes(folder: Path, postgres: Cluster, database_url: str, files: Seaweed) -> Iterator[Nodes]:
    """Machines that are not started yet, behind an nginx that is; killed at the end."""
    made = Nodes(folder, postgres, database_url, files)
    with running_nginx(folder / "nginx", *made.ports, buffering=True) as made.port:
        try:
            yield made
        finally:
            made.kill()
