"""The data of a form as CSV and XLSX: flattened, linked, masked, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow
from tests.office.desk import Desk
from tests.office.district import District

ANSWERS = {
    "meeting": {"met": "head", "phone": "13900000000", "people": "4", "changes": ["work", "house"]},
    "needs": [
        {"_id": "item-1", "text": '=HYPERLINK("http://x")', "amount": "-20.5"},
        {"_id": "item-2", "text": "修路\x0b"},
    ],
    "evidence": {"house": {"sha256": "ab" * 32, "bytes": 5, "type": "image/jpeg"}},
    "log": "+86 电话不通",
}


@pytest.fixture
def visits(district: District) -> str:
    """One visit in 上村, and one in another town."""
    home = district.household("陈一", district.upper, helper=district.li, hh_no="0001")
    far = district.household("远方", district.far, helper=district.zhang, hh_no="0009")
    district.visit(far, district.zhang)
    return district.visit(home, district.li, ANSWERS)


def exported(desk: Desk, **fields: str) -> bytes:
    """The file somebody downloads."""
    answer = desk.sends("/office/export", form="visit", **fields)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.data


def tables(desk: Desk, **fields: str) -> dict[str, list[dict[str, str]]]:
    """The CSV files by name, as rows."""
    with zipfile.ZipFile(io.BytesIO(exported(desk, format="csv", **fields))) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
        }


def test_groups_are_flattened_and_repeats_are_linked_by_their_ids(desk: Desk, visits: str) -> None:
    found = tables(desk, contents="codes")
    [visit] = found["visit.csv"]
    assert visit["instance_id"] == visits
    assert (visit["meeting/met"], visit["meeting/people"], visit["meeting/changes"]) == ("head", "4", "work house")
    assert visit["evidence/house"] == "ab" * 32
    assert (visit["number"], visit["label"], visit["area"], visit["author"]) == ("0001", "陈一", "上村", "李帮扶")
    first, second = found["visit-needs.csv"]
    assert (first["instance_id"], first["parent_id"], first["item_id"]) == (visits, visits, "item-1")
    assert second["text"] == "修路\x0b"


def test_words_stand_for_codes_where_people_read_them(desk: Desk, visits: str) -> None:
    [visit] = tables(desk, contents="labels")["visit.csv"]
    assert (visit["见到谁"], visit["本月家庭变化"], visit["审核"]) == ("户主", "就业、住房", "待审")


def test_what_looks_like_a_formula_is_text_and_a_negative_number_stays_one(desk: Desk, visits: str) -> None:
    found = tables(desk, contents="codes")
    assert found["visit.csv"][0]["log"] == "'+86 电话不通"
    assert found["visit-needs.csv"][0]["text"] == '\'=HYPERLINK("http://x")'
    assert found["visit-needs.csv"][0]["amount"] == "-20.5"
    book = load_workbook(io.BytesIO(exported(desk, format="xlsx", contents="codes")))
    assert book.sheetnames == ["visit", "1 needs"]
    heads = [cell.value for cell in book["1 needs"][1]]
    row: dict[Any, Any] = dict(zip(heads, book["1 needs"][2], strict=True))
    assert (row["text"].value, row["text"].data_type) == ('=HYPERLINK("http://x")', "s")
    assert (row["amount"].value, row["amount"].data_type) == (-20.5, "n")


def test_sensitive_answers_are_masked_and_shown_only_for_a_reason_that_is_on_record(
    desk: Desk, visits: str, ctx: Context
) -> None:
    [visit] = tables(desk, contents="codes")["visit.csv"]
    assert visit["meeting/phone"] == "139******00"
    assert desk.sends("/office/export", form="visit", full="1").status_code == 422
    [visit] = tables(desk, contents="codes", full="1", reason="医保核对")["visit.csv"]
    assert visit["meeting/phone"] == "13900000000"
    with ctx.db.read() as session:
        notes = [row.detail for row in session.query(AuditRow).filter_by(action="export", thing="form:visit")]
    assert [(note["full"], note["reason"]) for note in notes] == [(False, ""), (True, "医保核对")]


def test_only_the_own_area_is_exported_and_withdrawn_visits_are_not(
    desk: Desk, visits: str, desk_of: Any, ctx: Context
) -> None:
    assert len(tables(desk)["visit.csv"]) == 1
    assert [row["number"] for row in tables(desk_of("S02"))["visit.csv"]] == ["0009"]
    assert len(tables(desk_of("S03"))["visit.csv"]) == 2


def test_a_form_that_is_not_there_and_a_stranger_get_nothing(desk: Desk, visits: str, district: District) -> None:
    assert desk.sends("/office/export", form="nothing").status_code == 404
    assert "export" in desk.opens("/office/visits")


def test_a_month_narrows_it(desk: Desk, visits: str) -> None:
    assert len(tables(desk, month="202611")["visit.csv"]) == 1
    assert tables(desk, month="202510")["visit.csv"] == []
