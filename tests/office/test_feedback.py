"""意见反馈 in the office: what people in the field say, and what they are answered."""

from collections.abc import Callable

import pytest

from fieldsvc.services.context import Context
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.phones import sends
from tests.office.test_deciding_visits import notices


@pytest.fixture
def message(district: District, ctx: Context) -> str:
    """李 of 上村 has something to say; the id of the message."""
    district.household("陈一", district.upper, helper=district.li)
    return says(district, ctx, "在山上打开户情况很慢。\n请看看。")


def says(district: District, ctx: Context, words: str) -> str:
    return sends(district, ctx, {"kind": "feedback", "text": words})


def test_the_first_page_counts_what_waits_for_an_answer(desk: Desk, message: str) -> None:
    assert "1 条意见待答复" in text(desk.opens("/office/"))
    assert "李帮扶 镇政府 · 岩寺镇 上村 在山上打开户情况很慢。 请看看。" in text(desk.opens("/office/feedback"))
    assert "红米 9A · 版本 2026.11" in text(desk.opens("/office/feedback"))


def test_an_answer_reaches_the_author_and_moves_the_message_to_the_answered_ones(
    desk: Desk, message: str, district: District, ctx: Context
) -> None:
    assert desk.sends(f"/office/feedback/{message}", page="/office/feedback", answer="已加快。").status_code == 302
    assert "没有待答复的意见" in desk.opens("/office/feedback")
    assert "王审核 答复： 已加快。" in text(desk.opens("/office/feedback?state=answered"))
    [notice] = notices(ctx, district.li)
    assert (notice["kind"], notice["answer"], notice["by"]) == ("answer", "已加快。", "王审核")


def test_an_empty_answer_is_asked_for_again_beside_its_message(desk: Desk, message: str) -> None:
    reply = desk.sends(f"/office/feedback/{message}", page="/office/feedback", answer=" ")
    assert reply.status_code == 422
    assert "请写明答复，本人会看到。" in reply.get_data(as_text=True)


def test_a_colleague_was_quicker(desk: Desk, message: str) -> None:
    desk.sends(f"/office/feedback/{message}", page="/office/feedback", answer="一")
    reply = desk.sends(f"/office/feedback/{message}", page="/office/", answer="二")
    assert reply.status_code == 409
    assert "已有人答复过，您写的没有提交。" in reply.get_data(as_text=True)


def test_another_town_neither_reads_nor_answers_it(message: str, desk_of: Callable[[str], Desk]) -> None:
    other = desk_of("S02")
    assert "户情况很慢" not in other.opens("/office/feedback")
    assert other.sends(f"/office/feedback/{message}", page="/office/", answer="无关").status_code == 404


def test_a_long_list_has_pages(desk: Desk, district: District, ctx: Context, message: str) -> None:
    for number in range(51):
        says(district, ctx, f"第 {number} 条")
    first = desk.opens("/office/feedback")
    assert "第 48 条" in first
    assert "第 49 条" not in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = desk.opens(following.replace("&amp;", "&"))
    assert "第 50 条" in second
    assert "第 48 条" not in second
