"""The commands for processes and working days."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from fieldsvc.cli import main
from fieldsvc.store.tables import FormRow, FormVersionRow
from tests.support.demo import Demo


def run(*words: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, words, env={"FIELDSVC_MODE": "test", **(env or {})})
    return result.exit_code, result.output


def test_the_shipped_processes_are_fine() -> None:
    code, output = run("process", "check")
    assert code == 0
    assert "✓ housing: 危房改造" in output


def test_a_mistake_in_the_countys_file_is_named(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[housing]\n[[housing.stages]]\ncode = "flown"\n', encoding="utf-8")
    code, output = run("process", "check", str(own))
    assert (code, "housing, stage flown" in output) == (1, True)
    code, output = run("process", "check", env={"FIELDSVC_PROCESSES_FILE": str(tmp_path / "gone.toml")})
    assert (code, "gone.toml: No such file" in output) == (1, True)


def test_a_countys_own_deadline_is_published(demo: Demo, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[problems]\n[[problems.clocks]]\nname = "closing"\ndays = 3\n', encoding="utf-8")
    context = demo.context(tmp_path / "data")
    context.db.dispose()
    env = {
        "FIELDSVC_DATA_FOLDER": str(tmp_path / "data"),
        "FIELDSVC_PROCESSES_FILE": str(own),
    }
    assert run("process", "publish", env=env)[0] == 0
    from fieldsvc.services.definitions import datasets

    with context.db.read() as session:
        process = datasets(context, session).processes["problems"]
    context.db.dispose()
    assert next(clock for clock in process.clocks if clock.name == "closing").days == 3


def test_turning_leave_on_brings_its_form_and_no_other(demo: Demo, tmp_path: Path) -> None:
    context = demo.context(tmp_path / "data")
    with context.db.write() as session:
        session.execute(delete(FormVersionRow).where(FormVersionRow.form_id == "water"))
        session.execute(delete(FormRow).where(FormRow.id == "water"))
    context.db.dispose()
    own = tmp_path / "own.toml"
    own.write_text("[leave]\noff = false\n", encoding="utf-8")
    env = {"FIELDSVC_DATA_FOLDER": str(tmp_path / "data"), "FIELDSVC_PROCESSES_FILE": str(own)}
    code, output = run("process", "publish", env=env)
    assert (code, re.findall(r"form: (\w+)", output)) == (0, ["leave"])
    code, output = run("process", "publish", env=env)
    assert (code, re.findall(r"form: (\w+)", output)) == (0, [])


def test_leave_turned_off_takes_its_form_along_and_turned_on_again_brings_it_back(demo: Demo, tmp_path: Path) -> None:
    context = demo.context(tmp_path / "data")
    context.db.dispose()
    own = tmp_path / "own.toml"
    env = {"FIELDSVC_DATA_FOLDER": str(tmp_path / "data"), "FIELDSVC_PROCESSES_FILE": str(own)}
    found = []
    for text in ("[leave]\noff = false\n", "", "[leave]\noff = false\n"):
        own.write_text(text, encoding="utf-8")
        _, output = run("process", "publish", env=env)
        with context.db.read() as session:
            state = session.get_one(FormRow, "leave").state
        context.db.dispose()
        found.append((re.findall(r"form: (\w+)", output), state))
    assert found == [(["leave"], "open"), ([], "retired"), (["leave"], "open")]


ON, OFF = "[leave]\noff = false\n", ""
#: As if a county asked for problems by person too: then leave is not the only process about its staff.
SHARED = '[problems]\nsubject = "team_members"\n'


def states(demo: Demo, folder: Path, *steps: str) -> list[str]:
    """How the form of leave stands after each step: the county's file as it is published, or words of a command."""
    context = demo.context(folder / "data")
    context.db.dispose()
    own, found = folder / "own.toml", []
    env = {"FIELDSVC_DATA_FOLDER": str(folder / "data"), "FIELDSVC_PROCESSES_FILE": str(own)}
    for step in steps:
        if step.startswith("form "):
            assert run(*step.split(), env=env)[0] == 0
        else:
            own.write_text(step, encoding="utf-8")
            code, output = run("process", "publish", env=env)
            assert code == 0, output
        with context.db.read() as session:
            found.append(session.get_one(FormRow, "leave").state)
        context.db.dispose()
    return found


def test_a_form_that_the_county_had_retired_itself_stays_so_when_its_process_is_turned_on_again(
    demo: Demo, tmp_path: Path
) -> None:
    assert states(demo, tmp_path, ON, "form retire leave", OFF, ON) == ["open", "retired", "retired", "retired"]


def test_a_form_stays_as_long_as_another_process_is_about_the_same_kind_of_record(demo: Demo, tmp_path: Path) -> None:
    assert states(demo, tmp_path, ON + SHARED, OFF + SHARED) == ["open", "open"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("day,kind\n2027-10-01,day off\n", "Line 2: kind"), ("day,kind\n2027-10-01,holiday\n", "Look again")],
)
def test_a_calendar_with_a_mistake_or_a_doubt_is_not_entered(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(text, encoding="utf-8")
    code, output = run("calendar", "import", str(file))
    assert (code, complaint in output) == (1, True)


def test_a_year_is_entered(demo: Demo, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("day,kind,name\n2027-10-01,holiday,国庆节\n", encoding="utf-8")
    demo.context(tmp_path / "data").db.dispose()
    env = {"FIELDSVC_DATA_FOLDER": str(tmp_path / "data")}
    code, output = run("calendar", "import", "--yes", str(file), env=env)
    assert (code, "✓ 2027" in output) == (0, True), output
