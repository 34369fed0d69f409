"""kill -9 at every named place: the server starts again, the phone repeats itself, and everything happened once.

What is repeated is what a phone repeats: the same operation's bytes, and of a photo what the server says it lacks.
"""

from __future__ import annotations

import base64
import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldsvc.failpoints import PLACES
from fieldsvc.services import fsck
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.jobs import LEASE_MS, run_due
from fieldsvc.store.tables import (
    AttachmentRow,
    BlobRow,
    ChangeRow,
    DerivativeRow,
    EntityVersionRow,
    JobRow,
    OperationRow,
    SubmissionRow,
    UploadPartRow,
)
from tests.api.photo_world import PIECE, UPLOADS, jpeg, sha256, together
from tests.faults.mortal import KILLED, Mortal
from tests.scenarios.test_photo_possession import photo_of
from tests.world import World, laws
from tests.world.cadre import Cadre

PUSH = [place for place in PLACES if place.startswith(("push.", "commit.", "reply."))]
FILE = [place for place in PLACES if place.startswith(("blob.", "commit.", "reply."))]
PIECES = [*FILE, *(place for place in PLACES if place.startswith(("piece.", "upload.")))]
JOB = [place for place in PLACES if place.startswith(("job.", "blob.", "commit."))]
#: By these the database has committed what the request was about.
LATE = ("commit.after", "reply.ready")


def test_every_place_is_one_where_something_of_these_dies() -> None:
    assert {*PUSH, *PIECES, *JOB} == set(PLACES)


@pytest.mark.parametrize("place", PUSH)
def test_a_push_that_dies_is_repeated_and_takes_effect_once(county: World, dying: Mortal, place: str) -> None:
    home = county.household(phone="13900000001")
    east = county.cadre("East", visits=[home])
    visit = east.visits(home, phone="13900000009", door=photo_of(os.urandom(60_000)))

    end = dying.asks(county, "POST", "/api/v1/sync", east.phone.token, json=east.phone.request(), place=place)
    assert end.code == KILLED
    county.server.restart()
    [receipt] = east.syncs()

    assert (receipt["status"], bool(receipt.get("duplicate"))) == ("applied", place in LATE)
    assert county.record(home).properties["phone"] == "13900000009"
    with county.server.ctx.db.read() as session:
        for table in (OperationRow, SubmissionRow, AttachmentRow):
            of = table.submission_id if table is AttachmentRow else table.id
            assert counted(session, table, of == visit.id) == 1
        assert counted(session, EntityVersionRow, EntityVersionRow.operation_id == visit.id) == 1
        fed = session.scalars(select(ChangeRow).where(ChangeRow.operation_id == visit.id)).all()
        assert set(Counter((row.topic, row.kind, row.ref_id) for row in fed).values()) == {1}
    is_whole(county, east)


@pytest.mark.parametrize("place", FILE)
def test_a_photo_that_comes_with_its_creation_is_kept_once(county: World, dying: Mortal, place: str) -> None:
    east, photo = a_visit_with_a_photo(county)
    headers = {**creation(photo), "Content-Type": PIECE}
    end = dying.asks(county, "POST", UPLOADS, east.phone.token, headers=headers, data=text(photo), place=place)
    assert end.code == KILLED
    county.server.restart()
    goes_on(county, east, photo)
    is_kept_once(county, east, photo)


@pytest.mark.parametrize("place", FILE)
def test_photos_that_come_together_are_kept_once_each(county: World, dying: Mortal, place: str) -> None:
    first, second = os.urandom(60_000), os.urandom(50_000)
    home = county.household()
    east = county.cadre("East", visits=[home])
    east.visits(home, door=photo_of(first), room=photo_of(second))
    east.syncs()
    sent, where = together((first, second)), f"{UPLOADS}/together"
    headers, body = {"Content-Type": sent["content_type"]}, text(sent["data"])
    end = dying.asks(county, "POST", where, east.phone.token, headers=headers, data=body, place=place)
    assert end.code == KILLED
    county.server.restart()
    for photo in (first, second):
        assert goes_on(county, east, photo) == (len(photo) if place in LATE else 0)
        is_kept_once(county, east, photo)


@pytest.mark.parametrize("place", FILE)
def test_a_photo_that_comes_as_one_piece_is_kept_once(county: World, dying: Mortal, place: str) -> None:
    east, photo = a_visit_with_a_photo(county)
    where = begins(county, east, photo)
    dies_at(county, dying, east, where, 0, photo, place)
    county.server.restart()
    goes_on(county, east, photo)
    is_kept_once(county, east, photo)


@pytest.mark.parametrize("place", PIECES)
def test_a_photo_whose_last_piece_dies_keeps_the_pieces_before(county: World, dying: Mortal, place: str) -> None:
    east, photo = a_visit_with_a_photo(county)
    where, half = begins(county, east, photo), len(photo) // 2
    assert county.server.app.test_client().patch(
        where, data=photo[:half], headers={**bearer(east), "Upload-Offset": "0", "Content-Type": PIECE}
    ).headers["Upload-Offset"] == str(half)
    dies_at(county, dying, east, where, half, photo[half:], place)
    county.server.restart()
    assert goes_on(county, east, photo) >= half, "what was told to be here is here"
    is_kept_once(county, east, photo)


@pytest.mark.parametrize(
    "place", [place if place.startswith("job.") else pytest.param(place, marks=pytest.mark.proof) for place in JOB]
)
def test_a_job_that_dies_is_done_by_the_next_worker(county: World, dying: Mortal, place: str) -> None:
    east, photo = a_visit_with_a_photo(county, jpeg(size=(80, 60)))
    goes_on(county, east, photo)
    assert dying.works(county, place=place).code == KILLED
    county.server.restart()
    # Another worker cannot know that this one is dead before the lease of its job is over.
    county.clock.passes(seconds=LEASE_MS / 1000 + 1)
    is_kept_once(county, east, photo, derived=["screen", "thumb"])


def a_visit_with_a_photo(county: World, photo: bytes | None = None) -> tuple[Cadre, bytes]:
    """A cadre whose visit has arrived, and the photo that it names: bytes that nobody can draw, unless told others."""
    home, photo = county.household(), photo or os.urandom(60_000)
    east = county.cadre("East", visits=[home])
    east.visits(home, door=photo_of(photo))
    east.syncs()
    return east, photo


def begins(county: World, east: Cadre, photo: bytes) -> str:
    """Create the upload, or find it again, or learn that all of it is here: its address."""
    made = county.server.app.test_client().post(UPLOADS, headers={**creation(photo), **bearer(east)})
    assert made.status_code == 201
    return str(made.headers["Location"])


def goes_on(county: World, east: Cadre, photo: bytes) -> int:
    """Ask how far it got and send the rest, as a phone does that heard no answer; returns how far it had got."""
    client, where = county.server.app.test_client(), begins(county, east, photo)
    stands = int(client.head(where, headers=bearer(east)).headers["Upload-Offset"])
    if stands < len(photo):
        headers = {**bearer(east), "Upload-Offset": str(stands), "Content-Type": PIECE}
        sent = client.patch(where, data=photo[stands:], headers=headers)
        assert sent.headers["Upload-Offset"] == str(len(photo))
    return stands


def dies_at(county: World, dying: Mortal, east: Cadre, where: str, offset: int, piece: bytes, place: str) -> None:
    headers = {"Upload-Offset": str(offset), "Content-Type": PIECE}
    end = dying.asks(county, "PATCH", where, east.phone.token, headers=headers, data=text(piece), place=place)
    assert end.code == KILLED


def creation(photo: bytes) -> dict[str, str]:
    digest = base64.b64encode(sha256(photo).encode()).decode()
    return {"Upload-Length": str(len(photo)), "Upload-Metadata": f"sha256 {digest},type aW1hZ2UvanBlZw=="}


def bearer(east: Cadre) -> dict[str, str]:
    return {"Authorization": f"Bearer {east.phone.token}"}


def text(data: bytes) -> str:
    return data.decode("latin-1")


def is_kept_once(county: World, east: Cadre, photo: bytes, derived: Sequence[str] = ()) -> None:
    """The photo is whole and linked, its job was noted once and is done, and no piece is left."""
    ctx, digest = county.server.ctx, sha256(photo)
    run_due(ctx, HANDLERS)
    assert ctx.blobs.get(digest) == photo
    with ctx.db.read() as session:
        assert counted(session, BlobRow, BlobRow.sha256 == digest) == 1
        assert session.scalars(select(AttachmentRow.state).where(AttachmentRow.sha256 == digest)).all() == ["present"]
        jobs = [row for row in session.scalars(select(JobRow)) if row.payload == {"sha256": digest}]
        assert [job.state for job in jobs] == ["done"]
        kinds = session.scalars(select(DerivativeRow.kind).where(DerivativeRow.sha256 == digest)).all()
        assert sorted(kinds) == sorted(derived)
        assert counted(session, UploadPartRow) == 0
    is_whole(county, east)


def is_whole(county: World, east: Cadre) -> None:
    """Every law holds, and every file, record and line of the log is what it says it is."""
    with county.server.ctx.db.read() as session:
        laws.everything_holds(session, [east.phone])
    assert list(fsck.check(county.server.ctx)) == []


def counted(session: Session, table: type[Any], *where: Any) -> int:
    return session.scalars(select(func.count()).select_from(table).where(*where)).one()
