"""To name a photo is not to have it: a digest copied from somewhere opens nobody's picture."""

import base64
import io
from typing import Any

from werkzeug.test import TestResponse

from fieldsvc.services import people
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.jobs import run_due
from fieldsvc.store import visit_record
from tests.api.photo_world import PIECE, UPLOADS, jpeg, sha256
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.outbox import Entry
from tests.world.places import Household


def photo_of(data: bytes) -> dict[str, Any]:
    return {"sha256": sha256(data), "bytes": len(data), "type": "image/jpeg"}


def names(world: World, cadre: Cadre, home: Household, photo: bytes, **more: Any) -> Entry:
    """The cadre's visit of the household names this photo; the operation has arrived."""
    visit = cadre.visits(home, door=photo_of(photo), **more)
    cadre.syncs()
    return visit


def begins(world: World, cadre: Cadre, photo: bytes) -> TestResponse:
    metadata = f"sha256 {base64.b64encode(sha256(photo).encode()).decode()}"
    headers = {"Upload-Length": str(len(photo)), "Upload-Metadata": metadata, **bearer(cadre)}
    return world.server.app.test_client().post(UPLOADS, headers=headers)


def uploads(world: World, cadre: Cadre, photo: bytes) -> None:
    begun = begins(world, cadre, photo)
    if begun.headers["Upload-Offset"] == "0":
        headers = {"Upload-Offset": "0", "Content-Type": PIECE, **bearer(cadre)}
        where = begun.headers["Location"]
        assert world.server.app.test_client().patch(where, data=photo, headers=headers).status_code == 204
    run_due(world.server.ctx, HANDLERS)


def sends_thumbnail(world: World, cadre: Cadre, photo: bytes, small: bytes) -> list[str]:
    part = {sha256(photo): (io.BytesIO(small), "thumb.jpg", "image/jpeg")}
    reply = world.server.app.test_client().post("/api/v1/thumbnails", data=part, headers=bearer(cadre))
    stored: list[str] = (reply.json or {})["stored"]
    return stored


def looks(world: World, cadre: Cadre, photo: bytes, size: str = "full") -> TestResponse:
    path = f"/api/v1/photos/{sha256(photo)}?size={size}"
    return world.server.app.test_client().get(path, headers=bearer(cadre))


def bearer(cadre: Cadre) -> dict[str, str]:
    return {"Authorization": f"Bearer {cadre.phone.token}"}


def test_naming_a_strangers_photo_in_a_visit_of_ones_own_shows_it_in_no_size(world: World) -> None:
    home, other, photo = world.household(), world.household(), jpeg()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[other])
    names(world, east, home, photo)
    uploads(world, east, photo)

    names(world, west, other, photo)

    assert {looks(world, west, photo, size).status_code for size in ("thumb", "screen", "full")} == {404}
    assert begins(world, west, photo).headers["Upload-Offset"] == "0", "nor is it told that the bytes are here"
    assert looks(world, west, photo).status_code == 404
    assert looks(world, east, photo).data == photo


def test_naming_it_for_the_strangers_household_itself_shows_it_neither(world: World) -> None:
    home, photo = world.household(), jpeg()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[world.household()])
    names(world, east, home, photo)
    uploads(world, east, photo)
    visit = names(world, west, home, photo)
    assert visit.status == "review"
    assert looks(world, west, photo, "thumb").status_code == 404
    world.supervisor.accepts(visit)
    assert looks(world, west, photo, "thumb").status_code == 404


def test_a_thumbnail_of_ones_own_opens_no_photo_and_replaces_no_other(world: World) -> None:
    home, other, photo = world.household(), world.household(), jpeg()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[other])
    mine, forged = jpeg(size=(160, 120)), jpeg(size=(80, 60))
    names(world, east, home, photo)
    names(world, west, other, photo)
    assert sends_thumbnail(world, west, photo, forged) == [sha256(photo)]
    assert sends_thumbnail(world, east, photo, mine) == [sha256(photo)]
    assert looks(world, east, photo, "thumb").data == mine[: len(looks(world, east, photo, "thumb").data)]
    assert len(looks(world, west, photo, "thumb").data) < len(looks(world, east, photo, "thumb").data)

    uploads(world, east, photo)

    assert looks(world, west, photo, "full").status_code == 404
    assert looks(world, west, photo, "screen").status_code == 404
    assert looks(world, west, photo, "thumb").data != looks(world, east, photo, "thumb").data


def test_a_supervisor_of_the_forgers_village_sees_it_no_more_than_the_forger(world: World) -> None:
    upper, lower = world.village("Upper"), world.village("Farther")
    home, other, photo = world.household(in_village=upper), world.household(in_village=lower), jpeg()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[other])
    judge = world.cadre("Judge")
    people.grant_role(world.server.ctx, world.county.who(), judge.person_id, "supervisor", lower)
    names(world, east, home, photo)
    uploads(world, east, photo)
    names(world, west, other, photo)
    assert looks(world, judge, photo).status_code == 404
    people.grant_role(world.server.ctx, world.county.who(), judge.person_id, "supervisor", upper)
    assert looks(world, judge, photo).data == photo


def test_whoever_has_the_same_bytes_proves_it_by_sending_them_once(world: World) -> None:
    home, other, photo = world.household(), world.household(), jpeg()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[other])
    names(world, east, home, photo)
    uploads(world, east, photo)
    names(world, west, other, photo)
    uploads(world, west, photo)
    assert looks(world, west, photo).data == photo
    assert begins(world, west, photo).headers["Upload-Offset"] == str(len(photo))


def test_ones_own_photo_in_a_second_visit_is_not_sent_again(world: World) -> None:
    home, photo = world.household(), jpeg()
    east = world.cadre("East", visits=[home])
    first = names(world, east, home, photo)
    uploads(world, east, photo)
    amended = east.amends(first, home, door=photo_of(photo), water="tap")
    east.syncs()
    assert amended.status == "applied"
    assert photo_states(world, amended) == ["present"]
    assert begins(world, east, photo).headers["Upload-Offset"] == str(len(photo))


def test_the_next_helper_amends_a_visit_and_its_photos_stay_in_it(world: World) -> None:
    home, photo, late = world.household(), jpeg(), jpeg("blue")
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    names(world, east, home, photo)
    uploads(world, east, photo)
    visit = names(world, east, home, late)
    world.hands_over(home, east, west)
    west.syncs()
    amended = west.visits(home, door=photo_of(photo), window=photo_of(late), water="tap")
    west.syncs()
    assert photo_states(world, amended) == ["present", "missing"]

    uploads(world, east, late)

    assert photo_states(world, visit) == ["present"]
    assert photo_states(world, amended) == ["present", "present"], "it came from the first helper's phone at last"
    assert looks(world, west, late).data == late


def test_after_a_restored_backup_the_photo_is_linked_again(world: World) -> None:
    home, photo = world.household(), jpeg()
    east = world.cadre("East", visits=[home])
    yesterday = world.backs_up()
    visit = names(world, east, home, photo)
    uploads(world, east, photo)
    world.restores(yesterday)
    east.syncs()
    assert photo_states(world, visit) == ["missing"]
    uploads(world, east, photo)
    assert photo_states(world, visit) == ["present"]
    assert looks(world, east, photo).data == photo


def photo_states(world: World, visit: Entry) -> list[str]:
    """How far the photos of a visit are, in the order of their slots."""
    with world.server.ctx.db.read() as session:
        found = visit_record.photos(session, world.supervisor.who().feed_id, [visit.id])[visit.id]
    return [photo.state for photo in found]


def test_the_same_picture_in_two_questions_is_one_photo_with_two_links(world: World) -> None:
    home, photo = world.household(), jpeg()
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, door=photo_of(photo), window=photo_of(photo))
    east.syncs()
    assert (visit.status, photo_states(world, visit)) == ("applied", ["missing", "missing"])
    uploads(world, east, photo)
    assert photo_states(world, visit) == ["present", "present"]
    assert begins(world, east, photo).headers["Upload-Offset"] == str(len(photo))
