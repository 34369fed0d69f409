"""A real S3: SeaweedFS with a master, two volume servers that hold every file twice, a filer and its S3 door."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldsvc.blobs.s3 import ObjectStore
from tests.support.ports import accepts, free_port

HERE = ("-ip=127.0.0.1", "-ip.bind=127.0.0.1")
KEY, SECRET = "county", "a secret of the tests"


class Seaweed:
    """Programs by name, each with ports and a folder of its own; any may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._commands: dict[str, list[str]] = {}
        self._ports: dict[str, int] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        identity = {"name": KEY, "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        master = self._define("master", "master", "-defaultReplication=001", "-volumeSizeLimitMB=64", where="-mdir")
        for name in ("volume 1", "volume 2"):
            self._define(name, "volume", f"-master={master}", "-max=20", "-minFreeSpace=1", where="-dir")
        filer = self._define("filer", "filer", f"-master={master}", where="-defaultStoreDir")
        doors = ("-port.iceberg=0", "-port.lance=0", "-iam=false")
        self._define("s3", "s3", f"-filer={filer}", f"-config={folder}/s3.json", *doors, where="")

    def _define(self, name: str, *words: str, where: str) -> str:
        """Note how a program is started; its address as the others are told it."""
        port, inner = free_port(), free_port()
        own = self._folder / name
        own.mkdir()
        command = [*words, *HERE, f"-port={port}", f"-port.grpc={inner}", *([f"{where}={own}"] if where else [])]
        self._commands[name], self._ports[name] = command, port
        return f"127.0.0.1:{port}.{inner}"

    def url(self, bucket: str = "photos") -> str:
        """What `FIELDSVC_BLOBS_URL` says for a bucket of it."""
        secret = SECRET.replace(" ", "%20")
        return f"s3://{KEY}:{secret}@{bucket}/county?region=us-east-1&endpoint=http://127.0.0.1:{self._ports['s3']}"

    def start(self, *names: str) -> None:
        """Start these programs, or all, each when the one before it listens; return when a file can be kept."""
        program = Path(sysconfig.get_path("scripts")) / "weed"
        for name in names or self._commands:
            with (self._folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    [program, *self._commands[name]],
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self._folder,
                    env={**os.environ, "HOME": str(self._folder)},
                )
            assert accepts(self._ports[name], within_seconds=60), self._said(name)
        deadline = time.monotonic() + 120
        while not ObjectStore(self.url()).is_writable():
            assert time.monotonic() < deadline, self._said("s3")
            time.sleep(0.1)

    def kill(self, *names: str) -> None:
        """End these programs, or all that run, at once."""
        for name in names or list(self._running):
            process = self._running.pop(name)
            process.kill()
            process.wait()

    def _said(self, name: str) -> str:
        return (self._folder / f"{name}.log").read_text(errors="replace")[-3000:]


@contextmanager
def seaweed() -> Iterator[Seaweed]:
    """One that runs, and is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="fieldsvc-seaweed-"))
    try:
        made = Seaweed(folder)
        try:
            made.start()
            yield made
        finally:
            made.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def object_store() -> Iterator[Seaweed]:
    """One for the whole run; who stops a part of it starts it again."""
    with seaweed() as running:
        yield running
