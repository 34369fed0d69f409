"""Masked values of visits and of what waits: one press shows one line of one record, and its household's log tells."""

from typing import Any

import pytest

from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow, FormRow, FormVersionRow
from tests.office.definitions import _group, _question
from tests.office.desk import Desk, reveals, text
from tests.office.district import District
from tests.office.test_waiting_undecided import kept, visited

ROLL: dict[str, Any] = {
    "form": "roll",
    "version": "1",
    "title": {"zh": "登记家庭成员", "en": "Members"},
    "languages": ["zh", "en"],
    "default_language": "zh",
    "subject_dataset": "households",
    "root": "/data",
    "nodes": [
        _group(
            "/data/people", "成员", "Member", _question("/data/people/id_no", "string", "证件", "Number"), kind="repeat"
        )
    ],
    "choices": {},
    "instances": {},
    "entities": [
        {
            "dataset": "members",
            "path": "/data/people",
            "create": True,
            "saves": {"id_no": "/data/people/id_no"},
        }
    ],
}
FIRST, SECOND = "990000199001010011", "990000199001010022"


@pytest.fixture
def home(district: District) -> str:
    return district.household("陈一", district.upper, helper=district.zhang, phone="09990000001")


@pytest.fixture
def roll(district: District, ctx: Context, home: str) -> str:
    """A form that waits and registers two people, each with a number."""
    with ctx.db.write() as session:
        session.add(FormRow(id="roll", title=ROLL["title"], subject_dataset="households", state="open"))
        session.flush()
        version = {"definition": ROLL, "digest": "0", "state": "published", "published_at": ctx.now_ms()}
        session.add(FormVersionRow(form_id="roll", version="1", **version))
    people = [{"_id": ctx.new_id(), "id_no": number} for number in (FIRST, SECOND)]
    entities = [
        {"dataset": "members", "id": one["_id"], "path": f"/data/people[{at}]", "create": True}
        for at, one in enumerate(people, 1)
    ]
    document = {"kind": "submission", "form": "roll", "version": "1", "subject": home, "entities": entities}
    return kept(district, ctx, {**document, "answers": {"people": people}})


def traces(ctx: Context, operation: str) -> list[tuple[str, dict[str, Any]]]:
    """What the log says was shown of this operation, and under whom."""
    with ctx.db.read() as session:
        rows = session.query(AuditRow).filter_by(action="view").order_by(AuditRow.position)
        found = [(row.thing, dict(row.detail or {})) for row in rows]
    return [(thing, said) for thing, said in found if said.get("operation") == operation and len(said) > 1]


def test_one_press_shows_one_record_and_not_the_same_line_of_the_others(desk: Desk, ctx: Context, roll: str) -> None:
    address = f"/office/waiting/{roll}"
    page = desk.opens(address)
    assert FIRST not in page
    assert SECOND not in page
    offered = reveals(page)
    assert len(offered) == 4, "two people, each in what is wanted and among the answers"
    assert offered[:2] == offered[2:], "a record's line has one name wherever it stands"
    shown = desk.sends(f"{address}/reveal", page=address, reveal=offered[0]).get_data(as_text=True)
    assert text(shown).count(FIRST) == 2
    assert SECOND not in shown


def test_what_was_shown_is_noted_with_its_record_and_property(
    desk: Desk, ctx: Context, district: District, home: str
) -> None:
    operation = visited(district, ctx, home)
    address = f"/office/waiting/{operation}"
    desk.sends(f"{address}/reveal", page=address, reveal=reveals(desk.opens(address))[0])
    detail = {"operation": operation, "entity": home, "dataset": "households", "property": "phone"}
    assert traces(ctx, operation) == [(f"subject:{home}", detail)]
    assert "陈一 · 联系电话" in text(desk.opens(f"/office/households/{home}/viewers"))


def test_it_is_noted_under_the_household_the_record_is_of(
    desk: Desk, ctx: Context, district: District, home: str
) -> None:
    other = district.household("陈二", district.lower)
    person = district.member(other, "陈小二", id_no=FIRST)
    edit = {"kind": "edit", "dataset": "members", "entity": person, "subject": home, "changes": {"id_no": SECOND}}
    operation = kept(district, ctx, edit)
    address = f"/office/waiting/{operation}"
    desk.sends(f"{address}/reveal", page=address, reveal=reveals(desk.opens(address))[0])
    [(thing, detail)] = traces(ctx, operation)
    assert thing == f"subject:{other}"
    assert (detail["entity"], detail["property"]) == (person, "id_no")
    assert "陈小二 · 证件号码" in text(desk.opens(f"/office/households/{other}/viewers"))


def test_a_new_persons_number_is_called_by_its_label_among_the_viewers(
    desk: Desk, ctx: Context, roll: str, home: str
) -> None:
    address = f"/office/waiting/{roll}"
    desk.sends(f"{address}/reveal", page=address, reveal=reveals(desk.opens(address))[0])
    assert "证件号码" in text(desk.opens(f"/office/households/{home}/viewers"))


@pytest.mark.parametrize("name", ["", "households.phone", "members.id_no", "x" * 5000])
def test_a_name_that_is_not_on_the_page_shows_nothing_and_is_not_noted(
    desk: Desk, ctx: Context, roll: str, name: str
) -> None:
    address = f"/office/waiting/{roll}"
    assert desk.sends(f"{address}/reveal", page=address, reveal=name).status_code == 404
    assert traces(ctx, roll) == []


def test_a_name_of_another_page_shows_nothing(
    desk: Desk, ctx: Context, district: District, home: str, roll: str
) -> None:
    elsewhere = reveals(desk.opens(f"/office/waiting/{visited(district, ctx, home)}"))[0]
    address = f"/office/waiting/{roll}"
    assert desk.sends(f"{address}/reveal", page=address, reveal=elsewhere).status_code == 404


def test_of_a_record_elsewhere_the_page_does_not_tell_which_it_is(
    desk: Desk, ctx: Context, district: District, home: str
) -> None:
    far = district.household("远户", district.far, phone="09990000003")
    edit = {
        "kind": "edit",
        "dataset": "households",
        "entity": far,
        "subject": home,
        "changes": {"phone": "09990000004"},
    }
    operation = kept(district, ctx, edit)
    address = f"/office/waiting/{operation}"
    page = desk.opens(address)
    assert far not in page
    shown = desk.sends(f"{address}/reveal", page=address, reveal=reveals(page)[0]).get_data(as_text=True)
    assert "09990000004" in shown
    assert "09990000003" not in shown
    assert far not in shown
    assert [thing for thing, _ in traces(ctx, operation)] == [f"subject:{far}"]


def test_on_the_page_of_a_visit_too_one_press_shows_one_persons_number(desk: Desk, ctx: Context, roll: str) -> None:
    assert desk.sends(f"/office/waiting/{roll}", action="accept").status_code == 302
    address = f"/office/visits/{roll}"
    page = desk.opens(address)
    assert FIRST not in page
    assert SECOND not in page
    shown = desk.sends(f"{address}/reveal", page=address, reveal=reveals(page)[0]).get_data(as_text=True)
    assert text(shown).count(FIRST) == 2, "the answer, and what it wrote"
    assert SECOND not in shown
    assert desk.sends(f"{address}/reveal", page=address, reveal="/data/people/id_no").status_code == 404


def test_a_household_shows_and_notes_only_what_its_page_offers(
    desk: Desk, ctx: Context, district: District, home: str
) -> None:
    address = f"/office/households/{home}"
    for name in ("", "nothing", "x" * 5000):
        answer = desk.sends(f"{address}/reveal", page=address, entity=home, property=name)
        assert answer.status_code == 404
    with ctx.db.read() as session:
        details = [row.detail for row in session.query(AuditRow).filter_by(action="view")]
    assert not [one for one in details if one and "property" in one]


def _of_one_member(
    district: District, ctx: Context, desk: Desk, home: str, member: str, number: str, **more: Any
) -> str:
    """A form that asks for one member's number and names the member by an answer; let through."""
    entities = [{"dataset": "members", "id": member, "path": "/data", "base_version": 1, "trunk_version": 1}]
    document = {"kind": "submission", "form": "number", "version": "1", "subject": home, "entities": entities, **more}
    district.moments.later(minutes=1)
    operation = kept(district, ctx, {**document, "answers": {"who": member, "id_no": number}})
    assert desk.sends(f"/office/waiting/{operation}", action="accept").status_code == 302
    return operation


@pytest.fixture
def members(district: District, ctx: Context, home: str) -> list[str]:
    """Two people of one household, and a form for the number of one of them."""
    names_one = {"dataset": "members", "path": "/data", "entity_id": ["p", "/", [["c", "data"], ["c", "who"]]]}
    definition = {
        **ROLL,
        "form": "number",
        "nodes": [
            _question("/data/who", "string", "谁", "Who"),
            _question("/data/id_no", "string", "证件", "Number"),
        ],
        "entities": [{**names_one, "update": True, "saves": {"id_no": "/data/id_no"}}],
    }
    with ctx.db.write() as session:
        session.add(FormRow(id="number", title=ROLL["title"], subject_dataset="households", state="open"))
        session.flush()
        version = {"definition": definition, "digest": "0", "state": "published", "published_at": ctx.now_ms()}
        session.add(FormVersionRow(form_id="number", version="1", **version))
    return [district.member(home, name) for name in ("陈小一", "陈小二")]


@pytest.mark.parametrize("amended", [True, False])
def test_last_times_number_of_another_person_is_not_shown_with_this_ones(
    desk: Desk, ctx: Context, district: District, home: str, members: list[str], amended: bool
) -> None:
    one, other = members
    before = _of_one_member(district, ctx, desk, home, one, FIRST)
    visit = _of_one_member(district, ctx, desk, home, other, SECOND, **({"replaces": before} if amended else {}))
    address = f"/office/visits/{visit}"
    page = desk.opens(address)
    assert FIRST not in page
    shown = desk.sends(f"{address}/reveal", page=address, reveal=reveals(page)[-1]).get_data(as_text=True)
    assert SECOND in shown
    assert FIRST not in shown


def test_an_earlier_change_of_another_persons_number_is_not_shown_with_this_ones(
    desk: Desk, ctx: Context, district: District, home: str, members: list[str]
) -> None:
    one, other = members
    before = _of_one_member(district, ctx, desk, home, one, FIRST)
    between = _of_one_member(district, ctx, desk, home, one, "990000199001010033", replaces=before)
    visit = _of_one_member(district, ctx, desk, home, other, SECOND, replaces=between)
    address = f"/office/visits/{visit}"
    shown = desk.sends(f"{address}/reveal", page=address, reveal=reveals(desk.opens(address))[-1])
    said = shown.get_data(as_text=True)
    assert SECOND in said
    assert FIRST not in said
    assert "990000199001010033" not in said


def test_last_times_number_of_the_same_person_is(
    desk: Desk, ctx: Context, district: District, home: str, members: list[str]
) -> None:
    _of_one_member(district, ctx, desk, home, members[0], FIRST)
    visit = _of_one_member(district, ctx, desk, home, members[0], SECOND)
    address = f"/office/visits/{visit}"
    shown = desk.sends(f"{address}/reveal", page=address, reveal=reveals(desk.opens(address))[-1])
    said = shown.get_data(as_text=True)
    assert SECOND in said
    assert FIRST in said
