"""A visit on one screen: everything needed to judge it, in the reader's words."""

from collections.abc import Callable

from sqlalchemy import select

from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow, BlobRow
from tests.office.desk import Desk, reveals, text
from tests.office.district import FEED, District
from tests.office.moments import Moments

ANSWERS = {
    "household": "x",
    "meeting": {"met": "head", "phone": "13900000000", "people": "5", "changes": "work house"},
    "living": {"water": "well"},
    "needs": [{"_id": "n1", "text": "门前路灯坏了", "amount": "300"}],
    "evidence": {
        "house": {"sha256": "ab" * 32, "bytes": 180_000, "type": "image/jpeg"},
        "position": "29.8700 118.3300 0 12",
    },
    "log": "老人在家，孙子外出务工。",
}


def test_answers_stand_under_the_forms_own_words(desk: Desk, district: District) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li, ANSWERS)
    page = text(desk.opens(f"/office/visits/{visit}"))
    for words in ("见面情况", "见到谁 户主", "本月家庭变化 就业、住房", "饮水 井水", "群众诉求 1", "金额（元） 300"):
        assert words in page


def test_english_readers_get_english_labels(desk: Desk, district: District) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li, ANSWERS)
    desk.sends("/office/language", page="/office/", language="en")
    page = text(desk.opens(f"/office/visits/{visit}"))
    for words in ("Person met Head", "Changes Work, House", "Water Well", "Requests 1"):
        assert words in page


def test_what_differs_from_the_last_visit_says_so(desk: Desk, district: District, moments: Moments) -> None:
    home = district.household("陈一", district.upper)
    district.visit(home, district.li, {"meeting": {"met": "head", "people": "4"}, "living": {"water": "well"}})
    moments.later(days=30)
    visit = district.visit(home, district.li, {"meeting": {"met": "head", "people": "5"}, "living": {"water": "well"}})
    desk.signs_in("S01")
    page = text(desk.opens(f"/office/visits/{visit}"))
    assert "家庭人口 5 上次：4" in page
    assert page.count("上次：") == 1


def test_the_first_visit_of_a_household_is_compared_with_nothing(desk: Desk, district: District) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li, ANSWERS)
    assert "上次：" not in desk.opens(f"/office/visits/{visit}")


def test_a_soft_rule_shows_its_sentence_and_the_cadres_reason(desk: Desk, district: District) -> None:
    visit = district.visit(
        district.household("陈一", district.upper),
        district.li,
        ANSWERS,
        reasons={"/data/meeting/people": "儿媳本月迁入"},
    )
    page = text(desk.opens(f"/office/visits/{visit}"))
    assert "与上次登记的人数不同 说明：儿媳本月迁入" in page


def test_what_the_visit_changed_in_the_record_stands_first(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, water="well", people="4")
    visit = district.visit(home, district.li, ANSWERS, wrote={"water": "tap"})
    page = text(desk.opens(f"/office/visits/{visit}"))
    assert "饮水 井水 → 自来水" in page


def test_photos_have_three_sizes_and_say_what_is_not_here_yet(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper)
    visit = district.visit(home, district.li, ANSWERS)
    district.photo(visit, home, "/data/evidence/house", "ab" * 32, "present")
    district.photo(visit, home, "/data/evidence/inside", "cd" * 32, "thumbnail", 1_400_000)
    page = desk.opens(f"/office/visits/{visit}")
    for size in ("thumb", "screen", "full"):
        assert f"/office/photos/{'ab' * 32}?size={size}" in page
    assert "住房外观" in page
    assert "原图 1.4 MB 待传" in page


def test_a_photo_that_cannot_be_displayed_says_why_and_can_be_downloaded(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper)
    visit = district.visit(home, district.li, ANSWERS)
    district.photo(visit, home, "/data/evidence/house", "ab" * 32, "present")
    with ctx.db.write() as session:
        session.add(BlobRow(feed_id=FEED, sha256="ab" * 32, bytes=9, type="image/jpeg", unshown="damaged", stored_at=1))
    page = desk.opens(f"/office/visits/{visit}")
    assert "文件已损坏，无法显示" in page
    assert f"/office/photos/{'ab' * 32}?size=full" in page
    assert f"/office/photos/{'ab' * 32}?size=thumb" not in page


def test_the_sketch_says_how_far_from_the_house_and_which_way(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, home_gps="29.8700 118.3300 0 8")
    answers = {**ANSWERS, "evidence": {"position": "29.8727 118.3300 0 12"}}
    page = text(desk.opens(f"/office/visits/{district.visit(home, district.li, answers)}"))
    assert "距住房 300 m，在北方向。精度 12 m。" in page


def test_without_a_home_point_the_sketch_claims_no_distance(desk: Desk, district: District) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li, ANSWERS)
    page = desk.opens(f"/office/visits/{visit}")
    assert "还没有住房位置" in page


def test_device_and_both_clocks_are_told_apart(desk: Desk, district: District) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li, ANSWERS)
    page = text(desk.opens(f"/office/visits/{visit}"))
    for fact in ("手机 红米 9A", "应用版本 2026.11", "开始（手机时间） 2026-11-22 08:41:00", "用时 18 分钟"):
        assert fact in page


def test_the_history_shows_what_an_amendment_changed(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper)
    first = district.visit(home, district.li, {"meeting": {"met": "head", "people": "4"}, "log": "一切正常"})
    desk.sends(f"/office/visits/{first}", action="return", comment="人口请核对")
    second = district.visit(home, district.li, {"meeting": {"met": "head", "people": "5"}}, replaces=first)
    page = text(desk.opens(f"/office/visits/{second}"))
    assert "李帮扶补正后重交" in page
    assert "改动 2 处" in page
    assert "家庭人口 4 → 5" in page
    assert "帮扶日志 一切正常 → 空白" in page
    assert "人口请核对" in page


def test_an_answer_from_a_phone_is_text_and_never_markup(desk: Desk, district: District) -> None:
    answers = {"log": "<script>alert(1)</script>", "meeting": {"met": "<b>x</b>", "phone": '"><img src=x>'}}
    page = desk.opens(
        f"/office/visits/{district.visit(district.household('<i>陈', district.upper), district.li, answers)}"
    )
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<i>陈" not in page


def test_another_towns_visit_is_answered_like_one_that_never_was(
    district: District, desk_of: Callable[[str], Desk]
) -> None:
    visit = district.visit(district.household("陈一", district.upper), district.li, ANSWERS)
    other = desk_of("S02")
    assert other.asks(f"/office/visits/{visit}") == 404
    forbidden = other.client.get(f"/office/visits/{visit}").text
    unknown = other.client.get("/office/visits/never-was").text
    assert text(forbidden) == text(unknown)


def test_looking_at_a_visit_leaves_a_trace(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper)
    visit = district.visit(home, district.li, ANSWERS)
    desk.opens(f"/office/visits/{visit}")
    with ctx.db.read() as session:
        [row] = session.scalars(select(AuditRow).where(AuditRow.action == "view"))
    assert (row.actor_id, row.thing, row.detail) == (district.supervisor, f"subject:{home}", {"visit": visit})


def test_the_next_and_previous_visit_follow_the_list_one_came_from(desk: Desk, district: District) -> None:
    visits = [
        district.visit(district.household(name, district.upper), district.li) for name in ("陈一", "陈二", "陈三")
    ]
    page = desk.opens(f"/office/visits/{visits[1]}?state=waiting")
    assert f'rel="prev" href="/office/visits/{visits[0]}?state=waiting"' in page
    assert f'rel="next" href="/office/visits/{visits[2]}?state=waiting"' in page


def test_an_answer_that_points_to_a_member_shows_the_members_name(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper)
    child = district.member(home, "陈小一")
    visit = district.visit(home, district.li, {"meeting": {"met": "member", "talked_to": child}})
    assert "谈话对象 陈小一" in text(desk.opens(f"/office/visits/{visit}"))


def test_a_label_with_an_answer_in_it_reads_as_it_did_on_the_phone(desk: Desk, district: District) -> None:
    answers = {"meeting": {"met": "head", "people": "4", "agreed": "都同意"}}
    visit = district.visit(district.household("陈一", district.upper), district.li, answers)
    assert "4 口人都同意吗 都同意" in text(desk.opens(f"/office/visits/{visit}"))


def test_a_personal_answer_is_masked_and_shown_on_request_with_a_trace(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, phone="13800000000")
    visit = district.visit(home, district.li, ANSWERS, wrote={"phone": "13900000000"})
    page = desk.opens(f"/office/visits/{visit}")
    assert "13900000000" not in page
    assert "13800000000" not in page
    fields = {"reveal": reveals(page)[0], "comment": "写了一半", "comment__/data/log": "也写了一半"}
    shown = desk.sends(f"/office/visits/{visit}/reveal", page=f"/office/visits/{visit}", **fields)
    assert "13900000000" in shown.text
    assert "写了一半" in shown.text, "what was typed is not lost"
    assert "也写了一半" in shown.text
    with ctx.db.read() as session:
        details = [row.detail for row in session.scalars(select(AuditRow).where(AuditRow.action == "view"))]
    assert {"visit": visit, "entity": home, "dataset": "households", "property": "phone"} in details


def test_an_amended_personal_answer_is_told_as_changed_and_not_shown(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper)
    first = district.visit(home, district.li, {"meeting": {"met": "head", "phone": "13800000000"}})
    second = district.visit(home, district.li, {"meeting": {"met": "head", "phone": "13900000000"}}, replaces=first)
    page = text(desk.opens(f"/office/visits/{second}"))
    assert "改动 1 处" in page
    assert "联系电话 已隐藏" in page
    assert "13800000000" not in page
