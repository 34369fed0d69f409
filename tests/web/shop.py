"""A small server of the phone app's addresses, in this process, that can be stopped and given another release."""

import dataclasses
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, make_server

from fieldsvc.config import Settings
from fieldsvc.services import assignments, enrol, people, register, setup, standard
from fieldsvc.services.context import Context, open_context
from fieldsvc.web import shell
from fieldsvc.web.assets import Release, packaged_release
from tests.support.app import app_on
from tests.support.migrated import migrate_empty

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

    def __init__(self, app: Flask, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.ctx = app, ctx
        self.asked: list[str] = []
        #: Bytes of the bodies sent, by address.
        self.sent: dict[str, int] = {}
        self._monkeypatch = monkeypatch
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self.port = 0
        app.before_request(self._note)
        app.after_request(self._weigh)

    def _note(self) -> None:
        self.asked.append(request.full_path.rstrip("?"))

    def _weigh(self, response: Response) -> Response:
        address = request.full_path.rstrip("?")
        self.sent[address] = self.sent.get(address, 0) + (response.content_length or 0)
        return response

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

    def founds_a_county(self) -> str:
        """All that a release ships, and a cadre with one household; returns the code that signs her phone in."""
        ctx = self.ctx
        setup.begin(ctx, county="示范县", code="990000000000", name="管理员", login="A1", password="long enough")
        by = setup.console(ctx)
        standard.publish(ctx, by)
        cadre = people.add_person(ctx, by, name="李东", staff_no="E1")
        county = people.area_of_code(ctx, by, None)
        home = register.create(ctx, by, "households", {"head_name": "程有福"}, area_id=county.id)
        assignments.assign(ctx, by, cadre, subject_id=home)
        return enrol.new_code(ctx, by, cadre)

    def publishes(self, release: Release) -> None:
        """Serve another release from now on."""
        self._monkeypatch.setattr(shell, "packaged_release", lambda: release)


def changed(release: Release, path: str, text: str) -> Release:
    """The release with one file's text replaced, under a name of its own."""
    name = hashlib.sha256(f"{release.id}{path}{text}".encode()).hexdigest()[:12]
    files = {**release.files, path: text}
    return dataclasses.replace(release, id=name, files=files)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    """What the services of an empty server work with."""
    settings = Settings(mode="test", data_folder=tmp_path / "data")
    settings.data_folder.mkdir()
    migrate_empty(settings.database_url)
    return open_context(settings)


@pytest.fixture
def app(ctx: Context) -> Flask:
    """A whole server on an empty database."""
    return app_on(ctx)


@pytest.fixture
def shop(app: Flask, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The running shop."""
    shop = Shop(app, ctx, monkeypatch)
    shop.start()
    yield shop
    shop.stop()


@pytest.fixture(scope="session")
def release() -> Release:
    """The release of this checkout."""
    return packaged_release()
