"""The county's own photo slots: laid over the shipped ones, and a slip of the pen is named before the server starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from fieldsvc.cli import main

OWN = """
[after]
zh = "竣工·全景"
[well]
zh = "水井"
en = "Well"
dataset = "housing_cases"
from = "started_on"
beside = "before"
[during]
off = true
"""


def run(*words: str, **env: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, words, env={"FIELDSVC_MODE": "test", **env})
    return result.exit_code, result.output


def test_a_county_renames_adds_and_takes_away_slots(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    code, output = run("slots", "check", FIELDSVC_SLOTS_FILE=str(own))
    assert code == 0
    assert "✓ after: 竣工·全景 After, whole house" in output
    assert "✓ well: 水井 Well" in output
    assert "✓ during" not in output
    assert "✓ during: 改造中" in run("slots", "check")[1]


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ('[well]\nzh = "井"\nen = "Well"\ncolour = "red"\n', "well: there is no key colour"),
        ('[well]\nzh = "井"\n', "well: en is missing"),
        ('[well]\nzh = "井"\nen = "Well"\ncamera = "yes"\n', "well: camera must be true or false"),
        ('[well]\nzh = "井"\nen = "Well"\nuntil = "started_on"\n', "well: dataset and a date of it"),
        ('[well]\nzh = "井"\nen = "Well"\nbeside = "pond"\n', "well: beside names pond, which there is not"),
        ("[before]\noff = true\n", "during: beside names before, which there is not"),
        ("well = 3\n", "well: must be a table"),
        ("[well\n", "The county's file is no TOML"),
    ],
)
def test_a_mistake_in_the_countys_slots_is_named_and_the_server_does_not_start(
    tmp_path: Path, own: str, said: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(own, encoding="utf-8")
    for words in (("slots", "check"), ("serve",), ("serve", "--part", "jobs")):
        code, output = run(*words, FIELDSVC_SLOTS_FILE=str(file), FIELDSVC_DATA_FOLDER=str(tmp_path / "data"))
        assert (code, output.startswith(f"Error: {file}: {said}")) == (1, True), output
    assert not (tmp_path / "data").exists()


def test_dates_that_a_record_has_not_and_a_file_that_is_not_there_are_named(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[before]\nuntil = "stage"\n', encoding="utf-8")
    said = "Error: before: housing_cases has no date stage, which until names\n"
    assert run("slots", "check", str(file)) == (1, said)
    code, output = run("slots", "check", str(tmp_path / "gone.toml"))
    assert (code, "gone.toml" in output, "cannot be read" in output) == (1, True, True)
