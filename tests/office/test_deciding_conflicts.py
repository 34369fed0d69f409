"""Two people saw a value differently: the queue, the page, the decision, and what everybody is told."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from fieldsvc.services import claims
from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow, ChangeRow, ConflictRow, DatasetRow, EntityRow, EntityVersionRow
from tests.office.desk import Desk, hidden, text
from tests.office.district import FEED, District
from tests.office.test_deciding_visits import notices

REASON = "现场核实"


def household_of(ctx: Context, subject: str) -> EntityRow:
    with ctx.db.read() as session:
        row = session.get(EntityRow, (FEED, subject))
        assert row is not None
        return row


def conflict_row(ctx: Context, conflict: str) -> ConflictRow:
    with ctx.db.read() as session:
        row = session.get(ConflictRow, conflict)
        assert row is not None
        return row


def differing(district: District) -> tuple[str, str]:
    """陈一's water: 李 found a tap, 张 a spring, and neither saw the other's answer."""
    home = district.household("陈一", district.upper, helper=district.li, water="well", people="4")
    return home, district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})


def test_the_queue_groups_by_household_the_longest_waiting_first(desk: Desk, district: District) -> None:
    differing(district)
    other = district.household("陈二", district.lower, people="3")
    district.conflict(other, district.zhang, district.li, {"people": "4"}, {"people": "5"})
    page = text(desk.opens("/office/conflicts"))
    assert page.index("陈一") < page.index("陈二")
    assert "饮水 自来水 李帮扶 山泉水 张帮扶" in page
    assert "待审定 2" in page


def test_the_page_shows_before_both_values_who_when_and_on_which_phone(desk: Desk, district: District) -> None:
    _, conflict = differing(district)
    page = text(desk.opens(f"/office/conflicts/{conflict}"))
    for words in ("原值 饮水 井水", "现值 饮水 自来水 李帮扶", "另一个值 饮水 山泉水 张帮扶", "红米 9A", "另定新值"):
        assert words in page


def test_taking_the_other_value_writes_the_next_version_and_tells_both(
    desk: Desk, district: District, ctx: Context
) -> None:
    home, conflict = differing(district)
    answer = desk.sends(f"/office/conflicts/{conflict}", choice="candidate", reason=REASON)
    assert answer.location == "/office/conflicts"
    entity = household_of(ctx, home)
    assert (entity.version, entity.properties["water"]) == (3, "spring")
    assert entity.decided == {"water": 3}
    row = conflict_row(ctx, conflict)
    assert (row.state, row.choice, row.value, row.reason) == ("resolved", "candidate", {"water": "spring"}, REASON)
    with ctx.db.read() as session:
        version = session.get(EntityVersionRow, (FEED, home, 3))
        assert version is not None
        assert (version.source, version.author_id, version.changed) == ("resolution", district.supervisor, ["water"])
        change = session.scalars(select(ChangeRow).where(ChangeRow.kind == "entity", ChangeRow.version == 3)).one()
        assert (change.topic, change.ref_id) == (home, home)
        assert entity.position == change.position
        [trace] = session.scalars(select(AuditRow).where(AuditRow.action == "decide-conflict"))
        assert trace.detail == {"subject": home, "names": ["water"], "choice": "candidate"}
    for person in (district.li, district.zhang):
        [notice] = notices(ctx, person)
        assert notice["kind"] == "decision"
        assert notice["value"] == notice["candidate"] == {"water": "spring"}
        assert notice["current"] == {"water": "tap"}
        assert (notice["reason"], notice["by"], notice["subject"]) == (REASON, "王审核", home)


def test_keeping_the_current_value_is_a_decision_too(desk: Desk, district: District, ctx: Context) -> None:
    home, conflict = differing(district)
    desk.sends(f"/office/conflicts/{conflict}", choice="current", reason=REASON)
    entity = household_of(ctx, home)
    assert (entity.version, entity.properties["water"], entity.decided) == (3, "tap", {"water": 3})
    assert conflict_row(ctx, conflict).state == "resolved"
    assert len(notices(ctx, district.zhang)) == 1


def test_neither_may_be_right(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, bank="农商行", account_no="99001")
    conflict = district.conflict(
        home,
        district.li,
        district.zhang,
        {"bank": "邮储", "account_no": "99002"},
        {"bank": "农行", "account_no": "99003"},
    )
    fields: dict[str, Any] = {"value__bank": "建行", "value__account_no": "99004"}
    desk.sends(f"/office/conflicts/{conflict}", choice="other", reason=REASON, **fields)
    assert household_of(ctx, home).properties == {"bank": "建行", "account_no": "99004"}


def test_a_decision_without_a_reason_is_not_taken(desk: Desk, district: District, ctx: Context) -> None:
    _, conflict = differing(district)
    answer = desk.sends(f"/office/conflicts/{conflict}", choice="candidate", reason="  ")
    assert answer.status_code == 422
    assert conflict_row(ctx, conflict).state == "open"


def test_the_second_supervisor_is_told_who_decided_and_what(
    district: District, desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    home, conflict = differing(district)
    first, second = desk_of("S01"), desk_of("S03")
    seen = hidden(second.opens(f"/office/conflicts/{conflict}"))
    first.sends(f"/office/conflicts/{conflict}", choice="candidate", reason=REASON)
    late = second.client.post(f"/office/conflicts/{conflict}", data={**seen, "choice": "current", "reason": "我看是"})
    assert late.status_code == 409
    assert "王审核 已经审定了这一处" in late.text
    assert household_of(ctx, home).properties["water"] == "spring"
    assert len(notices(ctx, district.li)) == 1


def test_a_value_that_moved_on_meanwhile_is_shown_and_not_overwritten(
    desk: Desk, district: District, ctx: Context
) -> None:
    home, conflict = differing(district)
    seen = hidden(desk.opens(f"/office/conflicts/{conflict}"))
    district.write(home, district.li, {"water": "well"})
    late = desk.client.post(f"/office/conflicts/{conflict}", data={**seen, "choice": "candidate", "reason": REASON})
    assert late.status_code == 409
    assert "现值 饮水 井水" in text(late.text).replace(" 保留", "")
    assert "现值又变了" in late.text
    assert household_of(ctx, home).properties["water"] == "well"
    assert conflict_row(ctx, conflict).state == "open"


def test_another_property_that_moved_on_does_not_matter(desk: Desk, district: District, ctx: Context) -> None:
    home, conflict = differing(district)
    seen = hidden(desk.opens(f"/office/conflicts/{conflict}"))
    district.write(home, district.li, {"people": "6"})
    done = desk.client.post(f"/office/conflicts/{conflict}", data={**seen, "choice": "candidate", "reason": REASON})
    assert done.status_code == 302
    assert household_of(ctx, home).properties == {"water": "spring", "people": "6"}


def test_a_second_conflict_that_the_decision_answers_closes_with_it(
    desk: Desk, district: District, ctx: Context
) -> None:
    home, first = differing(district)
    second = district.conflict(home, district.li, district.zhang, {"people": "5"}, {"water": "spring"})
    desk.sends(f"/office/conflicts/{first}", choice="candidate", reason=REASON)
    row = conflict_row(ctx, second)
    assert (row.state, row.choice, row.reason) == ("resolved", None, "equal")
    assert "两个值已经一致" in desk.opens(f"/office/conflicts/{second}")


def test_deciding_leads_to_the_households_next_question(desk: Desk, district: District, ctx: Context) -> None:
    home, first = differing(district)
    second = district.conflict(home, district.li, district.zhang, {"people": "5"}, {"people": "6"})
    answer = desk.sends(f"/office/conflicts/{first}", choice="current", reason=REASON)
    assert answer.location == f"/office/conflicts/{second}"


def test_a_decided_conflict_stays_readable_with_both_values(desk: Desk, district: District) -> None:
    _, conflict = differing(district)
    desk.sends(f"/office/conflicts/{conflict}", choice="candidate", reason=REASON)
    page = text(desk.opens(f"/office/conflicts/{conflict}"))
    assert "王审核 已于 11月22日 09:02 审定： 采用另一个值。 理由：现场核实" in page
    assert "自来水" in page
    assert "山泉水" in page


def test_another_towns_conflict_is_not_found_and_not_listed(
    district: District, desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    _, conflict = differing(district)
    other = desk_of("S02")
    assert other.asks(f"/office/conflicts/{conflict}") == 404
    assert "陈一" not in other.opens("/office/conflicts")
    answer = other.sends(f"/office/conflicts/{conflict}", page="/office/", choice="current", reason=REASON)
    assert answer.status_code == 404
    assert conflict_row(ctx, conflict).state == "open"


def test_a_decision_never_makes_a_second_record_of_what_there_may_be_only_one(
    desk: Desk, district: District, ctx: Context
) -> None:
    with ctx.db.write() as session:
        [members] = session.scalars(select(DatasetRow).where(DatasetRow.name == "members"))
        members.definition = {**members.definition, "unique": [["id_no"]]}
    home = district.household("陈一", district.upper, helper=district.li)
    taken, free = "990000195102142325", "990000195102142341"
    first = district.member(home, "陈小一")
    district.write(first, district.li, {"id_no": taken})
    with ctx.db.write() as session:
        claims.begin(session, FEED, "members", [["id_no"]])
    second = district.member(home, "陈小二", id_no=free)
    conflict = district.conflict(second, district.li, district.zhang, {"id_no": free}, {"id_no": taken})
    answer = desk.sends(f"/office/conflicts/{conflict}", choice="candidate", reason=REASON)
    assert answer.status_code == 422
    assert "陈小一已经有了" in answer.get_data(as_text=True)
    seen = f"{conflict_row(ctx, conflict).version}.{household_of(ctx, second).version}"
    together = desk.sends(f"/office/conflicts/of/{home}", reason=REASON, all="candidate", **{f"seen__{conflict}": seen})
    assert together.status_code == 422
    assert conflict_row(ctx, conflict).state == "open"
    assert household_of(ctx, second).properties["id_no"] == free
    assert desk.sends(f"/office/conflicts/{conflict}", choice="current", reason=REASON).status_code == 302
