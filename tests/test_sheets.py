"""A table that is longer than a sheet goes on in another one: Excel would throw the rest away and call it a repair."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from fieldsvc import sheets


def test_a_table_longer_than_a_sheet_goes_on_in_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldsvc.sheets.book.MOST_ROWS", 4)
    tables = [
        ("走访", ["n"], frozenset(["n"])),
        ("一张名字很长很长很长很长很长很长很长很长很长的表格名称", ["m"], frozenset[str]()),
    ]
    rows = [*((0, {"n": str(n)}) for n in range(7)), *((1, {"m": str(n)}) for n in range(4))]
    [path] = sheets.write_book(tmp_path / "visits.xlsx", tables, rows)
    book = load_workbook(path)
    found = {name: [row[0] for row in book[name].iter_rows(values_only=True)] for name in book.sheetnames}
    assert {name: found[name] for name in ("走访", "走访 (2)", "走访 (3)")} == {
        "走访": ["n", 0, 1, 2],
        "走访 (2)": ["n", 3, 4, 5],
        "走访 (3)": ["n", 6],
    }
    assert [len(rows) for name, rows in found.items() if "走访" not in name] == [4, 2]
    assert max(map(len, book.sheetnames)) <= 31


def test_so_does_a_plain_sheet_and_every_row_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldsvc.sheets.book.MOST_ROWS", 3)
    path = tmp_path / "households.xlsx"
    assert sheets.write(path, ["n"], ({"n": str(n)} for n in range(5))) == 5
    book = load_workbook(path)
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book] == [
        ["n", "0", "1"],
        ["n", "2", "3"],
        ["n", "4"],
    ]
