"""The three evenings of `docs/rehearsal.md`, from the first call to the moment at which nothing is missing."""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

from fieldsvc.services import backup, enrol, envelope, fsck, rescue
from fieldsvc.services.staff import change, devices
from fieldsvc.store import people as people_rows
from fieldsvc.store.attachments import PRESENT
from fieldsvc.store.tables import AttachmentRow
from tests.scenarios.rescue_file import backup_of
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.server import Server

PHOTO = b"no picture, but bytes"
NAMED = {"sha256": hashlib.sha256(PHOTO).hexdigest(), "bytes": len(PHOTO), "type": "image/jpeg"}


def sends_photo(cadre: Cadre, world: World) -> None:
    """The phone sends the photo, as it does until the server says that it has it."""
    name = base64.b64encode(str(NAMED["sha256"]).encode()).decode()
    headers = {"Authorization": f"Bearer {cadre.phone.token}", "Upload-Length": str(len(PHOTO))}
    headers |= {"Upload-Metadata": f"sha256 {name},type aW1hZ2UvanBlZw==", "Tus-Resumable": "1.0.0"}
    piece = {"data": PHOTO, "content_type": "application/offset+octet-stream"}
    assert world.server.app.test_client().post("/api/v1/uploads", headers=headers, **piece).status_code == 201


def has_photo(world: World) -> bool:
    """Whether the photo is linked to its visit and its bytes are here."""
    with world.server.ctx.db.read() as session:
        states = [row.state for row in session.query(AttachmentRow)]
    return states == [PRESENT] and world.server.ctx.blobs.has(str(NAMED["sha256"]))


def is_whole(world: World) -> bool:
    return list(fsck.check(world.server.ctx)) == []


def on_another_machine(world: World, copies: Path, folder: Path) -> World:
    """What `fieldsvc restore` makes of a backup on an empty machine with the same key."""
    fresh = Server(folder, world.clock, world.new_id)
    settings: Any = fresh.ctx.settings
    fresh.stop()
    for left in folder.glob("fieldsvc.db*"):
        left.unlink()
    backup.restore(settings, copies)
    fresh.start()
    backup.new_epochs(fresh.ctx)
    return world.behind(fresh)


def finds(cadre: Cadre, world: World) -> None:
    """The address the phone knows leads to another machine from now on."""
    cadre.link.send = world.server.send
    cadre.link.audit = lambda _request, _reply: None
    cadre.get_code = lambda: enrol.new_code(world.server.ctx, world.county.who(), cadre.person_id)


def test_a_phone_is_lost_and_its_owner_visits_on_with_another(world: World) -> None:
    first, second = world.household(), world.household(phone="09990000001")
    east = world.cadre("East", visits=[first, second])
    sent = east.visits(first, water="tap")
    east.syncs()
    unsent = east.visits(second, phone="09990000002")
    east.exchanges(limit=0)  # on the way home it said that something waits, and then it was gone
    old_code = east.get_code()

    # The office looks at what it held, signs it out, and gives its owner a code.
    by = world.county.who()
    [phone] = devices.page(world.server.ctx, by=by, text="East").lines
    assert (phone.row.pending_operations, phone.row.lost) == (1, False)
    devices.revoke(world.server.ctx, phone.row.id, by=by)
    another = east.takes_a_second_phone()
    another.syncs()

    # On the new phone everything is there that had arrived; the lost one gets nothing, and its code opens nothing.
    assert another.holds(first)
    assert another.holds(second)
    assert world.has_visit(sent)
    assert not world.has_visit(unsent)
    east.syncs()
    assert east.turned_away == ["device-revoked"]
    with world.server.ctx.db.write() as session:
        assert people_rows.use_enrolment(session, enrol.digest(old_code), world.clock()) is None

    # It turns up behind the sofa: signed in again by its owner, it sends what it had kept.
    east.enrols()
    east.syncs()
    assert unsent.status == "applied"
    assert world.record(second).phone == "09990000002"
    world.assert_laws_hold()


def test_a_server_is_lost_and_what_came_since_yesterday_comes_again(world: World, tmp_path: Path) -> None:
    home, other = world.household(phone="09990000001"), world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[other])
    yesterdays = west.visits(other, water="well")
    west.syncs()
    backup.back_up(world.server.ctx.settings, tmp_path / "copies")

    world.clock.passes(days=0.5)
    todays = east.visits(home, phone="09990000002", door=NAMED)
    east.syncs()
    sends_photo(east, world)
    assert has_photo(world)
    world.server.stop()  # the machine burns down

    again = on_another_machine(world, tmp_path / "copies", tmp_path / "another")
    for cadre in (east, west):
        finds(cadre, again)
    assert is_whole(again)
    assert again.has_visit(yesterdays)
    assert not again.has_visit(todays)
    east.syncs()
    west.syncs()
    sends_photo(east, again)

    assert again.has_visit(todays)
    assert again.record(home).phone == "09990000002"
    assert has_photo(again)
    assert is_whole(again)
    again.cadres = [east, west]
    again.assert_laws_hold()
    again.server.stop()


def test_a_part_of_the_county_moves_to_a_server_of_its_own(world: World, tmp_path: Path) -> None:
    home, stays = world.household(), world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[stays])
    before = east.visits(home, water="tap")
    east.syncs()

    # The evening of the move: a backup becomes the new server, and each server retires the other's people.
    backup.back_up(world.server.ctx.settings, tmp_path / "copies")
    own = on_another_machine(world, tmp_path / "copies", tmp_path / "own")
    late = east.visits(home, phone="09990000002")  # in the valley, while the office moves
    for server, home_of_others, leaves in ((world, home, east), (own, stays, west)):
        server.takes_from(home_of_others, leaves)
        change.retire(server.server.ctx, server.county.who(), leaves.person_id)

    # The new address is another app to a browser: what East has not sent is carried over as a file, with its author.
    file = backup_of(east, envelope.public_key(own.server.ctx.settings.secret_key))
    # Back in signal the old app still knows the old address, which turns it away: it sends nothing there any more.
    east.syncs()
    # Whatever is kept counts as unsent on a phone that has forgotten its place.
    assert (east.turned_away, east.waiting()) == (["device-revoked"], 2)
    taken = rescue.take_in(own.server.ctx, own.county.who(), io.BytesIO(file))
    assert (taken.author, taken.proven, [one.status for one in taken.receipts]) == ("East", True, ["applied"])
    finds(east, own)
    fresh = east.takes_a_second_phone()
    fresh.syncs()
    assert fresh.holds(home)
    assert own.has_visit(before)
    assert own.has_visit(late)
    after = fresh.visits(home, water="well")
    fresh.syncs()
    assert own.has_visit(after)
    assert not world.has_visit(after)

    # Who stays notices nothing, and is nobody on the other server.
    kept = west.visits(stays, water="tap")
    west.syncs()
    assert kept.status == "applied"
    finds(west, own)
    west.syncs()
    assert west.turned_away == ["device-revoked"]
    assert is_whole(world)
    assert is_whole(own)
    own.server.stop()
