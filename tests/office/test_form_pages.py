"""An administrator uploads a form in the office: mistakes with their cells, a draft, what would change, publishing."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.reference_lists import publish_list
from fieldsvc.store import form_shelf
from fieldsvc.store.tables import FormVersionRow
from fieldsvc.xlsform.reference import reference_list
from tests.forms.forms import SETTINGS, Row, markdown
from tests.forms.pictured import PICTURES, pictured
from tests.forms.pictured import source as roofs
from tests.office.desk import Desk, hidden, text
from tests.office.district import District

SUBJECT = {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"}
HAMLET = {"type": "text", "name": "hamlet", "label": "村民小组", "save_to": "hamlet"}
ENTITIES = [{"list_name": "households", "entity_id": "${household}"}]


def source(version: str = "1", *rows: Row) -> bytes:
    settings = [{**SETTINGS, "version": version, "subject_dataset": "households"}]
    return markdown([SUBJECT, HAMLET, *rows], settings=settings, entities=ENTITIES).encode()


@pytest.fixture
def admin(district: District) -> Actor:
    return district.actor(district.person("县管理员", "A01", role="administrator", area=district.county))


@pytest.fixture
def office(admin: Actor, desk_of: Callable[[str], Desk]) -> Desk:
    """The administrator's browser."""
    return desk_of("A01")


def uploads(desk: Desk, data: bytes, name: str = "试用 表.md") -> tuple[int, str]:
    """Choose a file and send it; the status and the page that follows."""
    fields = hidden(desk.opens("/office/forms"))
    answer = desk.client.post("/office/forms", data={**fields, "file": (io.BytesIO(data), name)}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_bad_form_is_shown_with_every_cell_and_remedy_and_nothing_is_kept(office: Desk, ctx: Context) -> None:
    status, page = uploads(
        office, source("1", {"type": "text", "name": "a b"}, {"type": "text", "name": "c", "relevant": "nope()"})
    )
    assert status == 422
    assert "共 2 处错误。没有保存" in text(page)
    assert "survey 第 4 行 name 名称写法不对（a b） 以字母或下划线开头" in text(page)
    assert "survey 第 5 行 relevant 没有这个函数（nope） 检查拼写" in text(page)
    with ctx.db.read() as session:
        assert session.query(FormVersionRow).filter(FormVersionRow.form_id.startswith("trial")).count() == 0


def test_a_file_far_too_large_is_refused_with_a_sentence_before_it_is_read(office: Desk) -> None:
    kind = "multipart/form-data; boundary=x"
    answer = office.client.post("/office/forms", data=b"x" * 6_100_000, content_type=kind)
    assert answer.status_code == 413
    assert "一次发送的内容太大" in answer.get_data(as_text=True)


def test_a_list_nobody_has_published_is_named_at_the_question_that_asks_for_it(office: Desk) -> None:
    status, page = uploads(office, source("1", {"type": "select_one_from_file shops.csv", "name": "shop"}))
    assert status == 422
    assert "survey 第 4 行 type 没有这个选项列表（shops）" in text(page)


def test_a_sound_form_becomes_a_draft_and_is_published_from_its_page(office: Desk, ctx: Context) -> None:
    status, page = uploads(office, source())
    assert status == 200
    assert "没有错误，已存为草稿" in page
    assert "新表单" in page
    assert "未发布" in office.opens("/office/forms")
    office.sends("/office/forms/trial/draft/1", action="publish")
    assert "已发布版本 1" in office.opens("/office/forms/trial")
    _, page = uploads(office, source("2", {"type": "text", "name": "clan", "label": "宗族", "save_to": "clan"}))
    assert "与现用版本 1 的差别" in page
    assert "农户 新增项目“宗族”（clan）：两人同时改成不同的值时，由人审定" in text(page)
    office.sends("/office/forms/trial/draft/2", action="publish")
    versions = text(office.opens("/office/forms/trial"))
    assert "2 现用" in versions
    assert "1 旧版" in versions
    with ctx.db.read() as session:
        assert [one.state for one in form_shelf.versions(session, "trial.trial")] == []


def test_the_file_comes_back_exactly_as_it_was_uploaded(office: Desk) -> None:
    uploads(office, source())
    office.sends("/office/forms/trial/draft/1", action="publish")
    assert office.asks("/office/forms/trial/source/1") == 200
    assert office.last is not None
    assert office.last.data == source()
    assert (
        office.last.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E8%AF%95%E7%94%A8%20%E8%A1%A8.md"
    )


def test_the_same_version_with_other_content_is_refused_with_a_remedy(office: Desk) -> None:
    uploads(office, source())
    office.sends("/office/forms/trial/draft/1", action="publish")
    status, page = uploads(office, source("1", {"type": "text", "name": "c", "label": "丙"}))
    assert status == 422
    assert "这个版本已经有了，而且内容不同（1） 改用更大的版本号再上传" in text(page)
    status, page = uploads(office, source())
    assert status == 200
    assert "版本 1 已经发布过，内容完全一样" in page


def test_testers_are_added_by_their_number_and_removed(office: Desk, district: District) -> None:
    uploads(office, source())
    page = "/office/forms/trial/draft/1"
    office.sends(page + "/testers", page=page, login="C01")
    assert "李帮扶" in office.opens(page)
    office.sends(page + "/testers", page=page, login="nobody")
    assert "没有找到“nobody”" in office.opens(page)
    office.sends(page + "/testers", page=page, remove=district.li)
    assert "还没有人试用" in office.opens(page)


def test_a_draft_is_given_up_and_a_form_is_retired_and_offered_again(office: Desk) -> None:
    uploads(office, source())
    office.sends("/office/forms/trial/draft/1", action="give-up")
    assert office.asks("/office/forms/trial/draft/1") == 404
    office.sends("/office/forms/visit/state", page="/office/forms/visit", state="retired")
    assert "已停用" in office.opens("/office/forms")
    office.sends("/office/forms/visit/state", page="/office/forms/visit", state="open")
    assert "已停用" not in office.opens("/office/forms")


def test_only_administrators_see_the_forms_and_nothing_is_done_without_the_page_s_token(
    office: Desk, desk: Desk
) -> None:
    assert "/office/forms" in office.opens("/office/")
    assert "/office/forms" not in desk.opens("/office/")
    uploads(office, source())
    for path in ("/office/forms", "/office/forms/visit", "/office/forms/trial/draft/1"):
        assert desk.asks(path) == 403
    answer = office.client.post("/office/forms/trial/draft/1", data={"action": "publish"})
    assert answer.status_code == 400
    assert "未发布" in office.opens("/office/forms")


def test_two_published_versions_are_laid_side_by_side_whenever_somebody_asks(
    office: Desk, ctx: Context, admin: Actor
) -> None:
    publish_list(ctx, admin, reference_list("shops", [{"name": "a", "label": "供销社"}]))
    shop = {"type": "select_one_from_file shops.csv", "name": "shop", "label": "哪家店"}
    uploads(office, source("1", shop), "店铺.md")
    office.sends("/office/forms/trial/draft/1", action="publish")
    assert "比较版本" not in office.opens("/office/forms/trial")
    publish_list(
        ctx, admin, reference_list("shops", [{"name": "a", "label": "供销社"}, {"name": "b", "label": "超市"}])
    )
    uploads(office, source("2", shop, {"type": "integer", "name": "spent", "label": "花了多少"}), "店铺二.md")
    office.sends("/office/forms/trial/draft/2", action="publish")

    versions = text(office.opens("/office/forms/trial"))
    assert "店铺.md 1 版随参照表更新重新发布" in versions
    newest = text(office.opens("/office/forms/trial/changes"))
    assert "2 版与 1.1 版相比" in newest
    assert "新增题目：“花了多少”（spent）" in newest
    assert "参照表有更新" not in newest
    lists_only = text(office.opens("/office/forms/trial/changes?from=1&to=1.1"))
    assert "参照表有更新：shops" in lists_only
    assert "题目、选项和规则都没有变化" not in lists_only
    assert office.asks("/office/forms/trial/changes?from=1&to=9") == 404
    assert office.asks("/office/forms/nothing/changes") == 404


def test_a_form_and_its_pictures_are_chosen_at_once_and_come_back_as_one_file(office: Desk) -> None:
    fields = hidden(office.opens("/office/forms"))
    files = [(io.BytesIO(roofs()), "roofs.md"), *((io.BytesIO(data), name) for name, data in PICTURES.items())]
    office.client.post("/office/forms", data={**fields, "file": files})
    office.sends("/office/forms/trial/draft/1", action="publish")
    assert office.asks("/office/forms/trial/source/1") == 200
    assert office.last is not None
    assert office.last.data == pictured()[0]
    assert office.last.headers["Content-Disposition"].endswith("roofs.zip")


def test_a_picture_that_is_not_uploaded_is_named_at_its_cells(office: Desk) -> None:
    status, page = uploads(office, roofs(), "roofs.md")
    assert status == 422
    assert "choices 第 3 行 media::image 图片没有一起上传（thatch.jpg） 把图片和表单放进同一个 .zip" in text(page)
