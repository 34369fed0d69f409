"""A server that ends where it is told: for every request a process of its own, which dies as in a power cut.

`Mortal` starts one process that has everything loaded and forks for each request, because starting Python anew would
take two seconds each time. The child opens the database as a server does and answers one request or does the jobs that
are due; it may be told a place of `fieldsvc.failpoints`, or how large a file may get before the disk is full.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.tools import ROOT
from tests.support.watched import opens_the_eye
from tests.world import World

Row = dict[str, Any]
KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class End:
    """How the process ended: `KILLED`, or 0 with the answer it had complete."""

    code: int
    status: int | None = None
    body: Row | None = None


class Mortal:
    """Where such requests go."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder = process, folder

    def asks(self, world: World, method: str, path: str, token: str | None, **how: Any) -> End:
        """Send one request; `json` or `data` (text that is latin-1) and `headers` as the test client has them.

        `place` is where the process ends, `most_bytes` the size at which every file stops growing.
        """
        headers = {"Authorization": f"Bearer {token}", **how.pop("headers", {})}
        return self._does(world, {"method": method, "path": path, "headers": headers, **how})

    def works(self, world: World, **how: Any) -> End:
        """Do the jobs that are due."""
        return self._does(world, how)

    def _does(self, world: World, wish: Row) -> End:
        answer = self._folder / "answer.json"
        answer.unlink(missing_ok=True)
        server = world.server
        where = {"folder": str(server.folder), "url": server.database_url, "settings": server.settings}
        where |= {"now": world.clock(), "answer": str(answer)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**wish, **where}) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return End(code, **json.loads(answer.read_text())) if answer.exists() else End(code)


@contextmanager
def mortal(folder: Path) -> Iterator[Mortal]:
    """The process that forks, until the end of the block."""
    command = [sys.executable, "-m", "tests.faults.mortal"]
    pipes: Row = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "FIELDSVC_MODE": "test"}, **pipes) as process:
        yield Mortal(process, folder)


def main() -> None:
    """Fork for every line that comes in, and say how the child ended."""
    importlib.import_module("fieldsvc.app")
    importlib.import_module("fieldsvc.services.job_kinds")
    opens_the_eye()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.dup2(2, 1)  # what the server logs is not for those who read how it ended
            _live(json.loads(line))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _live(wish: Row) -> None:
    from fieldsvc import failpoints
    from fieldsvc.app import create_app
    from fieldsvc.config import Settings
    from fieldsvc.services.context import open_context
    from fieldsvc.services.job_kinds import HANDLERS
    from fieldsvc.services.jobs import run_due

    if wish.get("most_bytes"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (wish["most_bytes"],) * 2)
    os.environ["FIELDSVC_FAILPOINT"] = wish.get("place", "")
    importlib.reload(failpoints)
    settings = Settings(mode="test", data_folder=Path(wish["folder"]), database_url=wish["url"], **wish["settings"])
    ctx = open_context(settings, now_ms=lambda: int(wish["now"]))
    if "path" not in wish:
        run_due(ctx, HANDLERS)
        return
    app = create_app(ctx=ctx)
    app.testing = False  # answer as a server would, instead of raising
    data = wish["data"].encode("latin-1") if "data" in wish else None
    reply = app.test_client().open(
        wish["path"], method=wish["method"], headers=wish["headers"], json=wish.get("json"), data=data
    )
    told = {"status": reply.status_code, "body": reply.get_json(silent=True)}
    Path(wish["answer"]).write_text(json.dumps(told))


if __name__ == "__main__":
    main()
