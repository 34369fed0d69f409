"""Reference lists are published by name; a new revision reaches phones with the forms that carry it."""

from typing import Any

import pytest

from fieldsvc.problems import FormVersionExists, NotAllowed
from fieldsvc.services import enrol, published
from fieldsvc.services.reference_lists import publish_list
from fieldsvc.store.tables import AuditRow, ChangeRow, FormVersionRow
from fieldsvc.xlsform import FormProblems, compile_form
from fieldsvc.xlsform.reference import reference_list
from tests.api.photo_world import PhotoWorld
from tests.forms.forms import markdown

LINE = "instance('lines')/root/item[name = 'income'][last()]/value"
ROWS = [{"name": "income", "value": "8500"}]
SETTINGS = {
    "form_title": "收入",
    "form_id": "income",
    "version": "3",
    "subject_dataset": "households",
    "namespaces": 'fs="urn:fieldsvc:forms"',
}


@pytest.fixture
def world(tmp_path):
    return PhotoWorld(tmp_path)


def income(calculation: str = LINE) -> Any:
    survey = [{"type": "calculate", "name": "line", "calculation": calculation}, {"type": "text", "name": "note"}]
    return compile_form(markdown(survey, settings=[SETTINGS]), "income.md")


def publish(world, compiled: Any) -> bool:
    return published.publish_form(world.ctx, world.console, compiled.definition, digest=compiled.digest)


def publish_lines(world, *rows: dict[str, str]) -> tuple[int, list[str]]:
    return publish_list(world.ctx, world.console, reference_list("lines", rows or ROWS))


def served(world, version: str) -> Any:
    return world.client.get(f"/api/v1/forms/income/{version}", headers=world.east).json


def test_a_form_is_published_with_the_rows_it_reads(world):
    assert publish_lines(world) == (1, [])
    assert publish(world, income())
    assert served(world, "3")["instances"] == {"lines": ROWS}


def test_a_form_that_names_an_unknown_list_is_not_published(world):
    with pytest.raises(FormProblems) as found:
        publish(world, income())
    assert [(each.code, each.detail) for each in found.value.problems] == [("list-missing", "lines")]
    assert world.client.get("/api/v1/forms/income/3", headers=world.east).status_code == 404


def test_a_new_revision_publishes_the_forms_that_carry_the_list_again(world):
    publish_lines(world)
    publish(world, income())
    assert publish_lines(world, {"name": "income", "value": "9000"}) == (2, ["income 3.1"])
    assert publish_lines(world, {"name": "income", "value": "9500"}) == (3, ["income 3.2"])
    assert served(world, "3")["instances"]["lines"] == ROWS
    assert served(world, "3.2")["instances"]["lines"] == [{"name": "income", "value": "9500"}]
    with world.ctx.db.read() as session:
        states = {row.version: row.state for row in session.query(FormVersionRow)}
        told = [
            row.data["version"] for row in session.query(ChangeRow).filter_by(kind="form").order_by(ChangeRow.position)
        ]
        things = [row.thing for row in session.query(AuditRow) if row.action == "publish"]
    assert states == {"3": "retired", "3.1": "retired", "3.2": "published"}
    assert told == ["3", "3.1", "3.2"]
    assert things == [
        "list:lines/1",
        "form:income/3",
        "list:lines/2",
        "form:income/3.1",
        "list:lines/3",
        "form:income/3.2",
    ]


def test_the_same_rows_again_change_nothing(world):
    publish_lines(world)
    publish(world, income())
    assert publish_lines(world) == (1, [])


def test_the_same_form_again_is_nothing_new_although_its_list_has_moved_on(world):
    form = income(f"pow({LINE}, 1)")
    publish_lines(world)
    publish(world, form)
    publish_lines(world, {"name": "income", "value": "9000"})
    assert not publish(world, form)
    with pytest.raises(FormVersionExists):
        publish(world, income("''"))


def test_a_form_without_the_list_is_left_alone(world):
    publish_lines(world)
    publish(world, income("1 + 1"))
    assert publish_lines(world, {"name": "income", "value": "9000"}) == (2, [])


def test_only_an_administrator_publishes_lists(world):
    east = enrol.authenticate(world.ctx, world.east["Authorization"].removeprefix("Bearer "))
    with pytest.raises(NotAllowed):
        publish_list(world.ctx, east, reference_list("lines", ROWS))
