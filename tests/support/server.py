"""The real server in processes of its own: gunicorn, worker, a fresh data folder, a free port."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Protocol

import psutil
import pytest

from tests.support.ports import free_port
from tests.support.tools import ROOT

#: A ceiling for machines that do much else; no test waits that long where all is well.
START_SECONDS = 180


class Started(Protocol):
    """A process that runs a server."""

    pid: int

    def poll(self) -> int | None:
        """None while it runs."""

    def send_signal(self, sig: int, /) -> None:
        """Send it a signal."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; its exit status."""


class Server:
    """One server and its data folder; it may be stopped, killed and started again with the same data.

    With `trusts`, the file of an authority, it is one that has a certificate of that authority for `localhost`.
    """

    def __init__(self, folder: Path, *, trusts: Path | None = None, **settings: Any) -> None:
        self.folder = folder
        self.port = free_port()
        self.tls = ssl.create_default_context(cafile=trusts) if trusts else None
        self.url = f"https://localhost:{self.port}" if trusts else f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.words: tuple[str, ...] = ("serve",)
        self.program = "tests.support.watched"
        self._process: Started | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = {
            "FIELDSVC_MODE": "test",
            "FIELDSVC_DATA_FOLDER": str(folder),
            "FIELDSVC_BIND": f"127.0.0.1:{self.port}",
            "FIELDSVC_PUBLIC_URL": self.url,
            "FIELDSVC_WORKERS": "1",
            "FIELDSVC_THREADS": "8",
            "FIELDSVC_GRACEFUL_SECONDS": "5",
            **{f"FIELDSVC_{name.upper()}": str(value) for name, value in settings.items()},
        }

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `fieldsvc …` with this server's settings and return what it said."""
        return subprocess.run(
            [sys.executable, "-m", "fieldsvc", *words],
            env={**os.environ, **self.environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._process = self._begun()
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            alive = self._process.poll() is None and time.monotonic() < deadline
            assert alive, self.log.read_text()[-4000:]
            time.sleep(0.05)

    def _begun(self) -> Started:
        """Its process, which will not answer at once."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", self.program, *self.words],
                env={**os.environ, **self.environment},
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def answers(self) -> bool:
        """Tell whether the server says that it is well."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5, context=self.tls) as reply:
                return int(reply.status) == 200
        except (OSError, urllib.error.URLError):
            return False

    def processes(self) -> list[psutil.Process]:
        """The server's own process and all it started, down to the gunicorn workers."""
        if self._process is None or self._process.poll() is not None:
            return []
        main = psutil.Process(self._process.pid)
        return [main, *main.children(recursive=True)]

    def stop(self) -> int:
        """Ask the server to end in order, wait for that, and return its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=60)

    def kill(self) -> None:
        """End every process of the server at once, as a power cut does (SIGKILL)."""
        processes = self.processes()
        for process in processes:
            # One may have ended by itself meanwhile, and gunicorn may be starting another in its place: whoever is in
            # the process group of a part goes with it.
            with suppress(psutil.NoSuchProcess):
                process.kill()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        psutil.wait_procs(processes, timeout=30)
        if self._process is not None:
            self._process.wait(timeout=30)


class StartServer(Protocol):
    """Starts one more server; keywords are settings by their name in `fieldsvc.config`."""

    def __call__(self, folder: Path | None = None, **settings: Any) -> Server: ...


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Call it to get a running `Server`; whatever still runs at the end is killed."""
    with ExitStack() as at_end:

        def start(folder: Path | None = None, **settings: Any) -> Server:
            server = Server(folder or tmp_path / "server", **settings)
            at_end.callback(server.kill)
            server.start()
            return server

        yield start
