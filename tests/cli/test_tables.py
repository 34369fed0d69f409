"""Spreadsheets go out in the county's words and come back without undoing anything."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldsvc import sheets
from fieldsvc.cli import main
from tests.support.demo import Demo

Run = Callable[..., Result]


@pytest.fixture
def folder(demo: Demo, tmp_path: Path) -> Path:
    return demo.settings(tmp_path / "data").data_folder


@pytest.fixture
def run(folder: Path) -> Run:
    def run(*words: str) -> Result:
        environment = {"FIELDSVC_MODE": "test", "FIELDSVC_DATA_FOLDER": str(folder), "FIELDSVC_LOG_LEVEL": "error"}
        return CliRunner(env=environment).invoke(main, list(words))

    return run


def test_an_export_speaks_in_labels_and_hides_what_is_private(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    said = run("export", "members", str(file))
    assert said.exit_code == 0, said.output
    rows = list(sheets.read(file))
    assert len(rows) == 4621
    assert {row["与户主关系"] for row in rows} >= {"户主", "配偶", "之子"}
    for row in rows:
        assert "*" in row["证件号码"]
        assert set(row["健康状况"]) <= {"*"}


def test_what_is_private_goes_out_only_with_a_reason_that_is_noted(run: Run, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "members.xlsx"
    assert run("export", "members", str(file), "--full").exit_code == 1
    assert run("export", "members", str(file), "--full", "--reason", "年度核对").exit_code == 0
    assert all(row["证件号码"].startswith("99") for row in sheets.read(file))
    database = sqlite3.connect(folder / "fieldsvc.db")
    noted = database.execute("SELECT thing, detail FROM audit WHERE action = 'export'").fetchall()
    database.close()
    assert [thing for thing, _ in noted] == ["dataset:members"]
    assert "年度核对" in noted[0][1]


def test_visits_of_a_month_are_a_ledger(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "visits.xlsx"
    assert run("export", "visits", str(file), "--month", "202610").exit_code == 0
    rows = list(sheets.read(file))
    assert len(rows) > 1000
    assert all(row["开始"].startswith("2026-10") for row in rows)


def test_the_same_file_again_changes_nothing_and_one_cell_changes_one_record(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "households.xlsx"
    assert run("export", "households", str(file), "--full", "--reason", "年度核对").exit_code == 0
    first = run("import", "households", str(file), "--source", "民政")
    assert first.exit_code == 0, first.output
    assert "新增 created 0" in first.output
    again = run("import", "households", str(file), "--source", "民政")
    assert "修改 changed 0" in again.output

    rows = list(sheets.read(file))
    rows[7]["住址"] = "搬到新村 3 号"
    sheets.write(file, list(rows[0]), rows)
    changed = run("import", "households", str(file), "--source", "民政")
    assert "修改 changed 1" in changed.output


def test_a_table_of_an_old_excel_is_read_and_a_formula_stays_a_word(tmp_path: Path) -> None:
    old = tmp_path / "old.csv"
    old.write_bytes("户编号,户主\r\n0012,王秀英\r\n".encode("gb18030"))
    assert list(sheets.read(old)) == [{"户编号": "0012", "户主": "王秀英"}]
    for name in ("out.csv", "out.xlsx"):
        sheets.write(tmp_path / name, ["户主"], [{"户主": "=1+1"}])
        [row] = sheets.read(tmp_path / name)
        assert row["户主"].endswith("=1+1")
