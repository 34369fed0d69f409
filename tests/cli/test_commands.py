"""A county clerk begins a server, adds people, signs out a lost phone, and is told in words what is wrong."""

import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import Context, Group

from fieldsvc.cli import COMMANDS, main
from fieldsvc.config import Settings
from fieldsvc.services import enrol
from fieldsvc.services.context import open_context
from tests.cli.conftest import Run


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_in_two_languages_what_it_is_for(run: Run, command: str) -> None:
    said = run(command, "--help")
    assert said.exit_code == 0, said.output
    assert re.search("[一-鿿]{4}", said.output)
    assert re.search("[a-z]{3} [a-z]{2}", said.output)


def sub_commands(group: Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in group.list_commands(Context(group)):
        command = group.get_command(Context(group), name)
        yield from sub_commands(command, (*words, name)) if isinstance(command, Group) else [(*words, name)]


@pytest.mark.parametrize("words", [" ".join(words) for words in sub_commands(main)])
def test_what_stands_below_a_command_speaks_both_languages_too(run: Run, words: str) -> None:
    said = run(*words.split(), "--help")
    assert said.exit_code == 0, said.output
    assert re.search("[一-鿿]{4}", said.output)
    assert re.search("[a-z]{3} [a-z]{2}", said.output)


def test_an_administrator_begun_at_the_console_can_sign_in(county: Run, environment: dict[str, str]) -> None:
    ctx = open_context(Settings.from_environment({**os.environ, **environment}))
    assert enrol.check_password(ctx, "9001", "very secret").name == "王管理"
    ctx.db.dispose()


def test_beginning_twice_changes_nothing_and_says_so(county: Run) -> None:
    again = county("init", typed="别的区\n990102\n李\n9002\nother secret\nother secret\n")
    assert again.exit_code == 1
    assert "没有做任何改动" in again.output


def test_a_short_password_is_refused(run: Run) -> None:
    refused = run("init", typed="清源区\n990101\n王管理\n9001\nshort\nshort\n")
    assert refused.exit_code == 1
    assert "8" in refused.output


def test_a_command_before_the_beginning_says_what_to_run_first(run: Run, environment: dict[str, str]) -> None:
    Path(environment["FIELDSVC_DATA_FOLDER"]).mkdir()
    said = run("user", "code", "nobody")
    assert said.exit_code == 1
    assert "fieldsvc init" in said.output


def test_a_cadre_gets_a_code_that_signs_a_phone_in_and_a_lost_phone_is_signed_out(
    county: Run, environment: dict[str, str]
) -> None:
    assert county("user", "add", "1001", "--name", "赵帮扶").exit_code == 0
    link = county("user", "code", "1001", public_url="https://field.example").output
    [code] = re.findall(r"https://field\.example/#/signin/(\S+)", link)

    ctx = open_context(Settings.from_environment({**os.environ, **environment}))
    phone = enrol.enrol(ctx, code=code, install_id="install", device_name="红米")
    ctx.db.dispose()
    listed = county("device", "list", "1001").output
    assert "红米" in listed
    assert county("device", "revoke", "1001", str(phone.actor.device_id)).exit_code == 0
    assert "已注销" in county("device", "list", "1001").output


def test_a_household_to_learn_with_is_in_no_export(county: Run, tmp_path: Path) -> None:
    county("user", "add", "1001", "--name", "赵明")
    given = county("user", "practice", "1001")
    assert given.exit_code == 0, given.output
    assert "赵明" in given.output
    exported = county("export", "households", str(tmp_path / "households.csv"))
    assert exported.exit_code == 0, exported.output
    assert "练习" not in (tmp_path / "households.csv").read_text(encoding="utf-8-sig")


def test_a_restored_backup_is_another_history_with_the_same_people(
    county: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    data, backups = Path(environment["FIELDSVC_DATA_FOLDER"]), str(tmp_path / "backups")
    assert county("user", "add", "1001", "--name", "赵帮扶").exit_code == 0
    assert county("backup", backups).exit_code == 0
    refused = county("restore", backups)
    assert refused.exit_code == 1
    assert "fieldsvc.db" in refused.output

    before = epoch(data / "fieldsvc.db")
    data.rename(tmp_path / "old")
    assert county("restore", backups).exit_code == 0
    assert county("user", "code", "1001").exit_code == 0
    assert epoch(data / "fieldsvc.db") != before


def test_a_database_that_its_own_tools_put_back_is_another_history_too(
    county: Run, environment: dict[str, str]
) -> None:
    file = Path(environment["FIELDSVC_DATA_FOLDER"]) / "fieldsvc.db"
    before = epoch(file)
    assert county("restore", "--database-is-back").exit_code == 0
    assert epoch(file) != before


def epoch(file: Path) -> str:
    database = sqlite3.connect(file)
    [(found,)] = database.execute("SELECT epoch FROM feeds").fetchall()
    database.close()
    return str(found)


def test_the_simulator_is_told_how_often_a_backup_is_put_back_and_whether_in_turn(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = []

    def begun(_program: str, words: list[str]) -> None:
        told.append(words)

    # It becomes the simulator where it stands, which here would be the tests' own process.
    monkeypatch.setattr(os, "execv", begun)
    monkeypatch.setattr(os, "chdir", str)
    assert run("simulate", "--restored", "0.02").exit_code == 0
    assert run("simulate").exit_code == 0
    assert run("simulate", "--in-turn").exit_code == 0
    assert [words[-1] for words in told if "--restored" in words] == ["0.02"]
    assert ["--in-turn" in words for words in told] == [False, False, True]
