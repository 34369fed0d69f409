"""Flags: facts for a person to look at, in words with both sides, that reject nothing and can be put aside."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from fieldsvc.forms import datasets
from fieldsvc.ids import random_uuid7
from fieldsvc.services import photos, published, scrutiny
from fieldsvc.services.context import Context
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.jobs import run_due
from fieldsvc.services.scrutiny.datum import from_gcj, metres, nearest_reading, to_gcj
from fieldsvc.services.setup import console
from fieldsvc.store import changes, flags
from fieldsvc.store.changes import NewChange
from fieldsvc.store.tables import AttachmentRow, AuditRow, BlobRow, FlagRow, FormVersionRow, SubmissionRow
from tests.api.photo_world import sha256
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.moments import Moments


def drawing(seed: int, quality: int = 85, edge: int = 900) -> bytes:
    """A scene of forty shapes, another one for every seed."""
    from random import Random

    roll, image = Random(seed), Image.new("RGB", (1200, 900), (200, 205, 210))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = roll.randrange(1100), roll.randrange(800)
        colour = (roll.randrange(256), roll.randrange(256), roll.randrange(256))
        draw.rectangle((x, y, x + roll.randrange(20, 300), y + roll.randrange(20, 200)), fill=colour)
    image.thumbnail((edge, edge))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


class Evidence:
    """Photos of visits, arrived and opened, and the worker that looks at them."""

    def __init__(self, district: District) -> None:
        self.district, self.ctx = district, district.ctx

    def visit(self, home: str, *pictures: bytes, ref: str = "/data/evidence/house", **more: Any) -> str:
        """A visit with these photos, all of them here, in the feed as a push leaves it."""
        visit = self.district.visit(home, self.district.li, **more)
        with self.ctx.db.write() as session:
            for number, picture in enumerate(pictures):
                self.district.moments.now += 1000
                session.add(
                    AttachmentRow(
                        feed_id=FEED, submission_id=visit, ref=ref if not number else f"{ref}{number}",
                        sha256=sha256(picture), bytes=len(picture), type="image/jpeg", subject_id=home, state="present",
                    )
                )  # fmt: skip
            changes.append(session, FEED, [NewChange(home, "submission", visit, self.district.moments.now)])
        for picture in pictures:
            self.arrives(picture)
        return visit

    def arrives(self, picture: bytes) -> None:
        """The bytes are here and the worker has opened them."""
        self.ctx.blobs.put(sha256(picture), picture)
        with self.ctx.db.write() as session:
            if session.get(BlobRow, (FEED, sha256(picture))) is None:
                session.add(
                    BlobRow(feed_id=FEED, sha256=sha256(picture), bytes=len(picture), type="image/jpeg", stored_at=1)
                )
        photos.derive(self.ctx, FEED, {"sha256": sha256(picture)})

    def looked(self) -> None:
        """The worker's sweep."""
        scrutiny.sweep(self.ctx)

    def codes(self, visit: str) -> list[str]:
        """What is raised on a visit and not put aside."""
        with self.ctx.db.read() as session:
            return sorted(flag.code for flag in flags.of_visit(session, FEED, visit) if flag.dismissed_at is None)

    def counted(self, visit: str) -> dict[str, Any] | None:
        with self.ctx.db.read() as session:
            return session.scalars(select(SubmissionRow).where(SubmissionRow.id == visit)).one().flags


@pytest.fixture
def evidence(district: District) -> Evidence:
    return Evidence(district)


def slotted(ctx: Context, slot: str, version: str) -> None:
    """Give the form's house photo a slot, as a new version."""
    with ctx.db.write() as session:
        row = session.get(FormVersionRow, ("visit", "3"))
        nodes = [
            {
                **node,
                "children": [
                    {**one, "parameters": {"slot": slot}} if one["name"] == "house" else one for one in node["children"]
                ],
            }
            if node["name"] == "evidence"
            else node
            for node in row.definition["nodes"]
        ]
        session.add(
            FormVersionRow(
                form_id="visit", version=version, definition={**row.definition, "nodes": nodes}, digest=version,
                state="published", published_at=1,
            )
        )  # fmt: skip


def use_version(ctx: Context, visit: str, version: str) -> None:
    with ctx.db.write() as session:
        session.get(SubmissionRow, (FEED, visit)).form_version = version


def test_the_same_photo_of_another_household_is_flagged_on_the_later_visit_with_both_facts(
    evidence: Evidence, district: District, desk: Desk
) -> None:
    wang, li = district.household("王一", district.upper), district.household("李某", district.lower)
    first = evidence.visit(li, drawing(1))
    second = evidence.visit(wang, drawing(1))
    evidence.looked()
    assert (evidence.codes(first), evidence.codes(second)) == ([], ["photo-reused"])
    page = desk.opens(f"/office/visits/{second}")
    assert "照片与 2026年11月 李某「住房外观」照片完全相同" in text(page)
    assert page.count(f"/office/photos/{sha256(drawing(1))}?size=thumb") >= 2
    assert f"/office/visits/{first}" in page


def test_a_picture_that_serves_everywhere_is_one_flag_on_each_later_visit(
    evidence: Evidence, district: District
) -> None:
    """Forty pairs of one picture tell a reviewer nothing that the first does not, and would fill the table."""
    homes = [district.household(f"王{number}", district.upper) for number in range(6)]
    visits = [evidence.visit(home, drawing(1)) for home in homes]
    evidence.looked()
    assert [evidence.codes(visit) for visit in visits] == [[], *[["photo-reused"]] * 5]


def test_a_photo_saved_again_smaller_is_nearly_the_same(evidence: Evidence, district: District, desk: Desk) -> None:
    wang, li = district.household("王一", district.upper), district.household("李某", district.lower)
    evidence.visit(li, drawing(1))
    second = evidence.visit(wang, drawing(1, quality=40, edge=640))
    third = evidence.visit(district.household("张三", district.upper), drawing(2))
    evidence.looked()
    assert (evidence.codes(second), evidence.codes(third)) == (["photo-similar"], [])
    assert "几乎相同" in text(desk.opens(f"/office/visits/{second}"))


def test_whichever_photo_arrives_first_the_later_visit_is_the_flagged_one(
    evidence: Evidence, district: District
) -> None:
    """The earlier visit's photo was still on a phone in the valley when the later visit's came in."""
    wang, li = district.household("王一", district.upper), district.household("李某", district.lower)
    first = evidence.visit(li)
    second = evidence.visit(wang, drawing(1))
    with evidence.ctx.db.write() as session:
        session.add(
            AttachmentRow(
                feed_id=FEED, submission_id=first, ref="/data/evidence/house", sha256=sha256(drawing(1, 40)),
                bytes=1, type="image/jpeg", subject_id=li, state="present",
            )
        )  # fmt: skip
    evidence.looked()
    assert evidence.codes(second) == []
    evidence.arrives(drawing(1, 40))
    assert (evidence.codes(first), evidence.codes(second)) == ([], ["photo-similar"])


def test_the_same_photo_twice_in_a_household_and_month_is_nothing(evidence: Evidence, district: District) -> None:
    home = district.household("王一", district.upper)
    visits = [evidence.visit(home, drawing(1)), evidence.visit(home, drawing(1), drawing(3))]
    evidence.looked()
    assert [evidence.codes(visit) for visit in visits] == [[], []]


def test_last_months_photo_sent_again_is_flagged(evidence: Evidence, district: District, moments: Moments) -> None:
    home = district.household("王一", district.upper)
    evidence.visit(home, drawing(1))
    moments.now += 35 * 86_400_000
    again = evidence.visit(home, drawing(1))
    evidence.looked()
    assert evidence.codes(again) == ["photo-reused"]


def test_a_photo_from_before_the_work_cannot_be_the_one_from_after(
    evidence: Evidence, district: District, ctx: Context
) -> None:
    slotted(ctx, "before", "4")
    slotted(ctx, "after", "5")
    home = district.household("王一", district.upper)
    first, second = evidence.visit(home, drawing(1)), evidence.visit(home, drawing(1))
    use_version(ctx, first, "4")
    use_version(ctx, second, "5")
    evidence.looked()
    assert (evidence.codes(first), evidence.codes(second)) == ([], ["photo-reused"])


def test_an_amended_visit_may_keep_its_photos(evidence: Evidence, district: District, moments: Moments) -> None:
    home = district.household("王一", district.upper)
    first = evidence.visit(home, drawing(1))
    moments.now += 35 * 86_400_000
    amended = evidence.visit(home, drawing(1), replaces=first)
    evidence.looked()
    assert evidence.codes(amended) == []


def test_looking_again_says_nothing_twice_and_wakes_nothing_put_aside(evidence: Evidence, district: District) -> None:
    wang, li = district.household("王一", district.upper), district.household("李某", district.lower)
    evidence.visit(li, drawing(1))
    second = evidence.visit(wang, drawing(1))
    for _ in range(2):
        evidence.looked()
        scrutiny.look_at_photo(evidence.ctx, FEED, sha256(drawing(1)))
    with evidence.ctx.db.read() as session:
        (flag,) = flags.of_visit(session, FEED, second)
    assert evidence.counted(second) == {"evidence": 1}
    scrutiny.dismiss(evidence.ctx, second, flag.id, "同一院落", by=district.actor(district.supervisor))
    scrutiny.look_at_photo(evidence.ctx, FEED, sha256(drawing(1)))
    assert (evidence.codes(second), evidence.counted(second)) == ([], None)


def test_a_flag_is_put_aside_with_a_reason_that_stays_readable(
    evidence: Evidence, district: District, desk: Desk, ctx: Context
) -> None:
    wang, li = district.household("王一", district.upper), district.household("李某", district.lower)
    evidence.visit(li, drawing(1))
    second = evidence.visit(wang, drawing(1))
    evidence.looked()
    here = f"/office/visits/{second}"
    with ctx.db.read() as session:
        flag = session.scalars(select(FlagRow)).one()
    assert "有标记" in desk.opens("/office/")
    assert "王一" in desk.opens("/office/visits?flagged=1")
    assert desk.sends(f"{here}/flags/{flag.id}", page=here, reason=" ").status_code == 422
    assert desk.sends(f"{here}/flags/{flag.id}", page=here, reason="两户同院").status_code == 302
    assert "王审核已撤下：两户同院" in text(desk.opens(here))
    assert "王一" not in desk.opens("/office/visits?flagged=1")
    with ctx.db.read() as session:
        entry = session.scalars(select(AuditRow).where(AuditRow.action == "flag-dismiss")).one()
    assert entry.detail == {"flag": "photo-reused", "ref": "/data/evidence/house", "subject": wang}


def test_who_may_not_see_the_other_household_learns_only_that_there_is_one(
    evidence: Evidence, district: District, desk_of: Callable[[str], Desk]
) -> None:
    hidden, home = district.household("远户", district.far), district.household("王一", district.upper)
    other = evidence.visit(hidden, drawing(1))
    visit = evidence.visit(home, drawing(1, quality=40))
    evidence.looked()
    page = desk_of("S01").opens(f"/office/visits/{visit}")
    assert "照片与您辖区以外另一户的照片几乎相同" in text(page)
    for secret in ("远户", other, sha256(drawing(1))):
        assert secret not in page
    assert "远户" in desk_of("S03").opens(f"/office/visits/{visit}")


def test_a_flag_of_another_area_cannot_be_put_aside(
    evidence: Evidence, district: District, ctx: Context, desk_of: Callable[[str], Desk]
) -> None:
    wang, li = district.household("王一", district.upper), district.household("李某", district.lower)
    evidence.visit(li, drawing(1))
    second = evidence.visit(wang, drawing(1))
    evidence.looked()
    with ctx.db.read() as session:
        flag = session.scalars(select(FlagRow)).one()
    refused = desk_of("S02").sends(f"/office/visits/{second}/flags/{flag.id}", page="/office/", reason="x")
    assert refused.status_code == 404
    assert evidence.codes(second) == ["photo-reused"]


HOME = (29.87, 118.33)


def place(point: tuple[float, float], accuracy: int = 10) -> dict[str, Any]:
    return {"evidence": {"position": f"{point[0]:.7f} {point[1]:.7f} 0 {accuracy}"}}


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        (place((29.8703, 118.3302)), []),
        (place((29.875, 118.33)), ["far"]),
        (place((29.875, 118.33), accuracy=500), []),
        (place(to_gcj(HOME)), []),
        ({"evidence": {"position": "nonsense"}}, []),
        ({}, []),
    ],
    ids=[
        "at the house",
        "500 m away",
        "perhaps at the house",
        "the house in another map's numbers",
        "no place",
        "none",
    ],
)
def test_a_position_far_from_the_house_is_flagged_whatever_map_it_comes_from(
    evidence: Evidence, district: District, desk: Desk, answers: dict[str, Any], codes: list[str]
) -> None:
    home = district.household("陈一", district.upper, home_gps=f"{HOME[0]} {HOME[1]} 0 8")
    visit = evidence.visit(home, answers=answers)
    evidence.looked()
    assert evidence.codes(visit) == codes
    if codes:
        assert "定位距住房 556 m，超过 200 m" in text(desk.opens(f"/office/visits/{visit}"))


def test_the_house_is_found_in_a_dataset_as_this_release_ships_it(
    evidence: Evidence, district: District, ctx: Context
) -> None:
    shipped = datasets()["households"]
    published.publish_dataset(ctx, console(ctx), {**shipped, "name": "farms"}, digest="farms")
    home = district._entity("farms", "陈一", district.upper, None, {"home_gps": f"{HOME[0]} {HOME[1]} 0 8"})
    visit = evidence.visit(home, answers=place((29.875, 118.33)))
    evidence.looked()
    assert evidence.codes(visit) == ["far"]


def house_photo(**more: Any) -> dict[str, Any]:
    return {"evidence": {"house": {"sha256": "ab" * 32, "bytes": 9, "type": "image/jpeg", **more}}}


def test_a_photo_outside_its_stages_dates_is_flagged(
    evidence: Evidence, district: District, ctx: Context, desk: Desk
) -> None:
    slotted(ctx, "before", "4")
    home = district.household("陈一", district.upper)
    district._entity("housing_cases", "改造", None, home, {"started_on": "2026-09-01"})
    visit = evidence.visit(home, answers=house_photo())
    use_version(ctx, visit, "4")
    evidence.looked()
    assert evidence.codes(visit) == ["dates"]
    page = text(desk.opens(f"/office/visits/{visit}"))
    assert "「改造前·全景」照片拍于 2026-11-" in page
    assert "档案中这一阶段到 2026-09-01 为止" in page


def test_a_photo_within_its_stages_dates_or_without_any_is_not(
    evidence: Evidence, district: District, ctx: Context
) -> None:
    slotted(ctx, "before", "4")
    for started in ("2026-12-24", ""):
        home = district.household("陈一", district.upper)
        district._entity("housing_cases", "改造", None, home, {"started_on": started})
        visit = evidence.visit(home, answers=house_photo())
        use_version(ctx, visit, "4")
        evidence.looked()
        assert evidence.codes(visit) == []


def test_a_picture_from_the_gallery_is_flagged_where_the_camera_is_asked_for(
    evidence: Evidence, district: District, ctx: Context, desk: Desk
) -> None:
    slotted(ctx, "before", "4")
    home = district.household("陈一", district.upper)
    chosen, taken = (evidence.visit(home, answers=house_photo(source=source)) for source in ("gallery", "camera"))
    plain = evidence.visit(home, answers=house_photo(source="gallery"))
    use_version(ctx, chosen, "4")
    use_version(ctx, taken, "4")
    evidence.looked()
    assert [evidence.codes(visit) for visit in (chosen, taken, plain)] == [["gallery"], [], []]
    assert "选自相册" in text(desk.opens(f"/office/visits/{chosen}"))


@pytest.mark.parametrize(("minutes", "words"), [(30, "快 30 分钟"), (-45, "慢 45 分钟"), (5, None), (-5, None)])
def test_a_phone_whose_clock_is_off_is_told_beside_its_visits(
    evidence: Evidence, district: District, desk: Desk, moments: Moments, minutes: int, words: str | None
) -> None:
    visit = evidence.visit(district.household("陈一", district.upper))
    by = district.actor(district.li)
    scrutiny.clock_is_off(evidence.ctx, by, moments.now + minutes * 60_000, [visit, random_uuid7(moments.now)])
    run_due(evidence.ctx, HANDLERS)
    assert evidence.codes(visit) == (["clock"] if words else [])
    assert words is None or words in text(desk.opens(f"/office/visits/{visit}"))


def test_points_are_shifted_as_the_published_examples_say() -> None:
    for wgs, gcj in (
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ):
        assert metres(to_gcj(wgs), gcj) < 0.1
        assert metres(from_gcj(gcj), wgs) < 0.1
        assert nearest_reading(wgs, gcj) < 0.1
    assert to_gcj((48.85, 2.35)) == (48.85, 2.35)
