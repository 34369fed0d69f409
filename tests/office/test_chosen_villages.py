"""The village of a registration, chosen from the phone's own list: the office reads its name and not its code."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import update

from fieldsvc.services import chosen_villages
from fieldsvc.services.context import Context
from fieldsvc.store.tables import AreaRow, ConflictRow, FormRow, FormVersionRow
from tests.office.definitions import VISIT
from tests.office.desk import Desk, text
from tests.office.district import FEED, District

CODE = "341021100201"
ANSWERS = {"home": {"village": CODE}, "seen": [{"_id": "s1", "other": "341021100202"}, {"_id": "s2", "other": "9"}]}


def _asked(ref: str, zh: str) -> dict[str, Any]:
    name = ref.rsplit("/", 1)[-1]
    label = {"zh": zh, "en": name}
    return {
        "name": name,
        "ref": ref,
        "kind": "question",
        "type": "select_one",
        "choices": "villages",
        "label": label,
    }


FORM = {
    **VISIT,
    "form": "found",
    "title": {"zh": "新户登记", "en": "Registration"},
    "nodes": [
        {
            "name": "home",
            "ref": "/data/home",
            "kind": "group",
            "children": [_asked("/data/home/village", "所在村")],
        },
        {
            "name": "seen",
            "ref": "/data/seen",
            "kind": "repeat",
            "children": [_asked("/data/seen/other", "来过的村")],
        },
    ],
    "entities": [],
}


@pytest.fixture
def registration(district: District, ctx: Context) -> str:
    """What registered a household in 上村."""
    now = district.moments.now
    with ctx.db.write() as session:
        session.add(FormRow(id="found", title=FORM["title"], subject_dataset="households", state="open"))
        session.flush()
        session.add(
            FormVersionRow(
                form_id="found", version="3", definition=FORM, digest="1", state="published", published_at=now
            )
        )
    return district.visit(district.household("赵六", district.upper), district.li, ANSWERS, form="found")


def test_the_page_of_a_registration_says_the_villages_by_name(desk: Desk, registration: str) -> None:
    page = text(desk.opens(f"/office/visits/{registration}"))
    assert "所在村 上村" in page
    assert "来过的村 下村" in page
    assert "来过的村 9" in page


@pytest.mark.parametrize(
    ("contents", "columns", "said"),
    [
        ("labels", ("所在村", "来过的村"), ("上村", "下村", "9")),
        ("codes", ("home/village", "other"), (CODE, "341021100202", "9")),
    ],
)
def test_a_table_with_words_says_them_by_name_and_one_with_codes_as_they_are(
    desk: Desk, registration: str, contents: str, columns: tuple[str, str], said: tuple[str, str, str]
) -> None:
    answer = desk.sends("/office/export", form="found", format="csv", contents=contents)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        [own], [first, second] = (
            list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in ("found.csv", "found-seen.csv")
        )
    assert (own[columns[0]], first[columns[1]], second[columns[1]]) == said


def test_a_village_that_was_merged_keeps_the_name_it_was_chosen_by(district: District, ctx: Context) -> None:
    with ctx.db.write() as session:
        session.execute(update(AreaRow).where(AreaRow.id == district.upper).values(merged_into_id=district.lower))
    with ctx.db.read() as session:
        named = chosen_villages.names(session, FEED, [(FORM, ANSWERS), (FORM, None), ({}, ANSWERS)])
    assert named == {CODE: "上村", "341021100202": "下村"}


def test_it_is_read_beside_a_value_that_is_to_be_decided(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, helper=district.li, people="4")
    conflict = district.conflict(home, district.li, district.zhang, {"people": "5"}, {"people": "6"})
    [meeting] = [node for node in VISIT["nodes"] if node["name"] == "meeting"]
    asked = {**meeting, "children": [*meeting["children"], _asked("/data/meeting/village", "所在村")]}
    with ctx.db.write() as session:
        version = session.get_one(FormVersionRow, ("visit", "3"))
        version.definition = {**VISIT, "nodes": [asked]}
        visit = session.get_one(ConflictRow, conflict).candidate_operation_id
        district.submission(session, visit).answers = {"meeting": {"people": "6", "village": CODE}}
    assert "同一次走访的相关答案 所在村 上村" in text(desk.opens(f"/office/conflicts/{conflict}"))
