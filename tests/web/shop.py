"""A small server of the phone app's addresses, in this process, that can be stopped and given another release."""

import dataclasses
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from werkzeug.serving import BaseWSGIServer, make_server

from fieldsvc.app import create_app
from fieldsvc.config import Settings
from fieldsvc.services.context import open_context
from fieldsvc.store.migrate import upgrade
from fieldsvc.web import shell
from fieldsvc.web.assets import Release, packaged_release

# In a page: until a new release waits on the phone, or none does any more.
UNTIL_WAITING = """(wanted) => new Promise((resolve) => {
    const look = async () => {
        const { waiting } = await navigator.serviceWorker.getRegistration();
        if (!!waiting === wanted) resolve(); else setTimeout(look, 20);
    };
    look();
})"""


class Shop:
    """Serves the app; stopping it is the valley without signal."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.asked: list[str] = []
        self._monkeypatch = monkeypatch
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self.port = 0
        app.before_request(self._note)

    def _note(self) -> None:
        self.asked.append(request.full_path.rstrip("?"))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Open, at the same address as before."""
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close; a phone's requests then fail at once."""
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None

    def publishes(self, release: Release) -> None:
        """Serve another release from now on."""
        self._monkeypatch.setattr(shell, "packaged_release", lambda: release)


def changed(release: Release, path: str, text: str) -> Release:
    """The release with one file's text replaced, under a name of its own."""
    name = hashlib.sha256(f"{release.id}{path}{text}".encode()).hexdigest()[:12]
    files = {**release.files, path: text}
    return dataclasses.replace(release, id=name, files=files)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A whole server on an empty database."""
    settings = Settings(mode="test", data_folder=tmp_path / "data")
    settings.data_folder.mkdir()
    upgrade(settings.database_url)
    return create_app(ctx=open_context(settings))


@pytest.fixture
def shop(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The running shop."""
    shop = Shop(app, monkeypatch)
    shop.start()
    yield shop
    shop.stop()


@pytest.fixture(scope="session")
def release() -> Release:
    """The release of this checkout."""
    return packaged_release()
