"""A code the phone could not read comes as a photo: the server reads it, a person takes it over, nobody else does."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from fieldsvc.services import photos
from fieldsvc.services.context import Context
from fieldsvc.store.tables import BlobRow, FormRow, FormVersionRow, SubmissionRow
from fieldsvc.xlsform import compile_form
from tests.api.photo_world import sha256
from tests.forms.forms import SETTINGS, markdown
from tests.media.test_codes import code, photo
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.test_deciding_conflicts import household_of

SURVEY = [
    {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"},
    {"type": "barcode", "name": "meter", "label": "表号", "save_to": "hamlet"},
    {"type": "image", "name": "house", "label": "房屋"},
]
LABEL = photo((code("SB-0412"), (500, 400)))


@pytest.fixture
def visit(district: District, ctx: Context) -> str:
    """A household with a visit whose meter was photographed, and whose house has a code on its wall."""
    home = district.household("陈一", district.upper, hamlet="上岭")
    settings = [{**SETTINGS, "subject_dataset": "households"}]
    entities = [{"list_name": "households", "entity_id": "${household}"}]
    form = compile_form(markdown(SURVEY, settings=settings, entities=entities), "meter.md").definition
    row = {"form_id": form["form"], "version": str(form["version"]), "definition": form, "digest": "1"}
    with ctx.db.write() as session:
        session.add(FormRow(id=form["form"], title=form["title"], subject_dataset="households", state="open"))
        session.flush()
        session.add(FormVersionRow(**row, state="published", published_at=1))
    house = photo((code("the wall of a shop"), (200, 200)))
    sent = {"meter": LABEL, "house": house}
    answers = {name: {"sha256": sha256(data), "bytes": len(data), "type": "image/jpeg"} for name, data in sent.items()}
    visit = district.visit(home, district.li, answers)
    with ctx.db.write() as session:
        sent_in = session.get(SubmissionRow, (FEED, visit))
        assert sent_in is not None
        sent_in.form_id, sent_in.form_version = form["form"], str(form["version"])
    for name, data in sent.items():
        ctx.blobs.put(sha256(data), data)
        district.photo(visit, home, f"/data/{name}", sha256(data), "present")
        with ctx.db.write() as session:
            session.add(BlobRow(feed_id=FEED, sha256=sha256(data), bytes=len(data), type="image/jpeg", stored_at=1))
        photos.derive(ctx, FEED, {"sha256": sha256(data)})
    return visit


def visited(ctx: Context, visit: str) -> str:
    with ctx.db.read() as session:
        return session.get_one(SubmissionRow, (FEED, visit)).subject_id


def test_it_stands_beside_the_photo_and_is_offered_but_not_written(desk: Desk, ctx: Context, visit: str) -> None:
    home = visited(ctx, visit)
    page = desk.opens(f"/office/visits/{visit}")
    assert "照片里的码： SB-0412 填入档案" in text(page)
    offer = f"/office/households/{home}/correct?entity={home}&property=hamlet&read={quote('SB-0412')}"
    assert offer.replace("&", "&amp;") in page
    assert household_of(ctx, home).properties["hamlet"] == "上岭"
    assert 'value="SB-0412"' in desk.opens(offer)
    assert household_of(ctx, home).properties["hamlet"] == "上岭"


def test_codes_are_read_only_where_a_form_asks_for_one(ctx: Context, visit: str) -> None:
    with ctx.db.read() as session:
        found = {row.sha256: row.codes for row in session.query(BlobRow) if row.codes is not None}
    assert found == {sha256(LABEL): ["SB-0412"]}
