"""Approve, return, doubt, reject: what each writes, whom it tells, and when it is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow, ChangeRow, PersonRow, ReviewRow, SubmissionRow
from tests.office.desk import Desk, hidden, text
from tests.office.district import FEED, District

ANSWERS = {"meeting": {"met": "head", "people": "5"}, "log": "到户"}


def state_of(ctx: Context, visit: str) -> str:
    with ctx.db.read() as session:
        row = session.get(SubmissionRow, (FEED, visit))
        assert row is not None
        return row.review_state


def notices(ctx: Context, person: str) -> list[dict[str, Any]]:
    """What this person's phones are told, oldest first."""
    with ctx.db.read() as session:
        rows = session.scalars(
            select(ChangeRow)
            .where(ChangeRow.topic == f"person:{person}", ChangeRow.kind == "notice")
            .order_by(ChangeRow.position)
        )
        return [row.data or {} for row in rows]


@pytest.mark.parametrize(
    ("action", "state"),
    [("approve", "approved"), ("return", "returned"), ("doubt", "doubt"), ("reject", "rejected")],
)
def test_each_decision_has_its_state_its_trace_and_reaches_the_phones(
    desk: Desk, district: District, ctx: Context, action: str, state: str
) -> None:
    home = district.household("陈一", district.upper, helper=district.li)
    visit = district.visit(home, district.li, ANSWERS)
    assert desk.sends(f"/office/visits/{visit}", action=action, comment="请看一下").status_code == 302
    assert state_of(ctx, visit) == state
    with ctx.db.read() as session:
        [review] = session.scalars(select(ReviewRow))
        assert (review.action, review.comment, review.by_id) == (action, "请看一下", district.supervisor)
        [change] = session.scalars(select(ChangeRow).where(ChangeRow.kind == "submission"))
        assert (change.topic, change.ref_id) == (home, visit)
        assert session.get(SubmissionRow, (FEED, visit)).position == change.position  # type: ignore[union-attr]
        [trace] = session.scalars(select(AuditRow).where(AuditRow.action == f"visit-{action}"))
        assert trace.thing == f"submission:{visit}"
    [notice] = notices(ctx, district.li)
    assert notice["kind"] == ("return" if action == "return" else "approval")
    assert (notice["submission"], notice["state"], notice["by"]) == (visit, state, "王审核")


@pytest.mark.parametrize("action", ["return", "doubt", "reject"])
def test_without_a_word_of_why_nothing_is_decided(desk: Desk, district: District, ctx: Context, action: str) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li)
    answer = desk.sends(f"/office/visits/{visit}", action=action)
    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert state_of(ctx, visit) == "waiting"


def test_a_return_carries_all_a_phone_needs_to_amend_offline(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, helper=district.li, people="4")
    visit = district.visit(home, district.li, ANSWERS, wrote={"people": "5"})
    fields = {"comment__/data/meeting/people": "户口本上是 4 人"}
    desk.sends(f"/office/visits/{visit}", action="return", comment="请核对人口", **fields)
    [notice] = notices(ctx, district.li)
    assert notice["comments"] == {"/data/meeting/people": "户口本上是 4 人"}
    assert (notice["form"], notice["form_version"], notice["answers"]) == ("visit", "3", ANSWERS)
    assert notice["entities"] == [{"dataset": "households", "id": home, "version": 2, "path": "/data"}]
    page = text(desk.opens(f"/office/visits/{visit}"))
    assert "王审核批注：户口本上是 4 人" in page


def test_after_a_handover_the_return_goes_to_the_current_helper(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, helper=district.li)
    visit = district.visit(home, district.li)
    district.hand_over(home, district.li, district.zhang)
    desk.sends(f"/office/visits/{visit}", action="return", comment="请补照片")
    assert notices(ctx, district.li) == []
    assert [notice["submission"] for notice in notices(ctx, district.zhang)] == [visit]


def test_a_visit_by_somebody_never_assigned_comes_back_to_them(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, helper=district.li)
    visit = district.visit(home, district.zhang)
    desk.sends(f"/office/visits/{visit}", action="return", comment="请补照片")
    assert [notice["submission"] for notice in notices(ctx, district.zhang)] == [visit]


def test_a_checkers_visit_comes_back_to_the_checker_after_the_campaign(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, helper=district.li)
    district.assign(home, district.zhang, "checker")
    visit = district.visit(home, district.zhang)
    district.unassign(home, district.zhang)
    desk.sends(f"/office/visits/{visit}", action="return", comment="请补照片")
    assert notices(ctx, district.li) == []
    assert len(notices(ctx, district.zhang)) == 1


def test_what_somebody_who_left_the_service_sent_goes_to_the_current_helper(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, helper=district.li)
    visit = district.visit(home, district.li)
    district.assign(home, district.zhang)
    with ctx.db.write() as session:
        session.execute(update(PersonRow).where(PersonRow.id == district.li).values(active=False))
    desk.sends(f"/office/visits/{visit}", action="return", comment="请补照片")
    assert [notice["submission"] for notice in notices(ctx, district.zhang)] == [visit]
    assert notices(ctx, district.li) == []


def test_the_second_of_two_reviewers_is_shown_what_the_first_decided(
    district: District, desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li)
    first, second = desk_of("S01"), desk_of("S03")
    seen = second.opens(f"/office/visits/{visit}")
    first.sends(f"/office/visits/{visit}", action="approve")
    late = second.client.post(f"/office/visits/{visit}", data={**hidden(seen), "action": "reject", "comment": "不实"})
    assert late.status_code == 409
    assert "王审核刚刚处理了这条走访" in late.text
    assert "不实" in late.text, "what was typed is not lost"
    assert state_of(ctx, visit) == "approved"


def test_an_amended_or_withdrawn_visit_can_no_longer_be_decided(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper)
    first = district.visit(home, district.li)
    district.visit(home, district.li, replaces=first)
    page = desk.opens(f"/office/visits/{first}")
    assert "已被补正的走访代替" in page
    assert 'value="approve"' not in page
    assert desk.sends(f"/office/visits/{first}", page="/office/", seen="waiting", action="approve").status_code == 409


def test_a_decision_can_be_taken_again_and_both_stay_in_the_history(
    desk: Desk, district: District, ctx: Context
) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li)
    desk.sends(f"/office/visits/{visit}", action="approve")
    desk.sends(f"/office/visits/{visit}", action="doubt", comment="照片不像这户")
    page = text(desk.opens(f"/office/visits/{visit}"))
    assert page.index("王审核标为存疑") < page.index("王审核审核通过")


def test_deciding_leads_to_the_next_visit_of_the_list(desk: Desk, district: District) -> None:
    visits = [district.visit(district.household(name, district.upper), district.li) for name in ("陈一", "陈二")]
    answer = desk.sends(f"/office/visits/{visits[0]}?state=waiting", action="approve")
    assert answer.location == f"/office/visits/{visits[1]}?state=waiting"
    answer = desk.sends(answer.location, action="approve")
    assert answer.location == "/office/visits?state=waiting"


def test_another_towns_supervisor_cannot_decide(
    district: District, desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li)
    answer = desk_of("S02").sends(f"/office/visits/{visit}", page="/office/", seen="waiting", action="approve")
    assert answer.status_code == 404
    assert state_of(ctx, visit) == "waiting"


def test_an_action_nobody_offers_is_refused(desk: Desk, district: District, ctx: Context) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li)
    assert desk.sends(f"/office/visits/{visit}", action="delete").status_code == 400
    assert state_of(ctx, visit) == "waiting"


def test_a_second_reviewer_of_a_visit_is_told_before_she_begins_and_nobody_is_told_of_herself(
    district: District, desk_of: Callable[[str], Desk]
) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li)
    address = f"/office/visits/{visit}"
    first, second = desk_of("S01"), desk_of("S03")
    assert "也打开了这次走访" not in text(first.opens(address))
    district.moments.later(minutes=2)
    assert "王审核 2 分钟前也打开了这次走访，可能正在审核" in text(second.opens(address))
    assert "钱审核" in text(first.opens(address)).split("可能正在审核")[0]
    assert "王审核 2 分钟前也打开了" not in text(first.opens(address))
    first.sends(address, action="approve", seen="waiting")
    assert "可能正在审核" not in text(second.opens(address)), "what is decided is nobody's to decide"
    other = district.visit(district.household("陈二", district.upper), district.li)
    second.opens(f"/office/visits/{other}")
    district.moments.later(minutes=20)
    assert "可能正在审核" not in text(first.opens(f"/office/visits/{other}")), "who went home is not looking"
