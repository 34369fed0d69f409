"""One fieldsvc server under test: the real application on a real database, which can be killed and set back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from fieldsvc.config import Settings
from fieldsvc.services.context import Context, open_context
from fieldsvc.store.engine import Database
from tests.support import postgres
from tests.support.app import app_on
from tests.world import plans
from tests.world.clock import Clock, Ids
from tests.world.signal import Reply

Row = dict[str, Any]


@dataclass
class Server:
    """The application, started. `restart()` forgets everything that is not in the database."""

    folder: Path
    clock: Clock
    new_id: Ids
    database_url: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    @property
    def ctx(self) -> Context:
        """What the services are called with."""
        context: Context = self.app.extensions["fieldsvc"]
        return context

    def start(self) -> None:
        """Start the application on the files that are there."""
        settings = Settings(mode="test", data_folder=self.folder, database_url=self.database_url, **self.settings)
        self.app = app_on(open_context(settings, now_ms=self.clock, new_id=self.new_id))

    def stop(self) -> None:
        """Close every connection."""
        self.ctx.db.dispose()

    def restart(self) -> None:
        """Kill the server and start it again."""
        self.stop()
        self.start()

    def back_up(self) -> Path:
        """Copy the database file, as an administrator with a USB stick would. Of a PostgreSQL it names the copy."""
        self.stop()
        if self.database_url.startswith("postgresql"):
            copy = self.folder / f"backup-{self.new_id()}.txt"
            copy.write_text(postgres.copy_database(self.database_url, copy.stem[-12:]), encoding="utf-8")
            return copy
        copy = self.folder / f"backup-{self.new_id()}.sqlite"
        shutil.copyfile(self._file(), copy)
        return copy

    def restore(self, copy: Path) -> None:
        """Put the copy back and start: nothing tells the server that its history is an older one."""
        self.stop()
        if self.database_url.startswith("postgresql"):
            postgres.put_back(self.database_url, copy.read_text(encoding="utf-8"))
        else:
            file = self._file()
            for name in (file.name + "-wal", file.name + "-shm"):
                (file.parent / name).unlink(missing_ok=True)
            shutil.copyfile(copy, file)
        self.start()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """While this lasts every commit fails, after everything else has succeeded."""

        def refuse(_connection: Any) -> None:
            raise OperationalError("COMMIT", None, Exception("database or disk is full"))

        engine = self.ctx.db.write_engine
        event.listen(engine, "commit", refuse)
        self.app.testing = False  # answer as a server would, instead of raising into the test
        try:
            yield
        finally:
            self.app.testing = True
            event.remove(engine, "commit", refuse)

    def send(self, method: str, path: str, body: Row | None, token: str | None) -> Reply:
        """Answer one HTTP request."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with plans.watched(self.ctx.db):
            response = self.app.test_client().open(path, method=method, json=body, headers=headers)
        return Reply(response.status_code, response.get_json(silent=True) or {}, dict(response.headers))

    def _file(self) -> Path:
        database = make_url(self.ctx.db.url).database
        assert database is not None
        return Path(database)


def database_of(folder: Path) -> Database:
    """The SQLite database of a server that is not running here."""
    return Database(f"sqlite:///{folder / 'fieldsvc.db'}")
