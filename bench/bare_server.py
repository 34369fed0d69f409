"""Starts `bench.bare` beside the server that is measured."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.ports import accepts, free_port
from tests.support.tools import ROOT


@contextmanager
def bare_server(folder: Path, *, workers: int, threads: int) -> Iterator[int]:
    """The bare limit on a free port, with so many processes and threads; it keeps bodies in that folder."""
    port = free_port()
    pool = ["--workers", str(workers), "--threads", str(threads)]
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
            *pool,
            "--log-level",
            "error",
            "bench.bare:app",
        ],
        cwd=ROOT,
        env={**os.environ, "BENCH_FOLDER": str(folder)},
    )
    try:
        assert accepts(port, within_seconds=30)
        yield port
    finally:
        server.terminate()
        server.wait()
