"""Short of deciding: put aside, handed to somebody, seen by two at once; and a household's questions together."""

from collections.abc import Callable

from sqlalchemy import select

from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow
from tests.office.desk import Desk, hidden, text
from tests.office.district import District
from tests.office.moments import Moments
from tests.office.test_a_visit import ANSWERS
from tests.office.test_deciding_conflicts import REASON, conflict_row, differing, household_of
from tests.office.test_deciding_visits import notices
from tests.support.statements import statements


def test_a_conflict_put_aside_leaves_the_queue_and_says_why(desk: Desk, district: District, ctx: Context) -> None:
    home, conflict = differing(district)
    page = f"/office/conflicts/{conflict}"
    moved = desk.sends(f"{page}/move", page, move="hold", note="等水利站")
    assert moved.location == "/office/conflicts"
    assert "陈一" not in desk.opens("/office/conflicts")
    held = text(desk.opens("/office/conflicts?of=held"))
    assert "已搁置：等水利站" in held
    assert "待审定 0 交给我的 0 搁置的 1" in held
    assert "已搁置、王审核：等水利站" in text(desk.opens(page))
    assert household_of(ctx, home).properties["water"] == "tap"
    assert notices(ctx, district.li) == [], "nobody's phone is told of what is not decided"
    desk.sends(f"{page}/move", page, move="release")
    assert "陈一" in desk.opens("/office/conflicts")
    assert conflict_row(ctx, conflict).note is None


def test_who_it_is_handed_to_finds_it_and_can_decide(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, ctx: Context
) -> None:
    home, conflict = differing(district)
    page = f"/office/conflicts/{conflict}"
    desk.sends(f"{page}/move", page, move="hand", to=district.colleague, note="县水利局的数据")
    assert "已交给 钱审核：县水利局的数据" in text(desk.opens("/office/conflicts"))
    other = desk_of("S03")
    assert "陈一" in other.opens("/office/conflicts?of=mine")
    assert "陈一" not in desk.opens("/office/conflicts?of=mine")
    other.sends(page, choice="candidate", reason=REASON)
    assert household_of(ctx, home).properties["water"] == "spring"
    assert "没有交给您的不一致" in other.opens("/office/conflicts?of=mine")
    with ctx.db.read() as session:
        [trace] = session.scalars(select(AuditRow).where(AuditRow.action == "hand-conflict"))
        assert trace.detail == {"subject": home, "to": district.colleague}


def test_it_is_handed_to_nobody_who_could_not_decide_it(desk: Desk, district: District, ctx: Context) -> None:
    _, conflict = differing(district)
    page = f"/office/conflicts/{conflict}"
    assert "赵审核" not in desk.opens(page)
    for stranger in (district.other_supervisor, district.li, "nobody"):
        assert desk.sends(f"{page}/move", page, move="hand", to=stranger, note="x").status_code == 404
    assert conflict_row(ctx, conflict).assignee_id is None


def test_without_a_word_of_why_nothing_is_put_aside(desk: Desk, district: District, ctx: Context) -> None:
    _, conflict = differing(district)
    page = f"/office/conflicts/{conflict}"
    assert desk.sends(f"{page}/move", page, move="hold", note=" ").status_code == 422
    assert conflict_row(ctx, conflict).held_at is None


def test_a_stale_page_moves_nothing_and_another_town_not_even_that(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, ctx: Context
) -> None:
    _, conflict = differing(district)
    page = f"/office/conflicts/{conflict}"
    seen = hidden(desk.opens(page))
    desk_of("S03").sends(f"{page}/move", page, move="hold", note="去看看")
    late = desk.client.post(f"{page}/move", data={**seen, "move": "hold", "note": "我也"})
    assert late.status_code == 409
    assert "另一位审核人刚刚处理过这一处" in late.text
    assert desk_of("S02").sends(f"{page}/move", "/office/", seen="2", move="hold", note="x").status_code == 404
    assert conflict_row(ctx, conflict).note == "去看看"


def test_two_who_look_at_once_are_told_before_they_decide(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, moments: Moments
) -> None:
    _, conflict = differing(district)
    page = f"/office/conflicts/{conflict}"
    desk.opens(page)
    desk.opens(page)
    moments.later(minutes=4)
    other = text(desk_of("S03").opens(page))
    assert other.count("王审核 4 分钟前也打开了这一处") == 1
    assert "钱审核 1 分钟前也打开了这一处" in text(desk.opens(page))
    assert "王审核 1 分钟前" not in text(desk.opens(page)), "nobody is told of themselves"
    moments.later(minutes=20)
    assert "也打开了这一处" not in text(desk_of("S03").opens(page))


def test_the_answers_around_a_value_stand_beside_it(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, helper=district.li, people="4")
    conflict = district.conflict(home, district.li, district.zhang, {"people": "5"}, {"people": "6"})
    row = text(desk.opens(f"/office/conflicts/{conflict}"))
    assert "同一次走访的相关答案" not in row, "that visit answered nothing else there"
    with district.ctx.db.write() as session:
        visit = conflict_row(district.ctx, conflict).candidate_operation_id
        district.submission(session, visit).answers = ANSWERS
    page = text(desk.opens(f"/office/conflicts/{conflict}"))
    assert "同一次走访的相关答案 见到谁 户主 联系电话 已隐藏" in page


def many_questions(district: District) -> tuple[str, list[str]]:
    home = district.household("陈一", district.upper, helper=district.li, water="well", people="4", hamlet="一组")
    pairs = [("water", "tap", "spring"), ("people", "5", "6"), ("hamlet", "二组", "三组")]
    return home, [
        district.conflict(home, district.li, district.zhang, {name: one}, {name: other}) for name, one, other in pairs
    ]


def test_all_of_a_household_are_decided_the_same_way_with_one_reason(
    desk: Desk, district: District, ctx: Context
) -> None:
    home, conflicts = many_questions(district)
    assert "本户 3 处一起审定" in desk.opens("/office/conflicts")
    done = desk.sends(f"/office/conflicts/of/{home}", all="candidate", reason=REASON)
    assert done.location == "/office/conflicts"
    assert household_of(ctx, home).properties == {"water": "spring", "people": "6", "hamlet": "三组"}
    assert [conflict_row(ctx, one).choice for one in conflicts] == ["candidate"] * 3
    assert [notice["reason"] for notice in notices(ctx, district.zhang)] == [REASON] * 3
    with ctx.db.read() as session:
        assert len(session.scalars(select(AuditRow).where(AuditRow.action == "decide-conflict")).all()) == 3


def test_each_may_be_decided_its_own_way_and_some_left(desk: Desk, district: District, ctx: Context) -> None:
    home, (water, people, hamlet) = many_questions(district)
    chosen = {f"choice__{water}": "candidate", f"choice__{people}": "current"}
    desk.sends(f"/office/conflicts/of/{home}", reason=REASON, **chosen)
    assert household_of(ctx, home).properties == {"water": "spring", "people": "5", "hamlet": "二组"}
    assert [conflict_row(ctx, one).state for one in (water, people, hamlet)] == ["resolved", "resolved", "open"]


def test_if_one_of_them_moved_on_none_is_decided(desk: Desk, district: District, ctx: Context) -> None:
    home, conflicts = many_questions(district)
    seen = hidden(desk.opens(f"/office/conflicts/of/{home}"))
    district.write(home, district.li, {"hamlet": "四组"})
    late = desk.client.post(f"/office/conflicts/of/{home}", data={**seen, "all": "candidate", "reason": REASON})
    assert late.status_code == 409
    assert "一处也没有提交" in late.text
    assert "四组" in late.text
    assert [conflict_row(ctx, one).state for one in conflicts] == ["open"] * 3
    assert household_of(ctx, home).properties["water"] == "tap"


def test_two_questions_with_the_same_answer_close_together(desk: Desk, district: District, ctx: Context) -> None:
    home, first = differing(district)
    second = district.conflict(home, district.li, district.zhang, {"people": "5"}, {"water": "spring"})
    assert desk.sends(f"/office/conflicts/of/{home}", all="candidate", reason=REASON).status_code == 302
    assert [conflict_row(ctx, one).state for one in (first, second)] == ["resolved", "resolved"]


def test_another_towns_household_is_not_found(desk_of: Callable[[str], Desk], district: District) -> None:
    home, conflicts = many_questions(district)
    other = desk_of("S02")
    assert other.asks(f"/office/conflicts/of/{home}") == 404
    fields = {f"seen__{conflicts[0]}": "1.1", "all": "current", "reason": REASON}
    assert other.sends(f"/office/conflicts/of/{home}", "/office/", **fields).status_code == 404
    own = district.household("远一", district.far)
    assert other.sends(f"/office/conflicts/of/{own}", "/office/", **fields).status_code == 404


def test_the_queue_costs_the_same_with_ten_households_and_with_many(
    desk: Desk, district: District, ctx: Context
) -> None:
    def add(number: int) -> None:
        for index in range(number):
            home = district.household(f"户{index}", district.upper, water="well")
            district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})

    add(3)
    desk.opens("/office/conflicts")
    with statements(ctx) as few:
        desk.opens("/office/conflicts")
    add(20)
    with statements(ctx) as many:
        desk.opens("/office/conflicts")
    assert len(few) == len(many) <= 16
