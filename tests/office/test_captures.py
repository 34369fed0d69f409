"""How a photo was taken stands beside it; a stamp is drawn over it by the page and never into it."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from fieldsvc.office.format import Format
from fieldsvc.office.papers.fill import Printing, papers
from fieldsvc.office.words import Words
from fieldsvc.services import households
from fieldsvc.services.capture import of_photo
from fieldsvc.services.context import Context
from fieldsvc.services.dossier.documents import Template
from fieldsvc.store.tables import AttachmentRow, FormVersionRow, SubmissionRow
from tests.office.desk import Desk, text
from tests.office.district import FEED, District

PHOTO = "ab" * 32
REF = "/data/evidence/house"
FACTS = {
    "sha256": PHOTO,
    "source": "camera",
    "taken_at": 1_793_500_000_000,
    "clock_offset": 60_000,
    "position": {"point": "29.8701 118.33 210 12", "age": 3, "source": "device"},
}


def visited(district: District, facts: dict[str, Any], **form: Any) -> str:
    """A visit with one photo that was taken like this."""
    home = district.household("陈一", district.upper, home_gps="29.87 118.33 0 8", head_id="990101198001010011")
    visit = district.visit(home, district.li, {"evidence": {"house": {**facts, "bytes": 9, "type": "image/jpeg"}}})
    with district.ctx.db.write() as session:
        session.add(
            AttachmentRow(
                feed_id=FEED, submission_id=visit, ref=REF, sha256=PHOTO, bytes=9, type="image/jpeg",
                subject_id=home, state="present", capture=of_photo(facts).as_json(),
            )
        )  # fmt: skip
    return visit


def stamped(ctx: Context, visit: str, asked: str) -> None:
    """Give the form of the visit a stamp on its photo."""
    with ctx.db.write() as session:
        row = session.get(FormVersionRow, ("visit", "3"))
        definition = {
            **row.definition,
            "nodes": [
                {"name": "house", "ref": REF, "kind": "question", "type": "image", "parameters": {"stamp": asked}}
            ],
        }
        session.add(
            FormVersionRow(
                form_id="visit", version="9", definition=definition, digest="9", state="published", published_at=1
            )
        )
        session.get(SubmissionRow, (FEED, visit)).form_version = "9"


def test_a_reviewer_reads_when_where_and_how_a_photo_was_taken(desk: Desk, district: District) -> None:
    page = text(desk.opens(f"/office/visits/{visited(district, FACTS)}"))
    # By the server's clock; the phone said 10:26.
    for told in ("11月1日 10:27 拍摄", "应用内拍摄", "29.87010, 118.33000", "在住房北 11 m", "定位早于拍摄 3 秒"):
        assert told in page, told


def test_a_reviewer_reads_when_and_how_a_position_was_come_by(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, home_gps="29.87 118.33 0 8")
    told = {"age": 4, "source": "device", "taken_at": 1_793_500_000_000, "clock_offset": 60_000}
    for fixes, words in (
        ({"29.8727 118.33 0 12": told}, "手机定位 · 2026-11-01 10:27 取得 · 取时已是 4 秒前的位置"),
        ({"29.8727 118.33 0 12": {**told, "age": 0, "taken_at": None}}, "手机定位 · 取的就是当时的位置"),
        ({"29.8 118 0 1": told}, "没有记下是何时、怎样取得的"),
        ({"29.8727 118.33 0 12": "nonsense"}, "没有记下是何时、怎样取得的"),
        ("nonsense", "没有记下是何时、怎样取得的"),
    ):
        visit = district.visit(home, district.li, {"evidence": {"position": "29.8727 118.33 0 12"}})
        with ctx.db.write() as session:
            row = session.get(SubmissionRow, (FEED, visit))
            row.context = {**row.context, "fixes": fixes}
        assert words in text(desk.opens(f"/office/visits/{visit}"))


def test_a_photo_of_an_older_app_says_nothing_and_is_shown_all_the_same(desk: Desk, district: District) -> None:
    page = desk.opens(f"/office/visits/{visited(district, {'sha256': PHOTO})}")
    assert f"/office/photos/{PHOTO}?size=thumb" in page
    assert "拍摄" not in text(page)


def test_a_form_that_asks_for_a_stamp_gets_time_place_and_number_over_the_picture_and_never_a_person(
    desk: Desk, district: District, ctx: Context
) -> None:
    visit = visited(district, FACTS)
    assert 'class="stamp"' not in desk.opens(f"/office/visits/{visit}")
    stamped(ctx, visit, "number time place who")
    page = desk.opens(f"/office/visits/{visit}")
    (stamp,) = re.findall(r'<span class="stamp">([^<]*)</span>', page)
    assert stamp.replace("\u00a0", " ") == f"2026-11-01 10:27  29.87010, 118.33000 ±12 m  {visit[-8:]}"
    for secret in ("陈一", "990101198001010011", "王"):
        assert secret not in stamp


def test_a_printed_document_says_the_stamp_over_the_photo_and_one_for_the_wall_does_not(
    desk: Desk, district: District, ctx: Context
) -> None:
    visit = visited(district, FACTS)
    stamped(ctx, visit, "number time place")
    with ctx.db.write() as session:
        form = session.get(FormVersionRow, ("visit", "9"))
        (node,) = form.definition["nodes"]
        slot = {**node, "parameters": {**node["parameters"], "slot": "before"}}
        form.definition = {**form.definition, "nodes": [slot]}
        home = session.get(SubmissionRow, (FEED, visit)).subject_id
    household = households.household(ctx, home, by=district.actor(district.supervisor))
    said = [{"photos": "all"}]
    for public, stamp in ((False, f"2026-11-01 10:27  29.87010, 118.33000 ±12 m  {visit[-8:]}"), (True, "")):
        template = Template("file", {"zh": "档案"}, None, public, None, said)
        t = Words("zh")
        printing = Printing(
            household, "李", False, t, Format("zh", ZoneInfo(ctx.settings.time_zone), ctx.now_ms()), lambda _: None
        )
        (paper,) = papers(template, printing)
        (picture,) = paper.blocks[0].pictures
        assert picture.stamp.replace("\u00a0", " ") == stamp


def test_what_a_photo_does_not_know_is_left_out_of_its_stamp(desk: Desk, district: District, ctx: Context) -> None:
    visit = visited(district, {"sha256": PHOTO})
    stamped(ctx, visit, "time place")
    assert 'class="stamp"' not in desk.opens(f"/office/visits/{visit}")
