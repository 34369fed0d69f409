"""Links that break in the middle, and servers that die: nothing told is lost, nothing late is taken."""

from __future__ import annotations

import pytest

from tests.support.server import StartServer
from tests.uploads.conftest import DOORS, Place
from tests.uploads.line import Line, sha256

UNBUFFERED = [door for door in DOORS if door != "nginx that buffers"]


@pytest.mark.parametrize("door", UNBUFFERED)
def test_what_a_half_open_connection_still_sends_is_never_taken(place: Place, photo: bytes, door: str) -> None:
    """The phone's link broke, the server does not know yet; the phone is back and goes on. Then the old bytes come."""
    line = place.line(door)
    where = line.begins(photo).location
    wrong = b"\0" * 50_000
    old = line.half(where, 0, wrong, sent=20_000)
    place.waits_for_request(where, 2)  # the creation was the first; only then is the other one the newer
    assert line.stands(where) == 0
    assert line.sends(where, 0, photo[:60_000]).offset == 60_000
    old.sendall(wrong[20_000:])
    late = old.recv(65_536)
    old.close()
    assert b" 409 " in late.split(b"\r\n", 1)[0]
    assert line.stands(where) == 60_000
    assert line.sends(where, 60_000, photo[60_000:]).offset == len(photo)
    assert place.world.ctx.blobs.get(sha256(photo)) == photo


@pytest.mark.parametrize("door", UNBUFFERED)
def test_what_arrived_before_a_cut_is_kept(place: Place, photo: bytes, door: str) -> None:
    line = place.line(door)
    where = line.begins(photo).location
    line.half(where, 0, photo, sent=120_000).close()
    while (stands := line.stands(where)) == 0:
        # Asking fences whoever is still writing, as a phone that comes back at once does: then it sends anew.
        line.half(where, 0, photo, sent=120_000).close()
    assert 0 < stands <= 120_000
    assert line.sends(where, stands, photo[stands:]).offset == len(photo)
    assert place.world.ctx.blobs.get(sha256(photo)) == photo


@pytest.mark.parametrize("carried", ["the whole photo", "its beginning"])
def test_a_creation_that_is_cut_leaves_a_beginning_to_go_on_from(place: Place, photo: bytes, carried: str) -> None:
    """The first request meets the worst of the link. The phone knows no address yet and asks again, without a byte.

    Through the server's own door: an nginx that sees the bytes and their end at once may pass none of them on.
    """
    line, came = place.line(), 60_000
    line.begins_half(photo, photo if carried == "the whole photo" else photo[:-1], sent=came).close()
    place.waits_for_bytes(sha256(photo))
    again = line.begins(photo)
    assert (again.status, again.offset) == (201, came)
    assert line.sends(again.location, came, photo[came:]).offset == len(photo)
    assert place.world.ctx.blobs.get(sha256(photo)) == photo


def test_pieces_of_one_photo_may_come_to_different_servers(
    place: Place, photo: bytes, start_server: StartServer
) -> None:
    """Two servers on the same data: whichever a balancer picks takes the next piece."""
    folder = place.server.folder
    other = start_server(folder)
    lines = [place.line(), Line(other.port, place.token)]
    where, at = lines[0].begins(photo).location, 0
    for number, end in enumerate(range(40_000, len(photo) + 1, 40_000)):
        at = lines[number % 2].sends(where, at, photo[at:end]).offset
    assert at == len(photo)
    assert place.world.ctx.blobs.get(sha256(photo)) == photo


def test_a_server_that_dies_in_the_middle_has_told_no_offset_it_cannot_keep(
    tmp_path, photo: bytes, start_server: StartServer
) -> None:
    home = Place(tmp_path / "data")
    server = start_server(tmp_path / "data", workers=2)
    line = Line(server.port, home.token)
    where, told = line.begins(photo).location, 0
    for end in (30_000, 90_000, 150_000):
        told = line.sends(where, told, photo[told:end]).offset
        cut = line.half(where, told, photo[told:], sent=10_000)
        server.kill()
        cut.close()
        server.start()
        stands = line.stands(where)
        assert stands >= told
        told = stands
    assert line.sends(where, told, photo[told:]).offset == len(photo)
    assert home.world.ctx.blobs.get(sha256(photo)) == photo
    home.world.ctx.db.dispose()
