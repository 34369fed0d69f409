"""The programs that other tests lean on do what those tests take for granted."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Blueprint
from flask.testing import FlaskClient

from fieldsvc.config import Settings
from fieldsvc.services.context import open_context
from tests.support import migrated
from tests.support.app import app_on
from tests.support.migrated import migrate_empty
from tests.support.proxy import Link, link_to


def test_each_test_gets_an_empty_postgresql_of_its_own(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        encoding = connection.execute("SHOW server_encoding").fetchone()
    assert tables == (0,)
    assert encoding == ("UTF8",)


class Echo(threading.Thread):
    """A server that says back what it hears, and remembers it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.heard = b""

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    def _echo(self, connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(65536):
                    self.heard += data
                    connection.sendall(data)
            except OSError:
                return


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    server.start()
    yield server
    server.listener.shutdown(socket.SHUT_RDWR)
    server.listener.close()
    server.join()


@pytest.fixture
def link(echo: Echo) -> Iterator[Link]:
    with link_to(echo.port) as opened:
        yield opened


def ask(link: Link, data: bytes, *, patience: float = 10.0) -> bytes:
    """Send `data` through the link and return as many bytes of answer."""
    with socket.create_connection(("127.0.0.1", link.port), timeout=patience) as connection:
        connection.sendall(data)
        answer = b""
        while len(answer) < len(data):
            more = connection.recv(65536)
            if not more:
                break
            answer += more
        return answer


def test_a_good_link_carries_everything_and_counts_it(link: Link) -> None:
    message = bytes(range(256)) * 1000
    assert ask(link, message) == message
    count = link.forget_count()
    assert (count.connections, count.up, count.down) == (1, len(message), len(message))
    assert link.count.up == 0


def test_a_slow_link_takes_at_least_the_time_its_bytes_need(link: Link) -> None:
    link.slow(round_trip_seconds=0.2, bytes_per_second=20_000)
    started = time.monotonic()
    assert ask(link, b"x" * 10_000) == b"x" * 10_000
    # A lower bound is a law of the link; an upper bound would be a law of this machine.
    assert time.monotonic() - started >= 0.2 + 0.2 + 0.5


def test_a_lost_reply_means_the_server_heard_and_the_phone_did_not(link: Link, echo: Echo) -> None:
    link.cut_after(down=0)
    with pytest.raises(ConnectionResetError):
        ask(link, b"hello")
    assert echo.heard == b"hello"
    assert ask(link, b"again") == b"again"


def test_a_cut_lets_exactly_so_many_bytes_through(link: Link, echo: Echo) -> None:
    link.cut_after(up=7_001)
    with pytest.raises(ConnectionResetError):
        ask(link, b"x" * 100_000)
    assert link.count.up == 7_001


def test_a_cut_for_good_refuses_until_it_heals(link: Link, echo: Echo) -> None:
    link.cut_after(up=7_001, for_good=True)
    for _ in range(3):
        with pytest.raises(ConnectionResetError):
            ask(link, b"x" * 100_000)
    assert (link.count.up, link.count.stops) == (7_001, 1)
    link.heal()
    assert ask(link, b"again") == b"again"


def test_a_refusing_link_resets_until_it_heals(link: Link) -> None:
    link.refuse()
    with pytest.raises(ConnectionResetError):
        ask(link, b"hello")
    link.heal()
    assert ask(link, b"hello") == b"hello"


def test_a_frozen_link_says_nothing_and_goes_on_where_it_was(link: Link) -> None:
    with socket.create_connection(("127.0.0.1", link.port), timeout=10) as connection:
        link.freeze()
        connection.sendall(b"hello")
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(10)
        link.heal()
        connection.settimeout(10)
        assert connection.recv(10) == b"hello"


def test_a_link_may_freeze_in_the_middle_of_what_is_said_and_loses_none_of_it(link: Link, echo: Echo) -> None:
    message = bytes(range(256)) * 100
    link.freeze_after(up=7_001)
    with socket.create_connection(("127.0.0.1", link.port), timeout=10) as connection:
        connection.sendall(message)
        while link.count.stops == 0 or len(echo.heard) < 7_001:
            time.sleep(0.01)
        assert (echo.heard, link.count.up) == (message[:7_001], 7_001)
        link.heal()
        answer = b""
        while len(answer) < len(message):
            answer += connection.recv(65536)
    assert answer == message


def test_no_test_changes_the_application_of_another(tmp_path: Path) -> None:
    ctx = open_context(Settings(mode="test", data_folder=tmp_path))
    one, other = app_on(ctx), app_on(ctx)
    one.config["OWN"] = 1
    one.before_request(lambda: "mine")
    assert ("OWN" in other.config, len(other.before_request_funcs)) == (False, len(app_on(ctx).before_request_funcs))
    shared: list[Callable[[], object]] = [
        lambda: one.add_url_rule("/new", view_func=str),
        lambda: one.view_functions.clear(),
        lambda: one.view_functions.update(new=str),
        lambda: one.register_blueprint(Blueprint("new", __name__)),
        lambda: one.context_processor(dict),
        lambda: one.jinja_env.globals.update(new=1),
        lambda: one.jinja_env.filters.update(new=str),
        lambda: one.teardown_appcontext(str),
    ]
    for write in shared:
        with pytest.raises((TypeError, AttributeError)):
            write()
    ctx.db.dispose()


def test_two_applications_of_one_test_count_sign_ins_each_for_itself(tmp_path: Path) -> None:
    settings = Settings(mode="test", data_folder=tmp_path, sign_ins_per_minute=2)
    migrate_empty(settings.database_url)
    ctx = open_context(settings)
    one, other = app_on(ctx).test_client(), app_on(ctx).test_client()

    def knocks(client: FlaskClient) -> int:
        return client.post("/api/v1/session", json={}).status_code

    first = [knocks(one) for _ in range(3)]
    assert first[2] == 429
    assert 429 not in [knocks(other) for _ in range(2)]
    assert (knocks(one), knocks(app_on(ctx).test_client())) == (429, first[0]), "nor does a third one forgive"
    ctx.db.dispose()


def test_a_migration_that_fails_is_what_every_test_says(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_url: str) -> None:
        raise LookupError("the mistake in the migration")

    monkeypatch.setattr(migrated, "upgrade", fails)
    for _ in range(2):
        with pytest.raises(LookupError):
            migrated._template(postgres_server, "half_made")
