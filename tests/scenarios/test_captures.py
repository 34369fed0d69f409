"""How a photo was taken travels with its name, is kept with the link, and reaches whoever needs it."""

import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.services import evidence
from fieldsvc.services.setup import console
from fieldsvc.store.tables import AttachmentRow
from tests.api.photo_world import jpeg
from tests.scenarios.test_photo_possession import photo_of
from tests.world import World

PHOTO = photo_of(jpeg())
TAKEN: dict[str, Any] = {
    "source": "camera",
    "taken_at": 1_795_000_000_000,
    "clock_offset": -90_000,
    "position": {"point": "29.8301 118.3201 210.0 12.0", "age": 2, "source": "device"},
}
KEPT = {
    "source": "camera",
    "taken_at": 1_795_000_000_000,
    "clock_offset": -90_000,
    "position": "29.8301 118.3201 210.0 12.0",
    "position_age": 2,
    "position_source": "device",
}


def kept(world: World) -> list[Any]:
    with world.server.ctx.db.read() as session:
        return list(session.scalars(select(AttachmentRow.capture)))


def test_a_photo_s_time_place_and_source_are_kept_with_its_link_told_to_the_next_phone_and_leave_in_the_package(
    world: World,
) -> None:
    home = world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.visits(home, door={**PHOTO, **TAKEN})
    east.syncs()
    assert kept(world) == [KEPT]
    west.syncs()
    (photo,) = [photo for visit in west.phone.replica.submissions.values() for photo in visit["photos"]]
    assert photo["position"] == KEPT["position"]

    package = io.BytesIO()
    evidence.export(world.server.ctx, console(world.server.ctx), home.id, package, reason="审计")
    with zipfile.ZipFile(package) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert [photo["capture"] for sent in manifest["sent"] for photo in sent["photos"]] == [KEPT]


@pytest.mark.parametrize(
    ("told", "capture"),
    [
        ({}, None),
        ({"source": "gallery"}, {"source": "gallery"}),
        ({"taken_at": "yesterday", "clock_offset": 5, "position": "29.8 118.3"}, None),
        ({"taken_at": 2**60, "position": {"point": "91 118 0 5", "age": 1}}, None),
        ({"source": ["camera"], "position": {"point": "29.8 118.3 0 nan", "age": -3}}, None),
        ({"position": {"point": "29.8 118.3", "age": -3, "source": 7}}, {"position": "29.8 118.3"}),
    ],
    ids=["an older phone", "the gallery", "other shapes", "beyond the world", "an accuracy that is none", "half"],
)
def test_a_photo_that_tells_less_or_nonsense_is_taken_all_the_same(
    world: World, told: dict[str, Any], capture: dict[str, Any] | None
) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, door={**PHOTO, **told})
    east.syncs()
    assert visit.status == "applied"
    assert kept(world) == [capture]
