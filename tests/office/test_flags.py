"""Flags: facts for a person to look at, in words with both sides, that reject nothing and can be put aside."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from fieldsvc.services import scrutiny
from fieldsvc.services.context import Context
from fieldsvc.store import flags
from fieldsvc.store.tables import AttachmentRow, AuditRow, FlagRow
from tests.api.photo_world import sha256
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.evidence import Evidence, drawing, slotted, use_version
from tests.office.moments import Moments


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
