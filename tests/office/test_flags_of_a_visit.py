"""Flags that a visit's own answers give rise to: where it was, when and how its photos were taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.geo.datum import to_gcj
from fieldsvc.ids import random_uuid7
from fieldsvc.services import published, register, scrutiny
from fieldsvc.services.context import Context
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.jobs import run_due
from fieldsvc.services.scrutiny.visit import photos
from fieldsvc.services.setup import console
from fieldsvc.store.tables import AuditRow, EntityRow, FormVersionRow, SubmissionRow
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.evidence import Evidence, house_photo, slotted, use_version
from tests.office.moments import Moments
from tests.support.shipped import dataset

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
    shipped = dataset("households")
    published.publish_dataset(ctx, console(ctx), {**shipped, "name": "farms"}, digest="farms")
    home = district._entity("farms", "陈一", district.upper, None, {"home_gps": f"{HOME[0]} {HOME[1]} 0 8"})
    visit = evidence.visit(home, answers=place((29.875, 118.33)))
    evidence.looked()
    assert evidence.codes(visit) == ["far"]


def taken_at(point: tuple[float, float], *, accuracy: int = 10, **more: Any) -> dict[str, Any]:
    """A photo of the house that says where it was taken."""
    position = {"point": f"{point[0]:.7f} {point[1]:.7f} 0 {accuracy}", "age": 4, "source": "device", **more}
    return house_photo(source="camera", position=position)


AWAY = (29.875, 118.33)


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        (taken_at(AWAY), ["far"]),
        (taken_at((29.8703, 118.3302)), []),
        (taken_at(AWAY, accuracy=500), []),
        (taken_at(to_gcj(HOME)), []),
        (taken_at(AWAY, age=900), []),
        (house_photo(position="29.875 118.33"), []),
        (house_photo(position={"point": "nan nan 0 0", "age": "x"}, taken_at="noon"), []),
    ],
    ids=["556 m away", "at the house", "perhaps at the house", "another map", "an old fix", "no position", "nonsense"],
)
def test_a_photo_taken_far_from_the_house_is_flagged_by_its_own_position(
    evidence: Evidence, district: District, desk: Desk, answers: dict[str, Any], codes: list[str]
) -> None:
    home = district.household("陈一", district.upper, home_gps=f"{HOME[0]} {HOME[1]} 0 8")
    visit = evidence.visit(home, answers=answers)
    evidence.looked()
    assert evidence.codes(visit) == codes
    if codes:
        assert "照片拍摄点距住房 556 m，超过 200 m" in text(desk.opens(f"/office/visits/{visit}"))


def moves_home(district: District, home: str, point: tuple[float, float]) -> None:
    """A supervisor puts the point of the house right."""
    by = district.actor(district.supervisor)
    value = f"{point[0]} {point[1]} 0 8"
    with district.ctx.db.read() as session:
        version = session.get(EntityRow, (FEED, home)).version
    register.edit(district.ctx, by, home, {"home_gps": value}, seen_version=version, reason="原来标在村部")


def test_a_house_whose_point_is_put_right_takes_back_what_was_called_far_and_the_history_stays(
    evidence: Evidence, district: District, desk: Desk, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, home_gps=f"{HOME[0]} {HOME[1]} 0 8")
    visit = evidence.visit(home, answers=taken_at(AWAY))
    evidence.looked()
    moves_home(district, home, AWAY)
    evidence.looked()
    assert (evidence.codes(visit), evidence.counted(visit)) == ([], None)
    page = text(desk.opens(f"/office/visits/{visit}"))
    assert "照片拍摄点距住房 556 m" in page
    assert "住房定位后来改过，这项标记已自动撤回" in page
    with ctx.db.read() as session:
        (entry,) = session.scalars(select(AuditRow).where(AuditRow.action == "flag-withdraw")).all()
    assert entry.detail["facts"]["metres"] == 556

    # Moved back, its ground is there again.
    moves_home(district, home, HOME)
    evidence.looked()
    assert evidence.codes(visit) == ["far"]


def test_a_flag_that_a_moved_house_does_not_settle_stands(evidence: Evidence, district: District) -> None:
    home = district.household("陈一", district.upper, home_gps=f"{HOME[0]} {HOME[1]} 0 8")
    visit = evidence.visit(home, answers=taken_at(AWAY))
    evidence.looked()
    moves_home(district, home, (29.8702, 118.33))
    evidence.looked()
    assert evidence.codes(visit) == ["far"]


def test_a_photos_own_time_decides_whether_it_is_of_its_stage_by_the_servers_clock(
    evidence: Evidence, district: District, ctx: Context
) -> None:
    """The visit was sent in November; the photo was taken in August, by a phone that believes in January."""
    slotted(ctx, "before", "4")
    home = district.household("陈一", district.upper)
    district._entity("housing_cases", "改造", None, home, {"started_on": "2026-09-01"})
    august, january = 1_786_000_000_000, 1_767_600_000_000
    for facts, codes in (
        ({"taken_at": august}, []),
        ({"taken_at": january, "clock_offset": august - january}, []),
        ({"taken_at": august, "clock_offset": 60 * 86_400_000}, ["dates"]),
    ):
        visit = evidence.visit(home, answers=house_photo(**facts))
        use_version(ctx, visit, "4")
        evidence.looked()
        assert evidence.codes(visit) == codes


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


def test_a_county_moves_the_dates_of_a_slot_and_where_the_camera_is_asked_for(
    evidence: Evidence, district: District, ctx: Context, tmp_path: Path
) -> None:
    own = tmp_path / "slots.toml"
    own.write_text('[before]\nuntil = "completed_on"\ncamera = false\n', encoding="utf-8")
    slotted(ctx, "before", "4")
    home = district.household("陈一", district.upper)
    case = district._entity("housing_cases", "改造", None, home, {"started_on": "2026-09-01"})
    visit = evidence.visit(home, answers=house_photo(source="gallery"))
    use_version(ctx, visit, "4")
    with ctx.db.read() as session:
        row, record = session.get(SubmissionRow, (FEED, visit)), session.get(EntityRow, (FEED, case))
        form = session.get(FormVersionRow, ("visit", "4")).definition
        for settings, codes in ((ctx.settings, ["gallery", "dates"]), (replace(ctx.settings, slots_file=str(own)), [])):
            assert [flag.code for flag in photos(row, form, [record], settings)] == codes


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
