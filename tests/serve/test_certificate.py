"""A server that speaks HTTPS itself changes its certificate while phones push, and takes none that does not fit."""

import shutil
import signal
import socket
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from fieldsvc.demo.authority import Authority
from fieldsvc.ids import random_uuid7
from tests.faults.client import Staying, at_work, everything_is_there
from tests.support.server import Server, StartServer
from tests.support.waiting import waits_until
from tests.world import World
from tests.world.server import database_of


def served(server: Server) -> int:
    """The serial number of the certificate that whoever comes now is shown; phones trust it."""
    assert server.tls is not None
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=30) as line,
        server.tls.wrap_socket(line, server_hostname="localhost") as tls,
    ):
        return x509.load_der_x509_certificate(tls.getpeercert(binary_form=True) or b"").serial_number


def speaks_something_else(server: Server) -> None:
    """Come to the door of HTTPS without its greeting, and stay until the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with suppress(ConnectionResetError):
            while line.recv(4096):
                pass


def serial(file: Path) -> int:
    return x509.load_pem_x509_certificate(file.read_bytes()).serial_number


@pytest.mark.proof
def test_a_renewed_certificate_is_taken_up_by_a_reload_and_one_without_its_key_is_not(
    world: World, start_server: StartServer, tmp_path: Path
) -> None:
    authority, now = Authority(tmp_path / "authority"), datetime.now(UTC)
    home = world.household(visits_made="0")
    east = world.cadre("East", visits=[home])
    east.phone.new_id = lambda: random_uuid7(world.clock.now_ms)
    folder = world.server.folder
    world.server.stop()
    certificate, key = (tmp_path / file.name for file in authority.certificate_for(["localhost"], now))
    shutil.copytree(tmp_path / "authority", tmp_path, dirs_exist_ok=True)
    first = serial(certificate)
    server = start_server(folder, trusts=authority.certificate_path, tls_certificate=certificate, tls_key=key)
    main = server.processes()[0]
    pusher = Staying(east.phone, home, server.port, 1, lambda _: None, tls=server.tls)
    with at_work([pusher]):
        waits_until(lambda: len(pusher.receipts) > 1)
        speaks_something_else(server)
        renewed, its_key = authority.certificate_for(["localhost"], now)
        shutil.copyfile(renewed, certificate)  # and the key is still that of the old one
        assert served(server) == first, "nothing is taken up before somebody asks for it"
        main.send_signal(signal.SIGHUP)
        waits_until(lambda: "was not renewed" in server.log.read_text())
        assert "FIELDSVC_TLS_KEY" in server.log.read_text(), "whoever asked can read why"
        assert served(server) == first
        shutil.copyfile(its_key, key)
        main.send_signal(signal.SIGHUP)
        waits_until(lambda: served(server) == serial(renewed) != first)
        waits_until(lambda: "Shutting down" in server.log.read_text())
        seen = len(pusher.receipts)
        waits_until(lambda: len(pusher.receipts) > seen + 1)
        assert served(server) == serial(renewed), "there is no old program left"
    assert pusher.failures == [], "on a connection that the phone keeps"
    assert server.stop() == 0
    everything_is_there(database_of(folder), [pusher])
